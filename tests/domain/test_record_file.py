"""What is kept of a row: once, and of the other party as little as a person needs."""

from dataclasses import replace
from decimal import Decimal

import pytest

from pos_app.domain.phone import mask_spelt
from pos_app.domain.record_file import RecordOrigin, RecordSource, learnt, record_row, row_key
from pos_app.domain.statement_comparison import Compared, RowOutcome
from pos_app.domain.statement_row import RowKind, kept_phone
from tests.domain.test_statement_match import REVERSAL, ROW

LOOSE = Compared(outcome=RowOutcome.UNPROMPTED, row=ROW, asks=True)
OURS = Compared(outcome=RowOutcome.SETTLES, row=ROW, payment_id=7)


def test_who_paid_is_kept_only_while_no_payment_is_meant() -> None:
    row = replace(ROW, phone="254708374366", name="AMINA 0708374366", account="0708 374 366")
    loose = record_row(LOOSE, row)
    assert (loose.phone, loose.digits, loose.name) == ("070****366", "366", mask_spelt(row.name))
    assert loose.account == mask_spelt(row.account)
    assert "708374366" not in "".join((loose.name + loose.account).split())
    assert (loose.cents, loose.receipt, loose.key) == (10_000, ROW.receipt, "")
    for line in (OURS, replace(LOOSE, row=None)):
        nobody = record_row(line, row if line is OURS else replace(row, phone="0****66"))
        assert (nobody.phone, nobody.digits, nobody.name, nobody.account) == ("", "", "", "")
    assert "366" not in repr(loose)


@pytest.mark.parametrize(
    ("phone", "kept"),
    [
        ("254708374366", "070****366"),
        ("0708374366", "070****366"),
        ("25470****366", "070****366"),
        ("070****366", "070****366"),
        ("0****366", "0****366"),
        ("0708****66", ""),
        ("", ""),
        ("12366", "0****366"),
    ],
)
def test_of_a_number_five_digits_are_kept(phone: str, kept: str) -> None:
    assert kept_phone(phone) == kept


def test_rows_of_one_code_are_told_apart_by_what_they_are_and_never_by_their_details() -> None:
    fee = replace(ROW, kind=RowKind.FEE, incoming=False, amount=Decimal("0.55"), reason="Pay merchant Charge")
    assert row_key(fee) == row_key(replace(fee, details="other words")) == "pay merchant charge 0.55"
    assert row_key(fee) != row_key(replace(fee, amount=Decimal("0.56")))
    assert row_key(ROW) == row_key(replace(ROW, reason="Customer Merchant Payment")) == ""
    assert record_row(LOOSE, fee).identity != record_row(LOOSE, ROW).identity
    assert record_row(LOOSE, REVERSAL).linked == ROW.receipt


def test_what_was_found_to_be_a_payment_stays_that() -> None:
    loose, ours = record_row(LOOSE, ROW), record_row(OURS, ROW)
    assert learnt(loose, ours) == ours
    assert learnt(ours, loose) is None
    assert learnt(ours, replace(ours, outcome=RowOutcome.AGREES)) is None
    assert learnt(loose, loose) is None


def test_a_record_is_named_by_what_it_holds() -> None:
    assert RecordSource(origin=RecordOrigin.FILE, digest="ab" * 32).name == "statement abababab"
    assert RecordSource(origin=RecordOrigin.PULL, digest="cd" * 32).name == "pull cdcdcdcd"
