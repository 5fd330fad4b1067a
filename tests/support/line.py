"""A line to a server on this computer that a test freezes, slows down and cuts: by hand, or at a named step.

It is TCP on the loopback only, passes on what it does not hold back as it came, and understands none of it.
"""

import ctypes
import socket
import struct
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from enum import Enum
from functools import partial
from typing import Self

HELD = 180.0  # seconds that anything is held back at most; then its connection is cut
MOST = 200  # connections at once
_CHUNK = 65_536  # bytes
# Linux: a filter on a socket decides what of a packet its system sees, before it is acknowledged.
_ATTACH_FILTER, _DETACH_FILTER = 26, 27
_NOTHING = ctypes.create_string_buffer(struct.pack("HBBI", 0x06, 0, 0, 0))  # "return 0 bytes"
CAN_VANISH = sys.platform == "linux"


class Way(Enum):
    """Which way something goes on the line."""

    TO_SERVER = "to the server"
    TO_CLIENT = "to the client"


@dataclass(eq=False)
class _Pair:
    """One connection over the line. `answered`: what to do when the next answer comes, instead of passing it on."""

    client: socket.socket
    server: socket.socket
    answered: Callable[[], None] | None = None
    threads: list[threading.Thread] = field(default_factory=list)

    def cut(self) -> None:
        for one in (self.client, self.server):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()

    def ends(self, way: Way) -> tuple[socket.socket, socket.socket]:
        """From where and to where."""
        return (self.client, self.server) if way is Way.TO_SERVER else (self.server, self.client)


@dataclass(eq=False)
class Step:
    """Something a client says that a test waits for. `reached` is set as soon as it has been said.

    Attributes:
        words: what is said then, as it stands on the line.
        act: done with the connection before the words are passed on; gives whether they are.
    """

    words: bytes
    act: Callable[[_Pair], bool]
    reached: threading.Event = field(default_factory=threading.Event)


