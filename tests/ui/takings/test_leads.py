"""From the takings to their payments, in the window."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from pos_app.ui.style.theme import ThemeManager
from pos_app.ui.takings.table import TakingsTable
from pos_app.ui.tasks import Tasks
from pos_app.ui.till_events import TillEvents
from tests.support.till_harness import TillHarness
from tests.ui.counter import open_counter
from tests.ui.parts import part


def test_f8_and_enter(
    harness: TillHarness, taken: None, tasks: Tasks, events: TillEvents, theme: ThemeManager, qtbot: QtBot
) -> None:
    with open_counter(harness, tasks, events, qtbot) as counter:
        window = counter.window
        QTest.keyClick(window, Qt.Key.Key_F8)
        assert window.page.objectName() == "takingsPage"
        table = part(window, TakingsTable, "takingsTable")
        qtbot.waitUntil(lambda: table.model().rowCount() == 1 and table.isVisible())
        QTest.keyClick(table, Qt.Key.Key_Return)
        assert window.page.objectName() == "paymentsPage"
        assert part(window, QLabel, "narrowedWords").text() == "Only 14:00 - 15:00, 23 Nov 2026"
        qtbot.waitUntil(lambda: part(window, QLabel, "footerCount").text() == "3 payments")
