"""What needs a person, in which order, and what is only said."""

from dataclasses import replace
from datetime import timedelta
from itertools import product

import pytest

from pos_app.domain.attention import A_DAY, LONG, Attention, Concern, WhatWaits, attention, concern_of
from pos_app.domain.kenya_time import day_start, shop_day
from pos_app.domain.payment import ATTENTION_REMARKS, Payment, Remark, State
from tests.support.builders import a_payment
from tests.support.fakes import START

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def opened(state: State, *remarks: Remark, ago: timedelta = MINUTE, **more: object) -> Payment:
    return replace(a_payment(state), remarks=frozenset(remarks), created_at=START - ago, **more)  # type: ignore[arg-type]


def of(payment: Payment) -> Concern | None:
    return concern_of(payment.state, payment.unseen, payment.created_at, START)


def day_of(found: Attention) -> list[tuple[Concern, bool]]:
    return [(item.concern, item.counts) for item in found.items]


@pytest.mark.parametrize(("state", "ago"), list(product(State, (MINUTE, LONG, -LONG))))
def test_it_is_what_asks_for_a_look_and_what_is_open_for_long(state: State, ago: timedelta) -> None:
    long = abs(ago) >= LONG
    for remark in (None, *Remark):
        payment = opened(state, *([remark] if remark else []), ago=ago)
        assert (of(payment) is not None) == (payment.needs_attention or (state.open and long))
        seen = replace(payment, seen=ATTENTION_REMARKS)
        assert of(seen) in (None, Concern.REVIEW, Concern.NOT_SURE)


@pytest.mark.parametrize(
    ("payment", "concern"),
    [
        (opened(State.REVIEW, *Remark, ago=DAY), Concern.REVIEW),
        (opened(State.PAID, *Remark), Concern.REFUND_DUE),
        (opened(State.UNKNOWN, Remark.RECORD_DIFFERS, ago=DAY), Concern.NOT_SURE),
        (opened(State.PAID, Remark.RECORD_DIFFERS, Remark.ERASED), Concern.DIFFERS),
        (opened(State.PAID, Remark.REVERSED), Concern.DIFFERS),
        (opened(State.PAID, Remark.REST_DUE, Remark.BOUND), Concern.REFUND_DUE),
        (opened(State.PAID, Remark.CODE_LOST, Remark.LATE), Concern.LOOK),
        (opened(State.PAID, Remark.LATE, Remark.BY_OWNER), None),
        (opened(State.PROMPTED, ago=LONG - timedelta(seconds=1)), None),
        (opened(State.PROMPTED, ago=LONG), Concern.NOT_SURE),
        (opened(State.REQUESTED, ago=-DAY), Concern.NOT_SURE),
        (opened(State.EXPIRED, ago=DAY), None),
    ],
)
def test_a_payment_stands_under_the_gravest_thing_about_it(payment: Payment, concern: Concern | None) -> None:
    assert of(payment) is concern


def test_the_gravest_come_first_and_of_one_concern_the_oldest() -> None:
    payments = [
        opened(State.PAID, Remark.CODE_LOST, id=1),
        opened(State.UNKNOWN, ago=2 * DAY, id=2),
        opened(State.REVIEW, id=3),
        opened(State.UNKNOWN, ago=DAY, id=4),
        opened(State.PAID, id=5),  # it was worked off since it was counted
    ]
    counts = {Concern.REVIEW: 3, Concern.NOT_SURE: 2, Concern.LOOK: 1, Concern.DIFFERS: 0}
    found = attention(WhatWaits(counts=counts, payments=payments, unclosed_since=START - 3 * DAY, closes=7), START)
    assert [item.payment.id if item.payment else None for item in found.items] == [3, 2, 4, 1, None]
    assert [item.since for item in found.items][:2] == [payments[2].created_at, payments[1].created_at]
    assert found.total == 7
    assert found.counts == {Concern.REVIEW: 3, Concern.NOT_SURE: 2, Concern.LOOK: 1, Concern.DAY_OPEN: 1}
    assert [found.more(concern) for concern in (Concern.REVIEW, Concern.NOT_SURE, Concern.DIFFERS)] == [2, 0, 0]
    assert len({item.key for item in found.items}) == len(found.items)


def test_money_without_a_prompt_is_one_line_and_counts_as_much_as_there_is() -> None:
    found = attention(WhatWaits(counts={}, unprompted=3, unprompted_since=START - DAY, unclosed_since=None), START)
    assert [(item.concern, item.since, item.many) for item in found.items] == [(Concern.UNPROMPTED, START - DAY, 3)]
    assert (found.total, found.more(Concern.UNPROMPTED)) == (3, 0)


def test_nothing_waits() -> None:
    found = attention(WhatWaits(counts={}), START)
    assert (found.items, found.total) == ((), 0)


MORNING = day_start(shop_day(START)) + 8 * HOUR


@pytest.mark.parametrize(
    ("since", "at", "closes", "told"),
    [
        (MORNING, MORNING + 15 * HOUR, 7, []),
        (MORNING, MORNING + 17 * HOUR, 7, [(Concern.DAY_OPEN, True)]),
        (MORNING + 10 * HOUR, MORNING + 18 * HOUR, 7, []),  # a shop that is open past midnight
        (MORNING, MORNING + 29 * DAY, 7, [(Concern.DAY_OPEN, True)]),
        (MORNING, MORNING + 31 * DAY, 7, [(Concern.DAY_OPEN, False)]),
        (MORNING, MORNING + DAY, 0, [(Concern.DAY_OPEN, False)]),
    ],
)
def test_a_day_waits_for_its_close_where_days_are_closed(
    since: object, at: object, closes: int, told: list[tuple[Concern, bool]]
) -> None:
    found = attention(WhatWaits(counts={}, unclosed_since=since, closes=closes), at)  # type: ignore[arg-type]
    assert day_of(found) == told
    assert found.total == sum(counts for _, counts in told)


@pytest.mark.parametrize(
    ("unseen", "until", "asked", "told"),
    [
        (A_DAY - MINUTE, 2 * DAY, None, []),
        (A_DAY, 2 * DAY, None, [(Concern.NO_RECORD, True)]),
        (A_DAY, 40 * DAY, None, [(Concern.NO_RECORD, False)]),  # tried once, and left alone
        (A_DAY, 40 * DAY, HOUR, [(Concern.NO_RECORD, True)]),
        (A_DAY, None, HOUR, [(Concern.NO_RECORD, True)]),
        (A_DAY, None, 40 * DAY, [(Concern.NO_RECORD, False)]),
        (400 * DAY, None, None, [(Concern.NO_RECORD, False)]),
        (None, None, None, []),
    ],
)
def test_money_waits_to_be_held_against_mpesas_record_where_that_is_done(
    unseen: timedelta | None, until: timedelta | None, asked: timedelta | None, told: list[tuple[Concern, bool]]
) -> None:
    moments = [None if ago is None else START - ago for ago in (unseen, until, asked)]
    found = attention(
        WhatWaits(counts={}, unseen_since=moments[0], record_until=moments[1], record_asked=moments[2]), START
    )
    assert day_of(found) == told


def test_what_does_not_count_comes_last() -> None:
    quiet = WhatWaits(
        counts={Concern.LOOK: 1},
        payments=[opened(State.PAID, Remark.ERASED)],
        unclosed_since=START - DAY,
        unseen_since=START - 2 * DAY,
        record_until=START - 3 * DAY,
    )
    assert day_of(attention(quiet, START)) == [
        (Concern.LOOK, True),
        (Concern.NO_RECORD, True),
        (Concern.DAY_OPEN, False),
    ]
