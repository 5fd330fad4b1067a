"""What is kept of M-PESA's record: each row once, nobody's name where it need not be, in both databases."""

from dataclasses import replace
from datetime import timedelta

import pytest

from pos_app.domain.erasure import ErasureKey
from pos_app.domain.payment import Remark, Source, State
from pos_app.domain.record_file import RecordFile, RecordOrigin, RecordRow, RecordSource
from pos_app.domain.statement_comparison import RowOutcome
from pos_app.domain.statement_row import Period, RowKind, Statement
from pos_app.errors import Clash, PosError
from pos_app.sales.build import build_staff, open_books
from pos_app.sales.recording import Recording
from pos_app.sales.statements import MoneyAccount
from tests.store.conftest import Shop
from tests.store.test_reader import no_scan
from tests.support.fakes import PHONE, START, FakeClock, QuickPassphrases
from tests.support.statement_rows import a_payment_row

HOUR = timedelta(hours=1)
LISTED = a_payment_row(START + timedelta(seconds=20))
FILE = RecordFile(
    source=RecordSource(origin=RecordOrigin.FILE, digest="ab" * 32),
    at=START,
    operator_id=None,
    owner=True,
    short_code="512345",
    period=Period(START - HOUR, START + HOUR),
    covered=Period(START - HOUR, START),
    rows=3,
    counts={RowOutcome.SETTLES: 2, RowOutcome.FEE: 1},
)
ROW = RecordRow(
    receipt="UKN7H7OI90",
    kind=RowKind.PAYMENT,
    incoming=True,
    key="",
    cents=10_000,
    at=START,
    linked="",
    outcome=RowOutcome.UNPROMPTED,
    phone="070****149",
    name="AMINA **** OTIENO",
    account="POST_1_1",
)
FEE = replace(ROW, kind=RowKind.FEE, incoming=False, key="pay merchant charge 0.55", cents=55, phone="", name="")
BACK = replace(FEE, receipt="UKR0000001", kind=RowKind.REVERSAL, key="reversal 100.00", linked="UKN7H7OI90")


def unnamed(row: RecordRow) -> RecordRow:
    return replace(row, phone="", name="", account="")


def keep(shop: Shop, *rows: RecordRow, learnt: tuple[RecordRow, ...] = ()) -> None:
    with shop.database.write() as transaction:
        known = transaction.record_file(FILE.source.digest)
        file_id = transaction.add_record_file(FILE) if known is None else known
        transaction.keep_rows(file_id, rows, learnt)


def kept(shop: Shop) -> list[RecordRow]:
    return shop.reader.record_rows(START - HOUR, START + HOUR)


def test_a_record_reads_as_it_was_written_and_its_end_is_written_once(shop: Shop) -> None:
    with shop.database.write() as transaction:
        assert transaction.record_file(FILE.source.digest) is None
        first = transaction.add_record_file(FILE)
        other = replace(FILE, source=replace(FILE.source, digest="cd" * 32), period=None, covered=None)
        transaction.add_record_file(other)
        assert transaction.record_file(FILE.source.digest) == first
    read = shop.reader.record_files()
    assert [{**file.counts} for file in read] == [{outcome: FILE.counts.get(outcome, 0) for outcome in RowOutcome}] * 2
    assert [replace(file, counts=FILE.counts) for file in read] == [FILE, other]
    for hours in (1, 2):
        with shop.database.write() as transaction:
            transaction.end_record_file(first, START + hours * HOUR)
    assert [file.ended_at for file in shop.reader.record_files()] == [START + HOUR, None]
    assert len(shop.reader.record_files(START + HOUR)) == 0


def test_the_same_record_twice_is_one(shop: Shop) -> None:
    keep(shop)
    with pytest.raises(Clash), shop.database.write() as transaction:
        transaction.add_record_file(FILE)


def test_rows_come_back_by_time_and_each_is_there_once(shop: Shop) -> None:
    later = replace(ROW, receipt="UKN1AAAA22", at=START + HOUR)
    keep(shop, later, ROW, FEE, BACK)
    assert sorted(map(repr, kept(shop)[:3])) == sorted(map(repr, (ROW, FEE, BACK)))
    assert kept(shop)[3] == later
    with pytest.raises(Clash):
        keep(shop, replace(ROW, cents=1, at=START + HOUR))


def test_those_of_some_codes_and_what_undoes_them(shop: Shop) -> None:
    keep(shop, ROW, FEE, BACK, replace(ROW, receipt="UKN1AAAA22"))
    with shop.database.write() as transaction:
        found = {row.identity for row in transaction.kept_rows({"UKN7H7OI90", "UKN9ZZZZ99"})}
        assert found == {ROW.identity, FEE.identity, BACK.identity}
        assert transaction.kept_rows(()) == []
        assert transaction.books(START, START, {"UKN7H7OI90", "UKN1AAAA22"}).undone == {"UKN7H7OI90"}
        many = {f"UKN{number:07}" for number in range(2_000)}
        assert [row.identity for row in transaction.kept_rows(many | {"UKN1AAAA22"})] == [
            ("UKN1AAAA22", RowKind.PAYMENT, True, "")
        ]


