"""Ctrl+C closes the window in order."""

import os
import signal
from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from pos_app.ui.ending import Ending


@pytest.fixture
def ending(qapp: QApplication) -> Iterator[Ending]:
    ending = Ending()
    yield ending
    ending.stop()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_is_told_once_and_ends_nothing_by_itself(ending: Ending, qtbot: QtBot, number: int) -> None:
    with qtbot.waitSignal(ending.wanted):
        os.kill(os.getpid(), number)


def test_afterwards_the_signals_are_as_before(qapp: QApplication) -> None:
    before = signal.getsignal(signal.SIGTERM)
    ending = Ending()
    assert signal.getsignal(signal.SIGTERM) != before
    ending.stop()
    assert signal.getsignal(signal.SIGTERM) == before
