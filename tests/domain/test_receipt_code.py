"""A receipt code as somebody reads it out: what the books say of it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from pos_app.domain.payment import State
from pos_app.domain.receipt_code import CodeStanding, code_in, is_code, read_last, what_it_is
from pos_app.domain.record_file import RecordFile, RecordOrigin, RecordRow, RecordSource
from pos_app.domain.statement_comparison import RowOutcome
from pos_app.domain.statement_row import Period, RowKind
from tests.support.builders import a_payment
from tests.support.fakes import START

CODE = "UKN4X7Q2ZA"
HOUR = timedelta(hours=1)
ROW = RecordRow(
    receipt=CODE,
    kind=RowKind.PAYMENT,
    incoming=True,
    key="",
    cents=25_000,
    at=START,
    linked="",
    outcome=RowOutcome.UNPROMPTED,
)


def a_file(begin: float, end: float, *, whole: bool = True) -> RecordFile:
    """A record of so many hours after the start, read whole or not."""
    covered = Period(START + begin * HOUR, START + end * HOUR)
    return RecordFile(
        source=RecordSource(origin=RecordOrigin.PULL, digest="ab" * 32),
        at=START,
        operator_id=None,
        owner=False,
        short_code="512345",
        period=covered,
        covered=covered,
        rows=1,
        counts={},
        ended_at=START if whole else None,
    )


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("ukn4 x7q2 za", CODE),
        ("ukn4x7q2za", CODE),
        ("UKN4X7Q2ZA Confirmed. Ksh250.00 sent to MAMA NJERI SHOP", CODE),
        ("UKN4X7Q2Z", "UKN4X7Q2Z"),  # one short
        ("UKN4X7Q2ZA1", "UKN4X7Q2ZA1"),
        ("UKN4X7Q2ZA UKN4X7Q2ZB", None),  # which of the two?
        ("A-20261123-0042", None),
        ("0712345678", None),
        ("Wi-Fi month", None),
        ("12345678", None),
        ("", None),
    ],
)
def test_which_text_means_a_code(text: str, code: str | None) -> None:
    assert code_in(text) == code


def test_only_ten_letters_and_digits_are_a_code() -> None:
    assert is_code(CODE)
    assert not is_code("UKN4X7Q2Z")
    assert not is_code("UKN4X7Q2ZA1")


def test_whose_it_is() -> None:
    paid, typed = a_payment(State.PAID, receipt=CODE), a_payment(State.PAID, receipt=None, receipt_typed=CODE)
    back = a_payment(State.PAID)
    for payments, standing in (
        ([back, paid], CodeStanding.SALE),
        ([typed], CodeStanding.TYPED),
        ([back], CodeStanding.REFUND),  # a search finds a payment by the code of its refund, too
    ):
        assert what_it_is(CODE, payments, [], []).standing is standing
    assert what_it_is(CODE, [back, paid], [ROW], []).payment == paid


def test_money_without_a_prompt_goes_before_a_code_that_somebody_typed() -> None:
    typed = a_payment(State.PAID, receipt=None, receipt_typed=CODE)
    found = what_it_is(CODE, [typed], [ROW], [])
    assert (found.standing, found.row) == (CodeStanding.UNPROMPTED, ROW)


def test_a_row_that_is_no_money_from_a_customer() -> None:
    fee = replace(ROW, kind=RowKind.FEE, incoming=False)
    assert what_it_is(CODE, [], [fee], []).standing is CodeStanding.REFUND


def test_what_m_pesa_s_record_does_not_have() -> None:
    found = what_it_is(CODE, [], [], [a_file(0, 2), a_file(1, 3)])
    assert (found.standing, found.record) == (CodeStanding.NOT_THERE, Period(START, START + 3 * HOUR))
    assert what_it_is(CODE, [], [], []).standing is CodeStanding.UNKNOWN


def test_which_time_was_read_last_without_a_gap() -> None:
    assert read_last([a_file(4, 6), a_file(0, 1), a_file(2, 4)]) == Period(START + 2 * HOUR, START + 6 * HOUR)
    assert read_last([a_file(4, 6), a_file(3, 7)]) == Period(START + 3 * HOUR, START + 7 * HOUR)
    assert read_last([a_file(0, 9, whole=False), replace(a_file(0, 9), covered=None)]) is None
