"""A pulled set becomes a statement only where receipt codes of both sides say whose clock it has."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from pos_app.domain.kenya_time import NAIROBI
from pos_app.domain.pulled import PulledRow, PulledSet, to_statement
from pos_app.domain.statement_row import Period, RowKind
from pos_app.errors import BadInput
from tests.support.fakes import START

ROW = PulledRow(
    receipt="UKN7H7OI90",
    said_at=START.astimezone(NAIROBI).replace(tzinfo=None),
    amount=Decimal(250),
    phone="25470****149",
    name="AMINA",
    account="S_1",
    kind="c2b-pay-bill-debit",
)
HOUR = timedelta(hours=1)
SET = PulledSet(rows=(ROW,), first=START - HOUR, last=START + HOUR, asked_at=START + HOUR)
PUSHED = {"UKN7H7OI90": START - timedelta(seconds=12)}


def test_a_row_is_a_payment_of_the_statement() -> None:
    statement = to_statement(SET, "174379", PUSHED)
    [row] = statement.rows
    assert (row.receipt, row.at, row.within, row.kind) == ("UKN7H7OI90", START, 0, RowKind.PAYMENT)
    assert row.amount == 250
    assert (row.phone, row.name, row.account, row.reason) == ("25470****149", "AMINA", "S_1", "c2b-pay-bill-debit")
    assert row.incoming
    assert (statement.short_code, statement.period) == ("174379", Period(START - HOUR, START + HOUR))


def test_the_zone_is_the_one_that_fits_the_payments_of_both_sides() -> None:
    true = replace(ROW, said_at=START.replace(tzinfo=None))
    assert to_statement(replace(SET, rows=(true,)), "174379", PUSHED).rows[0].at == START
    others = tuple(replace(ROW, receipt=f"UKN7H7OI9{digit}") for digit in range(1, 9))
    assert {row.at for row in to_statement(replace(SET, rows=(ROW, *others)), "174379", PUSHED).rows} == {START}


def test_without_a_code_of_both_sides_nothing_is_concluded() -> None:
    for rows in ((), (ROW,), (replace(ROW, said_at=None, fault="no time that can be"),)):
        held = PUSHED if rows and rows[0].fault else {}
        with pytest.raises(BadInput, match="cannot be found out"):
            to_statement(replace(SET, rows=rows), "174379", held)


@pytest.mark.parametrize("off", [timedelta(seconds=121), timedelta(hours=3, seconds=121), timedelta(hours=2)])
def test_a_clock_that_is_off_concludes_nothing(off: timedelta) -> None:
    for sign in (1, -1):
        pushed = {"UKN7H7OI90": START + sign * off}
        with pytest.raises(BadInput, match="neither in Nairobi's time nor in UTC"):
            to_statement(SET, "174379", pushed)


def test_two_minutes_are_borne() -> None:
    pushed = {"UKN7H7OI90": START - timedelta(seconds=120)}
    assert to_statement(SET, "174379", pushed).rows[0].at == START


def test_what_cannot_be_read_of_a_row_makes_it_unreadable() -> None:
    spoilt = replace(ROW, receipt="UKN1AAAA22", amount=None, fault="an amount that is none")
    lost = replace(ROW, receipt="", said_at=None, fault="no receipt code")
    statement = to_statement(replace(SET, rows=(ROW, spoilt, lost)), "174379", PUSHED)
    assert len(statement.rows) == 1
    first, second = statement.unreadable
    assert (first.line, first.receipt, first.at, first.amount) == (2, "UKN1AAAA22", START, None)
    assert (first.fault, first.phone) == ("an amount that is none", "25470****149")
    assert (second.line, second.at, second.amount) == (3, None, ROW.amount)


def test_it_covers_what_m_pesa_surely_told_of() -> None:
    covered = to_statement(SET, "174379", PUSHED).covered
    assert covered == Period(START - HOUR, START + HOUR - timedelta(minutes=10))
    long = replace(SET, first=START - 90 * HOUR)
    covered = to_statement(long, "174379", PUSHED).covered
    assert covered is not None
    assert covered.first == START - 47 * HOUR + timedelta(minutes=1)
    past = replace(SET, last=START)
    assert to_statement(past, "174379", PUSHED).covered == Period(START - HOUR, START)
    short = replace(SET, first=START + HOUR - timedelta(minutes=10))
    assert to_statement(short, "174379", PUSHED).covered is None
