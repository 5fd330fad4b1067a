"""Printers at a serial port, at the USB, behind a queue of the computer."""

import os
import pty
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from pos_app.check_result import Status
from pos_app.domain.receipt import Line, Style
from pos_app.domain.receipt_printer import (
    NetworkPrinter,
    PrintJob,
    QueuePrinter,
    Sent,
    SerialPrinter,
    UsbPrinter,
)
from pos_app.errors import NotPrinted
from pos_app.printers import escpos_printer
from pos_app.printers.connections import NetworkConnection, QueueConnection, UsbConnection, connection_to
from pos_app.printers.escpos_printer import EscposPrinter
from pos_app.printers.job_bytes import job_bytes
from pos_app.printers.printer_status import ASK_DONE, ASK_STATE
from tests.printers.usb_bus import PRODUCT, VENDOR, UsbBus

LIMIT = 3.0  # seconds
JOB = PrintJob([Line(Style.PAIR, "No", "A-20261123-0042")], 80)
DATA = job_bytes(JOB)
USB = UsbPrinter(VENDOR, PRODUCT)


@contextmanager
def serial_printer(*, answers: bool = True) -> Iterator[tuple[str, bytearray]]:
    """A printer at the other end of a serial line; gives the port, and what the printer is sent."""
    ours, theirs = pty.openpty()
    heard = bytearray()

    def listen() -> None:
        with suppress(OSError):
            while data := os.read(ours, 1_024):
                if answers and data == ASK_STATE:
                    os.write(ours, b"\x12\x12")
                    continue
                heard.extend(data)
                if answers and heard.endswith(ASK_DONE):
                    os.write(ours, b"\x00")

    listening = threading.Thread(target=listen, daemon=True)
    listening.start()
    yield os.ttyname(theirs), heard
    os.close(theirs)
    listening.join(10)
    os.close(ours)


def test_at_a_serial_port() -> None:
    with serial_printer() as (port, heard):
        assert EscposPrinter(SerialPrinter(port), limit=LIMIT).print(lambda: JOB) is Sent.PRINTED
    assert bytes(heard) == DATA + ASK_DONE


def test_a_cable_that_leads_one_way_only() -> None:
    with serial_printer(answers=False) as (port, heard):
        assert EscposPrinter(SerialPrinter(port), limit=LIMIT).print(lambda: JOB) is Sent.PRINTED
    assert bytes(heard) == ASK_STATE + DATA


def test_no_such_port() -> None:
    with pytest.raises(NotPrinted) as refused:
        EscposPrinter(SerialPrinter("/dev/ttyUSB99"), limit=LIMIT).print(lambda: JOB)
    assert refused.value.user_text == escpos_printer.NOT_THERE


@pytest.mark.parametrize("answers", [True, False])
def test_at_the_usb_whichever_way_the_maker_numbers_it(answers: bool) -> None:
    bus = UsbBus(answers=answers)
    printer = EscposPrinter(USB, limit=LIMIT, connect=lambda _: UsbConnection(USB, bus))
    assert printer.print(lambda: JOB) is Sent.PRINTED
    assert bus.sent == ([DATA, ASK_DONE] if answers else [DATA])


def test_a_usb_printer_that_this_user_may_not_use() -> None:
    bus = UsbBus(allowed=False)
    with pytest.raises(NotPrinted) as refused:
        EscposPrinter(USB, limit=LIMIT, connect=lambda _: UsbConnection(USB, bus)).print(lambda: JOB)
    assert refused.value.user_text == escpos_printer.NOT_ALLOWED
    assert bus.sent == []


def test_another_printer_at_the_usb_is_left_alone() -> None:
    bus, other = UsbBus(), UsbPrinter(0x0483, 0x5743)
    with pytest.raises(NotPrinted, match="did not answer"):
        EscposPrinter(other, limit=LIMIT, connect=lambda _: UsbConnection(other, bus)).print(lambda: JOB)


@pytest.fixture
def queue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A print system with one queue, XP-58; gives the folder that jobs come into."""
    tools, spool = tmp_path / "bin", tmp_path / "spool"
    for folder in (tools, spool):
        folder.mkdir()
    for name, script in (
        ("lpstat", 'case $1 in -e) echo XP-58 ;; -v) echo "device for XP-58: usb://XP-58" ;; esac'),
        ("lp", f'echo 1 >> {spool}/jobs; echo "$@" > {spool}/words; cat > {spool}/job'),
    ):
        tool = tools / name
        tool.write_text(f"#!/bin/sh\n{script}\n")
        tool.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tools}:{os.environ['PATH']}")
    return spool


def test_a_queue_of_the_computer(queue: Path) -> None:
    assert EscposPrinter(QueuePrinter("XP-58"), limit=LIMIT).print(lambda: JOB) is Sent.PRINTED
    assert (queue / "job").read_bytes().startswith(DATA)
    assert (queue / "words").read_text().split() == ["-d", "XP-58", "-t", "Receipt", "-o", "raw"]


def test_no_such_queue(queue: Path) -> None:
    with pytest.raises(NotPrinted, match="did not answer"):
        EscposPrinter(QueuePrinter("XP-80"), limit=LIMIT).print(lambda: JOB)
    assert not (queue / "job").exists()


def test_a_queue_is_handed_nothing_where_nothing_is_printed(queue: Path) -> None:
    """What it is handed is paper, were it a single empty line."""

    def refuse() -> PrintJob:
        raise NotPrinted("somebody was faster")

    printer = EscposPrinter(QueuePrinter("XP-58"), limit=LIMIT)
    assert printer.look().status is Status.GREEN
    with pytest.raises(NotPrinted, match="faster"):
        printer.print(refuse)
    assert printer.print(lambda: JOB) is Sent.PRINTED  # once what went before it has ended
    assert (queue / "jobs").read_text().splitlines() == ["1"]


def test_a_queue_that_refuses_the_job(queue: Path) -> None:
    (queue.parent / "bin" / "lp").write_text("#!/bin/sh\ncat > /dev/null\nexit 1\n")
    assert EscposPrinter(QueuePrinter("XP-58"), limit=LIMIT).print(lambda: JOB) is Sent.UNCLEAR


def test_a_computer_without_a_print_system(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NotPrinted, match="did not answer"):
        EscposPrinter(QueuePrinter("XP-58"), limit=LIMIT).print(lambda: JOB)


def test_each_kind_of_address_has_its_connection() -> None:
    assert isinstance(connection_to(NetworkPrinter("printer")), NetworkConnection)
    assert isinstance(connection_to(QueuePrinter("XP-58")), QueueConnection)
    assert isinstance(connection_to(USB), UsbConnection)
