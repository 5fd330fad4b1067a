"""The shop's time."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.domain.clock import NAIROBI, day_start, duration, shop_day, shop_time


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