def test_what_a_row_turns_out_to_be_takes_the_name_away(shop: Shop) -> None:
    payment = shop.change(shop.open(shop.post()), state=State.PAID, receipt=ROW.receipt)
    keep(shop, ROW, FEE)
    ours = replace(ROW, outcome=RowOutcome.SETTLES, payment_id=payment.id, phone="", name="", account="")
    keep(shop, learnt=(ours,))
    assert sorted(map(repr, kept(shop))) == sorted(map(repr, (ours, FEE)))


@pytest.mark.parametrize("change", ["cents = 1", "receipt = 'UKN1AAAA22'", "linked = 'UKN1AAAA22'", None])
def test_what_m_pesa_has_is_never_edited(shop: Shop, change: str | None) -> None:
    keep(shop, ROW)
    statement = f"UPDATE record_row SET {change}" if change else "DELETE FROM record_row"
    with pytest.raises((PosError, Clash)), shop.database.write() as transaction:
        transaction._connection.exec_driver_sql(statement)
    with pytest.raises((PosError, Clash)), shop.database.write() as transaction:
        transaction._connection.exec_driver_sql("DELETE FROM record_file")
    assert kept(shop) == [ROW]


def test_rule_21_who_is_erased_is_in_no_row_that_may_be_theirs(shop: Shop) -> None:
    shop.open(shop.post())
    other = replace(ROW, receipt="UKN1AAAA22", phone="071****149")
    keep(shop, ROW, other, replace(ROW, receipt="UKN3CCCC44", phone="0****149"))
    with shop.database.write() as transaction:
        found = transaction.erasable(PHONE, START)
        assert found
        transaction.erase(found, ErasureKey(b"k" * 32), START)
    assert [(row.receipt, row.phone, row.name) for row in kept(shop)] == [
        ("UKN7H7OI90", "", ""),
        ("UKN1AAAA22", "071****149", "AMINA **** OTIENO"),
        ("UKN3CCCC44", "", ""),
    ]
    assert kept(shop)[0] == unnamed(ROW)


def test_rule_21_what_is_old_names_nobody(shop: Shop) -> None:
    later = replace(ROW, receipt="UKN1AAAA22", at=START + HOUR)
    keep(shop, ROW, later)
    with shop.database.write() as transaction:
        transaction.forget_payers(START + HOUR)
    assert kept(shop) == [unnamed(ROW), later]


def test_looking_up_scans_no_rows(shop: Shop) -> None:
    keep(shop, ROW)
    books = shop.plan(lambda: shop.reader.books(START, START, {"UKN7H7OI90"}))
    rows = shop.plan(lambda: kept(shop))
    assert "ix_record_undone" in books
    assert "ix_record_at" in rows
    if shop.engines.reader.dialect.name == "sqlite":
        assert no_scan(books + rows)
        assert "SCAN" not in books + rows


def test_a_record_is_carried_out_on_both_databases_and_twice_is_once(shop: Shop) -> None:
    """Settled, filled in, reversed and missing, by the one door, part by part; what comes again changes nothing."""
    clock = FakeClock()
    books = open_books(shop.database, shop.reader, clock)
    account = MoneyAccount(frozenset({"512345"}), paybill=False)
    authority = build_staff(books, QuickPassphrases()).authority
    post = shop.post(price=100)
    phones = [f"25471200000{number}" for number in range(4)]
    asked, untold, paid, missing = (shop.open(post, phone) for phone in phones)
    for number, payment in enumerate((untold, paid, missing)):
        receipt = f"UKN000000{number}" if number else None
        source = Source.MPESA if receipt else None
        shop.change(payment, state=State.PAID, amount_paid=100, receipt=receipt, receipt_by=source)
    rows = [
        replace(LISTED, receipt=receipt, phone=f"071****{phone[-3:]}")
        for receipt, phone in zip(("UKNSETTLE1", "UKNFILLED1", "UKN0000001"), phones, strict=False)
    ]
    back = replace(rows[2], receipt="UKR0000001", kind=RowKind.REVERSAL, incoming=False, linked="UKN0000001")
    day = Period(START - HOUR, START + HOUR)
    statement = Statement(short_code="512345", period=day, covered=day, rows=(*rows, back))
    clock.advance(7_200)
    books.writer.start()
    recording = Recording(shop.reader, books.writer, books.ledger, clock, authority, account, lambda _: None, 1)

    def state() -> object:
        ids = (payment.id for payment in (asked, untold, paid, missing))
        found = [(shop.get(each), shop.reader.journal(each), shop.reader.refunds(each)) for each in ids]
        return found, kept(shop)

    recording.record_pulled(statement, "ab" * 32)
    settled, filled, reversed_, differs = (shop.get(each.id) for each in (asked, untold, paid, missing))
    assert (settled.state, settled.receipt, settled.granted) == (State.PAID, "UKNSETTLE1", True)
    assert (filled.receipt, reversed_.refunded) == ("UKNFILLED1", 100)
    assert reversed_.unseen == {Remark.REVERSED}
    assert differs.unseen == {Remark.RECORD_DIFFERS}
    before = state()
    recording.record_pulled(statement, "cd" * 32)
    books.writer.stop()
    assert state() == before
    assert {row.receipt: row.payment_id for row in kept(shop)} == {
        "UKNSETTLE1": asked.id, "UKNFILLED1": untold.id, "UKN0000001": paid.id, "UKR0000001": paid.id
    }  # fmt: skip
