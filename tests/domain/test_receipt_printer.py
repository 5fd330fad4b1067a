"""Where a receipt printer is, as people type it."""

import pytest

from pos_app.domain.receipt import Shop, receipt_text
from pos_app.domain.receipt_printer import (
    NetworkPrinter,
    PrinterAddress,
    PrinterKind,
    QueuePrinter,
    SerialPrinter,
    UsbPrinter,
    read_address,
    sample_page,
    wanted_address,
)
from pos_app.errors import BadInput


@pytest.mark.parametrize(
    ("kind", "text", "address"),
    [
        (PrinterKind.NETWORK, "192.168.1.50", NetworkPrinter("192.168.1.50", 9100)),
        (PrinterKind.NETWORK, " 192.168.1.50:9101 ", NetworkPrinter("192.168.1.50", 9101)),
        (PrinterKind.NETWORK, "printer.local", NetworkPrinter("printer.local", 9100)),
        (PrinterKind.USB, "0416:5011", UsbPrinter(0x0416, 0x5011)),
        (PrinterKind.USB, "04b8:0E15", UsbPrinter(0x04B8, 0x0E15)),
        (PrinterKind.SERIAL, "/dev/ttyUSB0", SerialPrinter("/dev/ttyUSB0", 9600)),
        (PrinterKind.SERIAL, "COM3:19200", SerialPrinter("COM3", 19200)),
        (PrinterKind.SERIAL, "com12", SerialPrinter("com12", 9600)),
        (PrinterKind.QUEUE, "XP-58 (copy 1)", QueuePrinter("XP-58 (copy 1)")),
        (PrinterKind.SYSTEM, "whatever", None),
    ],
)
def test_what_names_a_printer(kind: PrinterKind, text: str, address: PrinterAddress | None) -> None:
    assert read_address(kind, text) == address


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        *((kind, "") for kind in PrinterKind if kind is not PrinterKind.SYSTEM),
        *(
            (PrinterKind.NETWORK, text)
            for text in (
                "192.168.1.50:",
                "192.168.1.50:0",
                "192.168.1.50:65536",
                "192.168.1.50:9100:1",
                "192.168.1.50:٩١٠٠",
                "http://192.168.1.50",
                "192.168.1.50/",
                "my printer",
                "-o",
                "fe80::1",
            )
        ),
        *((PrinterKind.USB, text) for text in ("0416", "0416:501", "0416:50111", "0x416:0x5011", "0416-5011")),
        *(
            (PrinterKind.SERIAL, text)
            for text in ("ttyUSB0", "COM0", "COM3:", "COM3:9601", "/dev/ttyUSB0:9600:1", "/dev/tty USB", "COM3;rm")
        ),
        *((PrinterKind.QUEUE, text) for text in ("-d", "a/b", "XP\n58", "x" * 128)),
    ],
)
def test_what_names_none_is_refused_in_words_that_say_what_does(kind: PrinterKind, text: str) -> None:
    with pytest.raises(BadInput) as refused:
        read_address(kind, text)
    assert refused.value.user_text == f"Type {wanted_address(kind)}. Nothing was changed."


def test_the_systems_printers_need_no_address() -> None:
    assert wanted_address(PrinterKind.SYSTEM) == ""


@pytest.mark.parametrize(("paper", "columns"), [(58, 32), (80, 48)])
def test_the_test_page_is_no_receipt(paper: int, columns: int) -> None:
    job = sample_page(Shop("Mama Njeri Shop"), paper)
    text = receipt_text(list(job.lines), columns)
    assert "Not a receipt." in text
    assert "KES 250,000" in text
    assert max(map(len, text.splitlines())) == columns
    assert not job.drawer
