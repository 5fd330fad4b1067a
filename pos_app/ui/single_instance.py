"""One window for a data folder: who starts a second till brings the first to the front."""

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtNetwork import QLocalServer, QLocalSocket

ANSWERS_WITHIN = 1_000  # ms: the first window answers at once, or it is not there


def show_other(name: str) -> bool:
    """Bring the window of that name to the front; gives whether there is one. Any thread."""
    socket = QLocalSocket()
    socket.connectToServer(name)
    found = socket.waitForConnected(ANSWERS_WITHIN)
    socket.abort()
    return found


class SingleInstance(QObject):
    """The one window of a data folder, for whoever holds that folder: what an earlier till left in its place goes.

    Attributes:
        started_again: somebody started the till again.
    """

    started_again = Signal()

    def __init__(self, name: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._answer)
        QLocalServer.removeServer(name)
        self._server.listen(name)

    @Slot()
    def _answer(self) -> None:
        while self._server.hasPendingConnections():
            visitor = self._server.nextPendingConnection()
            visitor.abort()
            visitor.deleteLater()
        self.started_again.emit()
