"""Ctrl+C, a terminal that closes, or a desktop that ends the session closes the window as a person does."""

import signal
import socket
from types import FrameType

from PySide6.QtCore import QEventLoop, QObject, QSocketNotifier, QTimer, Signal, Slot
from PySide6.QtGui import QGuiApplication

# A closing terminal hangs up (SIGHUP); on Windows it breaks (SIGBREAK).
SIGNALS = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK") if hasattr(signal, name)]
SESSION_END = 40_000  # ms that the end of a session waits for the close: as long as a request to M-PESA can take


class UnixSignals(QObject):
    """Turns the system's signals into one of Qt's, until `stop`. Make it on the main thread.

    Python runs a handler only when it gets to run at all, which Qt's event loop may put off for ever; so the
    signal's number is written to a socket that the event loop watches.

    Attributes:
        end_wanted: somebody wants the program to end.
    """

    end_wanted = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._here, self._there = socket.socketpair()
        self._here.setblocking(False)
        self._there.setblocking(False)
        # What is ignored stays so: whoever started the till with `nohup` wants it to go on.
        ours = [number for number in SIGNALS if signal.getsignal(number) is not signal.SIG_IGN]
        self._before = {number: signal.signal(number, self._seen) for number in ours}
        self._wakeup = signal.set_wakeup_fd(self._there.fileno())
        self._notifier = QSocketNotifier(self._here.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._read)
        self._app = QGuiApplication.instance()
        if isinstance(self._app, QGuiApplication):
            self._app.commitDataRequest.connect(self.end_with_session)

    def stop(self) -> None:
        """Leave the signals as they were."""
        if isinstance(self._app, QGuiApplication):
            self._app.commitDataRequest.disconnect(self.end_with_session)
        self._notifier.setEnabled(False)
        signal.set_wakeup_fd(self._wakeup)
        for number, handler in self._before.items():
            signal.signal(number, handler)
        self._here.close()
        self._there.close()

    @Slot()
    def _read(self) -> None:
        if self._here.recv(64):
            self.end_wanted.emit()

    def end_with_session(self, _manager: object = None) -> None:
        """The desktop ends the session, and this program as soon as this returns: the close comes first."""
        self.end_wanted.emit()
        closing = QEventLoop()
        QTimer.singleShot(SESSION_END, closing, closing.quit)
        closing.exec()  # until the program quits

    @staticmethod
    def _seen(_number: int, _frame: FrameType | None) -> None:
        """The socket has it."""
