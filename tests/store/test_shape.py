"""What a look-up asks for at all, and by which values."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from pos_app.domain.kenya_time import day_start, shop_day
from pos_app.domain.payment import State
from pos_app.domain.search import NOBODY, PageEnd, Search, Sort, meaning
from pos_app.store import page_statements as pages
from pos_app.store.shape import shape_of, text_shape_of, text_values_of, values_of
from pos_app.store.ways import broad_ways

NOON = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
DAY = day_start(shop_day(NOON))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"states": frozenset({State.PAID})}, {"states": frozenset({State.REVIEW, State.UNKNOWN})}),
        ({"till": "A"}, {"till": "B7"}),
        ({"operator": 1}, {"operator": 8}),
        ({"since": DAY}, {"since": DAY - timedelta(days=40)}),
        ({"until": NOON}, {"until": NOON + timedelta(seconds=1)}),
        ({"post": 3}, {"post": 4}),
        ({"hour": 0}, {"hour": 23}),
        ({"after": PageEnd(7, 250)}, {"after": PageEnd(9, 5)}),
        ({"limit": 10}, {"limit": 1_000}),
        ({"text": "maji"}, {"text": "chai"}),
    ],
)
def test_statements_are_made_once_whatever_is_looked_for(one: dict[str, Any], other: dict[str, Any]) -> None:
    first, second = Search(**one), Search(**other)
    assert pages.all_of(shape_of(first)) is pages.all_of(shape_of(second))
    asked = [values_of(each) | text_values_of(meaning(each.text)) for each in (first, second)]
    assert asked[0] != asked[1]
    assert asked[0].keys() == asked[1].keys()


@pytest.mark.parametrize(
    "other",
    [
        {"since": DAY},
        {"until": DAY},
        {"since": NOON},
        {"operator": NOBODY},
        {"operator": 1},
        {"attention": True},
        {"sort": Sort.HIGHEST},
        {"post": 1},
        {"hour": 0},
        {"after": PageEnd(7, 250)},
    ],
)
def test_what_reads_differently_is_another(other: dict[str, Any]) -> None:
    plain, others = str(pages.all_of(shape_of(Search()))), str(pages.all_of(shape_of(Search(**other))))
    assert plain != others


def test_whoever_charged_and_nobody_are_asked_for_in_different_ways() -> None:
    assert shape_of(Search(operator=NOBODY)) != shape_of(Search(operator=1))


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("maji", "chai", True),
        ("maji", "chai moto", False),
        ("KES 250", "KES 5", True),
        ("0712345678", "0110000222", True),
        ("A-12", "B7-900", True),
        ("A-12", "12", False),
        ("UKN4X7Q2ZT", "0712345678", False),
    ],
)
def test_texts_that_mean_the_same_kinds_have_one_shape(one: str, other: str, *, same: bool) -> None:
    first, second = text_shape_of(meaning(one)), text_shape_of(meaning(other))
    assert (first == second) is same
    assert (pages.narrow(shape_of(Search()), first) is pages.narrow(shape_of(Search()), second)) is same or (
        pages.narrow(shape_of(Search()), first) is None
    )
    assert (broad_ways(first) is broad_ways(second)) is same
