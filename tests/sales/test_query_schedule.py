"""When M-PESA is asked: the times, the jitter, and what is not asked about."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.domain.late_answers import CODES
from pos_app.domain.payment import Payment, State
from pos_app.sales.query_schedule import Schedule, longest_wait
from tests.support.builders import a_payment, without_ids
from tests.support.examples import examples
from tests.support.fakes import START

MINUTE, HOUR, DAY = 60, 3_600, 86_400
LATER = [5 * MINUTE, 15 * MINUTE, 30 * MINUTE, HOUR, 2 * HOUR, 6 * HOUR, 12 * HOUR, DAY, 2 * DAY, 3 * DAY]
WITH_CALLBACKS = [20, 35, 55, 80, 110, 150, *LATER]
BY_ASKING = [
    *(6, 11, 16, 21, 26, 31, 36, 41, 46, 51, 56),
    *(75, 90, 105, 120, 135, 150, 165, 180),
    *LATER,
]
AFTER_EXPIRY = [MINUTE, 2 * MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR, 6 * HOUR, DAY]


def middle() -> float:
    """No jitter."""
    return 0.5


def ages(schedule: Schedule, payment: Payment, count: int, delay: float = 0.0) -> list[float]:
    """The first times asked at, in seconds after the start; each answer takes `delay` seconds."""
    asked: list[float] = []
    now = START
    while len(asked) < count and (at := schedule.next_check(payment, now)):
        asked.append((at - START).total_seconds())
        now = at + timedelta(seconds=delay)
    return asked


@pytest.mark.parametrize(("route", "steps"), [(True, WITH_CALLBACKS), (False, BY_ASKING)])
def test_the_times_while_a_payment_is_open(route: bool, steps: list[int]) -> None:
    schedule = Schedule(reaches=lambda _: route, random=middle)
    assert ages(schedule, a_payment(), len(steps)) == pytest.approx(steps)


def test_expired_payments_are_asked_about_sparsely_for_a_day() -> None:
    schedule = Schedule(reaches=lambda _: True, random=middle)
    assert ages(schedule, a_payment(State.EXPIRED), 99) == pytest.approx(AFTER_EXPIRY)


@pytest.mark.parametrize("code", sorted(CODES))
def test_what_was_declined_and_could_still_be_answered_is_asked_about_like_what_expired(code: str) -> None:
    schedule = Schedule(reaches=lambda _: True, random=middle)
    assert ages(schedule, a_payment(State.DECLINED, reason=code), 99) == pytest.approx(AFTER_EXPIRY)


def test_an_expiry_counts_from_when_it_was_set() -> None:
    payment = a_payment(State.EXPIRED, created_at=START - timedelta(hours=5))
    assert Schedule(reaches=lambda _: True, random=middle).next_check(payment, START) == START + timedelta(minutes=1)


@given(st.booleans(), st.lists(st.floats(0, 1, exclude_max=True), min_size=len(BY_ASKING), max_size=len(BY_ASKING)))
@examples(200)
def test_jitter_moves_each_question_by_a_tenth_and_repeats_none(route: bool, dice: list[float]) -> None:
    steps = BY_ASKING if route is False else WITH_CALLBACKS
    thrown = iter(dice)
    asked = ages(Schedule(reaches=lambda _: route, random=lambda: next(thrown)), a_payment(), len(steps))
    assert len(asked) == len(steps)
    for age, step in zip(asked, steps, strict=True):
        assert 0.9 * step - 0.001 <= age <= 1.1 * step + 0.001


@pytest.mark.parametrize(("dice", "age"), [(0.0, 18.0), (0.5, 20.0), (0.999999, 22.0)])
def test_the_bounds_of_the_jitter(dice: float, age: float) -> None:
    assert ages(Schedule(reaches=lambda _: True, random=lambda: dice), a_payment(), 1) == pytest.approx(
        [age], abs=0.001
    )


@pytest.mark.parametrize(
    ("route", "first", "steps"),
    [
        (True, 1.0, [1, 20, 35, 55]),
        (True, 30.0, [30, 35, 55, 80]),
        (True, 400.0, [400, 15 * MINUTE]),
        (False, 8.0, [8, 11, 16]),
    ],
)
def test_query_after_replaces_the_first_times(route: bool, first: float, steps: list[float]) -> None:
    schedule = Schedule(reaches=lambda _: route, random=middle, first=first)
    assert ages(schedule, a_payment(), len(steps)) == pytest.approx(steps)


@pytest.mark.parametrize(("age", "then"), [(16.9, 20), (17.0, 35), (17.1, 35)])
def test_a_question_asked_a_little_early_counts_as_asked(age: float, then: int) -> None:
    """Early by up to fifteen hundredths of the gap: more than jitter makes of it."""
    at = Schedule(reaches=lambda _: True, random=middle).next_check(a_payment(), START + timedelta(seconds=age))
    assert at == START + timedelta(seconds=then)


def test_a_first_time_that_is_a_usual_one_is_asked_at_once_only() -> None:
    """Jitter brings it two seconds forward; its twin must not be asked two seconds later."""
    schedule = Schedule(reaches=lambda _: True, random=lambda: 0.0, first=20.0)
    assert ages(schedule, a_payment(), 2) == pytest.approx([18.0, 33.3])


@pytest.mark.parametrize(
    ("payment", "asked"),
    [
        (a_payment(State.REQUESTED), False),
        (a_payment(State.PROMPTED), True),
        (a_payment(State.UNKNOWN), True),
        (a_payment(State.REVIEW, reason="ids_differ"), True),
        (a_payment(State.REVIEW, reason="incomplete"), True),
        (a_payment(State.REVIEW, reason="amount_differs"), False),
        (a_payment(State.REVIEW, reason="receipt_clash"), False),
        (a_payment(State.PAID), False),
        (a_payment(State.CANCELLED), False),
        (a_payment(State.DECLINED), False),
        *((a_payment(State.DECLINED, reason=code), True) for code in sorted(CODES)),
        (a_payment(State.DECLINED, reason="by_owner"), False),
        (a_payment(State.NOT_SENT), False),
        (a_payment(State.EXPIRED), True),
        (a_payment(State.EXPIRED, closed_at=None), False),
    ],
    ids=lambda value: f"{value.state}-{value.reason.word}" if isinstance(value, Payment) else str(value),
)
def test_only_what_an_answer_can_settle_is_asked_about(payment: Payment, asked: bool) -> None:
    schedule = Schedule(reaches=lambda _: True, random=middle)
    assert (schedule.next_check(payment, START) is not None) == asked
    assert schedule.next_check(without_ids(payment), START) is None


def test_a_payment_still_open_after_a_day_is_asked_about_daily_for_ever() -> None:
    schedule = Schedule(reaches=lambda _: True, random=middle)
    after_a_year = START + timedelta(days=365, seconds=1)
    at = schedule.next_check(a_payment(State.UNKNOWN), after_a_year)
    assert at == START + timedelta(days=366)


def test_a_clock_set_back_does_not_silence_the_till() -> None:
    """An hour back, the payment seems to come from the future: it is asked about as if it had just been made."""
    schedule = Schedule(reaches=lambda _: True, random=middle)
    now = START - timedelta(hours=1)
    assert schedule.next_check(a_payment(State.PROMPTED), now) == now + timedelta(seconds=20)


@given(st.sampled_from(list(State)), st.floats(0, 2e9), st.floats(0, 1, exclude_max=True), st.booleans())
def test_the_next_question_is_always_ahead(state: State, age: float, dice: float, route: bool) -> None:
    random: Callable[[], float] = lambda: dice  # noqa: E731
    now = START + timedelta(seconds=age)
    at = Schedule(reaches=lambda _: route, random=random).next_check(replace(a_payment(), state=state), now)
    assert at is None or at > now


def test_while_mpesa_cannot_be_reached_it_is_tried_again_within_two_minutes() -> None:
    schedule = Schedule(reaches=lambda _: True, random=middle)
    an_hour_on = START + timedelta(hours=1)
    assert schedule.next_check(a_payment(), an_hour_on, reached=True) == START + timedelta(hours=2)
    assert schedule.next_check(a_payment(), an_hour_on, reached=False) == an_hour_on + timedelta(minutes=2)
    assert schedule.next_check(a_payment(), START, reached=False) == START + timedelta(seconds=20)
    assert schedule.next_check(a_payment(State.CANCELLED), START, reached=False) is None


@pytest.mark.parametrize("route", [True, False])
@given(age=st.floats(0, 3 * 86_400), dice=st.floats(0, 1, exclude_max=True))
def test_no_planned_wait_is_longer_than_the_longest(route: bool, age: float, dice: float) -> None:
    schedule = Schedule(reaches=lambda _: route, random=lambda: dice)
    now = START + timedelta(seconds=age)
    for payment in (a_payment(), a_payment(State.EXPIRED), a_payment(State.DECLINED, reason="1001")):
        planned = schedule.next_check(payment, now)
        assert planned is None or (planned - now).total_seconds() <= longest_wait(payment, now) + 1e-6


def test_a_payment_from_the_future_is_as_if_it_were_new() -> None:
    future = a_payment(created_at=START + timedelta(days=3_650))
    assert longest_wait(future, START) == longest_wait(a_payment(), START) == 150
    assert longest_wait(a_payment(State.EXPIRED, closed_at=future.created_at), START) == 150
