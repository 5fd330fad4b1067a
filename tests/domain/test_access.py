"""What a customer has of a post after paying for more of it (rule 15)."""

from datetime import UTC, datetime, timedelta

import pytest

from pos_app.domain.access import Held, extended, starts
from tests.support.fakes import START

DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("held", "days", "after"),
    [
        (None, 0, None),
        (Held(START + DAY), 0, Held(START + DAY)),
        (None, 1, Held(START + DAY)),
        (Held(START - DAY), 1, Held(START + DAY)),
        (Held(START + DAY), 1, Held(START + 2 * DAY)),
        (Held(None), 1, Held(None)),
        (Held(START + DAY), None, Held(None)),
    ],
)
def test_days_are_added_to_what_is_left(held: Held | None, days: int | None, after: Held | None) -> None:
    assert extended(held, days, START) == after


@pytest.mark.parametrize(
    ("held", "at"), [(None, START), (Held(None), START), (Held(START - DAY), START), (Held(START + DAY), START + DAY)]
)
def test_they_begin_when_that_ends(held: Held | None, at: datetime) -> None:
    assert starts(held, START) == at


def test_days_beyond_the_end_of_the_calendar_never_end() -> None:
    late = Held(datetime(9999, 12, 30, tzinfo=UTC))
    assert extended(late, 1, START) == Held(datetime(9999, 12, 31, tzinfo=UTC))
    assert extended(late, 3_650, START) == Held(None)
    assert extended(None, 3_650 * 999, START) == Held(None), "longer than a calendar has years"


def test_whether_anything_is_left() -> None:
    assert Held(None).lasts(START)
    assert Held(START + DAY).lasts(START)
    assert not Held(START).lasts(START)
