"""Who is erased is found nowhere (rule 21): every file of a shop's folder is looked through, whoever has written it."""

import re
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from pos_app.bootstrap.practice import SHORTCODE
from pos_app.diagnostics.all_checks import Diagnostics
from pos_app.domain.payment import Payment, State
from pos_app.domain.receipt import Mark
from pos_app.domain.receipt_printer import NetworkPrinter
from pos_app.domain.search import Search
from pos_app.domain.statement_row import RowKind, Statement, StatementRow
from pos_app.exports.export import export
from pos_app.settings.settings import Settings, load
from pos_app.ui.style.theme import Scheme, ThemeManager
from tests.e2e.conftest import Operator, Shop, press
from tests.support.tcp_printer import tcp_printer

PHONE = "254712345678"
NAME = "Wanjiku"
PASSPHRASE = "mama njeri 1987"
# In every spelling: 0712 345 678, +254-712-345678, and at the end of a CheckoutRequestID.
NUMBER = re.compile(rb"[ .\xa0-]*".join(bytes([digit]) for digit in PHONE[3:].encode()))

STRAY = StatementRow(  # money on M-PESA's statement that nobody asked for, from the same customer
    line=8,
    receipt="UKN7H7OI90",
    at=datetime(2026, 11, 23, 9, 0, tzinfo=UTC),
    within=0,
    kind=RowKind.PAYMENT,
    amount=Decimal(250),
    incoming=True,
    details=f"Pay Bill from {PHONE} - {NAME} KAMAU",
    reason="Pay Bill",
    phone=PHONE,
    name=f"{NAME} KAMAU",
    account=f"0{PHONE[3:]}",
)


def contents(file: Path) -> Iterator[bytes]:
    """What a file holds; of one that is packed, also what is in it."""
    yield file.read_bytes()
    if zipfile.is_zipfile(file):
        with zipfile.ZipFile(file) as packed:
            yield from map(packed.read, packed.namelist())


def knowing(folder: Path) -> set[str]:
    """The files that have the number or the name. Copies from before may, and whoever erases is told so."""
    files = (file for file in folder.rglob("*") if file.is_file() and "backups" not in file.parts)
    return {
        file.name
        for file in files
        if any(NUMBER.search(content) or NAME.encode() in content for content in contents(file))
    }


def practice(folder: Path, printer: NetworkPrinter) -> Settings:
    address = f"{printer.host}:{printer.port}"
    return load(folder, True, {"POS_PRINTER": "network", "POS_PRINTER_ADDRESS": address, "POS_PRINT_PAID": "yes"})


def sell(operator: Operator, phone: QWidget) -> Payment:
    """Somebody types the number at the till, and the customer the PIN."""
    operator.charge("2", f"0{PHONE[3:]}")
    operator.becomes(State.PROMPTED)
    accept = phone.findChild(QWidget, "phoneOk")
    assert accept is not None
    operator.until(accept.isVisible)
    for digit in "1234":
        press(phone, Qt.Key(ord(digit)), digit)
    operator.until(accept.isEnabled)
    QTest.mouseClick(accept, Qt.MouseButton.LeftButton)
    return operator.becomes(State.PAID)


def write_about(operator: Operator, payment: Payment) -> None:
    """Everything that hands can write about a customer."""
    till = operator.till
    till.customers.give_name(PHONE, f"{NAME} Kamau")
    till.notes.about_customer(PHONE, f"{NAME} comes on Mondays")
    till.notes.about_payment(payment, f"{NAME}'s sister came for it")
    till.authority.passphrase.choose(PASSPHRASE)
    seen = till.access.look(PHONE, payment.lines[0].post_id)[1]
    till.access.give(seen, 7, f"{NAME} waited for an hour", PASSPHRASE)
    till.recording.record(Statement(short_code=SHORTCODE, period=None, covered=None, rows=(STRAY,)), "ab", PASSPHRASE)


def hand_out(operator: Operator, settings: Settings, folder: Path) -> None:
    """Files that stay in the folder: exports, whose numbers are masked, and what a supporter gets."""
    till = operator.till
    for end in ("csv", "json", "xlsx"):
        export(till.reader, Search(), folder / f"payments.{end}", Mark.PRACTICE)
    checks = Diagnostics(settings, opened=lambda: operator.opened)
    checks.save(folder / "support.zip", checks.run())


def made_older(operator: Operator) -> None:
    """Who has only just paid is not erased: the payment is from before."""
    operator.till.writer.run(
        lambda transaction: transaction._connection.exec_driver_sql(  # type: ignore[attr-defined]
            "UPDATE payment SET created_at = datetime(created_at, '-4 minutes')"
        )
    )


@pytest.fixture
def printer() -> Iterator[NetworkPrinter]:
    with tcp_printer() as there:
        yield there.address


def test_rule_21_no_file_of_the_shop_has_who_was_erased(
    tmp_path: Path, printer: NetworkPrinter, qapp: QApplication, qtbot: QtBot
) -> None:
    ThemeManager(qapp, Scheme.LIGHT).apply()
    settings = practice(tmp_path, printer)
    with Shop(settings, qtbot).open() as operator:
        phone = operator.window.findChild(QWidget, "phoneWindow")
        assert phone is not None
        payment = sell(operator, phone)
        operator.till.printing.print_receipt(payment.id)
        write_about(operator, payment)
        hand_out(operator, settings, tmp_path)
        made_older(operator)
        before = knowing(tmp_path)
        assert {"practice.db", "practice.db-wal"} & before, "what is looked for is there"
        erased = operator.till.erasure.erase(PHONE, "asked by letter", PASSPHRASE)
        assert (erased.payments, erased.swept) == (1, True)
        assert knowing(tmp_path) <= {"payments.csv", "payments.json", "payments.xlsx"}
    assert knowing(tmp_path) == set()
    for name in ("practice-mpesa.json", "practice.db.kept"):  # as a till leaves it that is killed while it writes
        (tmp_path / f".{name}-a1b2c3d4").write_text(PHONE)
    with Shop(settings, qtbot).open() as operator:
        assert operator.payments()[0].phone == erased.stored
    assert knowing(tmp_path) == set()
