"""Takings in words."""

from datetime import date, timedelta

import pytest

from pos_app.domain.takings import LONGEST, By, Key, Taking, Takings
from pos_app.errors import BadInput
from pos_app.messages.takings import check_days, group_words, nothing_came, of_group

DAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("by", "key", "name", "words"),
    [
        (By.DAY, DAY, "", "24 Nov 2026"),
        (By.HOUR, 9, "", "09:00 - 10:00"),
        (By.HOUR, 23, "", "23:00 - 00:00"),
        (By.POST, 4, "Tea", "Tea"),
        (By.POST, None, "", "Several posts at once"),
        (By.OPERATOR, 4, "Amina", "Amina"),
        (By.OPERATOR, None, "", "Nobody signed in"),
        (By.TILL, "B", "", "Till B"),
    ],
)
def test_what_a_group_is_called(by: By, key: Key, name: str, words: str) -> None:
    assert group_words(by, Taking(key=key, name=name)) == words


def test_which_days_can_be_looked_at() -> None:
    check_days(DAY, DAY)
    check_days(DAY, DAY + timedelta(days=LONGEST - 1))
    with pytest.raises(BadInput, match="before it begins"):
        check_days(DAY, DAY - timedelta(days=1))
    with pytest.raises(BadInput, match="Choose fewer"):
        check_days(DAY, DAY + timedelta(days=LONGEST))


def test_which_payments_those_of_a_group_are() -> None:
    one, more = (Takings(DAY, DAY + timedelta(days=days), By.TILL, (), Taking(key=None)) for days in (0, 6))
    till = Taking(key="A")
    assert of_group(one, till) == "Till A, 24 Nov 2026"
    assert of_group(more, till) == "Till A, 24 Nov 2026 to 30 Nov 2026"
    assert of_group(Takings(DAY, DAY, By.DAY, (), till), Taking(key=DAY)) == "24 Nov 2026"
    assert nothing_came(one) == "No payments on 24 Nov 2026. Choose other days."
    assert nothing_came(more) == "No payments from 24 Nov 2026 to 30 Nov 2026. Choose other days."
