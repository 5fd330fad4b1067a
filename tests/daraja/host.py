"""A server over real sockets that does with each request what a test wants."""

import json
import socket
import struct
import threading
from collections.abc import Callable
from contextlib import closing, suppress

PATIENCE = 10.0  # seconds that nothing here should ever need

Action = Callable[[socket.socket], bool]


def answer(data: dict[str, str], status: str = "200 OK") -> Action:
    """Answer and keep the connection."""
    body = json.dumps(data).encode()

    def act(connection: socket.socket) -> bool:
        connection.sendall(f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)
        return True

    return act


def send_and_reset(data: bytes) -> Action:
    """Send some bytes, or none, and break the connection off."""

    def act(connection: socket.socket) -> bool:
        connection.sendall(data)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        return False

    return act


def hang_up(connection: socket.socket) -> bool:
    """End the connection as a server does that has had enough."""
    return False


SIGN_IN = answer({"access_token": "token-1", "expires_in": "3599"})


class Host:
    """A server over real sockets that does with each request what a test wants, in their order."""

    def __init__(self, *actions: Action) -> None:
        self._actions = list(actions)
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self.requests: list[tuple[int, bytes]] = []  # (number of the connection, request)
        self._connections: list[socket.socket] = []
        self._threads = [threading.Thread(target=self._accept)]
        self._threads[0].start()

    def paths(self) -> list[str]:
        return [request.split(b" ")[1].split(b"?")[0].decode() for _, request in self.requests]

    def on(self) -> list[int]:
        """Which connection each request came on."""
        return [number for number, _ in self.requests]

    def deafen(self) -> None:
        """Take no more connections, and end those that are there."""
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        for connection in self._connections:
            with closing(connection):
                connection.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        for each in (self._socket, *self._connections):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()
        for thread in self._threads:
            thread.join(PATIENCE)

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            self._connections.append(connection)
            thread = threading.Thread(target=self._talk, args=(len(self._connections), connection))
            self._threads.append(thread)
            thread.start()

    def _talk(self, number: int, connection: socket.socket) -> None:
        try:
            while request := _read_request(connection):
                self.requests.append((number, request))
                if not self._actions.pop(0)(connection):
                    break
        except OSError:
            pass
        connection.close()


def _read_request(connection: socket.socket) -> bytes:
    data = b""
    while True:
        head, blank, body = data.partition(b"\r\n\r\n")
        length = next(
            (int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length")), 0
        )
        if blank and len(body) >= length:
            return data
        chunk = connection.recv(65_536)
        if not chunk:
            return b""
        data += chunk


def drip(*parts: bytes, pace: float = 0.01) -> Action:
    """Send an answer byte by byte, then nothing, until whoever waits for it has gone."""

    def act(connection: socket.socket) -> bool:
        connection.settimeout(pace)
        for byte in b"".join(parts) + b" " * 100_000:
            try:
                if not connection.recv(1):
                    return False
            except TimeoutError:  # nobody has gone yet, and the pace is kept
                connection.sendall(bytes([byte]))
        return False

    return act
