"""Asking M-PESA until every payment has an answer. `step` is called by hand; nothing sleeps."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import Any, TypeVar

import pytest

from pos_app.domain.callback_route import RouteState, RouteStatus
from pos_app.domain.catalogue import Post, draft_post
from pos_app.domain.payment import Payment, State
from pos_app.domain.payment_event import Answer, NoAnswer, Result, Silence, Unanswered, UnreadableCallback
from pos_app.sales.query_schedule import NO_WORD_AFTER
from pos_app.sales.reconciliation import ASK_AGAIN, IN_FLIGHT, SILENCES, Reconciler
from tests.faults.scenarios.asking import waits
from tests.support.builders import Watch, answer, end, failure, flush, prompt, said, sell, success, tell
from tests.support.fakes import START, FakeClock, FakeGateway, FakeRoute, Here, QueryAnswer
from tests.support.till_harness import Shelf, open_shelf

T = TypeVar("T")
WITH_CALLBACKS = [20, 35, 55, 80, 110, 150, 300, 900, 1_800, 3_600, 7_200, 21_600, 43_200, 86_400]
NO_ROUTE = FakeRoute(RouteStatus(state=RouteState.NONE, since=START))
BY_ASKING = [6, 11, 16, 21, 26, 31, 36, 41, 46, 51, 56, 75, 90, 105, 120, 135, 150, 165, 180, 300]


@pytest.fixture
def post(shelf: Shelf) -> Post:
    return shelf.till.catalogue.add(draft_post("Wi-Fi month", 100, 30))


def asked(shelf: Shelf) -> list[str]:
    """One step, its answer recorded; what was asked in it."""
    before = len(shelf.gateway.queries)
    shelf.till.reconciler.step()
    flush(shelf.till.writer)
    return shelf.gateway.queries[before:]


def run(shelf: Shelf, seconds: float) -> list[float]:
    """So many seconds pass, as the thread would spend them; at which of them it asked."""
    start = shelf.clock.monotonic()
    ages: list[float] = []
    while True:
        before = len(shelf.gateway.queries)
        wait = shelf.till.reconciler.step()
        flush(shelf.till.writer)
        now = shelf.clock.monotonic() - start
        if len(shelf.gateway.queries) > before:
            ages.append(now)
        elif wait is None or now + wait > seconds:
            shelf.clock.advance(seconds - now)
            return ages
        else:
            shelf.clock.advance(max(wait, 0.001))


def stored(shelf: Shelf, payment: Payment) -> Payment:
    found = shelf.till.reader.payment(payment.id)
    assert found
    return found


# When ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("route", "ages"), [(True, WITH_CALLBACKS), (False, BY_ASKING)])
def test_a_payment_without_word_is_asked_about_on_schedule(
    tmp_path: Path, clock: FakeClock, gateway: FakeGateway, route: bool, ages: list[float]
) -> None:
    with open_shelf(tmp_path / "till.db", clock, gateway, None if route else NO_ROUTE) as shelf:
        prompt(shelf, sell(shelf, shelf.till.catalogue.add(draft_post("Wi-Fi month", 100))))
        assert run(shelf, ages[-1] + 1) == pytest.approx(ages, abs=0.1)


def test_expired_payments_are_asked_about_sparsely(shelf: Shelf, post: Post) -> None:
    payment = end(shelf, sell(shelf, post), "1037")
    assert run(shelf, 3 * 86_400) == pytest.approx([60, 120, 300, 900, 3_600, 21_600, 86_400], abs=0.1)
    assert stored(shelf, payment).state is State.EXPIRED
    assert shelf.till.reconciler.step() is None


def test_an_answer_ends_the_asking(shelf: Shelf, post: Post) -> None:
    payment = prompt(shelf, sell(shelf, post))
    shelf.gateway.query_answers += [NoAnswer(detail="ReadTimeout"), Answer(Result.SUCCESS, "0", f"c{payment.id}")]
    assert len(run(shelf, 90_000)) == 2
    assert stored(shelf, payment).state is State.PAID
    assert shelf.till.reconciler.step() is None


@pytest.mark.parametrize(("reached", "next_age"), [(True, 7_200), (False, 3_720)])
def test_an_outage_does_not_wait_for_the_schedule(shelf: Shelf, post: Post, reached: bool, next_age: float) -> None:
    prompt(shelf, sell(shelf, post))
    run(shelf, 3_599)
    shelf.gateway.query_answers.append(NoAnswer(detail="HTTP 503", reached=reached))
    assert run(shelf, 3_700)[:2] == pytest.approx([1, next_age - 3_599], abs=0.1)


def test_rule_8_an_answer_about_another_id_is_no_answer(shelf: Shelf, post: Post) -> None:
    payment = prompt(shelf, sell(shelf, post))
    shelf.gateway.query_answers.append(Answer(Result.SUCCESS, "0", "another"))
    assert len(run(shelf, 36)) == 2
    assert stored(shelf, payment).state is State.PROMPTED


def test_a_callback_ends_the_asking_too(shelf: Shelf, post: Post) -> None:
    payment = prompt(shelf, sell(shelf, post))
    tell(shelf, payment, success(payment))
    assert shelf.till.reconciler.step() is None
    assert run(shelf, 90_000) == []
    assert "no word" not in [line.kind for line in shelf.till.reader.journal(payment.id)]


def test_a_review_that_a_query_can_settle_is_asked_about_at_once(shelf: Shelf, post: Post) -> None:
    payment = prompt(shelf, sell(shelf, post))
    tell(shelf, payment, success(payment, merchant_request_id="other"))
    shelf.gateway.query_answers.append(answer(payment))
    assert asked(shelf) == [payment.checkout_request_id]
    assert stored(shelf, payment).state is State.PAID


def test_a_review_that_only_the_owner_settles_is_not_asked_about(shelf: Shelf, post: Post) -> None:
    payment = prompt(shelf, sell(shelf, post))
    tell(shelf, payment, success(payment, amount=1))
    assert run(shelf, 90_000) == []


def test_a_payment_without_a_checkout_request_id_is_never_asked_about(shelf: Shelf, post: Post) -> None:
    payment = tell(shelf, sell(shelf, post), Unanswered(detail="ReadTimeout"))
    shelf.till.reconciler.resume()
    assert run(shelf, 200_000) == []
    assert not shelf.till.reconciler.check_now(payment.id)
    assert stored(shelf, payment).state is State.UNKNOWN


def test_a_stored_time_without_an_id_to_ask_by_does_no_harm(shelf: Shelf, post: Post) -> None:
    payment = sell(shelf, post)
    shelf.till.reconciler.on_payment_changed(replace(payment, next_check_at=shelf.clock.now()))
    assert run(shelf, 100) == []


# Which, and how often ------------------------------------------------------------------------------------------------


def prompted(shelf: Shelf, post: Post, count: int) -> list[Payment]:
    """Payments of many phones, all due now."""
    payments = [prompt(shelf, sell(shelf, post, f"07123456{n:02}", f"token {n}")) for n in range(count)]
    shelf.clock.advance(20)
    return payments


def test_at_most_one_query_a_second(shelf: Shelf, post: Post) -> None:
    prompted(shelf, post, 4)
    assert len(asked(shelf)) == 1
    shelf.clock.advance(0.99)
    assert asked(shelf) == []
    assert shelf.till.reconciler.step() == pytest.approx(0.01)
    shelf.clock.advance(0.01)
    assert len(asked(shelf)) == 1


def test_the_newest_first_and_every_fifth_time_the_oldest(shelf: Shelf, post: Post) -> None:
    payments = prompted(shelf, post, 12)
    order = []
    for _ in range(12):
        order += asked(shelf)
        shelf.clock.advance(1)
    newest_first = [payment.checkout_request_id for payment in reversed(payments)]
    assert order == [
        *newest_first[:4],
        newest_first[11],
        *newest_first[4:8],
        newest_first[10],
        *newest_first[8:10],
    ]


def test_new_prompts_cannot_starve_the_oldest(shelf: Shelf, post: Post) -> None:
    """Each second another prompt becomes due; the oldest still gets its turn."""
    oldest, *_ = prompted(shelf, post, 1)
    order: list[str] = []
    for n in range(5):
        sold = prompt(shelf, sell(shelf, post, f"07120000{n:02}", f"later {n}"))
        assert shelf.till.reconciler.check_now(sold.id)
        order += asked(shelf)
        shelf.clock.advance(1)
    assert order[-1] == oldest.checkout_request_id
    assert oldest.checkout_request_id not in order[:-1]


def test_a_query_on_its_way_is_not_asked_again(shelf: Shelf, post: Post) -> None:
    """Also where the wall clock jumps in between."""
    (payment,) = prompted(shelf, post, 1)
    again: list[float | None] = []

    def slow(checkout: str) -> QueryAnswer:
        shelf.clock.advance(10)
        shelf.clock.jump(3_600)
        again.append(shelf.till.reconciler.step())
        return Answer(Result.PENDING, "4999", checkout)

    shelf.gateway.query_answers.append(slow)
    assert asked(shelf) == [payment.checkout_request_id]
    assert again == [pytest.approx(120)]  # until it is silent; nothing to ask


def test_while_a_query_is_on_its_way_clock_jumps_are_still_looked_for(shelf: Shelf, post: Post) -> None:
    """Nothing else is due then, but the till must not rest for ever."""
    payment = tell(shelf, prompt(shelf, sell(shelf, post)), Silence())
    rests: list[float | None] = []

    def slow(checkout: str) -> QueryAnswer:
        rests.append(shelf.till.reconciler.step())
        return Answer(Result.PENDING, "4999", checkout)

    shelf.gateway.query_answers.append(slow)
    assert shelf.till.reconciler.check_now(payment.id)
    assert asked(shelf) == [payment.checkout_request_id]
    assert rests == [30]


@pytest.fixture
def slow(shelf: Shelf) -> Iterator["SlowAnswers"]:
    """A till whose questions wait for the test."""
    answers = SlowAnswers()
    reconciler = Reconciler(
        till="A",
        gateway=shelf.gateway,
        ledger=shelf.till.ledger,
        reader=shelf.till.reader,
        clock=shelf.clock,
        executor=answers,
    )
    shelf.till.ledger.subscribe(reconciler.on_payment_changed)
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

    def ask_for(self, shelf: Shelf, seconds: int) -> int:
        """How many questions leave in so many seconds."""
        before = len(self.waiting)
        for _ in range(seconds):
            self.reconciler.step()
            shelf.clock.advance(1)
        return len(self.waiting) - before


def test_a_slow_answer_does_not_hold_up_the_next_question(shelf: Shelf, post: Post, slow: SlowAnswers) -> None:
    prompted(shelf, post, 3)
    assert slow.ask_for(shelf, 3) == 3


def test_so_many_questions_are_on_their_way_at_once_and_no_more(shelf: Shelf, post: Post, slow: SlowAnswers) -> None:
    prompted(shelf, post, IN_FLIGHT + 3)
    assert slow.ask_for(shelf, 20) == IN_FLIGHT
    wait = slow.reconciler.step()
    assert wait is not None
    assert wait > 1  # it does not run in circles
    slow.waiting.pop(0)()
    flush(shelf.till.writer)
    assert slow.ask_for(shelf, 20) == 1


def test_there_are_never_two_questions_about_one_payment_on_their_way(
    shelf: Shelf, post: Post, slow: SlowAnswers
) -> None:
    (payment,) = prompted(shelf, post, 1)
    assert slow.ask_for(shelf, 1) == 1
    assert slow.reconciler.check_now(payment.id)
    tell(shelf, payment, UnreadableCallback(detail="makes it due at once"))
    assert slow.ask_for(shelf, 5) == 0
    slow.waiting.pop()()
    flush(shelf.till.writer)
    assert slow.ask_for(shelf, 5) == 1  # what was asked for meanwhile


def test_questions_whose_answers_cannot_be_saved_yet_are_on_their_way_no_more(
    tmp_path: Path, clock: FakeClock, gateway: FakeGateway
) -> None:
    with open_shelf(tmp_path / "till.db", clock, gateway) as shelf:
        many = IN_FLIGHT + 3
        prompted(shelf, shelf.till.catalogue.add(draft_post("Wi-Fi month", 100)), many)
        go = threading.Event()
        shelf.till.writer.submit(lambda _: go.wait(20))  # the writer is busy for long
        for _ in range(many):
            shelf.till.reconciler.step()
            clock.advance(1)
        assert len(gateway.queries) == many
        go.set()


def test_a_till_that_closes_asks_no_more(shelf: Shelf, post: Post) -> None:
    with ThreadPoolExecutor(1) as closed:
        pass
    reconciler = Reconciler(
        till="A",
        gateway=shelf.gateway,
        ledger=shelf.till.ledger,
        reader=shelf.till.reader,
        clock=shelf.clock,
        executor=closed,
    )
    (payment,) = prompted(shelf, post, 1)
    assert reconciler.check_now(payment.id)
    reconciler.step()
    assert shelf.gateway.queries == []


@pytest.mark.parametrize("seed", range(2))
def test_slow_answers_put_off_what_is_seen_as_paid_by_less_than_ten_seconds(seed: int) -> None:
    """Thirty open payments, no callbacks: against a till that gets every answer at once."""
    at_once, slowly = (median(waits(seed, seconds)) for seconds in (0.1, 7.0))
    assert slowly < at_once + 10


# Silence -------------------------------------------------------------------------------------------------------------


def test_rule_7_no_word_for_150_seconds_makes_it_not_sure(shelf: Shelf, post: Post) -> None:
    payment = prompt(shelf, sell(shelf, post))
    run(shelf, 149.9)
    assert stored(shelf, payment).state is State.PROMPTED
    run(shelf, 0.2)
    silent = stored(shelf, payment)
    assert (silent.state, silent.closed_at) == (State.UNKNOWN, None)
    lines = [line for line in shelf.till.reader.journal(payment.id) if line.source == "clock"]
    assert [line.kind for line in lines] == ["no word"]


def test_a_push_whose_end_nobody_hears_of_is_not_sure_after_150_seconds(shelf: Shelf, post: Post) -> None:
    payment = sell(shelf, post)
    shelf.till.ledger.publish(payment)  # as the checkout does
    run(shelf, 149.9)
    assert stored(shelf, payment).state is State.REQUESTED
    run(shelf, 0.2)
    assert stored(shelf, payment).state is State.UNKNOWN
    assert prompt(shelf, payment).state is State.PROMPTED  # it was heard of after all


def test_rule_7_it_is_asked_about_after_the_silence(shelf: Shelf, post: Post) -> None:
    payment = prompt(shelf, sell(shelf, post))
    run(shelf, 200)
    shelf.gateway.query_answers.append(answer(payment))
    run(shelf, 110)
    assert stored(shelf, payment).state is State.PAID


def test_a_thousand_silences_are_told_bit_by_bit_and_questions_go_on_between_them(shelf: Shelf, post: Post) -> None:
    count = 2 * SILENCES + 1
    payments = [prompt(shelf, sell(shelf, post, f"07{number:08}", f"token {number}")) for number in range(count)]
    for payment in payments:
        shelf.till.reconciler.on_payment_changed(payment)
    shelf.clock.advance(NO_WORD_AFTER)

    def silent() -> int:
        return sum(stored(shelf, payment).state is State.UNKNOWN for payment in payments)

    assert len(asked(shelf)) == 1
    assert silent() == SILENCES
    assert asked(shelf) == []
    assert silent() == SILENCES
    assert run(shelf, 1.1) == [pytest.approx(1.0)]
    assert silent() == count


def test_silence_is_told_while_the_second_between_queries_is_not_over(shelf: Shelf, post: Post) -> None:
    payment = prompt(shelf, sell(shelf, post))
    shelf.clock.advance(150)
    asked(shelf)
    assert stored(shelf, payment).state is State.UNKNOWN


def test_a_payment_that_was_asked_about_before_its_acceptance_is_silent_in_time_too(shelf: Shelf, post: Post) -> None:
    payment = sell(shelf, post)
    tell(shelf, payment, failure(payment, "4999", checkout_request_id=f"c{payment.id}", merchant_request_id=None))
    assert shelf.till.reconciler.check_now(payment.id)
    assert prompt(shelf, payment).state is State.PROMPTED
    run(shelf, 151)
    assert stored(shelf, payment).state is State.UNKNOWN


# The start, and clocks that jump -------------------------------------------------------------------------------------


@contextmanager
def restarted(shelf: Shelf, till: str = "A") -> Iterator[Reconciler]:
    """A reconciler that has just started on what the last run left."""
    reconciler = Reconciler(
        till=till,
        gateway=shelf.gateway,
        ledger=shelf.till.ledger,
        reader=shelf.till.reader,
        clock=shelf.clock,
        executor=Here(),
    )
    reconciler.resume()
    flush(shelf.till.writer)
    yield reconciler
    reconciler.stop()


def test_at_start_requested_payments_are_not_sure_at_once(shelf: Shelf, post: Post) -> None:
    payment = sell(shelf, post)
    waiting = prompt(shelf, sell(shelf, post, token="waiting"))
    with restarted(shelf):
        assert stored(shelf, payment).state is State.UNKNOWN
        assert [line.kind for line in shelf.till.reader.journal(payment.id)] == ["restarted"]
        assert [line.kind for line in shelf.till.reader.journal(waiting.id)] == ["accepted"]


def test_at_start_every_open_payment_is_due_and_expired_ones_keep_their_time(shelf: Shelf, post: Post) -> None:
    waiting = prompt(shelf, sell(shelf, post, token="waiting"))
    end(shelf, sell(shelf, post, token="expired"), "1037")
    end(shelf, sell(shelf, post, token="paid"), "0")
    unsure = tell(shelf, prompt(shelf, sell(shelf, post, token="unsure")), failure(waiting, "4999"))
    with restarted(shelf) as reconciler:
        for _ in range(6):
            reconciler.step()
            shelf.clock.advance(1)
    assert shelf.gateway.queries == [unsure.checkout_request_id, waiting.checkout_request_id]


def test_at_start_an_interrupted_push_whose_id_is_known_is_asked_about_at_once(shelf: Shelf, post: Post) -> None:
    payment = sell(shelf, post)
    tell(shelf, payment, failure(payment, "4999", checkout_request_id="c1"))
    with restarted(shelf):
        assert asked(shelf) == ["c1"]
        assert stored(shelf, payment).state is State.UNKNOWN


def test_at_start_an_old_prompt_is_silent_at_once(shelf: Shelf, post: Post) -> None:
    payment = prompt(shelf, sell(shelf, post))
    shelf.clock.advance(3_600)
    with restarted(shelf) as reconciler:
        reconciler.step()
        flush(shelf.till.writer)
    assert stored(shelf, payment).state is State.UNKNOWN


def test_at_start_old_prompts_are_asked_about_although_they_are_silent_too(shelf: Shelf, post: Post) -> None:
    prompts = [prompt(shelf, sell(shelf, post, token=token)) for token in ("one", "two")]
    shelf.clock.advance(3_600)
    with restarted(shelf) as reconciler:
        shelf.till.ledger.subscribe(reconciler.on_payment_changed)
        for _ in prompts:
            reconciler.step()
            flush(shelf.till.writer)
            shelf.clock.advance(1)
    assert sorted(shelf.gateway.queries) == sorted(str(payment.checkout_request_id) for payment in prompts)


def test_a_till_resumes_only_its_own(shelf: Shelf, post: Post) -> None:
    theirs = [sell(shelf, post, token="1", till="B"), prompt(shelf, sell(shelf, post, token="2", till="B"))]
    shelf.clock.advance(1_000)
    assert run(shelf, 1_000) == []
    with restarted(shelf, "C") as reconciler:
        assert reconciler.step() is None
        assert reconciler.check_oldest() is None
    assert [stored(shelf, payment) for payment in theirs] == theirs
    with restarted(shelf, "B") as reconciler:
        reconciler.step()
    assert shelf.gateway.queries == [theirs[1].checkout_request_id]


@pytest.mark.parametrize("jump", [61, 86_400, -61, -86_400])
def test_a_clock_that_jumps_makes_every_open_payment_due(
    shelf: Shelf, post: Post, jump: float, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "pos_app.sales.reconciliation")
    payment = prompt(shelf, sell(shelf, post, token="open"))
    end(shelf, sell(shelf, post, token="expired"), "1037")
    shelf.clock.advance(5)
    assert asked(shelf) == []
    shelf.clock.jump(jump)
    assert asked(shelf) == [payment.checkout_request_id]
    assert said(caplog, "pos_app.sales.reconciliation") == ["the clock jumped; every open payment is asked about"]


def test_without_a_jump_the_schedule_is_trusted_from_the_first_moment(shelf: Shelf, post: Post) -> None:
    """A prompt that is an hour old waits for its next hour; nobody has touched the clock."""
    prompt(shelf, sell(shelf, post, created_at=shelf.clock.now() - timedelta(hours=1)))
    assert run(shelf, 3_599) == []
    assert len(run(shelf, 2)) == 1


@pytest.mark.parametrize("jump", [60, -60])
def test_a_clock_that_is_set_a_little_moves_nothing(shelf: Shelf, post: Post, jump: float) -> None:
    """Waits within a run use the monotonic clock."""
    prompt(shelf, sell(shelf, post))
    shelf.clock.jump(jump)
    assert run(shelf, 20.1) == pytest.approx([20])


def test_rule_7_a_clock_set_back_does_not_put_off_the_silence(shelf: Shelf, post: Post) -> None:
    """150 seconds are 150 seconds, whatever the wall clock shows."""
    payment = prompt(shelf, sell(shelf, post))
    run(shelf, 100)
    shelf.clock.jump(-3_600)
    run(shelf, 49)
    assert stored(shelf, payment).state is State.PROMPTED
    run(shelf, 2)
    assert stored(shelf, payment).state is State.UNKNOWN


def test_a_clock_set_back_does_not_stop_the_asking(shelf: Shelf, post: Post) -> None:
    prompt(shelf, sell(shelf, post))
    run(shelf, 30)
    shelf.clock.jump(-86_400)
    assert len(run(shelf, 600)) >= 10


def test_a_clock_set_forward_does_not_put_off_the_asking(shelf: Shelf, post: Post) -> None:
    """By the wall clock the prompt is an hour old and could wait for another; it is half a minute old."""
    prompt(shelf, sell(shelf, post))
    run(shelf, 30)
    shelf.clock.jump(3_600)
    assert run(shelf, 299) == pytest.approx([0, 30, 60, 90, 120, 150, 180, 210, 240, 270])


@pytest.mark.parametrize("ahead", [timedelta(days=1), timedelta(days=3_650)])
def test_a_time_to_ask_that_a_wrong_clock_wrote_puts_nothing_off(shelf: Shelf, post: Post, ahead: timedelta) -> None:
    """Also what is closed, and is asked about sparsely."""
    shelf.clock.jump(ahead.total_seconds())
    prompt(shelf, sell(shelf, post, token="open"))
    expired = end(shelf, sell(shelf, post, token="expired"), "1037")
    shelf.clock.jump(-ahead.total_seconds())
    with restarted(shelf) as reconciler:
        for _ in range(160):
            reconciler.step()
            shelf.clock.advance(1)
        flush(shelf.till.writer)
    assert expired.checkout_request_id in shelf.gateway.queries
    assert len(set(shelf.gateway.queries)) == 2


def test_a_prompt_from_the_future_is_silent_after_150_seconds_too(shelf: Shelf, post: Post) -> None:
    payment = prompt(shelf, sell(shelf, post, created_at=shelf.clock.now() + timedelta(days=365)))
    run(shelf, 151)
    assert stored(shelf, payment).state is State.UNKNOWN


# Asking by hand ------------------------------------------------------------------------------------------------------


def test_check_now_asks_at_once_also_about_what_is_closed(shelf: Shelf, post: Post) -> None:
    cancelled = end(shelf, sell(shelf, post), "1032")
    shelf.gateway.query_answers.append(answer(cancelled))
    assert shelf.till.reconciler.check_now(cancelled.id)
    assert asked(shelf) == [cancelled.checkout_request_id]
    assert stored(shelf, cancelled).state is State.PAID


def test_check_now_asks_about_each_payment_that_it_is_told(shelf: Shelf, post: Post) -> None:
    cancelled = [end(shelf, sell(shelf, post, token=token), "1032") for token in ("one", "two")]
    for payment in cancelled:
        assert shelf.till.reconciler.check_now(payment.id)
    assert len(run(shelf, 1)) == 2
    assert sorted(shelf.gateway.queries) == [payment.checkout_request_id for payment in cancelled]


def test_check_now_of_nothing_is_false(shelf: Shelf) -> None:
    assert not shelf.till.reconciler.check_now(99)


def test_check_oldest_asks_about_the_oldest_that_can_be_asked_about(shelf: Shelf, post: Post) -> None:
    assert shelf.till.reconciler.check_oldest() is None
    sell(shelf, post, token="without an id")
    oldest = prompt(shelf, sell(shelf, post, token="oldest"))
    prompt(shelf, sell(shelf, post, token="newest"))
    assert shelf.till.reconciler.check_oldest() == oldest
    assert asked(shelf) == [oldest.checkout_request_id]


# The thread ----------------------------------------------------------------------------------------------------------


class CountingClock(FakeClock):
    """Tells a thread that rests from one that turns."""

    reads = 0

    def monotonic(self) -> float:
        self.reads += 1
        return super().monotonic()


def reconcile_threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "reconcile"]


def test_the_thread_asks_at_once_and_stops(shelf: Shelf, post: Post) -> None:
    payment = prompt(shelf, sell(shelf, post))
    shelf.gateway.query_answers.append(answer(payment))
    watch = Watch(shelf.till.ledger)
    shelf.till.reconciler.start()
    assert watch.until(lambda seen: seen.state is State.PAID).id == payment.id
    (thread,) = reconcile_threads()
    assert thread.daemon, "a question on its way must not keep the program from ending"
    shelf.till.reconciler.stop()
    assert reconcile_threads() == []


def test_the_thread_rests_until_something_is_due(tmp_path: Path, gateway: FakeGateway) -> None:
    """It sleeps while nothing is open, and wakes for what is due at once, for a question by hand and for the end."""
    clock = CountingClock()
    with open_shelf(tmp_path / "till.db", clock, gateway) as shelf:
        post = shelf.till.catalogue.add(draft_post("Wi-Fi month", 100))
        watch = Watch(shelf.till.ledger)
        shelf.till.reconciler.start()
        due, by_hand = (prompt(shelf, sell(shelf, post, token=token)) for token in ("due", "by hand"))
        gateway.query_answers += [answer(due), answer(by_hand)]
        tell(shelf, due, UnreadableCallback(detail="no JSON"))
        watch.until(lambda seen: seen.id == due.id and seen.state is State.PAID)
        clock.advance(1)
        assert shelf.till.reconciler.check_now(by_hand.id)
        watch.until(lambda seen: seen.id == by_hand.id and seen.state is State.PAID)
        for _ in range(20):
            flush(shelf.till.writer)
        shelf.till.reconciler.stop()
        assert reconcile_threads() == []
    assert clock.reads < 500


def test_a_payment_whose_answer_cannot_be_recorded_is_asked_about_again(shelf: Shelf, post: Post) -> None:
    payment = prompt(shelf, sell(shelf, post))
    unwritable = NoAnswer(detail="\ud800")  # half a character, which no database takes
    shelf.gateway.query_answers += [unwritable, unwritable, answer(payment)]
    assert run(shelf, 1_000) == pytest.approx([20, 20 + ASK_AGAIN, 20 + 2 * ASK_AGAIN], abs=0.1)
    assert stored(shelf, payment).state is State.PAID


def test_what_ended_meanwhile_is_not_asked_about_again(shelf: Shelf, post: Post) -> None:
    payment = prompt(shelf, sell(shelf, post))

    def too_late(_: str) -> QueryAnswer:
        tell(shelf, payment, success(payment))
        return NoAnswer(detail="\ud800")

    shelf.gateway.query_answers.append(too_late)
    assert len(run(shelf, 1_000)) == 1


def test_a_query_that_fails_in_our_own_code_does_not_end_the_asking(
    shelf: Shelf, post: Post, caplog: pytest.LogCaptureFixture
) -> None:
    payment = prompt(shelf, sell(shelf, post))

    def fail(_: str) -> QueryAnswer:
        raise ValueError("a fault in our own code")

    shelf.gateway.query_answers += [fail, answer(payment)]
    run(shelf, 36)
    assert stored(shelf, payment).state is State.PAID
    assert f"payment {payment.number}: the query failed in our own code" in said(caplog, "pos_app.sales.reconciliation")
    assert "fault in the till" in [line.detail for line in shelf.till.reader.journal(payment.id)]


def test_an_answer_that_comes_after_the_stop_is_dropped(shelf: Shelf, post: Post) -> None:
    """The next start asks again; the writer may be gone by then."""
    payment = prompt(shelf, sell(shelf, post))

    def stop_meanwhile(_: str) -> QueryAnswer:
        shelf.till.reconciler.stop()
        return answer(payment)

    shelf.gateway.query_answers.append(stop_meanwhile)
    run(shelf, 20)
    assert shelf.gateway.queries == [payment.checkout_request_id]
    assert stored(shelf, payment) == payment


def test_stop_does_not_wait_for_a_question_on_its_way(shelf: Shelf, post: Post) -> None:
    """M-PESA may take its 15 seconds; the window is to close."""
    payment = prompt(shelf, sell(shelf, post))
    on_its_way, release = threading.Event(), threading.Event()

    def slow(_: str) -> QueryAnswer:
        on_its_way.set()
        assert release.wait(20)
        return answer(payment)

    shelf.gateway.query_answers.append(slow)
    shelf.till.reconciler.start()
    assert on_its_way.wait(10)
    shelf.till.reconciler.stop()
    (thread,) = reconcile_threads()
    release.set()
    thread.join(10)
    assert reconcile_threads() == []


def test_stop_before_the_start_is_harmless(shelf: Shelf) -> None:
    shelf.till.reconciler.stop()
    assert reconcile_threads() == []


# The callback route -------------------------------------------------------------------------------------------------


def test_a_till_hears_of_what_was_sent_with_the_address_that_is_good_now(
    shelf: Shelf, post: Post, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "pos_app.sales.reconciliation")
    shelf.route.subscribe(shelf.till.reconciler.note_route)
    payment = prompt(shelf, sell(shelf, post))
    assert shelf.till.callback_expected(payment)
    shelf.route.become(RouteState.DOWN, "The tunnel is gone.")
    assert not shelf.till.callback_expected(payment)
    assert said(caplog, "pos_app.sales.reconciliation") == [
        "the address of open payments is gone; every one is asked about"
    ]


def test_when_the_address_dies_open_payments_are_asked_about_at_once_and_more_often(shelf: Shelf, post: Post) -> None:
    prompt(shelf, sell(shelf, post))
    assert run(shelf, 10) == []
    shelf.route.become(RouteState.DOWN, "The tunnel is gone.")
    # At the age of 10 s, and then as without callbacks: at 11, 16, 21 ...
    assert run(shelf, 30) == pytest.approx([0, 1, 6, 11, 16, 21, 26], abs=0.1)


def test_another_address_makes_due_what_was_sent_with_the_old_one(shelf: Shelf, post: Post) -> None:
    shelf.route.become(RouteState.UP, address_since=shelf.clock.now())
    old = prompt(shelf, sell(shelf, post))
    assert run(shelf, 12) == []
    shelf.route.become(RouteState.OPENING, address_since=shelf.clock.now())
    new = prompt(shelf, sell(shelf, post, token="other"))
    run(shelf, 18)
    assert shelf.gateway.queries == [old.checkout_request_id] * 4
    run(shelf, 5)
    assert new.checkout_request_id in shelf.gateway.queries


def test_what_was_sent_without_an_address_is_asked_about_more_often_also_later(shelf: Shelf, post: Post) -> None:
    shelf.route.become(RouteState.DOWN, "The tunnel is gone.")
    payment = prompt(shelf, sell(shelf, post))
    assert stored(shelf, payment).next_check_at == shelf.clock.now() + timedelta(seconds=6)
    shelf.clock.advance(1)
    shelf.route.become(RouteState.UP, address_since=shelf.clock.now())
    assert run(shelf, 20) == pytest.approx([5, 10, 15, 20], abs=0.2)


def test_a_probe_that_came_in_makes_nothing_due(shelf: Shelf, post: Post) -> None:
    since = shelf.clock.now()
    shelf.route.become(RouteState.OPENING, address_since=since)
    prompt(shelf, sell(shelf, post))
    shelf.route.become(RouteState.UP, address_since=since)
    assert run(shelf, 19) == []
