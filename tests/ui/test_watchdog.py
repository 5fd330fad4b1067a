"""T36: what holds the window up is seen, and a busy machine or a test that waits is not taken for it."""

import threading
from collections.abc import Callable
from time import perf_counter, thread_time

import pytest
from PySide6.QtCore import QObject, Qt, QTimer, Slot
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QPushButton
from pytestqt.qtbot import QtBot

from tests.ui.watchdog import LIMIT, SLOWEST, WatchedApplication

BLOCK = 1.5 * LIMIT


def stand() -> None:
    """As whoever waits for a thread, a lock or a file, while the machine runs."""
    application = QApplication.instance()
    assert isinstance(application, WatchedApplication)
    begun, denied, pause = perf_counter(), application.watch.machine.look(), threading.Event()
    while True:
        pause.wait(BLOCK)
        stood, lost = perf_counter() - begun, application.watch.machine.look() - denied
        if lost < stood / 5 and stood - lost > LIMIT:
            return


def work() -> None:
    """As whoever counts too much, however slow the processor is meanwhile."""
    begun = thread_time()
    while thread_time() - begun < BLOCK * SLOWEST:
        pass


class Listener(QObject):
    """Has something done when a signal comes."""

    def __init__(self, action: Callable[[], None]) -> None:
        super().__init__()
        self._action = action
        self.done = False

    @Slot()
    def hear(self) -> None:
        self._action()
        self.done = True


@pytest.fixture
def stalls(qapp: WatchedApplication) -> list[str]:
    """What was seen until now; emptied, since here it is asked for."""
    return qapp.watch.stalls


@pytest.mark.parametrize("block", [stand, work])
def test_t36_a_slot_that_blocks_longer_is_seen(qtbot: QtBot, stalls: list[str], block: Callable[[], None]) -> None:
    listener = Listener(block)
    QTimer.singleShot(0, listener.hear)
    qtbot.waitUntil(lambda: listener.done)
    found, stalls[:] = [*stalls], []
    assert len(found) == 1
    assert "took" in found[0]


def test_t36_a_key_that_blocks_is_seen_and_named(qtbot: QtBot, stalls: list[str]) -> None:
    button = QPushButton("Press")
    qtbot.addWidget(button)
    button.clicked.connect(stand)
    button.show()
    QTest.keyClick(button, Qt.Key.Key_Space)
    found, stalls[:] = [*stalls], []
    assert [stall.partition(" took ")[0] for stall in found] == ["QPushButton: KeyRelease"]


def test_t36_many_short_ones_are_no_stall(qtbot: QtBot, stalls: list[str]) -> None:
    def pause() -> None:
        threading.Event().wait(LIMIT / 5)

    listener, begun = Listener(pause), perf_counter()
    timer = QTimer(interval=0)
    timer.timeout.connect(listener.hear)
    timer.start()
    qtbot.waitUntil(lambda: perf_counter() - begun > 3 * LIMIT)
    timer.stop()
    assert stalls == []


def test_t36_a_dialog_that_is_open_is_no_stall(qtbot: QtBot, stalls: list[str]) -> None:
    dialog = QDialog()
    qtbot.addWidget(dialog)

    def show() -> None:
        dialog.exec()

    opener = Listener(show)
    QTimer.singleShot(0, opener.hear)
    QTimer.singleShot(int(BLOCK * 2_000), dialog.accept)
    qtbot.waitUntil(lambda: opener.done)
    assert stalls == []


def test_t36_what_a_test_does_itself_is_no_stall(stalls: list[str]) -> None:
    work()
    assert stalls == []
