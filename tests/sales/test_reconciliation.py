"""Asking M-PESA until every payment has an answer. `step` is called by hand; nothing sleeps."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import Any, TypeVar, cast

import pytest

from pos_app.domain.callback_route import RouteState, RouteStatus
from pos_app.domain.catalogue import Post, draft_post
from pos_app.domain.payment import Payment, State
from pos_app.domain.payment_event import Answer, NoAnswer, Result, Silence, Unanswered, UnreadableCallback
from pos_app.errors import CannotRead
from pos_app.sales.ports import Reader
from pos_app.sales.query_schedule import NO_WORD_AFTER
from pos_app.sales.reconciliation import ASK_AGAIN, IN_FLIGHT, READ_ANEW, SILENCES, Reconciler
from tests.faults.scenarios.asking import waits
from tests.support.builders import Watch, answer, end, failure, flush, prompt, said, sell, success, tell
from tests.support.fakes import PHONE, START, FakeClock, FakeGateway, FakeRoute, Here, QueryAnswer
from tests.support.till_harness import TillHarness, open_harness

T = TypeVar("T")
WITH_CALLBACKS = [20, 35, 55, 80, 110, 150, 300, 900, 1_800, 3_600, 7_200, 21_600, 43_200, 86_400]
NO_ROUTE = FakeRoute(RouteStatus(state=RouteState.NONE, since=START))
BY_ASKING = [6, 11, 16, 21, 26, 31, 36, 41, 46, 51, 56, 75, 90, 105, 120, 135, 150, 165, 180, 300]


@pytest.fixture
def post(harness: TillHarness) -> Post:
    return harness.till.catalogue.add(draft_post("Wi-Fi month", 100, 30))


def asked(harness: TillHarness) -> list[str]:
    """One step, its answer recorded; what was asked in it."""
    before = len(harness.gateway.queries)
    harness.till.reconciler.step()
    flush(harness.till.writer)
    return harness.gateway.queries[before:]


def run(harness: TillHarness, seconds: float) -> list[float]:
    """So many seconds pass, as the thread would spend them; at which of them it asked."""
    start = harness.clock.monotonic()
    ages: list[float] = []
    while True:
        before = len(harness.gateway.queries)
        wait = harness.till.reconciler.step()
        flush(harness.till.writer)
        now = harness.clock.monotonic() - start
        if len(harness.gateway.queries) > before:
            ages.append(now)
        elif wait is None or now + wait > seconds:
            harness.clock.advance(seconds - now)
            return ages
        else:
            harness.clock.advance(max(wait, 0.001))


def stored(harness: TillHarness, payment: Payment) -> Payment:
    found = harness.till.reader.payment(payment.id)
    assert found
    return found


# When ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("route", "ages"), [(True, WITH_CALLBACKS), (False, BY_ASKING)])
def test_a_payment_without_word_is_asked_about_on_schedule(
    tmp_path: Path, clock: FakeClock, gateway: FakeGateway, route: bool, ages: list[float]
) -> None:
    with open_harness(tmp_path / "till.db", clock, gateway, None if route else NO_ROUTE) as harness:
        prompt(harness, sell(harness, harness.till.catalogue.add(draft_post("Wi-Fi month", 100))))
        assert run(harness, ages[-1] + 1) == pytest.approx(ages, abs=0.1)


def test_expired_payments_are_asked_about_sparsely(harness: TillHarness, post: Post) -> None:
    payment = end(harness, sell(harness, post), "1037")
    assert run(harness, 3 * 86_400) == pytest.approx([60, 120, 300, 900, 3_600, 21_600, 86_400], abs=0.1)
    assert stored(harness, payment).state is State.EXPIRED
    assert harness.till.reconciler.step() is None


def test_an_answer_ends_the_asking(harness: TillHarness, post: Post) -> None:
    payment = prompt(harness, sell(harness, post))
    harness.gateway.query_answers += [NoAnswer(detail="ReadTimeout"), Answer(Result.SUCCESS, "0", f"c{payment.id}")]
    assert len(run(harness, 90_000)) == 2
    assert stored(harness, payment).state is State.PAID
    assert harness.till.reconciler.step() is None


@pytest.mark.parametrize(("reached", "next_age"), [(True, 7_200), (False, 3_720)])
def test_an_outage_does_not_wait_for_the_schedule(
    harness: TillHarness, post: Post, reached: bool, next_age: float
) -> None:
    prompt(harness, sell(harness, post))
    run(harness, 3_599)
    harness.gateway.query_answers.append(NoAnswer(detail="HTTP 503", reached=reached))
    assert run(harness, 3_700)[:2] == pytest.approx([1, next_age - 3_599], abs=0.1)


def test_rule_8_an_answer_about_another_id_is_no_answer(harness: TillHarness, post: Post) -> None:
    payment = prompt(harness, sell(harness, post))
    harness.gateway.query_answers.append(Answer(Result.SUCCESS, "0", "another"))
    assert len(run(harness, 36)) == 2
    assert stored(harness, payment).state is State.PROMPTED


def test_a_callback_ends_the_asking_too(harness: TillHarness, post: Post) -> None:
    payment = prompt(harness, sell(harness, post))
    tell(harness, payment, success(payment))
    assert harness.till.reconciler.step() is None
    assert run(harness, 90_000) == []
    assert "no word" not in [line.kind for line in harness.till.reader.journal(payment.id)]


def test_a_review_that_a_query_can_settle_is_asked_about_at_once(harness: TillHarness, post: Post) -> None:
    payment = prompt(harness, sell(harness, post))
    tell(harness, payment, success(payment, merchant_request_id="other"))
    harness.gateway.query_answers.append(answer(payment))
    assert asked(harness) == [payment.checkout_request_id]
    assert stored(harness, payment).state is State.PAID


def test_a_review_that_only_the_owner_settles_is_not_asked_about(harness: TillHarness, post: Post) -> None:
    payment = prompt(harness, sell(harness, post))
    tell(harness, payment, success(payment, amount=1))
    assert run(harness, 90_000) == []


def test_a_payment_without_a_checkout_request_id_is_never_asked_about(harness: TillHarness, post: Post) -> None:
    payment = tell(harness, sell(harness, post), Unanswered(detail="ReadTimeout"))
    harness.till.reconciler.resume()
    assert run(harness, 200_000) == []
    assert not harness.till.reconciler.check_now(payment.id)
    assert stored(harness, payment).state is State.UNKNOWN


def test_a_stored_time_without_an_id_to_ask_by_does_no_harm(harness: TillHarness, post: Post) -> None:
    payment = sell(harness, post)
    harness.till.reconciler.on_payment_changed(replace(payment, next_check_at=harness.clock.now()))
    assert run(harness, 100) == []


# Which, and how often ------------------------------------------------------------------------------------------------


def prompted(harness: TillHarness, post: Post, count: int) -> list[Payment]:
    """Payments of many phones, all due now."""
    payments = [prompt(harness, sell(harness, post, f"07123456{n:02}", f"token {n}")) for n in range(count)]
    harness.clock.advance(20)
    return payments


def test_at_most_one_query_a_second(harness: TillHarness, post: Post) -> None:
    prompted(harness, post, 4)
    assert len(asked(harness)) == 1
    harness.clock.advance(0.99)
    assert asked(harness) == []
    assert harness.till.reconciler.step() == pytest.approx(0.01)
    harness.clock.advance(0.01)
    assert len(asked(harness)) == 1


def test_the_newest_first_and_every_fifth_time_the_oldest(harness: TillHarness, post: Post) -> None:
    payments = prompted(harness, post, 12)
    order = []
    for _ in range(12):
        order += asked(harness)
        harness.clock.advance(1)
    newest_first = [payment.checkout_request_id for payment in reversed(payments)]
    assert order == [
        *newest_first[:4],
        newest_first[11],
        *newest_first[4:8],
        newest_first[10],
        *newest_first[8:10],
    ]


def test_new_prompts_cannot_starve_the_oldest(harness: TillHarness, post: Post) -> None:
    """Each second another prompt becomes due; the oldest still gets its turn."""
    oldest, *_ = prompted(harness, post, 1)
    order: list[str] = []
    for n in range(5):
        sold = prompt(harness, sell(harness, post, f"07120000{n:02}", f"later {n}"))
        assert harness.till.reconciler.check_now(sold.id)
        order += asked(harness)
        harness.clock.advance(1)
    assert order[-1] == oldest.checkout_request_id
    assert oldest.checkout_request_id not in order[:-1]


def test_a_query_on_its_way_is_not_asked_again(harness: TillHarness, post: Post) -> None:
    """Also where the wall clock jumps in between."""
    (payment,) = prompted(harness, post, 1)
    again: list[float | None] = []

    def slow(checkout: str) -> QueryAnswer:
        harness.clock.advance(10)
        harness.clock.unheard()
        harness.clock.jump(3_600)
        again.append(harness.till.reconciler.step())
        return Answer(Result.PENDING, "4999", checkout)

    harness.gateway.query_answers.append(slow)
    assert asked(harness) == [payment.checkout_request_id]
    assert again == [pytest.approx(120)]  # until it is silent; nothing to ask


def test_while_a_query_is_on_its_way_clock_jumps_are_still_looked_for(harness: TillHarness, post: Post) -> None:
    """Nothing else is due then, but the till must not rest for ever."""
    payment = tell(harness, prompt(harness, sell(harness, post)), Silence())
    rests: list[float | None] = []

    def slow(checkout: str) -> QueryAnswer:
        rests.append(harness.till.reconciler.step())
        return Answer(Result.PENDING, "4999", checkout)

    harness.gateway.query_answers.append(slow)
    assert harness.till.reconciler.check_now(payment.id)
    assert asked(harness) == [payment.checkout_request_id]
    assert rests == [30]


@pytest.fixture
def slow(harness: TillHarness) -> Iterator["SlowAnswers"]:
    """A till whose questions wait for the test."""
    answers = SlowAnswers()
    reconciler = Reconciler(
        till="A",
        gateway=harness.gateway,
        ledger=harness.till.ledger,
        reader=harness.till.reader,
        clock=harness.clock,
        executor=answers,
    )
    harness.till.ledger.subscribe(reconciler.on_payment_changed)
    answers.reconciler = reconciler
    yield answers
    reconciler.stop()


class SlowAnswers(Executor):
    """Keeps questions on their way until they are answered."""

    def __init__(self) -> None:
        self.waiting: list[Callable[[], object]] = []
        self.reconciler: Reconciler

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> "Future[T]":
        self.waiting.append(lambda: fn(*args, **kwargs))
        return Future()

    def ask_for(self, harness: TillHarness, seconds: int) -> int:
        """How many questions leave in so many seconds."""
        before = len(self.waiting)
        for _ in range(seconds):
            self.reconciler.step()
            harness.clock.advance(1)
        return len(self.waiting) - before


def test_a_slow_answer_does_not_hold_up_the_next_question(harness: TillHarness, post: Post, slow: SlowAnswers) -> None:
    prompted(harness, post, 3)
    assert slow.ask_for(harness, 3) == 3


def test_so_many_questions_are_on_their_way_at_once_and_no_more(
    harness: TillHarness, post: Post, slow: SlowAnswers
) -> None:
    prompted(harness, post, IN_FLIGHT + 3)
    assert slow.ask_for(harness, 20) == IN_FLIGHT
    wait = slow.reconciler.step()
    assert wait is not None
    assert wait > 1  # it does not run in circles
    slow.waiting.pop(0)()
    flush(harness.till.writer)
    assert slow.ask_for(harness, 20) == 1


def test_there_are_never_two_questions_about_one_payment_on_their_way(
    harness: TillHarness, post: Post, slow: SlowAnswers
) -> None:
    (payment,) = prompted(harness, post, 1)
    assert slow.ask_for(harness, 1) == 1
    assert slow.reconciler.check_now(payment.id)
    tell(harness, payment, UnreadableCallback(detail="makes it due at once"))
    assert slow.ask_for(harness, 5) == 0
    slow.waiting.pop()()
    flush(harness.till.writer)
    assert slow.ask_for(harness, 5) == 1  # what was asked for meanwhile


def test_questions_whose_answers_cannot_be_saved_yet_are_on_their_way_no_more(
    tmp_path: Path, clock: FakeClock, gateway: FakeGateway
) -> None:
    with open_harness(tmp_path / "till.db", clock, gateway) as harness:
        many = IN_FLIGHT + 3
        prompted(harness, harness.till.catalogue.add(draft_post("Wi-Fi month", 100)), many)
        go = threading.Event()
        harness.till.writer.submit(lambda _: go.wait(20))  # the writer is busy for long
        for _ in range(many):
            harness.till.reconciler.step()
            clock.advance(1)
        assert len(gateway.queries) == many
        go.set()


def test_a_till_that_closes_asks_no_more(harness: TillHarness, post: Post) -> None:
    with ThreadPoolExecutor(1) as closed:
        pass
    reconciler = Reconciler(
        till="A",
        gateway=harness.gateway,
        ledger=harness.till.ledger,
        reader=harness.till.reader,
        clock=harness.clock,
        executor=closed,
    )
    (payment,) = prompted(harness, post, 1)
    assert reconciler.check_now(payment.id)
    reconciler.step()
    assert harness.gateway.queries == []


@pytest.mark.parametrize("seed", range(2))
def test_slow_answers_put_off_what_is_seen_as_paid_by_less_than_ten_seconds(seed: int) -> None:
    """Thirty open payments, no callbacks: against a till that gets every answer at once."""
    at_once, slowly = (median(waits(seed, seconds)) for seconds in (0.1, 7.0))
    assert slowly < at_once + 10


# Silence -------------------------------------------------------------------------------------------------------------


def test_rule_7_no_word_for_150_seconds_makes_it_not_sure(harness: TillHarness, post: Post) -> None:
    payment = prompt(harness, sell(harness, post))
    run(harness, 149.9)
    assert stored(harness, payment).state is State.PROMPTED
    run(harness, 0.2)
    silent = stored(harness, payment)
    assert (silent.state, silent.closed_at) == (State.UNKNOWN, None)
    lines = [line for line in harness.till.reader.journal(payment.id) if line.source == "clock"]
    assert [line.kind for line in lines] == ["no word"]


def test_a_push_whose_end_nobody_hears_of_is_not_sure_after_150_seconds(harness: TillHarness, post: Post) -> None:
    payment = sell(harness, post)
    harness.till.ledger.publish(payment)  # as the checkout does
    run(harness, 149.9)
    assert stored(harness, payment).state is State.REQUESTED
    run(harness, 0.2)
    assert stored(harness, payment).state is State.UNKNOWN
    assert prompt(harness, payment).state is State.PROMPTED  # it was heard of after all


def test_rule_7_it_is_asked_about_after_the_silence(harness: TillHarness, post: Post) -> None:
    payment = prompt(harness, sell(harness, post))
    run(harness, 200)
    harness.gateway.query_answers.append(answer(payment))
    run(harness, 110)
    assert stored(harness, payment).state is State.PAID


def test_a_thousand_silences_are_told_bit_by_bit_and_questions_go_on_between_them(
    harness: TillHarness, post: Post
) -> None:
    count = 2 * SILENCES + 1
    payments = [prompt(harness, sell(harness, post, f"07{number:08}", f"token {number}")) for number in range(count)]
    for payment in payments:
        harness.till.reconciler.on_payment_changed(payment)
    harness.clock.advance(NO_WORD_AFTER)

    def silent() -> int:
        return sum(stored(harness, payment).state is State.UNKNOWN for payment in payments)

    assert len(asked(harness)) == 1
    assert silent() == SILENCES
    assert asked(harness) == []
    assert silent() == SILENCES
    assert run(harness, 1.1) == [pytest.approx(1.0)]
    assert silent() == count


def test_silence_is_told_while_the_second_between_queries_is_not_over(harness: TillHarness, post: Post) -> None:
    payment = prompt(harness, sell(harness, post))
    harness.clock.advance(150)
    asked(harness)
    assert stored(harness, payment).state is State.UNKNOWN


def test_a_payment_that_was_asked_about_before_its_acceptance_is_silent_in_time_too(
    harness: TillHarness, post: Post
) -> None:
    payment = sell(harness, post)
    tell(harness, payment, failure(payment, "4999", checkout_request_id=f"c{payment.id}", merchant_request_id=None))
    assert harness.till.reconciler.check_now(payment.id)
    assert prompt(harness, payment).state is State.PROMPTED
    run(harness, 151)
    assert stored(harness, payment).state is State.UNKNOWN


# The start, and clocks that jump -------------------------------------------------------------------------------------


@contextmanager
def restarted(harness: TillHarness, till: str = "A") -> Iterator[Reconciler]:
    """A reconciler that has just started on what the last run left."""
    reconciler = Reconciler(
        till=till,
        gateway=harness.gateway,
        ledger=harness.till.ledger,
        reader=harness.till.reader,
        clock=harness.clock,
        executor=Here(),
    )
    reconciler.resume()
    flush(harness.till.writer)
    yield reconciler
    reconciler.stop()


def test_at_start_requested_payments_are_not_sure_at_once(harness: TillHarness, post: Post) -> None:
    payment = sell(harness, post)
    waiting = prompt(harness, sell(harness, post, token="waiting"))
    with restarted(harness):
        assert stored(harness, payment).state is State.UNKNOWN
        assert [line.kind for line in harness.till.reader.journal(payment.id)] == ["restarted"]
        assert [line.kind for line in harness.till.reader.journal(waiting.id)] == ["accepted"]


def test_at_start_every_open_payment_is_due_and_expired_ones_keep_their_time(harness: TillHarness, post: Post) -> None:
    waiting = prompt(harness, sell(harness, post, token="waiting"))
    end(harness, sell(harness, post, token="expired"), "1037")
    end(harness, sell(harness, post, token="paid"), "0")
    unsure = tell(harness, prompt(harness, sell(harness, post, token="unsure")), failure(waiting, "4999"))
    with restarted(harness) as reconciler:
        for _ in range(6):
            reconciler.step()
            harness.clock.advance(1)
    assert harness.gateway.queries == [unsure.checkout_request_id, waiting.checkout_request_id]


def test_at_start_an_interrupted_push_whose_id_is_known_is_asked_about_at_once(
    harness: TillHarness, post: Post
) -> None:
    payment = sell(harness, post)
    tell(harness, payment, failure(payment, "4999", checkout_request_id="c1"))
    with restarted(harness):
        assert asked(harness) == ["c1"]
        assert stored(harness, payment).state is State.UNKNOWN


def test_at_start_an_old_prompt_is_silent_at_once(harness: TillHarness, post: Post) -> None:
    payment = prompt(harness, sell(harness, post))
    harness.clock.advance(3_600)
    with restarted(harness) as reconciler:
        reconciler.step()
        flush(harness.till.writer)
    assert stored(harness, payment).state is State.UNKNOWN


def test_at_start_old_prompts_are_asked_about_although_they_are_silent_too(harness: TillHarness, post: Post) -> None:
    prompts = [prompt(harness, sell(harness, post, token=token)) for token in ("one", "two")]
    harness.clock.advance(3_600)
    with restarted(harness) as reconciler:
        harness.till.ledger.subscribe(reconciler.on_payment_changed)
        for _ in prompts:
            reconciler.step()
            flush(harness.till.writer)
            harness.clock.advance(1)
    assert sorted(harness.gateway.queries) == sorted(str(payment.checkout_request_id) for payment in prompts)


def test_a_till_resumes_only_its_own(harness: TillHarness, post: Post) -> None:
    theirs = [sell(harness, post, token="1", till="B"), prompt(harness, sell(harness, post, token="2", till="B"))]
    harness.clock.advance(1_000)
    assert run(harness, 1_000) == []
    with restarted(harness, "C") as reconciler:
        assert reconciler.step() is None
        assert reconciler.check_oldest() is None
    assert [stored(harness, payment) for payment in theirs] == theirs
    with restarted(harness, "B") as reconciler:
        reconciler.step()
    assert harness.gateway.queries == [theirs[1].checkout_request_id]


@pytest.mark.parametrize("jump", [61, 86_400, -61, -86_400])
def test_a_clock_that_jumps_makes_every_open_payment_due(
    harness: TillHarness, post: Post, jump: float, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "pos_app.sales.reconciliation")
    payment = prompt(harness, sell(harness, post, token="open"))
    end(harness, sell(harness, post, token="expired"), "1037")
    harness.clock.advance(5)
    assert asked(harness) == []
    harness.clock.unheard()
    harness.clock.jump(jump)
    assert asked(harness) == [payment.checkout_request_id]
    assert said(caplog, "pos_app.sales.reconciliation") == ["the clock jumped; every open payment is asked about"]


@pytest.mark.parametrize("jump", [86_400, -86_400])
def test_where_m_pesas_time_is_known_the_wall_clock_moves_nothing(
    harness: TillHarness, post: Post, jump: float
) -> None:
    prompt(harness, sell(harness, post))
    harness.clock.jump(jump)
    assert run(harness, 36) == pytest.approx([20, 35], abs=1)


@pytest.mark.parametrize("ahead", [3_600, -3_600])
def test_the_first_word_of_m_pesas_time_is_a_jump_where_the_clock_is_wrong(
    harness: TillHarness, post: Post, ahead: float
) -> None:
    harness.clock.unheard()
    harness.clock.jump(ahead)
    assert asked(harness) == []
    payment = prompt(harness, sell(harness, post))
    assert asked(harness) == []
    harness.clock.hear_mpesa()
    assert asked(harness) == [payment.checkout_request_id]


def test_without_a_jump_the_schedule_is_trusted_from_the_first_moment(harness: TillHarness, post: Post) -> None:
    """A prompt that is an hour old waits for its next hour; nobody has touched the clock."""
    prompt(harness, sell(harness, post, created_at=harness.clock.now() - timedelta(hours=1)))
    assert run(harness, 3_599) == []
    assert len(run(harness, 2)) == 1


@pytest.mark.parametrize("jump", [60, -60])
def test_a_clock_that_is_set_a_little_moves_nothing(harness: TillHarness, post: Post, jump: float) -> None:
    """Waits within a run use the monotonic clock."""
    prompt(harness, sell(harness, post))
    harness.clock.unheard()
    harness.clock.jump(jump)
    assert run(harness, 20.1) == pytest.approx([20])


def test_rule_7_a_clock_set_back_does_not_put_off_the_silence(harness: TillHarness, post: Post) -> None:
    """150 seconds are 150 seconds, whatever the wall clock shows."""
    payment = prompt(harness, sell(harness, post))
    run(harness, 100)
    harness.clock.unheard()
    harness.clock.jump(-3_600)
    run(harness, 49)
    assert stored(harness, payment).state is State.PROMPTED
    run(harness, 2)
    assert stored(harness, payment).state is State.UNKNOWN


def test_a_clock_set_back_does_not_stop_the_asking(harness: TillHarness, post: Post) -> None:
    prompt(harness, sell(harness, post))
    run(harness, 30)
    harness.clock.unheard()
    harness.clock.jump(-86_400)
    assert len(run(harness, 600)) >= 10


def test_a_clock_set_forward_does_not_put_off_the_asking(harness: TillHarness, post: Post) -> None:
    """By the wall clock the prompt is an hour old and could wait for another; it is half a minute old."""
    prompt(harness, sell(harness, post))
    run(harness, 30)
    harness.clock.unheard()
    harness.clock.jump(3_600)
    assert run(harness, 299) == pytest.approx([0, 30, 60, 90, 120, 150, 180, 210, 240, 270])


@pytest.mark.parametrize("ahead", [timedelta(days=1), timedelta(days=3_650)])
def test_a_time_to_ask_that_a_wrong_clock_wrote_puts_nothing_off(
    harness: TillHarness, post: Post, ahead: timedelta
) -> None:
    """Also what is closed, and is asked about sparsely."""
    harness.clock.unheard()
    harness.clock.jump(ahead.total_seconds())
    prompt(harness, sell(harness, post, token="open"))
    expired = end(harness, sell(harness, post, token="expired"), "1037")
    harness.clock.jump(-ahead.total_seconds())
    with restarted(harness) as reconciler:
        for _ in range(160):
            reconciler.step()
            harness.clock.advance(1)
        flush(harness.till.writer)
    assert expired.checkout_request_id in harness.gateway.queries
    assert len(set(harness.gateway.queries)) == 2


def test_a_prompt_from_the_future_is_silent_after_150_seconds_too(harness: TillHarness, post: Post) -> None:
    payment = prompt(harness, sell(harness, post, created_at=harness.clock.now() + timedelta(days=365)))
    run(harness, 151)
    assert stored(harness, payment).state is State.UNKNOWN


# Asking by hand ------------------------------------------------------------------------------------------------------


def test_check_now_asks_at_once_also_about_what_is_closed(harness: TillHarness, post: Post) -> None:
    cancelled = end(harness, sell(harness, post), "1032")
    harness.gateway.query_answers.append(answer(cancelled))
    assert harness.till.reconciler.check_now(cancelled.id)
    assert asked(harness) == [cancelled.checkout_request_id]
    assert stored(harness, cancelled).state is State.PAID


def test_check_now_asks_about_each_payment_that_it_is_told(harness: TillHarness, post: Post) -> None:
    cancelled = [end(harness, sell(harness, post, token=token), "1032") for token in ("one", "two")]
    for payment in cancelled:
        assert harness.till.reconciler.check_now(payment.id)
    assert len(run(harness, 1)) == 2
    assert sorted(harness.gateway.queries) == [payment.checkout_request_id for payment in cancelled]


def test_check_now_of_nothing_is_false(harness: TillHarness) -> None:
    assert not harness.till.reconciler.check_now(99)


def test_check_oldest_asks_about_the_oldest_that_can_be_asked_about(harness: TillHarness, post: Post) -> None:
    assert harness.till.reconciler.check_oldest() is None
    sell(harness, post, token="without an id")
    oldest = prompt(harness, sell(harness, post, token="oldest"))
    prompt(harness, sell(harness, post, token="newest"))
    assert harness.till.reconciler.check_oldest() == oldest
    assert asked(harness) == [oldest.checkout_request_id]


# The thread ----------------------------------------------------------------------------------------------------------


class CountingClock(FakeClock):
    """Tells a thread that rests from one that turns."""

    reads = 0

    def monotonic(self) -> float:
        self.reads += 1
        return super().monotonic()


def reconcile_threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "reconcile"]


def test_the_thread_asks_at_once_and_stops(harness: TillHarness, post: Post) -> None:
    payment = prompt(harness, sell(harness, post))
    harness.gateway.query_answers.append(answer(payment))
    watch = Watch(harness.till.ledger)
    harness.till.reconciler.start()
    assert watch.until(lambda seen: seen.state is State.PAID).id == payment.id
    (thread,) = reconcile_threads()
    assert thread.daemon, "a question on its way must not keep the program from ending"
    harness.till.reconciler.stop()
    assert reconcile_threads() == []


def test_the_thread_rests_until_something_is_due(tmp_path: Path, gateway: FakeGateway) -> None:
    """It sleeps while nothing is open, and wakes for what is due at once, for a question by hand and for the end."""
    clock = CountingClock()
    with open_harness(tmp_path / "till.db", clock, gateway) as harness:
        post = harness.till.catalogue.add(draft_post("Wi-Fi month", 100))
        watch = Watch(harness.till.ledger)
        harness.till.reconciler.start()
        due, by_hand = (prompt(harness, sell(harness, post, token=token)) for token in ("due", "by hand"))
        gateway.query_answers += [answer(due), answer(by_hand)]
        tell(harness, due, UnreadableCallback(detail="no JSON"))
        watch.until(lambda seen: seen.id == due.id and seen.state is State.PAID)
        clock.advance(1)
        assert harness.till.reconciler.check_now(by_hand.id)
        watch.until(lambda seen: seen.id == by_hand.id and seen.state is State.PAID)
        for _ in range(20):
            flush(harness.till.writer)
        harness.till.reconciler.stop()
        assert reconcile_threads() == []
    assert clock.reads < 500


def test_a_payment_whose_answer_cannot_be_recorded_is_asked_about_again(harness: TillHarness, post: Post) -> None:
    payment = prompt(harness, sell(harness, post))
    unwritable = NoAnswer(detail="\ud800")  # half a character, which no database takes
    harness.gateway.query_answers += [unwritable, unwritable, answer(payment)]
    assert run(harness, 1_000) == pytest.approx([20, 20 + ASK_AGAIN, 20 + 2 * ASK_AGAIN], abs=0.1)
    assert stored(harness, payment).state is State.PAID


def test_what_ended_meanwhile_is_not_asked_about_again(harness: TillHarness, post: Post) -> None:
    payment = prompt(harness, sell(harness, post))

    def too_late(_: str) -> QueryAnswer:
        tell(harness, payment, success(payment))
        return NoAnswer(detail="\ud800")

    harness.gateway.query_answers.append(too_late)
    assert len(run(harness, 1_000)) == 1


def test_a_query_that_fails_in_our_own_code_does_not_end_the_asking(
    harness: TillHarness, post: Post, caplog: pytest.LogCaptureFixture
) -> None:
    payment = prompt(harness, sell(harness, post))

    def fail(_: str) -> QueryAnswer:
        raise ValueError("a fault in our own code")

    harness.gateway.query_answers += [fail, answer(payment)]
    run(harness, 36)
    assert stored(harness, payment).state is State.PAID
    assert f"payment {payment.number}: the query failed in our own code" in said(caplog, "pos_app.sales.reconciliation")
    assert "fault in the till" in [line.detail for line in harness.till.reader.journal(payment.id)]


def test_an_answer_that_comes_after_the_stop_is_dropped(harness: TillHarness, post: Post) -> None:
    """The next start asks again; the writer may be gone by then."""
    payment = prompt(harness, sell(harness, post))

    def stop_meanwhile(_: str) -> QueryAnswer:
        harness.till.reconciler.stop()
        return answer(payment)

    harness.gateway.query_answers.append(stop_meanwhile)
    run(harness, 20)
    assert harness.gateway.queries == [payment.checkout_request_id]
    assert stored(harness, payment) == payment


def test_stop_does_not_wait_for_a_question_on_its_way(harness: TillHarness, post: Post) -> None:
    """M-PESA may take its 15 seconds; the window is to close."""
    payment = prompt(harness, sell(harness, post))
    on_its_way, release = threading.Event(), threading.Event()

    def slow(_: str) -> QueryAnswer:
        on_its_way.set()
        assert release.wait(20)
        return answer(payment)

    harness.gateway.query_answers.append(slow)
    harness.till.reconciler.start()
    assert on_its_way.wait(10)
    harness.till.reconciler.stop()
    (thread,) = reconcile_threads()
    release.set()
    thread.join(10)
    assert reconcile_threads() == []


def test_stop_before_the_start_is_harmless(harness: TillHarness) -> None:
    harness.till.reconciler.stop()
    assert reconcile_threads() == []


# The callback route -------------------------------------------------------------------------------------------------


def test_a_till_hears_of_what_was_sent_with_the_address_that_is_good_now(
    harness: TillHarness, post: Post, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "pos_app.sales.reconciliation")
    harness.route.subscribe(harness.till.reconciler.note_route)
    payment = prompt(harness, sell(harness, post))
    assert harness.till.callback_expected(payment)
    harness.route.become(RouteState.DOWN, "The tunnel is gone.")
    assert not harness.till.callback_expected(payment)
    assert said(caplog, "pos_app.sales.reconciliation") == [
        "the address of open payments is gone; every one is asked about"
    ]


def test_when_the_address_dies_open_payments_are_asked_about_at_once_and_more_often(
    harness: TillHarness, post: Post
) -> None:
    prompt(harness, sell(harness, post))
    assert run(harness, 10) == []
    harness.route.become(RouteState.DOWN, "The tunnel is gone.")
    # At the age of 10 s, and then as without callbacks: at 11, 16, 21 ...
    assert run(harness, 30) == pytest.approx([0, 1, 6, 11, 16, 21, 26], abs=0.1)


def test_another_address_makes_due_what_was_sent_with_the_old_one(harness: TillHarness, post: Post) -> None:
    harness.route.become(RouteState.UP, address_since=harness.clock.now())
    old = prompt(harness, sell(harness, post))
    assert run(harness, 12) == []
    harness.route.become(RouteState.OPENING, address_since=harness.clock.now())
    new = prompt(harness, sell(harness, post, token="other"))
    run(harness, 18)
    assert harness.gateway.queries == [old.checkout_request_id] * 4
    run(harness, 5)
    assert new.checkout_request_id in harness.gateway.queries


def test_what_was_sent_without_an_address_is_asked_about_more_often_also_later(
    harness: TillHarness, post: Post
) -> None:
    harness.route.become(RouteState.DOWN, "The tunnel is gone.")
    payment = prompt(harness, sell(harness, post))
    assert stored(harness, payment).next_check_at == harness.clock.now() + timedelta(seconds=6)
    harness.clock.advance(1)
    harness.route.become(RouteState.UP, address_since=harness.clock.now())
    assert run(harness, 20) == pytest.approx([5, 10, 15, 20], abs=0.2)


def test_a_probe_that_came_in_makes_nothing_due(harness: TillHarness, post: Post) -> None:
    since = harness.clock.now()
    harness.route.become(RouteState.OPENING, address_since=since)
    prompt(harness, sell(harness, post))
    harness.route.become(RouteState.UP, address_since=since)
    assert run(harness, 19) == []


def test_what_another_till_made_due_is_asked_about_within_a_minute(harness: TillHarness, post: Post) -> None:
    """M-PESA told it that the phone is locked (rule 3); both work on one server, and nobody tells this one."""
    payment = prompt(harness, sell(harness, post))
    harness.clock.advance(4_000)
    assert asked(harness) == [payment.checkout_request_id]
    flush(harness.till.writer)
    with harness.database.write() as transaction:
        [due] = transaction.make_due(PHONE, harness.clock.corrected())
    assert due.version > payment.version
    harness.clock.advance(READ_ANEW - 1)
    assert asked(harness) == []
    harness.clock.advance(1)
    assert asked(harness) == [payment.checkout_request_id]


class NoThreads(Executor):
    """No thread can be started: what is submitted is queued all the same, and may be done some time."""

    def __init__(self, error: Exception) -> None:
        self.error: Exception | None = error
        self.queued: list[Callable[[], object]] = []

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> "Future[Any]":
        self.queued.append(lambda: fn(*args, **kwargs))
        if self.error:
            raise self.error
        for work in self.queued:
            work()
        return Future()


def with_executor(harness: TillHarness, executor: Executor) -> Reconciler:
    return Reconciler(
        till="A",
        gateway=harness.gateway,
        ledger=harness.till.ledger,
        reader=harness.till.reader,
        clock=harness.clock,
        executor=executor,
    )


def test_a_question_that_finds_no_thread_is_asked_later_and_once(harness: TillHarness, post: Post) -> None:
    prompt(harness, sell(harness, post))
    executor = NoThreads(RuntimeError("can't start new thread"))
    reconciler = with_executor(harness, executor)
    reconciler.resume()
    reconciler.step()
    assert harness.gateway.queries == []
    executor.error = None
    harness.clock.advance(ASK_AGAIN - 1)
    reconciler.step()
    assert harness.gateway.queries == []
    harness.clock.advance(1)
    reconciler.step()
    assert harness.gateway.queries == ["c1"], "also where both find a thread now"
    reconciler.stop()


def test_whatever_fails_once_ends_no_asking(harness: TillHarness, post: Post, caplog: pytest.LogCaptureFixture) -> None:
    for token in "ab":
        prompt(harness, sell(harness, post, token=token))
    executor = NoThreads(ValueError("something nobody thought of"))
    reconciler = with_executor(harness, executor)
    harness.till.ledger.subscribe(reconciler.on_payment_changed)
    reconciler.start()
    for _ in range(1_000):
        if executor.queued:
            break
        threading.Event().wait(0.01)
    executor.error = None
    harness.clock.advance(2)
    prompt(harness, sell(harness, post, token="c"))  # wakes it
    for _ in range(1_000):
        if harness.gateway.queries:
            break
        threading.Event().wait(0.01)
    assert harness.gateway.queries
    assert "looking what is due failed" in said(caplog, "pos_app.sales.reconciliation")
    reconciler.stop()


# Tills that are gone -------------------------------------------------------------------------------------------------


def test_rule_27_a_till_asks_for_one_that_is_gone_and_sends_nothing_for_it(harness: TillHarness, post: Post) -> None:
    begun = sell(harness, post, token="begun", till="B")
    waiting = prompt(harness, sell(harness, post, token="waiting", till="B"))
    other = prompt(harness, sell(harness, post, token="other", till="C"))
    harness.clock.advance(NO_WORD_AFTER)
    assert asked(harness) == []
    harness.till.reconciler.take_over(["B"])
    assert asked(harness) == [waiting.checkout_request_id]
    flush(harness.till.writer)
    assert stored(harness, begun).state is State.UNKNOWN
    assert stored(harness, waiting).state is State.UNKNOWN
    assert stored(harness, other) == other
    assert harness.gateway.pushes == []


def test_rule_27_what_is_answered_for_another_till_counts_as_ever(harness: TillHarness, post: Post) -> None:
    waiting = prompt(harness, sell(harness, post, till="B"))
    harness.gateway.query_answers.append(answer(waiting))
    harness.till.reconciler.take_over(["B"])
    harness.clock.advance(NO_WORD_AFTER)
    asked(harness)
    assert stored(harness, waiting).state is State.PAID


def test_rule_27_a_till_that_has_come_back_is_left_to_itself(harness: TillHarness, post: Post) -> None:
    waiting = prompt(harness, sell(harness, post, till="B"))
    own = prompt(harness, sell(harness, post, token="own"))
    harness.till.reconciler.take_over(["B"])
    harness.till.reconciler.step()
    harness.till.reconciler.take_over([])
    harness.clock.advance(NO_WORD_AFTER)
    assert run(harness, 30.0)
    assert set(harness.gateway.queries) == {own.checkout_request_id}
    assert stored(harness, waiting) == waiting


def test_what_cannot_be_read_of_another_till_is_taken_over_with_the_next_step(harness: TillHarness, post: Post) -> None:
    waiting = prompt(harness, sell(harness, post, till="B"))
    reader = FailingReader(harness.till.reader)
    reconciler = Reconciler(
        till="A",
        gateway=harness.gateway,
        ledger=harness.till.ledger,
        reader=cast(Reader, reader),
        clock=harness.clock,
        executor=Here(),
    )
    reconciler.take_over(["B"])
    with pytest.raises(CannotRead):
        reconciler.step()
    reader.fails = False
    harness.clock.advance(NO_WORD_AFTER)
    reconciler.step()
    assert harness.gateway.queries == [waiting.checkout_request_id]
    flush(harness.till.writer)


class FailingReader:
    """A reader on a server that does not answer, while it `fails`."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self.fails = True

    def __getattr__(self, name: str) -> Any:
        if self.fails:
            raise CannotRead("The database server does not answer.")
        return getattr(self._reader, name)


