"""Where the payments of a filter are: stretches of ids that leave none out, also where a clock was wrong."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta
from itertools import pairwise
from random import Random

import pytest

from pos_app.domain.kenya_time import day_start
from pos_app.domain.search import PageEnd, Search, Sort
from pos_app.store import tables as t
from pos_app.store.days import Stretch, stretches
from tests.store.conftest import Shop

FIRST = date(2026, 11, 1)
Lying = tuple[int, int, str]  # id, day (from `FIRST`) and till of a payment that is not under way


def lay(shop: Shop, payments: Iterable[Lying]) -> None:
    """The running totals of such payments, which are not there themselves."""
    days: dict[int, list[int]] = {}
    for number, day, _ in payments:
        days.setdefault(day, []).append(number)
    cells = Counter((day, till) for _, day, till in payments)
    with shop.engines.writer.begin() as connection:
        connection.execute(t.tally.delete())
        connection.execute(t.tally_day.delete())
        none = dict.fromkeys(("operator_id", "asked", "received", "refunded"), 0)
        for (day, till), count in cells.items():
            cell = {"day": FIRST + timedelta(days=day), "till": till, "state": "paid", "payments": count}
            connection.execute(t.tally.insert().values(**none, **cell))
        for day, ids in days.items():
            ends = {"first_id": min(ids), "last_id": max(ids)}
            connection.execute(t.tally_day.insert().values(day=FIRST + timedelta(days=day), **ends))


def told(shop: Shop, search: Search, wanted: int) -> list[Stretch]:
    with shop.engines.reader.connect() as connection:
        return list(stretches(connection, search, wanted))


def test_a_stretch_is_some_days_and_each_further_one_four_times_as_much(shop: Shop) -> None:
    lay(shop, [(number, number // 10, "A") for number in range(1, 200)])
    newest = told(shop, Search(), 15)
    assert [(each.first_id, each.last_id, each.payments) for each in newest] == [
        (180, 199, 20),
        (120, 179, 60),
        (1, 119, 119),
    ]
    assert (newest[0].first_day, newest[0].last_day) == (FIRST + timedelta(days=18), FIRST + timedelta(days=19))
    oldest = told(shop, Search(sort=Sort.OLDEST), 15)
    assert [(each.first_id, each.last_id) for each in oldest] == [(1, 19), (20, 79), (80, 199)]


def test_a_page_begins_in_the_middle_of_a_day(shop: Shop) -> None:
    lay(shop, [(number, number // 10, "A") for number in range(1, 40)])
    assert told(shop, Search(after=PageEnd(25, 1)), 5)[0] == Stretch(
        20, 24, FIRST + timedelta(days=2), FIRST + timedelta(days=2), 10
    )
    assert told(shop, Search(after=PageEnd(1, 1)), 5) == []


def test_days_whose_ids_cross_are_in_one_stretch(shop: Shop) -> None:
    """A clock went back: what was opened on the day before has the later ids."""
    lay(shop, [(1, 0, "A"), (10, 1, "A"), (30, 1, "A"), (35, 0, "A")])
    [one, two] = told(shop, Search(), 1)
    assert (one.first_id, one.last_id, two.first_id, two.last_id) == (31, 35, 1, 30)
    assert (two.first_day, two.last_day) == (FIRST, FIRST + timedelta(days=1)), "the first of them was opened before"


def test_days_that_share_an_end_are_told_once(shop: Shop) -> None:
    """A shop's own tool moved the payment to another day: the ends of the former day stay as they were."""
    lay(shop, [(1, 0, "A"), (9, 0, "A"), (5, 1, "A"), (9, 1, "A")])
    ids = [number for each in told(shop, Search(), 1) for number in range(each.first_id, each.last_id + 1)]
    assert sorted(ids) == list(range(1, 10))


def test_nothing_there_is_no_stretch(shop: Shop) -> None:
    assert told(shop, Search(), 5) == []
    lay(shop, [(1, 0, "A")])
    assert told(shop, Search(till="B"), 5) == []


@pytest.mark.parametrize("seed", range(6))
def test_every_payment_is_in_one_of_them_and_no_more_are_there_than_they_say(
    shop: Shop, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pos_app.store.days._FIRST_DAYS", 2)
    draw = Random(seed)
    wrong = draw.choice((0, 1, 5))  # days by which a clock may be wrong
    payments = [
        (number, max(0, number // 6 + draw.randint(-wrong, wrong)), draw.choice("AAB")) for number in range(1, 90)
    ]
    lay(shop, payments)
    for _ in range(25):
        sort = draw.choice((Sort.NEWEST, Sort.OLDEST))
        first, last = sorted((draw.randrange(17), draw.randrange(17)))
        search = Search(
            sort=sort,
            till=draw.choice(("", "A", "B")),
            since=draw.choice((None, day_start(FIRST + timedelta(days=first)))),
            until=draw.choice((None, day_start(FIRST + timedelta(days=last + 1)))),
            after=draw.choice((None, PageEnd(draw.randrange(1, 90), 1))),
        )
        left = [
            (number, FIRST + timedelta(days=day))
            for number, day, till in payments
            if search.till in ("", till)
            and (search.since is None or day >= first)
            and (search.until is None or day <= last)
            and (search.after is None or (number < search.after.id if sort.descending else number > search.after.id))
        ]
        found = told(shop, search, draw.choice((1, 10, 40)))
        in_turn = found if not sort.descending else found[::-1]
        assert all(before.last_id < behind.first_id for before, behind in pairwise(in_turn))
        for stretch in found:
            there = [day for number, day in left if stretch.first_id <= number <= stretch.last_id]
            assert len(there) <= stretch.payments
            assert all(stretch.first_day <= day <= stretch.last_day for day in there)
        assert all(any(each.first_id <= number <= each.last_id for each in found) for number, _ in left)
