"""A receipt printer in the network, played on loopback: one that is right, and those that are not."""

import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from enum import Enum, auto

from pos_app.domain.receipt_printer import NetworkPrinter
from pos_app.printers.printer_status import ASK_DONE, ASK_STATE

READY, NO_PAPER, COVER_OPEN = b"\x12\x12", b"\x32\x72", b"\x16\x12"  # answers to ASK_STATE


class Manner(Enum):
    """What a printer does."""

    RIGHT = auto()  # answers, prints, says so
    MUTE = auto()  # prints, says nothing, hangs up when it has all
    MUTE_AND_OPEN = auto()  # prints, says nothing, never hangs up
    HALF = auto()  # says how it is, and never whether it has printed; hangs up when it has all
    OUT_OF_PAPER = auto()
    OPEN = auto()
    RUNS_OUT = auto()  # of paper while it prints
    SILENT = auto()  # takes the connection and no more
    BREAKS = auto()  # ends the connection in the middle
    DRIPS = auto()  # takes a byte a second
    NO_PRINTER = auto()  # something else, which greets whoever comes
    HANGS_UP = auto()  # at once, as one that serves somebody else


@dataclass
class TcpPrinter:
    """It listens. `jobs` is what came in each connection that was given something to print."""

    manner: Manner
    address: NetworkPrinter
    jobs: list[bytes] = field(default_factory=list)
    asked: int = 0  # how often it was asked how it is
    _news: threading.Condition = field(default_factory=threading.Condition)

    def until(self, wanted: Callable[[], bool]) -> None:
        """Wait until something that it was given makes this true."""
        with self._news:
            assert self._news.wait_for(wanted, 10), "the printer was not given it"

    def note(self, job: bytearray) -> None:
        """A connection has ended."""
        with self._news:
            if job:
                self.jobs.append(bytes(job))
            self._news.notify_all()


@contextmanager
def tcp_printer(manner: Manner = Manner.RIGHT) -> Iterator[TcpPrinter]:
    """Switch one on; off again at the end."""
    with socket.socket() as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096 if manner is Manner.DRIPS else 65_536)
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        printer = TcpPrinter(manner, NetworkPrinter("127.0.0.1", listening.getsockname()[1]))
        off = threading.Event()
        serving: list[threading.Thread] = []

        def accept() -> None:
            with suppress(OSError):
                while True:
                    thread = threading.Thread(target=_serve, args=(printer, listening.accept()[0], off))
                    serving.append(thread)
                    thread.start()

        accepting = threading.Thread(target=accept)
        accepting.start()
        yield printer
        off.set()
        with suppress(OSError):
            listening.shutdown(socket.SHUT_RDWR)
        accepting.join(10)
        for thread in serving:
            thread.join(10)


@contextmanager
def no_printer() -> Iterator[NetworkPrinter]:
    """An address at which nothing listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield NetworkPrinter("127.0.0.1", taken.getsockname()[1])


def _serve(printer: TcpPrinter, connection: socket.socket, off: threading.Event) -> None:
    job = bytearray()
    with connection, suppress(OSError):
        connection.settimeout(0.05)
        _AS[printer.manner](printer, connection, off, job)
    printer.note(job)


def _read(connection: socket.socket, off: threading.Event, most: int = 4_096) -> bytes:
    """What comes next; nothing at its end, or when the printer is switched off."""
    while not off.is_set():
        with suppress(TimeoutError):
            return connection.recv(most)
    return b""


def _talk(
    printer: TcpPrinter, connection: socket.socket, off: threading.Event, job: bytearray, state: bytes, done: bytes
) -> None:
    while data := _read(connection, off):
        if data == ASK_STATE:
            printer.asked += 1
            connection.sendall(state)
            continue
        job += data
        if job.endswith(ASK_DONE):
            del job[-len(ASK_DONE) :]
            connection.sendall(done)


def _right(printer: TcpPrinter, connection: socket.socket, off: threading.Event, job: bytearray) -> None:
    _talk(printer, connection, off, job, READY, b"\x00")


def _half(printer: TcpPrinter, connection: socket.socket, off: threading.Event, job: bytearray) -> None:
    _talk(printer, connection, off, job, READY, b"")


def _out_of_paper(printer: TcpPrinter, connection: socket.socket, off: threading.Event, job: bytearray) -> None:
    _talk(printer, connection, off, job, NO_PAPER, b"\x0c")


def _open(printer: TcpPrinter, connection: socket.socket, off: threading.Event, job: bytearray) -> None:
    _talk(printer, connection, off, job, COVER_OPEN, b"\x00")


def _runs_out(printer: TcpPrinter, connection: socket.socket, off: threading.Event, job: bytearray) -> None:
    _talk(printer, connection, off, job, READY, b"\x0c")


def _mute(printer: TcpPrinter, connection: socket.socket, off: threading.Event, job: bytearray) -> None:
    while data := _read(connection, off):
        job += data.replace(ASK_STATE, b"")


def _mute_and_open(printer: TcpPrinter, connection: socket.socket, off: threading.Event, job: bytearray) -> None:
    _mute(printer, connection, off, job)
    off.wait(10)


def _silent(printer: TcpPrinter, connection: socket.socket, off: threading.Event, job: bytearray) -> None:
    off.wait(20)


def _breaks(printer: TcpPrinter, connection: socket.socket, off: threading.Event, job: bytearray) -> None:
    assert _read(connection, off) == ASK_STATE
    connection.sendall(READY)
    job += _read(connection, off, 200)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # closing is a reset


def _drips(printer: TcpPrinter, connection: socket.socket, off: threading.Event, job: bytearray) -> None:
    while data := _read(connection, off, 1):
        job += data
        off.wait(1)


def _greets(printer: TcpPrinter, connection: socket.socket, off: threading.Event, job: bytearray) -> None:
    connection.sendall(b"SSH-2.0-OpenSSH_9.2p1\r\n")
    job += _read(connection, off).replace(ASK_STATE, b"")


def _hangs_up(printer: TcpPrinter, connection: socket.socket, off: threading.Event, job: bytearray) -> None:
    """Closing is all that it does."""


_AS = {
    Manner.RIGHT: _right,
    Manner.MUTE: _mute,
    Manner.MUTE_AND_OPEN: _mute_and_open,
    Manner.HALF: _half,
    Manner.OUT_OF_PAPER: _out_of_paper,
    Manner.OPEN: _open,
    Manner.RUNS_OUT: _runs_out,
    Manner.SILENT: _silent,
    Manner.BREAKS: _breaks,
    Manner.DRIPS: _drips,
    Manner.NO_PRINTER: _greets,
    Manner.HANGS_UP: _hangs_up,
}
