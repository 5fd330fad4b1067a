from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from pos_app.domain.catalogue import Post, PostDraft
from pos_app.domain.payment import State
from pos_app.sales.ages import Ages
from pos_app.sales.checkout import Guarded
from tests.support.builders import Watch, a_payment, charge, end, prompt, sell
from tests.support.fakes import PHONE, START, FakeClock, FakeGateway
from tests.support.till_harness import TillHarness, open_harness

DAY = 86_400.0


@pytest.fixture(params=[-300.0, 300.0, -7_200.0, 7_200.0])
def beside(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[tuple[TillHarness, TillHarness]]:
    """Two tills on one database; the clock of the second is wrong."""
    clocks = FakeClock(), FakeClock(START + timedelta(seconds=request.param))
    with ExitStack() as stack:
        first, second = (
            stack.enter_context(open_harness(tmp_path / "practice.db", clock, FakeGateway())) for clock in clocks
        )
        first.clock.off, second.clock.off = 0.0, request.param
        yield first, second


@pytest.fixture
def post(harness: TillHarness) -> Post:
    return harness.till.catalogue.add(PostDraft(title="Wi-Fi month", price=100, days=30))


@pytest.fixture
def month(beside: tuple[TillHarness, TillHarness]) -> Post:
    return beside[0].till.catalogue.add(PostDraft(title="Wi-Fi month", price=100, days=30))


def pass_time(tills: tuple[TillHarness, TillHarness], seconds: float) -> None:
    for harness in tills:
        harness.clock.advance(seconds)


@pytest.mark.parametrize("code", ["4999", "1037", "1001", "0"])
def test_rule_13_what_a_till_with_a_wrong_clock_has_just_asked_is_seen_at_the_other(
    beside: tuple[TillHarness, TillHarness], month: Post, code: str
) -> None:
    here, there = beside
    asked = end(there, sell(there, month), code)
    pass_time(beside, 5)
    with pytest.raises(Guarded) as guarded:
        charge(here.till, month, PHONE, despite=[] if code == "0" else [asked.id])
    (caution,) = guarded.value.cautions
    assert (caution.payment.id, caution.blocks) == (asked.id, code != "0")
    assert " 0:05 ago" in guarded.value.user_text


def test_rule_13_the_other_till_waits_no_longer_than_the_rule(
    beside: tuple[TillHarness, TillHarness], month: Post
) -> None:
    here, there = beside
    expired = end(there, sell(there, month), "1037")
    pass_time(beside, 119)
    assert here.till.checkout.wait_left(expired) == 1
    pass_time(beside, 32)
    assert here.till.checkout.cautions(PHONE) == []


@pytest.mark.parametrize("set_by", [-DAY / 2, -400.0, 400.0, DAY / 2])
def test_rule_13_after_a_start_with_a_clock_set_meanwhile_a_phone_rests_as_without(
    tmp_path: Path, set_by: float
) -> None:
    """This run has not heard from M-PESA what time it is: until then what could still be paid counts as just asked."""
    clock = FakeClock()
    with open_harness(tmp_path / "practice.db", clock, FakeGateway()) as harness:
        post = harness.till.catalogue.add(PostDraft(title="Wi-Fi month", price=100, days=30))
        expired = end(harness, sell(harness, post), "1037")
        end(harness, sell(harness, post, token="2"), "1032")
    clock.advance(5)
    clock.unheard()
    clock.jump(set_by)
    with open_harness(tmp_path / "practice.db", clock, FakeGateway()) as harness:
        waits = harness.till.checkout.wait_left
        assert waits(expired) == 120
        blocking = [caution.payment.id for caution in harness.till.checkout.cautions(PHONE) if caution.blocks]
        assert blocking == [expired.id]
        with pytest.raises(Guarded):
            charge(harness.till, post)
        clock.advance(10)
        assert waits(expired) == 110, "it was seen ten seconds ago"
        clock.hear_mpesa()
        assert waits(expired) == 105
        clock.advance(106)
        assert waits(expired) == 0


def test_rule_13_what_is_older_than_any_wrong_clock_makes_nobody_wait(harness: TillHarness, post: Post) -> None:
    expired = end(harness, sell(harness, post), "1037")
    harness.clock.advance(DAY + 1)
    assert harness.till.checkout.wait_left(expired) == 0
    assert harness.till.checkout.cautions(PHONE) == []


def test_rule_13_what_this_till_opens_is_dated_by_no_wall_clock(harness: TillHarness, post: Post) -> None:
    sent = Watch(harness.till.ledger)
    opened = charge(harness.till, post)
    sent.until(lambda seen: seen.state is State.PROMPTED)  # before time passes, or it is too late for that
    harness.clock.off = 7_200.0
    harness.clock.advance(30)
    (caution,) = harness.till.checkout.cautions(PHONE)
    assert caution.until
    assert (caution.payment.id, (caution.until - harness.clock.corrected()).total_seconds()) == (opened.id, 120)


def test_what_was_looked_at_once_is_dated_for_good(clock: FakeClock) -> None:
    ages = Ages(clock)
    payment = a_payment(State.EXPIRED, created_at=START - timedelta(seconds=30))
    clock.off = 0.0
    assert ages.age(payment) == 30
    clock.off = 3_600.0
    clock.advance(1)
    assert ages.age(payment) == 31


def test_a_prompt_that_another_till_sent_is_sent_once_by_its_own_time(
    beside: tuple[TillHarness, TillHarness], month: Post
) -> None:
    here, there = beside
    opened = prompt(there, charge(there.till, month))
    assert opened.created_at == here.clock.now()


def test_the_ages_of_a_day_s_payments_are_remembered_and_no_more(clock: FakeClock) -> None:
    clock.unheard()
    ages = Ages(clock)
    paid = a_payment(State.PAID)
    for number in range(10_001):
        ages.age(replace(paid, id=number))
    clock.jump(-3_600)
    assert ages.age(a_payment(State.PAID, id=10_000)) == 0
    clock.advance(5)
    assert ages.age(a_payment(State.PAID, id=10_000)) == 5
    clock.jump(7_200)
    assert ages.age(a_payment(State.PAID, id=0)) == 3_605  # forgotten, and seen anew
