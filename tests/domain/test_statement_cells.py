"""Times, amounts and codes in every spelling that was met, and in none that was not meant."""

from contextlib import suppress
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.domain.kenya_time import NAIROBI
from pos_app.domain.statement_cells import Cell, Moment, MonthFirst, read_amount, read_moment, read_receipt, text_of

AT = datetime(2026, 11, 23, 3, 4, 11, tzinfo=UTC)


@pytest.mark.parametrize(
    ("cell", "amount"),
    [
        ("100.0", "100"), ("-0.55", "-0.55"), ("1,250.00", "1250"), ("-120,000.00", "-120000"), (" 799 ", "799"),
        ("1250.000", "1250"), ("", "0"), ("-", "0"), (100.0, "100"), (99.45, "99.45"), (-0.55, "-0.55"), (0.0, "0"),
    ],
)  # fmt: skip
def test_an_amount(cell: Cell, amount: str) -> None:
    assert read_amount(cell) == Decimal(amount)


@pytest.mark.parametrize(
    "cell",
    ["1,25", "12,50.00", "1.2.3", "1e3", "١٠٠", "+5", "--5", "abc", "0.555", "1" * 16, "=1+1", AT, 0.555,
     float("nan"), float("inf"), 1e12, 1e9, -1e9, "1000000000", "-2147483648.00", "3,000,000,000.00"],
)  # fmt: skip
def test_no_amount(cell: Cell) -> None:
    assert read_amount(cell) is None


@given(st.integers(min_value=1 - 10**11, max_value=10**11 - 1))
def test_cents_are_exact_as_text_and_as_a_number(cents: int) -> None:
    amount = Decimal(cents) / 100
    assert read_amount(f"{amount:.2f}") == amount
    assert read_amount(f"{amount:,.2f}") == amount
    assert read_amount(float(amount)) == amount


@pytest.mark.parametrize(
    "cell",
    [
        "23-11-2026 06:04:11", "23/11/2026 06:04:11", "23.11.2026 6:04:11", "2026-11-23 06:04:11",
        "2026-11-23T06:04:11", "2026/11/23 06:04:11.0", datetime(2026, 11, 23, 6, 4, 11),
        datetime(2026, 11, 23, 6, 4, 10, 999_999), datetime(2026, 11, 23, 6, 4, 11, 400),
    ],
)  # fmt: skip
def test_a_time(cell: Cell) -> None:
    assert read_moment(cell) == Moment(AT, 0)


def test_a_time_without_seconds() -> None:
    assert read_moment("23-11-2026 6:04") == Moment(AT.replace(second=0), 59)


@pytest.mark.parametrize(
    "cell",
    ["", "15:50", "23-11-2026", "31-02-2026 06:04:11", "13-13-2026 06:04:11", "23-11-2026 24:04:11", "23-11-26 06:04",
     46349.25, datetime(1, 1, 1), datetime.max],
)  # fmt: skip
def test_no_time(cell: Cell) -> None:
    assert read_moment(cell) is None


def test_the_month_before_the_day_is_told() -> None:
    with pytest.raises(MonthFirst):
        read_moment("11/23/2026 06:04")


@given(st.datetimes(min_value=datetime(2007, 1, 1), max_value=datetime(2099, 1, 1)))
def test_every_time_is_read_back(there: datetime) -> None:
    there = there.replace(microsecond=0)
    assert read_moment(there.strftime("%d-%m-%Y %H:%M:%S")) == Moment(there.replace(tzinfo=NAIROBI), 0)
    assert read_moment(there) == Moment(there.replace(tzinfo=NAIROBI), 0)


@given(st.one_of(st.text(max_size=30), st.floats(), st.datetimes()))
def test_no_cell_raises(cell: Cell) -> None:
    read_amount(cell)
    read_receipt(cell)
    text_of(cell)
    with suppress(MonthFirst):
        read_moment(cell)


def test_a_receipt_code() -> None:
    assert read_receipt(" ukn7h7oi90 ") == "UKN7H7OI90"
    assert [read_receipt(cell) for cell in ("UKN-7H7", "", "ı" * 10, 1.5, AT)] == [""] * 5


def test_a_number_as_text() -> None:
    assert [text_of(cell) for cell in (3700001.0, 0.5, "x")] == ["3700001", "0.5", "x"]
