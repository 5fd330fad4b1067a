"""Ctrl+C in the terminal, or a system that ends the session, closes the window as a person does."""

import signal
import socket
from types import FrameType

from PySide6.QtCore import QObject, QSocketNotifier, Signal, Slot

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Ending(QObject):
    """Turns the system's signals into one of Qt's, until `stop`. Make it on the main thread.

    Python runs a handler only when it gets to run at all, which Qt's event loop may put off for ever; so the
    signal's number is written to a socket that the event loop watches.

    Attributes:
        wanted: somebody wants the program to end.
    """

    wanted = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._here, self._there = socket.socketpair()
        self._here.setblocking(False)
        self._there.setblocking(False)
        self._before = {number: signal.signal(number, self._seen) for number in _SIGNALS}
        self._wakeup = signal.set_wakeup_fd(self._there.fileno())
        self._notifier = QSocketNotifier(self._here.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._read)

    def stop(self) -> None:
        """Leave the signals as they were."""
        self._notifier.setEnabled(False)
        signal.set_wakeup_fd(self._wakeup)
        for number, handler in self._before.items():
            signal.signal(number, handler)
        self._here.close()
        self._there.close()

    @Slot()
    def _read(self) -> None:
        if self._here.recv(64):
            self.wanted.emit()

    @staticmethod
    def _seen(_number: int, _frame: FrameType | None) -> None:
        """The socket has it."""
