"""The keys of a find field above a list."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QTableView, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from pos_app.ui.widgets.find_keys import FindKeys


class _Page(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.heard: list[int] = []

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self.heard.append(event.key())


class _LinuxField(QLineEdit):
    """Takes each key, as a field does with Ctrl+E where the keys of X11 are meant."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        super().keyPressEvent(event)
        event.accept()


@pytest.mark.parametrize(
    ("key", "heard"),
    [(Qt.Key.Key_E, True), (Qt.Key.Key_R, True), (Qt.Key.Key_P, True), (Qt.Key.Key_A, False), (Qt.Key.Key_V, False)],
)
def test_ctrl_and_a_letter_in_the_find_field_is_the_page_s(qtbot: QtBot, key: Qt.Key, heard: bool) -> None:
    page, edit, table = _Page(), _LinuxField(), QTableView()
    qtbot.addWidget(page)
    column = QVBoxLayout(page)
    column.addWidget(edit)
    column.addWidget(table)
    FindKeys(edit, table)
    QTest.keyClick(edit, key, Qt.KeyboardModifier.ControlModifier)
    assert page.heard == ([key] if heard else [])
