"""One window for a data folder: who starts a second till rings at the first, which comes to the front."""

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtNetwork import QLocalServer, QLocalSocket

PATIENCE = 1_000  # ms: the first window answers at once, or it is not there


def ring(name: str) -> bool:
    """Ring; whether somebody heard it. Any thread."""
    socket = QLocalSocket()
    socket.connectToServer(name)
    heard = socket.waitForConnected(PATIENCE)
    socket.abort()
    return heard


class Doorbell(QObject):
    """Listens. Only for whoever holds the data folder: what an earlier till left in its place is put away.

    Attributes:
        rung: somebody started the till again.
    """

    rung = Signal()

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
        self.rung.emit()