class Line:
    """Passes on all that comes until it is told otherwise. To be closed, or used in a `with`.

    Args:
        target: the server's port on this computer.
    """

    def __init__(self, target: int) -> None:
        self._target = target
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._door.getsockname()[1]
        self._free = threading.Event()
        self._free.set()
        self._slow = 0.0
        self._closed = threading.Event()
        self._lock = threading.Lock()
        self._pairs: list[_Pair] = []
        self._steps: list[Step] = []
        self._vanishing = False
        self._refusing = False
        self._acceptor = threading.Thread(target=self._accept, name="line", daemon=True)
        self._acceptor.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def freeze(self) -> None:
        """Nothing passes any more, in either direction, and nobody is told; both ends' systems still say that they
        have received what was sent. So it is where a program between the two stands still.
        """
        self._free.clear()

    def vanish(self) -> None:
        """Packets vanish: what the client sends is not even acknowledged, and nothing comes. Only on Linux."""
        self._free.clear()
        with self._lock:
            self._vanishing = True
            for one in [self._door, *(pair.client for pair in self._pairs)]:
                with suppress(OSError):
                    _drop_packets(one)

    def mend(self) -> None:
        """All passes again, also what was held back."""
        with self._lock:
            self._steps = [step for step in self._steps if not step.reached.is_set()]
            if self._vanishing:
                self._vanishing = False
                for one in [self._door, *(pair.client for pair in self._pairs)]:
                    with suppress(OSError):
                        one.setsockopt(socket.SOL_SOCKET, _DETACH_FILTER, 0)
            self._refusing = False
        self._slow = 0.0
        self._free.set()

    def slow(self, seconds: float) -> None:
        """Whatever passes takes so long, each way."""
        self._slow = seconds

    def cut(self) -> None:
        """End every connection. New ones are taken as ever."""
        with self._lock:
            pairs, self._pairs = self._pairs, []
        for pair in pairs:
            pair.cut()

    def refuse(self) -> None:
        """End every connection, and each new one as it comes, as where the server is down behind its router."""
        self._refusing = True
        self.cut()

    @property
    def connections(self) -> int:
        """How many there are just now."""
        with self._lock:
            return len(self._pairs)

    def at(self, words: bytes, then: Callable[[], object] = lambda: None) -> Step:
        """Once a client says this, do something before it is passed on."""

        def act(_: _Pair) -> bool:
            then()
            return True

        return self._wait_for(words, act)

    def freeze_before(self, words: bytes) -> Step:
        """As `freeze`, once a client says this: the server does not hear it."""
        return self.at(words, self.freeze)

    def freeze_after(self, words: bytes) -> Step:
        """As `freeze`, once a client has said this: the server hears it, and its answer is held back."""

        def act(pair: _Pair) -> bool:
            pair.answered = self.freeze
            return True

        return self._wait_for(words, act)

    def cut_before(self, words: bytes, *, refuse: bool = False) -> Step:
        """End the connection of whoever says this, once: the server does not hear it.

        Args:
            refuse: end all others as well, and from then on each new one.
        """

        def act(pair: _Pair) -> bool:
            self._end(pair, refuse=refuse)
            return False

        return self._wait_for(words, act)

    def cut_after(self, words: bytes, *, refuse: bool = False) -> Step:
        """End the connection of whoever says this, once: the server does it, and its answer is lost.

        Args:
            refuse: end all others as well, and from then on each new one.
        """

        def act(pair: _Pair) -> bool:
            pair.answered = partial(self._end, pair, refuse=refuse)
            return True

        return self._wait_for(words, act)

    def _end(self, pair: _Pair, *, refuse: bool) -> None:
        pair.cut()
        if refuse:
            self.refuse()

    def close(self) -> None:
        """End everything."""
        self._closed.set()
        self._free.set()
        with suppress(OSError):
            self._door.shutdown(socket.SHUT_RDWR)
        self._door.close()
        self._acceptor.join(HELD)
        with self._lock:
            threads = [thread for pair in self._pairs for thread in pair.threads]
        self.cut()
        for thread in threads:
            thread.join(HELD)

    def _wait_for(self, words: bytes, act: Callable[[_Pair], bool]) -> Step:
        step = Step(words, act)
        with self._lock:
            self._steps.append(step)
        return step

    def _accept(self) -> None:
        while not self._closed.is_set():
            try:
                client, _ = self._door.accept()
            except OSError:
                return
            if self._refusing or self.connections >= MOST:
                client.close()
                continue
            try:
                server = socket.create_connection(("127.0.0.1", self._target))
            except OSError:
                client.close()
                continue
            pair = _Pair(client, server)
            with self._lock:
                self._pairs.append(pair)
                if self._vanishing:
                    _drop_packets(client)
            for way in Way:
                thread = threading.Thread(target=self._pump, args=(pair, way), name=f"line {way.value}", daemon=True)
                pair.threads.append(thread)
                thread.start()

    def _pump(self, pair: _Pair, way: Way) -> None:
        source, sink = pair.ends(way)
        with suppress(OSError):
            while data := source.recv(_CHUNK):
                if self._slow:
                    self._closed.wait(self._slow)
                if not self._passes(pair, way, data):
                    break
                if not self._free.wait(HELD):
                    break
                sink.sendall(data)
            else:
                self._free.wait(HELD)  # that one has hung up is not heard either while nothing passes
        pair.cut()
        with self._lock:
            if pair in self._pairs:
                self._pairs.remove(pair)

    def _passes(self, pair: _Pair, way: Way, data: bytes) -> bool:
        if way is Way.TO_CLIENT:
            answered, pair.answered = pair.answered, None
            if answered:
                answered()
            return True
        with self._lock:
            said = [step for step in self._steps if not step.reached.is_set() and step.words in data]
        passed = True
        for step in said:
            passed &= step.act(pair)
            step.reached.set()
        return passed


@contextmanager
def line_to(url: str) -> Iterator[tuple[Line, str]]:
    """A line to the server of a database, and the database's address over it."""
    scheme, _, rest = url.partition("://")
    who, _, place = rest.rpartition("@")
    address, _, name = place.partition("/")
    host, _, port = address.rpartition(":")
    with Line(int(port)) as line:
        yield line, f"{scheme}://{who}{'@' * bool(who)}{host}:{line.port}/{name}"


def _drop_packets(one: socket.socket) -> None:
    program = struct.pack("HxxxxxxP" if ctypes.sizeof(ctypes.c_void_p) == 8 else "HxxP", 1, ctypes.addressof(_NOTHING))
    one.setsockopt(socket.SOL_SOCKET, _ATTACH_FILTER, program)
