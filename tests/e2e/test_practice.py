"""Practice mode as a newcomer meets it: a charge on the till, the PIN on the customer's phone beside it."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from pos_app.domain.payment import State
from pos_app.settings.settings import load
from pos_app.ui.style.theme import Scheme, ThemeManager
from tests.e2e.conftest import Shop, press


def test_the_customer_is_played_on_the_second_window(tmp_path: Path, qapp: QApplication, qtbot: QtBot) -> None:
    ThemeManager(qapp, Scheme.LIGHT).apply()
    with Shop(load(tmp_path, True, {}), qtbot).open() as operator:
        phone = operator.window.findChild(QWidget, "phoneWindow")
        assert phone is not None
        operator.charge("2", "0712345678")
        operator.becomes(State.PROMPTED)
        accept = phone.findChild(QWidget, "phoneOk")
        assert accept is not None
        operator.until(accept.isVisible)
        for digit in "1234":
            press(phone, Qt.Key(ord(digit)), digit)
        operator.until(accept.isEnabled)
        QTest.mouseClick(accept, Qt.MouseButton.LeftButton)
        payment = operator.becomes(State.PAID)
        assert (payment.post_title, payment.amount) == ("Week pass", 250)
        operator.sees("Paid")
