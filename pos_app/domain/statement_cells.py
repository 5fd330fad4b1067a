"""One cell of a statement: a time, an amount, a receipt code, in each of the spellings that were met."""

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

from pos_app.domain.classify import RECEIPT_CODE
from pos_app.domain.kenya_time import NAIROBI
from pos_app.domain.money import NO_AMOUNT
from pos_app.domain.strict import upper

Cell = str | float | datetime  # a time without a zone is one in the shop; a truth value is text
_MOST = 1e12  # a number of a cell that may be the digits of a text
_FIGURE = re.compile(r"(-?)([0-9]{1,15}|[0-9]{1,3}(?:,[0-9]{3}){1,4})(\.[0-9]{1,2}0*)?")
_CLOCK = "(?:[ T]+([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(?:\\.0+)?)?)"
_DAY_FIRST = re.compile(f"([0-9]{{1,2}})[-/.]([0-9]{{1,2}})[-/.]([0-9]{{4}}){_CLOCK}")
_YEAR_FIRST = re.compile(f"([0-9]{{4}})[-/.]([0-9]{{1,2}})[-/.]([0-9]{{1,2}}){_CLOCK}")
_HALF = timedelta(microseconds=500_000)


class Moment(NamedTuple):
    """When something happened (UTC), and how many seconds later it may have been, where seconds were left out."""

    at: datetime
    within: int


class MonthFirst(Exception):
    """A date that is one only where the month comes before the day: the days of the others would be wrong."""


def text_of(cell: Cell) -> str:
    """A cell as text: of a whole number its figures alone, as a short code that a spreadsheet took for a number."""
    if isinstance(cell, str):
        return cell
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() and abs(cell) < _MOST else str(cell)


def read_receipt(cell: Cell) -> str:
    """A receipt code; empty where there is none."""
    said = upper(text_of(cell).strip())
    return said if RECEIPT_CODE.fullmatch(said) else ""


def read_amount(cell: Cell) -> Decimal | None:
    """An amount in KES: `100.0`, `-0.55`, `1,250.00`; 0 where the cell is empty; None where it is no amount, or one
    that nobody pays at once.
    """
    amount = _amount(cell)
    return amount if amount is not None and abs(amount) < NO_AMOUNT else None


def _amount(cell: Cell) -> Decimal | None:
    if isinstance(cell, datetime):
        return None
    if isinstance(cell, float):
        return _exact(cell)
    said = cell.strip()
    if said in ("", "-"):
        return Decimal(0)
    found = _FIGURE.fullmatch(said)
    return Decimal(said.replace(",", "")) if found else None


def _exact(number: float) -> Decimal | None:
    """Cents, which a spreadsheet keeps as a fraction of two: 99.45 is 99.4500000000000028."""
    if not abs(number) < _MOST:  # also what is no number
        return None
    cents = round(Decimal(number), 2)
    return cents if abs(cents - Decimal(number)) < Decimal("0.00001") else None


def read_moment(cell: Cell) -> Moment | None:
    """A time in the shop: `23-11-2026 06:04:11` with any of `-/.` between, the year first or last, or a real date.

    None where it is no time.

    Raises:
        MonthFirst: it can only be one with the month before the day.
    """
    if isinstance(cell, datetime):
        return _moment(cell, 0)
    if not isinstance(cell, str):
        return None
    said = cell.strip()
    if found := _YEAR_FIRST.fullmatch(said):
        year, month, day = map(int, found.groups()[:3])
    elif found := _DAY_FIRST.fullmatch(said):
        day, month, year = map(int, found.groups()[:3])
        if month > 12 >= day:
            raise MonthFirst
    else:
        return None
    hour, minute, second = found.groups()[3:]
    try:
        return _moment(datetime(year, month, day, int(hour), int(minute), int(second or 0)), 0 if second else 59)
    except ValueError:
        return None


def _moment(there: datetime, within: int) -> Moment | None:
    """A time in the shop as one of UTC; a spreadsheet keeps it as a fraction of a day, so the next second counts."""
    try:
        whole = (there + _HALF).replace(microsecond=0, tzinfo=NAIROBI)
        return Moment(whole.astimezone(UTC), within)
    except OverflowError:
        return None
