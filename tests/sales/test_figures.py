"""Sums are for whoever the owner lets see them, asked at each look."""

import pytest

from pos_app.domain.kenya_time import shop_day
from pos_app.domain.operators import Act, Role
from pos_app.domain.takings import By
from tests.support.fakes import START
from tests.support.staff import PASSPHRASE, hire, stand
from tests.support.till_harness import TillHarness

DAY = shop_day(START)


def seen(harness: TillHarness) -> bool:
    """Whether who stands there sees sums: by both of what tells."""
    figures = harness.till.figures
    told = figures.of_day(DAY)
    assert told in (None, harness.till.reader.totals(DAY))
    assert figures.may_be_seen() is (told is not None)
    assert (figures.takings(DAY, DAY, By.DAY) is None) is (told is None)
    return told is not None


@pytest.mark.parametrize("may", [True, False])
def test_rule_16_who_sees_sums(harness: TillHarness, may: bool) -> None:
    till = harness.till
    assert seen(harness), "nobody signs in where there are no operators"
    hire(till)
    till.operators.allow({Act.TOTALS: may}, PASSPHRASE)
    found = []
    for role in (None, *Role):
        stand(till, role)
        found.append(seen(harness))
    assert found == [False, may, True, True]
    till.operators.let_owner_stand(PASSPHRASE)
    assert seen(harness)


def test_it_counts_from_the_next_look_on(harness: TillHarness) -> None:
    till = harness.till
    hire(till)
    stand(till, Role.OPERATOR)
    found = [seen(harness)]
    for may in (False, True):
        till.operators.allow({Act.TOTALS: may}, PASSPHRASE)
        found.append(seen(harness))
    assert found == [True, False, True]


def test_a_shop_whose_operators_are_all_off_is_as_one_without(harness: TillHarness) -> None:
    till = harness.till
    amina, *_ = hire(till, Role.OPERATOR)
    till.operators.allow({Act.TOTALS: False}, PASSPHRASE)
    till.operators.change(amina, PASSPHRASE, active=False)
    assert seen(harness)
