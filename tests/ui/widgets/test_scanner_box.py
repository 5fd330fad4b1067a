"""The scanner is tried, and what marks a slow one is chosen."""

import pytest
from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit
from pytestqt.qtbot import QtBot

from pos_app.ui.preferences import SCAN_PREFIX
from pos_app.ui.widgets.buttons import Button
from pos_app.ui.widgets.scanner_box import ScannerBox
from tests.ui.counter import Counter
from tests.ui.parts import part


@pytest.fixture
def box(qtbot: QtBot) -> ScannerBox:
    made = ScannerBox()
    qtbot.addWidget(made)
    made.show()
    return made


def scan(box: ScannerBox, text: str, gap: int) -> None:
    edit = box.findChild(QLineEdit, "scanTry")
    assert edit is not None
    for place, character in enumerate(text + "\r"):
        key = Qt.Key.Key_Return if character == "\r" else Qt.Key(ord(character.upper()))
        event = QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier, character)
        event.setTimestamp(1_000 + place * gap)
        QApplication.sendEvent(edit, event)
    pause = part(box, QTimer, "scanPause")
    pause.timeout.emit()
    pause.stop()


def button(box: ScannerBox, name: str) -> Button:
    found = box.findChild(Button, name)
    assert found is not None
    return found


def test_what_a_quick_scanner_sends_is_shown(box: ScannerBox) -> None:
    scan(box, "4006381333931", 8)
    assert part(box, QLabel, "scanCame").text() == (
        "4006381333931 came: 13 characters, 8 ms at most from one to the next. The till knows this for a scan."
    )
    assert not button(box, "scanUse").isVisible()
    scan(box, "123", 8)
    assert part(box, QLabel, "scanCame").text().startswith("123 came")


def test_what_marks_a_slow_scanner_is_chosen_and_given_up(box: ScannerBox, qtbot: QtBot) -> None:
    scan(box, "4006381333931", 90)
    assert "send a character such as ~" in part(box, QLabel, "scanCame").text()
    scan(box, "~4006381333931", 90)
    assert button(box, "scanUse").text() == "Each scan begins with ~"
    with qtbot.waitSignal(box.prefix_chosen) as chosen:
        button(box, "scanUse").click()
    assert chosen.args == ["~"]
    assert box.prefix == "~"
    assert part(box, QLabel, "scanMark").text() == "What begins with ~ is a scan, however slow it is."
    with qtbot.waitSignal(box.prefix_chosen):
        button(box, "scanNone").click()
    assert box.prefix == ""


def test_f1_tries_the_scanner_and_keeps_its_mark(counter: Counter) -> None:
    counter.window.show_keys()
    panel = counter.help()
    box = panel.findChild(ScannerBox)
    assert box is not None
    panel.activateWindow()
    counter.qtbot.waitUntil(lambda: QApplication.activeWindow() is panel)
    assert panel.focusWidget() is panel.findChild(Button, "closeHelp")  # a scan now is a sale
    scan(box, "~123", 90)
    button(box, "scanUse").click()
    assert counter.window.preferences.scan_prefix == "~"
    assert counter.window.keys.prefix == "~"
    counter.window.preferences.choose(SCAN_PREFIX, "")
    assert counter.window.keys.prefix == ""
