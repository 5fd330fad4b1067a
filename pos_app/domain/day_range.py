"""Days of the shop from one to another, as somebody types or chooses them."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from pos_app.domain.kenya_time import day_start, day_words, read_day
from pos_app.errors import BadInput

FIRST, LAST = date(2000, 1, 1), date(2099, 12, 31)  # beyond these a date is a slip
_WORDS = {"today": 0, "yesterday": 1}


@dataclass(frozen=True, slots=True)
class DayRange:
    """Whole days in the shop, both ends included; None where there is no end on that side."""

    first: date | None = None
    last: date | None = None

    @property
    def since(self) -> datetime | None:
        """The moment (UTC) when it begins; it belongs to it."""
        return day_start(self.first) if self.first else None

    @property
    def until(self) -> datetime | None:
        """The moment (UTC) when it is over; it does not belong to it."""
        return day_start(self.last + timedelta(days=1)) if self.last else None


def day_named(text: str, today: date) -> date:
    """A day: `2026-11-23`, `today` or `yesterday`.

    Raises:
        BadInput: anything else, and days that no shop of today has seen or will see.
    """
    word = text.strip().lower()
    if word in _WORDS:
        return today - timedelta(days=_WORDS[word])
    day = read_day(text)
    if not FIRST <= day <= LAST:
        raise BadInput(f"{day} is too far away for a shop. Nothing was looked up.")
    return day


def day_range(first: date | None, last: date | None) -> DayRange:
    """The days from one to another.

    Raises:
        BadInput: it ends before it begins.
    """
    if first and last and last < first:
        raise BadInput(
            f"That ends ({day_words(last)}) before it begins ({day_words(first)}). Nothing was looked up: change one "
            "of the two."
        )
    return DayRange(first, last)
