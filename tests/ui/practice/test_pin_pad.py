"""The keys of the customer's phone."""

from PySide6.QtWidgets import QAbstractButton
from pytestqt.qtbot import QtBot

from pos_app.ui.practice.pin_pad import PinPad
from pos_app.ui.style.theme import ThemeManager
from tests.ui.parts import part


def test_each_key_says_what_it_is(theme: ThemeManager, qtbot: QtBot) -> None:
    pad = PinPad()
    qtbot.addWidget(pad)
    pressed: list[str] = []
    pad.pressed.connect(pressed.append)
    pad.taken_back.connect(lambda: pressed.append("back"))
    for digit in range(10):
        part(pad, QAbstractButton, f"phone{digit}").click()
    part(pad, QAbstractButton, "phoneBack").click()
    assert pressed == [*"0123456789", "back"]