@pytest.mark.parametrize("hears", [True, False])
def test_what_a_callback_at_another_till_has_answered_is_not_asked(
    harness: TillHarness, post: Post, hears: bool
) -> None:
    """It is recorded there, and this till was not told of it yet."""
    payment = prompt(harness, sell(harness, post))
    harness.till.ledger.publisher.hears_others = hears
    closed = replace(payment, state=State.CANCELLED, next_check_at=None)
    with harness.database.write() as transaction:
        transaction.update(payment, closed)
    assert len(run(harness, 60)) == (0 if hears else 1)


def test_what_another_till_has_changed_and_left_open_is_asked_about(harness: TillHarness, post: Post) -> None:
    payment = prompt(harness, sell(harness, post))
    harness.till.ledger.publisher.hears_others = True
    with harness.database.write() as transaction:
        transaction.make_due(PHONE, harness.clock.corrected() + timedelta(seconds=50))
    assert len(run(harness, 21)) == 1
    assert stored(harness, payment).state.open


def test_a_payment_that_cannot_be_read_is_asked_about(harness: TillHarness, post: Post) -> None:
    prompt(harness, sell(harness, post))
    harness.till.ledger.publisher.hears_others = True
    reconciler = harness.till.reconciler
    reconciler._reader = cast("Reader", _Unreadable())
    assert len(run(harness, 21)) == 1


class _Unreadable:
    """Fits `Reader` as far as it is asked here."""

    def payment(self, payment_id: int) -> Payment:
        raise CannotRead("It does not answer.")

    def open_payments(self, till: str) -> list[Payment]:
        return []

    to_ask = open_payments
