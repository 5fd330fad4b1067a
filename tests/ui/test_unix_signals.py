"""Whatever ends the program closes the window in order."""

import os
import signal
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from pos_app.ui.unix_signals import SIGNALS, UnixSignals


@pytest.fixture
def signals(qapp: QApplication) -> Iterator[UnixSignals]:
    """Where none was ignored before: a shell starts what runs in its background with Ctrl+C ignored."""
    before = {number: signal.signal(number, signal.SIG_DFL) for number in SIGNALS}
    signals = UnixSignals()
    yield signals
    signals.stop()
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.parametrize("number", SIGNALS)
def test_a_signal_is_told_once_and_ends_nothing_by_itself(signals: UnixSignals, qtbot: QtBot, number: int) -> None:
    with qtbot.waitSignal(signals.end_wanted):
        os.kill(os.getpid(), number)


def test_afterwards_the_signals_are_as_before(qapp: QApplication) -> None:
    before = signal.getsignal(signal.SIGTERM)
    signals = UnixSignals()
    assert signal.getsignal(signal.SIGTERM) != before
    signals.stop()
    assert signal.getsignal(signal.SIGTERM) == before


@pytest.mark.skipif(os.name != "posix", reason="no hang-ups on Windows")
def test_a_till_that_was_started_with_nohup_goes_on_when_the_terminal_closes(qapp: QApplication, qtbot: QtBot) -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        signals = UnixSignals()
        with qtbot.assertNotEmitted(signals.end_wanted, wait=50):
            os.kill(os.getpid(), signal.SIGHUP)
        signals.stop()
        assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, before)


def test_the_end_of_a_session_waits_for_the_close(signals: UnixSignals, qapp: QApplication) -> None:
    told: list[str] = []

    def closes() -> None:
        told.append("closed")
        qapp.exit()  # whatever window another test has left open

    def session_ends() -> None:
        signals.end_with_session()
        told.append("the session may end")

    signals.end_wanted.connect(lambda: QTimer.singleShot(30, closes))
    QTimer.singleShot(0, session_ends)
    qapp.exec()
    assert told == ["closed", "the session may end"]
