"""Kenyan time. The country has had UTC+3 the year round since 1960, so no time zone data is needed."""

import re
from datetime import UTC, date, datetime, timedelta, timezone
from typing import NoReturn

from pos_app.errors import BadInput

NAIROBI = timezone(timedelta(hours=3))
_DAY = re.compile("([0-9]{4})-([0-9]{2})-([0-9]{2})")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def shop_day(moment: datetime) -> date:
    """The day in the shop at a moment (any zone)."""
    return moment.astimezone(NAIROBI).date()


def day_start(day: date) -> datetime:
    """The moment (UTC) when a day begins in the shop."""
    return datetime(day.year, day.month, day.day, tzinfo=NAIROBI).astimezone(UTC)


def read_day(text: str) -> date:
    """A day as programs write it: `2026-11-24`, and in no other way, since 11/12 is two days.

    Raises:
        BadInput: it is none.
    """
    try:
        return date(*map(int, found.groups())) if (found := _DAY.fullmatch(text.strip())) else _no_day(text)
    except ValueError:
        return _no_day(text)


def _no_day(text: str) -> NoReturn:
    raise BadInput(f"{text[:40]!r} is no day: type year, month and day, such as 2026-11-24")


def day_words(day: date, *, year: bool = True) -> str:
    """`23 Nov 2026`, or `23 Nov`: in English whatever the computer's language is, which a printer may not even have."""
    return f"{day.day} {_MONTHS[day.month - 1]}" + (f" {day.year}" if year else "")


def shop_time(moment: datetime) -> str:
    """`23 Nov 2026 14:03`, in the shop's time."""
    there = moment.astimezone(NAIROBI)
    return f"{day_words(there)} {there:%H:%M}"


def duration(seconds: float) -> str:
    """`0:14`, `12:05`, `3 h 20 min`, `2 days`: an age or a wait as people read it."""
    whole = max(0, int(seconds))
    if whole < 3600:
        return f"{whole // 60}:{whole % 60:02}"
    if whole < 172_800:
        return f"{whole // 3600} h {whole % 3600 // 60} min"
    return f"{whole // 86_400} days"
