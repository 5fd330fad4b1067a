"""The calm page that stands in for a till that cannot open."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel
from pytestqt.qtbot import QtBot

from pos_app.ui.theme import Look
from pos_app.ui.trouble_page import TroublePage

LINES = ["The settings file is damaged.", "Nothing was changed. <b>Call</b> the owner."]


def test_it_says_what_is_wrong_and_what_to_do_in_plain_text(qtbot: QtBot, look: Look) -> None:
    page = TroublePage("The till cannot open", LINES)
    qtbot.addWidget(page)
    labels = page.findChildren(QLabel)

    assert [label.text() for label in labels] == ["The till cannot open", *LINES]
    assert {label.textFormat() for label in labels} == {Qt.TextFormat.PlainText}
    assert page.accessibleName() == "The till cannot open"
    assert page.findChildren(QAbstractButton) == []


def test_enter_presses_its_button(qtbot: QtBot, look: Look) -> None:
    page = TroublePage("No settings yet", ["The till needs the shop's M-PESA keys."], "Try without M-PESA")
    qtbot.addWidget(page)
    page.resize(940, 540)
    with qtbot.waitExposed(page):
        page.show()
    button = page.findChild(QAbstractButton, "troubleAction")
    assert button is not None
    qtbot.waitUntil(button.hasFocus)
    with qtbot.waitSignal(page.action):
        QTest.keyClick(button, Qt.Key.Key_Return)

    assert page.minimumSizeHint().width() <= 940
