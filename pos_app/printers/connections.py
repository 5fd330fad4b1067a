"""How a printer is reached: each kind as the printer exchange needs it. May wait, so never on the GUI thread.

What goes wrong while it is opened or asked has printed nothing. What goes wrong later may have.
"""

import socket
import sys
import time
from contextlib import suppress
from importlib import import_module
from typing import Any, Protocol

from pos_app.domain.receipt_printer import NetworkPrinter, PrinterAddress, QueuePrinter, SerialPrinter, UsbPrinter
from pos_app.printers.library import escpos

_MOST = 64  # bytes of an answer
_BULK, _IN = 2, 0x80  # in the description of a USB endpoint


class PrinterConnection(Protocol):
    """One exchange with a printer. Every method may raise whatever a network or a device raises."""

    def open(self, seconds: float) -> None:
        """Reach it."""
        ...

    def ask(self, question: bytes, answers: int, seconds: float) -> bytes:
        """What it answers in so many seconds: this many bytes, perhaps more; fewer where it says no more."""
        ...

    def send(self, data: bytes, until: float) -> None:
        """Give it all of it, at the latest to a moment of `time.monotonic`."""
        ...

    def end(self, until: float) -> bool:
        """No more follows; gives whether the other side has taken all of it, as far as its kind can tell."""
        ...

    def close(self) -> None:
        """Let go of it, whatever became of it."""
        ...


class _Escpos:
    """What the kinds have in common: a printer of python-escpos."""

    _printer: Any = None

    def close(self) -> None:
        if self._printer is not None:
            with suppress(Exception):  # it may have been unplugged, and has said so already
                self._printer.close()


class NetworkConnection:
    """By TCP. A printer that has printed all closes its side too, once ours is closed.

    python-escpos has this as well; its own forgets the socket that could not connect, and shows no end of the other
    side.
    """

    _socket: socket.socket | None = None

    def __init__(self, address: NetworkPrinter) -> None:
        self._address = address

    def open(self, seconds: float) -> None:
        self._socket = socket.create_connection((self._address.host, self._address.port), seconds)

    def ask(self, question: bytes, answers: int, seconds: float) -> bytes:
        until, heard = time.monotonic() + seconds, b""
        self._within(until).sendall(question)
        with suppress(TimeoutError):
            while len(heard) < answers:
                more = self._within(until).recv(_MOST)
                if not more:
                    raise ConnectionResetError("it has hung up")
                heard += more
        return heard

    def send(self, data: bytes, until: float) -> None:
        self._within(until).sendall(data)

    def end(self, until: float) -> bool:
        self._within(until).shutdown(socket.SHUT_WR)
        try:
            while self._within(until).recv(_MOST):
                pass
        except TimeoutError:
            return False
        return True

    def close(self) -> None:
        if self._socket:
            self._socket.close()

    def _within(self, until: float) -> socket.socket:
        """The socket, with the time that is left. Raises TimeoutError where none is."""
        assert self._socket is not None
        self._socket.settimeout(_left(until))
        return self._socket


class SerialConnection(_Escpos):
    """By a serial port. Many a cable leads one way only: what was written counts as printed, where it says nothing."""

    def __init__(self, address: SerialPrinter) -> None:
        self._address = address

    def open(self, seconds: float) -> None:
        self._printer = escpos().Serial(self._address.port, self._address.baud, timeout=seconds, dsrdtr=False)
        self._printer.open()

    def ask(self, question: bytes, answers: int, seconds: float) -> bytes:
        self._printer.device.timeout = self._printer.device.write_timeout = seconds
        self._printer.device.write(question)
        return bytes(self._printer.device.read(answers))

    def send(self, data: bytes, until: float) -> None:
        self._printer.device.write_timeout = _left(until)
        self._printer.device.write(data)

    def end(self, until: float) -> bool:
        self._printer.device.flush()
        return True


class UsbConnection(_Escpos):
    """At the computer's own USB. A printer takes no byte that it has no room for.

    Args:
        backend: what pyusb finds devices by; None for this computer's.
    """

    def __init__(self, address: UsbPrinter, backend: object = None) -> None:
        self._address = address
        self._found_by = {} if backend is None else {"backend": backend}

    def open(self, seconds: float) -> None:
        reads, writes = self._endpoints()
        address = self._address
        self._printer = escpos().Usb(
            address.vendor,
            address.product,
            dict(self._found_by),
            timeout=round(seconds * 1_000),
            in_ep=reads or 0,
            out_ep=writes,
        )
        self._reads = reads
        self._printer.open()

    def ask(self, question: bytes, answers: int, seconds: float) -> bytes:
        if self._reads is None:
            return b""
        device = self._printer.device
        device.write(self._printer.out_ep, question, round(seconds * 1_000))
        with suppress(import_module("usb.core").USBTimeoutError):
            return bytes(device.read(self._reads, _MOST, round(seconds * 1_000)))
        return b""

    def send(self, data: bytes, until: float) -> None:
        self._printer.device.write(self._printer.out_ep, data, round(_left(until) * 1_000))

    def end(self, until: float) -> bool:
        return True

    def _endpoints(self) -> tuple[int | None, int]:
        """Where this model is read from and written to: makers number them as they like."""
        address = self._address
        device = import_module("usb.core").find(idVendor=address.vendor, idProduct=address.product, **self._found_by)
        if device is None:
            raise OSError("no such device")
        bulk = [one for setup in device for part in setup for one in part if one.bmAttributes & 3 == _BULK]
        reads = [one.bEndpointAddress for one in bulk if one.bEndpointAddress & _IN]
        writes = [one.bEndpointAddress for one in bulk if not one.bEndpointAddress & _IN]
        if not writes:
            raise OSError("nothing there can be written to")
        return (reads[0] if reads else None), writes[0]


class QueueConnection(_Escpos):
    """By a print queue of the computer, which takes the job and prints it when it can.

    A job is begun for what is printed, and not before: one that is begun and given up comes out as an empty line.
    """

    def __init__(self, address: QueuePrinter) -> None:
        self._address = address

    def open(self, seconds: float) -> None:
        printers = escpos()
        kind = printers.Win32Raw if sys.platform == "win32" else printers.LP
        self._printer = kind(self._address.name)
        if self._address.name not in self._printer.printers:
            raise OSError("no such queue")

    def ask(self, question: bytes, answers: int, seconds: float) -> bytes:
        return b""  # a queue answers no questions

    def send(self, data: bytes, until: float) -> None:
        self._printer.open(job_name="Receipt")
        self._printer._raw(data)  # python-escpos has no other name for it

    def end(self, until: float) -> bool:
        process = self._printer.device
        self._printer.close()
        return not getattr(process, "returncode", 0)


def connection_to(address: PrinterAddress) -> PrinterConnection:
    """A connection to the printer at an address, not yet opened."""
    match address:
        case NetworkPrinter():
            return NetworkConnection(address)
        case UsbPrinter():
            return UsbConnection(address)
        case SerialPrinter():
            return SerialConnection(address)
        case QueuePrinter():
            return QueueConnection(address)


def _left(until: float) -> float:
    """Seconds until a moment of `time.monotonic`.

    Raises:
        TimeoutError: none.
    """
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left
