"""Receipt printers that the till drives itself: where they are, and what they are given to print."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, StrEnum

from pos_app.domain.receipt import ROLLS, Line, Shop, Style
from pos_app.domain.strict import whole
from pos_app.errors import BadInput

PORT = 9100  # at which printers in a network listen
BAUD = 9600  # as most small printers leave the factory
_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]{0,250}[A-Za-z0-9])?")
_USB = re.compile("([0-9A-Fa-f]{4}):([0-9A-Fa-f]{4})")
_SERIAL = re.compile(r"([Cc][Oo][Mm][1-9][0-9]{0,2}|/dev/[A-Za-z0-9._/-]{1,100})(?::([0-9]{4,6}))?")
_QUEUE = re.compile(r"[^\s\x00-\x1f\x7f/-][^\x00-\x1f\x7f/]{0,126}")
_BAUDS = frozenset((1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200))


class PrinterKind(StrEnum):
    """How the receipt printer is connected."""

    SYSTEM = "system"  # not by the till: the computer's own print dialog
    NETWORK = "network"
    USB = "usb"
    SERIAL = "serial"
    QUEUE = "queue"  # a print queue of the computer, which is handed the printer's commands as they are


@dataclass(frozen=True, slots=True)
class NetworkPrinter:
    """A printer that listens in the shop's network."""

    host: str
    port: int = PORT


@dataclass(frozen=True, slots=True)
class UsbPrinter:
    """A printer at the computer's own USB, by the two numbers of its model."""

    vendor: int
    product: int


@dataclass(frozen=True, slots=True)
class SerialPrinter:
    """A printer at a serial port. `baud` is bits a second."""

    port: str
    baud: int = BAUD


@dataclass(frozen=True, slots=True)
class QueuePrinter:
    """A print queue of the computer, by its name."""

    name: str


PrinterAddress = NetworkPrinter | UsbPrinter | SerialPrinter | QueuePrinter

_WANTED = {
    PrinterKind.NETWORK: "the printer's address in the network, for example 192.168.1.50 or 192.168.1.50:9100",
    PrinterKind.USB: "the two numbers of the printer's model, for example 0416:5011",
    PrinterKind.SERIAL: "the port of the printer, for example /dev/ttyUSB0, COM3, or COM3:19200 with its speed",
    PrinterKind.QUEUE: "the name of the print queue, as the computer's own settings show it",
}


def wanted_address(kind: PrinterKind) -> str:
    """What says where a printer of this kind is, in words; empty where nothing needs to."""
    return _WANTED.get(kind, "")


def read_address(kind: PrinterKind, text: str) -> PrinterAddress | None:
    """Where the printer is, as a person types it; None for the system's printers.

    Raises:
        BadInput: it names no such place; in words that say what does.
    """
    if kind is PrinterKind.SYSTEM:
        return None
    address = _READERS[kind](text.strip())
    if address is None:
        raise BadInput(f"Type {_WANTED[kind]}. Nothing was changed.")
    return address


def _network(text: str) -> NetworkPrinter | None:
    host, _, port = text.partition(":")
    number = whole(port) if port else PORT
    if not _HOST.fullmatch(host) or text.endswith(":") or number is None or not 1 <= number <= 65_535:
        return None
    return NetworkPrinter(host, number)


def _usb(text: str) -> UsbPrinter | None:
    found = _USB.fullmatch(text)
    return UsbPrinter(int(found[1], 16), int(found[2], 16)) if found else None


def _serial(text: str) -> SerialPrinter | None:
    found = _SERIAL.fullmatch(text)
    baud = int(found[2] or BAUD) if found else 0
    return SerialPrinter(found[1], baud) if found and baud in _BAUDS else None


def _queue(text: str) -> QueuePrinter | None:
    return QueuePrinter(text) if _QUEUE.fullmatch(text) else None


_READERS = {
    PrinterKind.NETWORK: _network,
    PrinterKind.USB: _usb,
    PrinterKind.SERIAL: _serial,
    PrinterKind.QUEUE: _queue,
}


@dataclass(frozen=True, slots=True)
class PrintJob:
    """What is printed at once.

    Attributes:
        paper: the width of the roll it is laid out for, in mm.
        qr: what a QR code below the lines says; empty for none.
        drawer: whether the cash drawer opens with it.
    """

    lines: Sequence[Line]
    paper: int
    qr: str = ""
    drawer: bool = False


class Sent(Enum):
    """What became of a job that the printer was given; one that surely did not reach it is an error instead."""

    PRINTED = "printed"  # as far as a printer of its kind can say
    UNCLEAR = "unclear"  # it was given all or a part of it, and has not said that it is on the paper


def sample_page(shop: Shop, paper: int) -> PrintJob:
    """What shows whether a printer works as it should: the whole width of its roll (mm), its letters, a QR code."""
    columns = ROLLS[paper].columns
    ruler = ("1234567890" * columns)[:columns]
    return PrintJob(
        [
            Line(Style.TITLE, shop.name),
            Line(Style.CENTRE, "Test page. Not a receipt."),
            Line(Style.RULE),
            Line(Style.CENTRE, ruler),
            Line(Style.PAIR, "Left", "right"),
            Line(Style.TOTAL, "Large", "KES 250,000"),
            Line(Style.CENTRE, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
            Line(Style.CENTRE, "abcdefghijklmnopqrstuvwxyz"),
            Line(Style.RULE),
            Line(Style.CENTRE, f"{columns} figures fill the line above."),
            Line(Style.CENTRE, "If they do not, choose the other paper."),
        ],
        paper,
        qr="Kaunta",
    )
