"""The shop's time."""

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import pos_app
from pos_app.domain.kenya_time import NAIROBI, day_start, day_words, duration, read_day, shop_day, shop_time
from pos_app.errors import BadInput


def test_the_day_begins_at_midnight_in_the_shop() -> None:
    assert shop_day(datetime(2026, 11, 23, 20, 59, tzinfo=UTC)) == date(2026, 11, 23)
    assert shop_day(datetime(2026, 11, 23, 21, 0, tzinfo=UTC)) == date(2026, 11, 24)
    assert day_start(date(2026, 11, 24)) == datetime(2026, 11, 23, 21, 0, tzinfo=UTC)


@given(st.dates(date(2000, 1, 2), date(2100, 1, 1)))
def test_a_day_starts_in_itself_and_ends_a_moment_before_the_next(day: date) -> None:
    assert shop_day(day_start(day)) == day
    assert day_start(day).tzinfo is UTC
    assert shop_day(day_start(day) - timedelta(microseconds=1)) == day - timedelta(days=1)


def test_times_are_shown_in_the_shops_time() -> None:
    assert shop_time(datetime(2026, 11, 23, 11, 3, tzinfo=UTC)) == "23 Nov 2026 14:03"
    assert shop_time(datetime(2026, 11, 3, 23, 5, tzinfo=NAIROBI)) == "3 Nov 2026 23:05"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (-5, "0:00"),
        (0, "0:00"),
        (14.9, "0:14"),
        (725, "12:05"),
        (3_599, "59:59"),
        (3_600, "1 h 0 min"),
        (12_000, "3 h 20 min"),
        (172_799, "47 h 59 min"),
        (172_800, "2 days"),
    ],
)
def test_durations_as_people_read_them(seconds: float, words: str) -> None:
    assert duration(seconds) == words


def test_months_never_follow_the_computers_language() -> None:
    """Qt sets the process to it, and a till's printer may not have its letters."""
    names = [day_words(date(2026, month, 1)) for month in range(1, 13)]
    assert names == [
        f"1 {month} 2026"
        for month in ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    ]
    assert day_words(date(2026, 11, 24), year=False) == "24 Nov"
    for path in sorted(Path(pos_app.__file__).parent.rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"[{:][^{}\n]*%[aAbBcxXp]\b[^{}\n]*}", text), path


def test_a_day_is_read_as_programs_write_it() -> None:
    assert read_day(" 2026-11-24 ") == date(2026, 11, 24)


@pytest.mark.parametrize("text", ["", "24/11/2026", "2026-11-31", "2026-13-01", "0000-01-01", "20261124", "2026-1-1"])
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match="is no day"):
        read_day(text)
