"""A scanner is told from a person by its speed."""

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QMainWindow, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from pos_app.ui.widgets.buttons import Button
from pos_app.ui.widgets.enter import Dialog
from pos_app.ui.widgets.key_watch import TAKES_SCAN, Haste, KeyWatch

KNOWN = ("4006381333931", "1234")


class Bench(QMainWindow):
    """A window with a field and a button, and a clock of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 100.0
        self.taken: list[str] = []
        self.scans: list[str] = []
        inside = QWidget()
        column = QVBoxLayout(inside)
        self.field, self.button = QLineEdit(), QPushButton("Press")
        column.addWidget(self.field)
        column.addWidget(self.button)
        self.setCentralWidget(inside)
        self.swallow = False
        self.hasty: list[Haste] = []
        self.refuses = False
        self.watch = KeyWatch(
            self,
            self._take,
            known=lambda text: text in KNOWN,
            refuses=lambda: self.refuses,
            now=lambda: self.now,
        )
        self.watch.scanned.connect(self.scans.append)

    def _take(self, event: QKeyEvent, haste: Haste | None) -> bool:
        self.taken.append(event.text())
        if haste:
            self.hasty.append(haste)
        return self.swallow

    def write(self, text: str, gap: float, focus: QWidget | None = None) -> None:
        for character in text:
            self.now += gap
            key = Qt.Key.Key_Return if character == "\r" else Qt.Key(ord(character.upper()))
            event = QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier, character)
            QApplication.sendEvent(focus or self.focusWidget() or self, event)


@pytest.fixture
def bench(qtbot: QtBot) -> Bench:
    made = Bench()
    qtbot.addWidget(made)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is made)
    made.field.setFocus()
    return made


def test_a_burst_that_ends_with_enter_is_a_scan_and_leaves_no_trace(bench: Bench) -> None:
    bench.field.setText("07")
    bench.write("4006381333931\r", 0.01)
    assert bench.scans == ["4006381333931"]
    assert bench.field.text() == "07"
    assert "\r" not in bench.taken


def test_a_person_types_slowly(bench: Bench) -> None:
    bench.write("0712345678\r", 0.2)
    assert bench.scans == []
    assert bench.field.text() == "0712345678"
    assert bench.taken[-1] == "\r"


def test_a_pause_ends_a_burst(bench: Bench) -> None:
    bench.write("40063", 0.01)
    bench.now += 1
    bench.write("\r", 0.01)
    assert bench.scans == []


def test_a_field_that_wants_scans_keeps_them_and_their_enter_presses_nothing(bench: Bench) -> None:
    bench.field.setProperty(TAKES_SCAN, True)
    bench.write("4006381333931\r", 0.01)
    assert bench.field.text() == "4006381333931"
    assert bench.scans == []
    assert "\r" not in bench.taken


def test_a_scanner_that_sends_two_enters_presses_nothing_either(bench: Bench) -> None:
    bench.write("4006381333931\r\r", 0.01)
    assert "\r" not in bench.taken
    bench.write("\r", 0.4)
    assert "\r" in bench.taken


def test_a_few_quick_keys_are_no_scan(bench: Bench) -> None:
    bench.write("abc\r", 0.01)
    assert bench.scans == []


def test_a_scan_is_seen_when_a_button_has_the_focus(bench: Bench) -> None:
    bench.button.setFocus()
    bench.write("12345\r", 0.01)
    assert bench.scans == ["12345"]


def test_a_key_that_is_taken_does_not_reach_its_widget(bench: Bench) -> None:
    bench.swallow = True
    bench.write("x", 0.5)
    assert bench.taken == ["x"]
    assert bench.field.text() == ""


def test_each_key_is_seen_once_also_where_nobody_wants_it(bench: Bench) -> None:
    bench.button.setFocus()
    bench.write("x", 0.5)
    assert bench.taken == ["x"]


def test_another_window_is_not_watched(bench: Bench, qtbot: QtBot) -> None:
    other = QLineEdit()
    qtbot.addWidget(other)
    other.show()
    other.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is other)
    other.setFocus()
    QApplication.sendEvent(other, QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_X, Qt.KeyboardModifier.NoModifier, "x"))
    assert bench.taken == []
    assert other.text() == "x"


def test_where_no_scan_is_taken_what_follows_a_prefix_is_typed_nowhere(bench: Bench) -> None:
    bench.watch.prefix = "#"
    bench.refuses = True
    bench.field.setText("Changed her m")
    bench.write("#4006381333931", 0.5)
    assert bench.field.text() == "Changed her m"
    bench.write("\r", 0.5)
    assert bench.scans == ["4006381333931"]
    assert "\r" not in bench.taken, "its Enter presses nothing"
    bench.write("ind", 0.5)
    assert bench.field.text() == "Changed her mind"


def test_what_a_scanner_types_presses_no_button_of_a_dialog(bench: Bench, qtbot: QtBot) -> None:
    """Too short for a scan, but its Enter is as fast; a person's presses it."""
    dialog, pressed = Dialog(bench), list[bool]()
    button = Button("Pay", name="pay")
    QVBoxLayout(dialog).addWidget(button)
    button.clicked.connect(lambda: pressed.append(True))
    dialog.show()
    dialog.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is dialog)
    button.setFocus()
    bench.write("12\r", 0.01, button)
    assert pressed == []
    bench.write("\r", 1, button)
    assert pressed == [True]
    assert bench.taken == []
