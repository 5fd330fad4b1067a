"""Days as somebody types them, and the moments at which they begin and end."""

from datetime import UTC, date, datetime

import pytest

from pos_app.domain.day_range import DayRange, day_named, day_range
from pos_app.errors import BadInput

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-11-23", TODAY),
        (" Today ", TODAY),
        ("YESTERDAY", date(2026, 11, 22)),
        ("2024-02-29", date(2024, 2, 29)),
    ],
)
def test_a_day_is_read(text: str, day: date) -> None:
    assert day_named(text, TODAY) == day


@pytest.mark.parametrize(
    "text",
    ["", "2026-02-30", "23/11/2026", "20261123", "0001-01-01", "9999-12-31", "٢٠٢٦-١١-٢٣", "x" * 100_000],
)
def test_what_is_no_day_is_refused_in_words(text: str) -> None:
    with pytest.raises(BadInput, match=r"is no day|too far away") as refused:
        day_named(text, TODAY)
    assert len(refused.value.user_text) < 200


def test_a_range_has_whole_days_in_the_shop() -> None:
    days = day_range(date(2026, 11, 22), TODAY)
    assert days.since == datetime(2026, 11, 21, 21, tzinfo=UTC)
    assert days.until == datetime(2026, 11, 23, 21, tzinfo=UTC)
    assert day_range(TODAY, TODAY) == DayRange(TODAY, TODAY)


def test_a_range_may_be_open_on_either_side() -> None:
    for days in (DayRange(), day_range(None, TODAY), day_range(TODAY, None)):
        assert (days.since is None, days.until is None) == (days.first is None, days.last is None)


def test_a_range_that_ends_before_it_begins_is_refused_in_words() -> None:
    with pytest.raises(BadInput, match=r"ends \(22 Nov 2026\) before it begins \(23 Nov 2026\)"):
        day_range(TODAY, date(2026, 11, 22))
