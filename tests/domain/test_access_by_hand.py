"""Access that somebody gives by hand (rule 20)."""

from datetime import datetime, timedelta

import pytest

from pos_app.domain.access import Held
from pos_app.domain.access_by_hand import NewAccess, new_access, read_days
from pos_app.errors import BadInput
from tests.support.fakes import START

DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("held", "days", "starts_at", "until"),
    [
        (None, 7, START, START + 7 * DAY),
        (Held(START + DAY), 7, START + DAY, START + 8 * DAY),
        (Held(START - DAY), 7, START, START + 7 * DAY),
        (Held(START + DAY), None, START + DAY, None),
        (None, None, START, None),
    ],
)
def test_rule_15_it_adds_up(held: Held | None, days: int | None, starts_at: datetime, until: datetime | None) -> None:
    new = new_access(held, days, START, customer_id=5, post_id=7, reason="a regular", operator_id=2)
    assert new == NewAccess(
        customer_id=5,
        post_id=7,
        given_at=START,
        days=days,
        starts_at=starts_at,
        until=until,
        reason="a regular",
        operator_id=2,
    )


def test_days_are_read_as_people_type_them() -> None:
    assert [read_days(text) for text in ("1", " 30 ", "3650")] == [1, 30, 3_650]


@pytest.mark.parametrize("text", ["", "0", "-1", "3651", "1.5", "1e2", "٣", "a week", "9" * 30])
def test_what_is_no_number_of_days(text: str) -> None:
    with pytest.raises(BadInput, match=r"for 1 to 3,650 whole days, or for ever\. Nothing was changed"):
        read_days(text)
