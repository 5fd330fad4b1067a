"""Charging: the row first, one prompt, the guard, and asking again."""

import dataclasses
import logging
import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from pos_app.domain.catalogue import Post, PostDraft, draft_post
from pos_app.domain.charge_request import ChargeLine, PostChanged
from pos_app.domain.late_answers import CODES
from pos_app.domain.payment import Payment, Remark, State, read_reason
from pos_app.domain.payment_event import Accepted, Answer, Interrupted, NoAnswer, NotSent, Result, Unanswered
from pos_app.domain.push import Push
from pos_app.domain.reference import PostReference, SaleReference, read_reference
from pos_app.domain.search import Search
from pos_app.errors import BadInput, CannotSave, Closing
from pos_app.sales.checkout import LATEST, WARM_EVERY, Checkout, Guarded, caution_of
from pos_app.sales.ledger import Ledger, address_of
from pos_app.sales.query_schedule import Schedule
from pos_app.sales.till import Till
from pos_app.sales.write_queue import GroupWriter
from tests.support.builders import (
    BreakableStore,
    Saving,
    Watch,
    a_line,
    a_request,
    charge,
    end,
    failure,
    flush,
    prompt,
    said,
    sell,
    success,
    tell,
)
from tests.support.fakes import FakeClock, FakeGateway, PushAnswer, QueryAnswer
from tests.support.till_harness import TillHarness, open_harness

TYPED = "0712 345 678"
STILL_WORKING = "M-PESA is still working on the last prompt. Wait a minute. Nothing was sent."
NO_ANSWER = "M-PESA does not answer just now, so we cannot know whether it was paid. Nothing was sent."
MSISDN = "254712345678"


@pytest.fixture
def post(harness: TillHarness) -> Post:
    return harness.till.catalogue.add(draft_post("Wi-Fi month", 100, 30))


@pytest.fixture
def watch(harness: TillHarness) -> Watch:
    return Watch(harness.till.ledger)


def payments(harness: TillHarness) -> list[Payment]:
    return harness.till.reader.open_payments("A")


def stored(harness: TillHarness, payment: Payment) -> Payment:
    found = harness.till.reader.payment(payment.id)
    assert found
    return found


def pushes(harness: TillHarness, watch: Watch) -> list[Push]:
    """What left, once M-PESA has answered it."""
    watch.until(lambda payment: payment.state is State.PROMPTED)
    return harness.gateway.pushes


# The prompt ----------------------------------------------------------------------------------------------------------


def test_a_charge_from_phone_to_prompt(harness: TillHarness, post: Post, watch: Watch) -> None:
    payment = charge(harness.till, post, TYPED)
    assert (payment.state, payment.phone, payment.amount, payment.post_title) == (
        State.REQUESTED,
        MSISDN,
        100,
        "Wi-Fi month",
    )
    prompted = watch.until(lambda seen: seen.state is State.PROMPTED)
    assert prompted == stored(harness, payment)
    (push,) = harness.gateway.pushes
    assert (push.phone, push.amount, push.reference, push.title) == (
        MSISDN,
        100,
        f"POST_{post.id}_{payment.customer_id}",
        "Wi-Fi month",
    )
    assert [seen.state for seen in watch.seen] == [State.REQUESTED, State.PROMPTED]


def test_the_log_says_what_was_saved(harness: TillHarness, post: Post, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "pos_app.sales.checkout")
    payment = charge(harness.till, post, TYPED)
    harness.executor.shutdown()
    assert said(caplog, "pos_app.sales.checkout") == [
        f"payment {payment.number} saved: post {post.id}, KES 100",
        f"payment {payment.number}: the request goes to M-PESA",
    ]


def test_rule_1_the_row_is_committed_before_the_push_leaves(harness: TillHarness, post: Post, watch: Watch) -> None:
    found: list[tuple[Payment, bool, bool]] = []

    def look(push: Push) -> PushAnswer:
        with ThreadPoolExecutor(1) as other_thread:
            (row,) = other_thread.submit(payments, harness).result(10)
        address = address_of(push.address_token)
        found.append((row, bool(harness.till.reader.known_addresses([address])), harness.till.ledger.expects(address)))
        return Accepted("m1", "c1")

    harness.gateway.push_answers.append(look)
    payment = charge(harness.till, post, TYPED)
    watch.until(lambda seen: seen.state is State.PROMPTED)
    assert found == [(payment, True, True)]


def fails(_: Push) -> PushAnswer:
    raise ValueError("a fault in our own code")


@pytest.mark.parametrize(
    ("outcome", "state"),
    [
        (Accepted("m1", "c1"), State.PROMPTED),
        (NotSent("unreachable"), State.NOT_SENT),
        (NotSent("access_token"), State.NOT_SENT),
        (Unanswered(detail="ReadTimeout"), State.UNKNOWN),
        (fails, State.UNKNOWN),
    ],
)
def test_rule_2_one_prompt_whatever_comes_of_it_also_after_a_restart(
    tmp_path: Path,
    clock: FakeClock,
    gateway: FakeGateway,
    outcome: PushAnswer | Callable[[Push], PushAnswer],
    state: State,
) -> None:
    gateway.push_answers.append(outcome)
    with open_harness(tmp_path / "till.db", clock, gateway) as harness:
        watch = Watch(harness.till.ledger)
        harness.till.catalogue.add(draft_post("Wi-Fi month", 100))
        payment = charge(harness.till, 1, TYPED)
        assert watch.until(lambda seen: seen.state is not State.REQUESTED).state is state
    with open_harness(tmp_path / "till.db", clock, gateway) as harness:
        harness.till.reconciler.resume()
        for _ in range(5):
            clock.advance(60)
            harness.till.reconciler.step()
            flush(harness.till.writer)
        assert stored(harness, payment).state in (state, State.UNKNOWN)
    assert len(gateway.pushes) == 1


def test_rule_2_a_till_that_stopped_during_the_push_does_not_send_again(
    tmp_path: Path, clock: FakeClock, gateway: FakeGateway
) -> None:
    with open_harness(tmp_path / "till.db", clock, gateway) as harness:
        payment = sell(harness, harness.till.catalogue.add(draft_post("Wi-Fi month", 100)))
    with open_harness(tmp_path / "till.db", clock, gateway) as harness:
        harness.till.reconciler.resume()
        flush(harness.till.writer)
        assert stored(harness, payment).state is State.UNKNOWN
    assert gateway.pushes == []


def held_back(harness: TillHarness, watch: Watch, payment: Payment) -> str | None:
    """Why nothing left for this payment."""
    closed = watch.until(lambda seen: seen.id == payment.id and not seen.state.open)
    assert closed.state is State.NOT_SENT
    assert harness.gateway.pushes == []
    return closed.reason.word


def test_rule_18_a_prompt_that_could_not_leave_within_10_seconds_of_enter_is_not_sent(
    harness: TillHarness, post: Post, watch: Watch
) -> None:
    """Whatever took the time: the access token, the connection."""
    harness.gateway.opening = lambda _: harness.clock.advance(10)
    assert held_back(harness, watch, charge(harness.till, post, TYPED)) == "late"


def test_rule_18_up_to_10_seconds_it_leaves(harness: TillHarness, post: Post, watch: Watch) -> None:
    harness.gateway.opening = lambda _: harness.clock.advance(9.9)
    charge(harness.till, post, TYPED)
    watch.until(lambda seen: seen.state is State.PROMPTED)


def test_rule_18_time_asleep_counts(harness: TillHarness, post: Post, watch: Watch) -> None:
    harness.gateway.opening = lambda _: harness.clock.sleep(3_600)
    assert held_back(harness, watch, charge(harness.till, post, TYPED)) == "late"


@pytest.mark.parametrize("seconds", [3_600, -3_600])
def test_rule_18_a_wall_clock_that_is_set_does_not_count(
    harness: TillHarness, post: Post, watch: Watch, seconds: float
) -> None:
    harness.gateway.opening = lambda _: harness.clock.jump(seconds)
    charge(harness.till, post, TYPED)
    watch.until(lambda seen: seen.state is State.PROMPTED)


def test_rule_18_the_seconds_begin_with_enter_not_with_the_saving(
    harness: TillHarness, post: Post, watch: Watch
) -> None:
    entered = harness.clock.since_boot()
    harness.clock.advance(10)
    assert held_back(harness, watch, charge(harness.till, post, TYPED, entered=entered)) == "late"


def test_rule_18_waiting_in_the_queue_of_pushes_counts(harness: TillHarness, post: Post, watch: Watch) -> None:
    harness.gateway.hold()
    leaving = threading.Semaphore(0)
    harness.gateway.objected = lambda _: leaving.release()
    going = [charge(harness.till, post, f"071234567{n}") for n in range(2)]  # as many as leave at once here
    for _ in going:
        assert leaving.acquire(timeout=10)
    queued = charge(harness.till, post, TYPED)
    harness.clock.advance(10)
    harness.gateway.release()
    closed = watch.until(lambda seen: seen.id == queued.id and seen.state is not State.REQUESTED)
    assert (closed.state, closed.reason.word) == (State.NOT_SENT, "late")
    assert len(harness.gateway.pushes) == len(going)


def test_rule_18_a_row_that_is_not_as_it_was_saved_holds_its_prompt_back(
    harness: TillHarness, post: Post, watch: Watch
) -> None:
    def change(_: Push) -> None:
        (payment,) = payments(harness)
        harness.till.ledger.record(Interrupted(), payment).result(10)

    harness.gateway.opening = change
    assert held_back(harness, watch, charge(harness.till, post, TYPED)) == "changed"


def test_rule_18_a_row_that_cannot_be_read_holds_its_prompt_back(
    harness: TillHarness, post: Post, watch: Watch, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    def renamed(name: str, to: str) -> None:
        with closing(sqlite3.connect(tmp_path / "practice.db")) as connection:
            connection.execute(f"ALTER TABLE payment RENAME COLUMN {name} TO {to}")

    def look(_: Push) -> None:
        renamed("number", "gone")

    harness.gateway.opening = look
    harness.gateway.objected = lambda _: renamed("gone", "number")
    payment = charge(harness.till, post, TYPED)
    assert held_back(harness, watch, payment) == "changed"
    assert f"payment {payment.number}: it cannot be read before its request leaves" in said(
        caplog, "pos_app.sales.checkout"
    )


def test_rule_3_a_push_that_fails_in_our_own_code_is_unknown(
    harness: TillHarness, post: Post, watch: Watch, caplog: pytest.LogCaptureFixture
) -> None:
    harness.gateway.push_answers.append(fails)
    payment = charge(harness.till, post, TYPED)
    watch.until(lambda seen: seen.state is State.UNKNOWN)
    assert harness.till.reader.journal(payment.id)[-1].detail == "fault in the till"
    assert f"payment {payment.number}: the push failed in our own code" in said(caplog, "pos_app.sales.checkout")


def test_rule_4_each_address_is_fresh_and_holds_160_bits(harness: TillHarness, post: Post) -> None:
    for number in range(20):
        charge(harness.till, post, f"07123456{number:02}")
    harness.executor.shutdown()
    tokens = {push.address_token for push in harness.gateway.pushes}
    assert len(tokens) == 20
    assert all(len(bytes.fromhex(token)) == 20 for token in tokens)


def test_only_posts_that_are_on_are_sold(harness: TillHarness, post: Post) -> None:
    off = harness.till.catalogue.change(post.id, draft_post("Wi-Fi month", 100, active=False))
    for wanted in (off, dataclasses.replace(post, id=99)):
        with pytest.raises(BadInput, match=f"no post {wanted.id} to sell"):
            charge(harness.till, wanted, TYPED)
    assert payments(harness) == []
    assert harness.gateway.pushes == []


@pytest.mark.parametrize(
    "now",
    [
        draft_post("Wi-Fi month", 101, 30),
        draft_post("Wi-Fi months", 100, 30),
        draft_post("Wi-Fi month", 100, 31),
        draft_post("Wi-Fi month", 100),
        draft_post("Wi-Fi month", 100, 30, active=False),
    ],
)
def test_what_is_not_any_more_what_the_operator_saw_is_not_sold(
    harness: TillHarness, post: Post, now: PostDraft
) -> None:
    harness.till.catalogue.change(post.id, now)
    with pytest.raises(PostChanged, match=r"^Wi-Fi month has just been changed\. Nothing was sent\."):
        charge(harness.till, post, TYPED)
    assert payments(harness) == []
    assert harness.gateway.pushes == []


def test_another_key_or_barcode_is_no_other_offer(harness: TillHarness, post: Post) -> None:
    harness.till.catalogue.change(post.id, draft_post("Wi-Fi month", 100, 30, 4, "4006381333931"))
    assert charge(harness.till, post, TYPED).amount == 100


def test_a_price_that_changes_right_before_the_payment_is_saved_is_seen(harness: TillHarness, post: Post) -> None:
    """Compared in the transaction: what is compared before it may be changed until it begins."""
    free = threading.Event()
    harness.till.writer.submit(lambda _: free.wait(20))
    dearer = dataclasses.replace(post, price=900)
    harness.till.writer.submit(lambda transaction: transaction.change_post(dearer))
    assert harness.till.reader.post(post.id) == post  # a look now would find nothing changed
    with ThreadPoolExecutor(1) as operator:
        charged = operator.submit(charge, harness.till, post, TYPED)
        free.set()
        assert isinstance(charged.exception(20), PostChanged)
    assert payments(harness) == []
    assert harness.gateway.pushes == []


@pytest.fixture
def tea(till: Till, post: Post) -> Post:
    return till.catalogue.add(draft_post("Tea", 30, 0))


def test_a_basket_is_one_payment_and_one_prompt_for_its_sum(
    harness: TillHarness, watch: Watch, post: Post, tea: Post
) -> None:
    lines = (ChargeLine(post), ChargeLine(tea, 2))
    payment = harness.till.checkout.charge(a_request(post, lines=lines))
    assert payment.lines == (a_line(post), a_line(tea, 2))
    assert (payment.amount, payment.post_id, payment.post_title) == (160, None, "Wi-Fi month and 1 more")
    assert stored(harness, payment).lines == payment.lines
    [push] = pushes(harness, watch)
    assert (push.amount, push.title) == (160, "3 items")
    assert read_reference(push.reference) == SaleReference(payment.id)


def test_two_of_one_post_are_no_reference_to_the_post(harness: TillHarness, watch: Watch, tea: Post) -> None:
    payment = harness.till.checkout.charge(a_request(tea, lines=(ChargeLine(tea, 2),)))
    [push] = pushes(harness, watch)
    assert (push.amount, push.title, push.reference) == (60, "2 Tea", f"S_{payment.id}")


def test_a_price_that_was_asked_is_what_the_customer_is_asked_for(
    harness: TillHarness, watch: Watch, post: Post
) -> None:
    posting = harness.till.catalogue.add(draft_post("Posting", 50, 0, highest=500))
    payment = harness.till.checkout.charge(a_request(post, lines=(ChargeLine(posting, 1, 120),)))
    assert (payment.amount, payment.lines[0].price) == (120, 120)
    [push] = pushes(harness, watch)
    assert (push.amount, read_reference(push.reference)) == (120, PostReference(posting.id, payment.customer_id))


@pytest.mark.parametrize("now", [draft_post("Tea", 40, 0), draft_post("Tea", 30, 0, active=False)])
def test_one_line_that_another_till_changed_stops_the_whole_basket(
    harness: TillHarness, post: Post, tea: Post, now: PostDraft
) -> None:
    harness.till.catalogue.change(tea.id, now)
    with pytest.raises(PostChanged, match=r"^Tea has just been changed\. Nothing was sent"):
        harness.till.checkout.charge(a_request(post, lines=(ChargeLine(post), ChargeLine(tea))))
    assert payments(harness) == []
    assert harness.gateway.pushes == []


def test_the_guard_and_the_log_name_a_basket(
    harness: TillHarness, post: Post, tea: Post, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    basket = a_request(post, lines=(ChargeLine(post), ChargeLine(tea, 2)))
    harness.till.checkout.charge(basket)
    assert any(
        f"post {post.id}, post {tea.id} x2, KES 160" in said_ for said_ in said(caplog, "pos_app.sales.checkout")
    )
    with pytest.raises(Guarded, match=r"KES 160 \(Wi-Fi month and 1 more\)"):
        harness.till.checkout.charge(basket)


@pytest.mark.parametrize(("post_id", "customer_before"), [(1, 36**10), (36**9, 1)])
def test_a_charge_that_cannot_be_named_to_mpesa_is_refused_whole(
    harness: TillHarness, post: Post, tmp_path: Path, post_id: int, customer_before: int
) -> None:
    with closing(sqlite3.connect(tmp_path / "practice.db")) as connection:
        connection.execute("INSERT INTO customer (id, phone) VALUES (?, '254700000000')", (customer_before,))
        connection.execute("UPDATE post SET id = ?", (post_id,))
        connection.commit()
    with pytest.raises(BadInput, match="too long for M-PESA's reference"):
        charge(harness.till, post_id, TYPED)
    assert payments(harness) == []
    assert harness.gateway.pushes == []


def test_a_price_change_leaves_what_was_sold_alone(harness: TillHarness, post: Post) -> None:
    payment = charge(harness.till, post, TYPED)
    harness.till.catalogue.change(post.id, draft_post("Wi-Fi", 900))
    assert (stored(harness, payment).amount, stored(harness, payment).post_title) == (100, "Wi-Fi month")


# Closing, and a disk that refuses ------------------------------------------------------------------------------------


def test_a_closing_till_charges_nobody(harness: TillHarness, post: Post) -> None:
    harness.till.checkout.close()
    with pytest.raises(Closing):
        charge(harness.till, post, TYPED)
    assert payments(harness) == []


def test_a_charge_that_is_being_saved_when_the_till_closes_still_sends_its_prompt(
    harness: TillHarness, post: Post
) -> None:
    """Otherwise its row would stand there as not sure, though nothing was ever sent."""
    closed = threading.Event()

    def close() -> None:
        harness.till.checkout.close()
        harness.executor.shutdown()
        closed.set()

    closing_thread = threading.Thread(target=close)

    def close_while_saving(payment: Payment) -> None:
        if payment.state is State.REQUESTED:
            closing_thread.start()
            assert not closed.wait(0.1)

    harness.till.ledger.subscribe(close_while_saving)
    payment = charge(harness.till, post, TYPED)
    closing_thread.join(10)
    flush(harness.till.writer)
    assert stored(harness, payment).state is State.PROMPTED
    assert len(harness.gateway.pushes) == 1


def counter_on(harness: TillHarness, store: BreakableStore, **changes: Any) -> tuple[GroupWriter, Checkout]:
    """Another checkout of the same till, which saves by this store; its writer is not started."""
    on_saving = changes.pop("on_saving", lambda _: None)
    writer = changes.pop("writer", None) or GroupWriter(store, harness.clock, on_saving, retry=3_600)
    checkout = Checkout(
        till="A",
        writer=writer,
        ledger=Ledger(writer, harness.clock, Schedule(reaches=lambda _: True, random=lambda: 0.5)),
        reader=harness.till.reader,
        gateway=harness.gateway,
        clock=harness.clock,
        executor=changes.pop("executor", harness.executor),
        authority=harness.till.authority,
        **changes,
    )
    return writer, checkout


def test_a_save_that_hangs_ends_in_words_and_what_is_saved_after_all_was_not_sent(
    harness: TillHarness, post: Post
) -> None:
    store = BreakableStore(harness.database)
    writer, checkout = counter_on(harness, store, patience=0.05)
    writer.start()
    store.hold()
    with pytest.raises(CannotSave, match="Nothing was sent"):
        checkout.charge(a_request(post, TYPED))
    assert payments(harness) == []
    store.release()
    flush(writer)  # the payment that nobody waits for any more
    flush(writer)  # and the word about it
    (late,) = harness.till.reader.search(Search())
    assert (late.state, late.reason.word) == (State.NOT_SENT, "late")
    assert harness.gateway.pushes == []
    writer.stop()


def test_a_save_that_hangs_and_then_fails_leaves_nothing(harness: TillHarness, post: Post) -> None:
    store = BreakableStore(harness.database)
    writer, checkout = counter_on(harness, store, patience=0.05)
    writer.start()
    store.hold()
    with pytest.raises(CannotSave, match="Nothing was sent"):
        checkout.charge(a_request(post, TYPED))
    store.broken = True
    store.release()
    writer.stop()
    assert harness.till.reader.search(Search()) == []
    assert harness.gateway.pushes == []


def test_a_save_that_hangs_keeps_the_till_neither_from_closing_nor_from_typing(
    harness: TillHarness, post: Post
) -> None:
    store = BreakableStore(harness.database)
    writer, checkout = counter_on(harness, store, patience=0.2)
    writer.start()
    store.hold()
    with ThreadPoolExecutor(3) as operators:
        first = operators.submit(checkout.charge, a_request(post, TYPED))
        assert store.hanging.wait(10)
        checkout.warm()  # returns at once: on the window's thread
        assert not first.done()
        others = [operators.submit(checkout.charge, a_request(post, f"073334567{n}")) for n in range(2)]
        assert isinstance(first.exception(10), CannotSave)
        checkout.close()
        assert all(isinstance(other.exception(10), CannotSave | Closing) for other in others)
    store.release()
    writer.stop()
    assert (harness.gateway.pushes, harness.gateway.warmed) == ([], 0)


class Stuck(Executor):
    """Takes nothing until it is let go."""

    def __init__(self) -> None:
        self.reached, self.freed = threading.Event(), threading.Event()

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> "Future[Any]":
        self.reached.set()
        assert self.freed.wait(20)
        return Future()


def test_a_charge_waits_for_the_one_before_it_no_longer_than_for_its_own_save(harness: TillHarness, post: Post) -> None:
    stuck = Stuck()
    store = BreakableStore(harness.database)
    _, checkout = counter_on(harness, store, executor=stuck, writer=harness.till.writer, patience=1)
    with ThreadPoolExecutor(1) as operator:
        first = operator.submit(checkout.charge, a_request(post, TYPED))
        assert stuck.reached.wait(10)
        with pytest.raises(CannotSave, match=r"Saving takes too long.*Nothing was sent"):
            checkout.charge(a_request(post, "0733345678"))
        stuck.freed.set()
        saved = first.result(10)
    assert [payment.id for payment in harness.till.reader.search(Search())] == [saved.id]


class Threadless(Executor):
    """No thread can be started: what it is given is queued all the same, as by Python's own."""

    def __init__(self) -> None:
        self.queued: list[Callable[[], object]] = []

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> "Future[Any]":
        self.queued.append(lambda: fn(*args, **kwargs))
        raise RuntimeError("can't start new thread")


@pytest.mark.parametrize("hangs", [False, True])
def test_rule_26_what_may_be_saved_and_was_refused_is_not_sent(harness: TillHarness, post: Post, hangs: bool) -> None:
    store = BreakableStore(harness.database)
    writer = GroupWriter(store, harness.clock, retry=0.01)
    _, checkout = counter_on(harness, store, writer=writer, patience=0.05 if hangs else LATEST)
    writer.start()
    store.unheard = True
    if hangs:
        store.hold()
    with pytest.raises(CannotSave, match="Nothing was sent"):
        checkout.charge(a_request(post, TYPED))
    store.release()
    flush(writer)  # the payment that nobody waits for any more
    flush(writer)  # and the word about it
    writer.stop()
    (payment,) = harness.till.reader.search(Search())
    assert (payment.state, payment.reason.word) == (State.NOT_SENT, "late")
    assert harness.gateway.pushes == []


def test_a_prompt_that_no_thread_can_be_started_for_leaves_with_the_next_one_or_not_at_all(
    harness: TillHarness, post: Post, caplog: pytest.LogCaptureFixture
) -> None:
    threads = Threadless()
    _, checkout = counter_on(harness, BreakableStore(harness.database), executor=threads, writer=harness.till.writer)
    checkout.warm()
    threads.queued.clear()
    payment = checkout.charge(a_request(post, TYPED))
    assert stored(harness, payment).state is State.REQUESTED
    assert "waits for a thread" in caplog.text
    harness.clock.advance(LATEST)
    threads.queued.pop()()
    flush(harness.till.writer)
    late = stored(harness, payment)
    assert (late.state, late.reason.word) == (State.NOT_SENT, "late")


def test_rule_11_while_we_cannot_save_nobody_waits_to_ask_again(harness: TillHarness, post: Post) -> None:
    """What M-PESA answers could not be recorded: it is not even asked."""
    expired = end(harness, sell(harness, post, TYPED), "1037")
    harness.clock.advance(200)
    store = BreakableStore(harness.database)
    writer, checkout = counter_on(harness, store)
    writer.start()
    store.broken = True
    with pytest.raises(CannotSave):
        checkout.charge(a_request(post, "0733345678"))  # finds out
    with pytest.raises(CannotSave):
        checkout.may_ask_again(expired)
    assert harness.gateway.queries == []
    writer.stop()


def test_rule_11_if_we_cannot_save_nothing_is_sent(harness: TillHarness, post: Post) -> None:
    store, saving = BreakableStore(harness.database), Saving()
    writer, checkout = counter_on(harness, store, on_saving=saving)
    writer.start()
    store.broken = True
    for _ in range(2):  # the first finds out; the second is told at once, not at the next try
        with pytest.raises(CannotSave):
            checkout.charge(a_request(post, TYPED))
    assert saving.told == [False]
    store.broken = False
    writer.stop()
    assert payments(harness) == []
    assert harness.gateway.pushes == []


# The guard -----------------------------------------------------------------------------------------------------------


def test_rule_13_an_open_payment_stops_another_prompt_for_150_seconds(harness: TillHarness, post: Post) -> None:
    payment = prompt(harness, sell(harness, post, TYPED))
    harness.clock.advance(149)
    (caution,) = harness.till.checkout.cautions(MSISDN)
    assert (caution.payment, caution.blocks) == (payment, True)
    assert caution.until == payment.created_at + timedelta(seconds=150)
    for despite in ((), (payment.id,)):
        with pytest.raises(Guarded, match=r"2:29 ago and the answer is not known yet.* Wait 0:01\."):
            charge(harness.till, post, TYPED, despite=despite)
    assert harness.gateway.pushes == []


def test_rule_13_after_150_seconds_an_open_payment_is_the_operators_choice(harness: TillHarness, post: Post) -> None:
    payment = tell(harness, sell(harness, post, TYPED), Unanswered(detail="ReadTimeout"))
    harness.clock.advance(86_400)
    with pytest.raises(Guarded, match="a second prompt could charge twice") as guarded:
        charge(harness.till, post, TYPED)
    assert "Wait" not in guarded.value.user_text
    assert [caution.payment for caution in guarded.value.cautions] == [payment]
    assert charge(harness.till, post, TYPED, despite=[payment.id]).retry_of is None


def test_rule_13_a_payment_in_review_is_open_to_the_guard(harness: TillHarness, post: Post) -> None:
    payment = sell(harness, post, TYPED)
    tell(harness, payment, success(payment, amount=1))
    harness.clock.advance(10_000)
    (caution,) = harness.till.checkout.cautions(MSISDN)
    assert (caution.payment.state, caution.blocks) == (State.REVIEW, False)


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("0", "and has paid"),
        ("1032", "and the customer cancelled: no money moved"),
        ("1", r"and M-PESA declined it \(code 1\): no money moved"),
        ("2001", r"and M-PESA declined it \(code 2001\): no money moved"),
    ],
)
def test_rule_13_a_recent_payment_warns_and_lets_the_operator_choose(
    harness: TillHarness, post: Post, code: str, words: str
) -> None:
    payment = end(harness, sell(harness, post, TYPED), code)
    harness.clock.advance(150)
    with pytest.raises(Guarded, match=words) as guarded:
        charge(harness.till, post, TYPED)
    assert "KES 100 (Wi-Fi month) 2:30 ago" in guarded.value.user_text
    assert guarded.value.user_text.endswith(" Nothing was sent.")
    charge(harness.till, post, TYPED, despite={payment.id})


@pytest.mark.parametrize(
    ("state", "reason", "words"),
    [
        (
            State.REQUESTED,
            None,
            "not known yet: a second prompt could charge twice. Nothing was sent. Wait 2:20.",
        ),
        (
            State.PROMPTED,
            None,
            "not known yet: a second prompt could charge twice. Nothing was sent. Wait 2:20.",
        ),
        (State.UNKNOWN, None, "the answer is not known yet: a second prompt could charge twice. Nothing was sent."),
        (State.REVIEW, None, "may have paid, which somebody must check: a second prompt could charge twice."),
        (State.PAID, None, "and has paid. Nothing was sent."),
        (State.NOT_SENT, "unreachable", "but that request never left: no money moved. Nothing was sent."),
        (State.CANCELLED, "1032", "and the customer cancelled: no money moved. Nothing was sent."),
        (
            State.EXPIRED,
            "1037",
            "nobody answered; that prompt could still be answered. Nothing was sent. Wait 1:50.",
        ),
        (State.DECLINED, "1", "declined it (code 1): no money moved. Nothing was sent."),
        (State.DECLINED, "1001", "(code 1001); that prompt could still be answered. Nothing was sent. Wait 1:50."),
    ],
)
def test_rule_13_the_guard_says_what_is_true_of_each_state(
    harness: TillHarness, post: Post, state: State, reason: str | None, words: str
) -> None:
    payment = dataclasses.replace(sell(harness, post, TYPED), state=state, reason=read_reason(state, reason))
    now = payment.created_at + timedelta(seconds=10)
    said = Guarded([caution_of(payment, now)], now).user_text
    assert said.startswith("This phone was asked for KES 100 (Wi-Fi month) 0:10 ago")
    assert words in said


@pytest.mark.parametrize("code", ["0", "1032", "1037", "17"])
def test_rule_13_what_closed_more_than_150_seconds_ago_is_no_caution(
    harness: TillHarness, post: Post, code: str
) -> None:
    end(harness, sell(harness, post, TYPED), code)
    harness.clock.advance(151)
    assert harness.till.checkout.cautions(MSISDN) == []
    charge(harness.till, post, TYPED)


def test_the_codes_to_wait_after_are_those_of_the_rule() -> None:
    assert sorted(CODES) == ["1001", "1025", "17", "26", "9999"]


@pytest.mark.parametrize("code", ["1037", *sorted(CODES)])
def test_rule_13_after_expiry_and_some_codes_a_phone_rests_for_120_seconds(
    harness: TillHarness, post: Post, code: str
) -> None:
    payment = end(harness, sell(harness, post, TYPED), code)
    harness.clock.advance(119)
    with pytest.raises(Guarded, match=r"Wait 0:01\."):
        charge(harness.till, post, TYPED, retry_of=payment.id, despite=[payment.id])
    harness.clock.advance(1)
    with pytest.raises(Guarded, match="could still be answered"):
        charge(harness.till, post, TYPED)
    harness.gateway.query_answers.append(Answer(Result.EXPIRED, "1037", payment.checkout_request_id))
    charge(harness.till, post, TYPED, retry_of=payment.id)


def test_rule_13_the_guard_looks_at_one_phone_only(harness: TillHarness, post: Post) -> None:
    prompt(harness, sell(harness, post, TYPED))
    assert harness.till.checkout.cautions("254708374149") == []
    charge(harness.till, post, "0708374149")


def test_rule_13_every_caution_must_be_answered_and_the_worst_comes_first(harness: TillHarness, post: Post) -> None:
    old = tell(harness, sell(harness, post, TYPED, "1"), Unanswered(detail="x"))
    harness.clock.advance(200)
    recent = prompt(harness, sell(harness, post, TYPED, "2"))
    cancelled = end(harness, sell(harness, post, TYPED, "3"), "1032")
    cautions = harness.till.checkout.cautions(MSISDN)
    assert [caution.payment.id for caution in cautions] == [recent.id, cancelled.id, old.id]
    assert [caution.blocks for caution in cautions] == [True, False, False]
    harness.clock.advance(150)
    with pytest.raises(Guarded) as guarded:
        charge(harness.till, post, TYPED, despite=[old.id])
    assert {caution.payment.id for caution in guarded.value.cautions} == {recent.id, cancelled.id}


def test_rule_13_two_presses_at_once_are_one_prompt(harness: TillHarness, post: Post) -> None:
    """A double click, a held Enter, two windows."""
    together = threading.Barrier(8)

    def press(_: int) -> Payment | type[Exception]:
        together.wait(10)
        try:
            return charge(harness.till, post, TYPED)
        except Guarded as guarded:
            return type(guarded)

    with ThreadPoolExecutor(8) as fingers:
        ends = list(fingers.map(press, range(8)))
    harness.executor.shutdown()
    assert ends.count(Guarded) == 7
    assert len(harness.gateway.pushes) == 1


# Asking again --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("event", [NotSent("unreachable"), Answer(Result.CANCELLED, "1032", "c1")])
def test_rule_13_a_retry_names_the_payment_it_asks_again_for(
    harness: TillHarness, post: Post, event: NotSent | Answer
) -> None:
    first = sell(harness, post, TYPED)
    tell(harness, first, *([Accepted("m1", "c1")] if isinstance(event, Answer) else []), event)
    second = charge(harness.till, post, TYPED, retry_of=first.id)
    assert second.retry_of == first.id


def test_rule_13_both_paid_is_a_double(harness: TillHarness, post: Post, watch: Watch) -> None:
    first = end(harness, sell(harness, post, TYPED), "1032")
    second = charge(harness.till, post, TYPED, retry_of=first.id)
    prompted = watch.until(lambda seen: seen.id == second.id and seen.state is State.PROMPTED)
    tell(harness, second, Answer(Result.SUCCESS, "0", prompted.checkout_request_id))
    late = tell(harness, first, Answer(Result.SUCCESS, "0", first.checkout_request_id))
    assert late.remarks == {Remark.LATE, Remark.DOUBLE}


@pytest.mark.parametrize("code", ["0", "4999"])
def test_rule_13_only_what_is_known_to_be_unpaid_is_asked_for_again(
    harness: TillHarness, post: Post, code: str
) -> None:
    """It may have been paid, late, after the operator chose to ask again."""
    payment = end(harness, sell(harness, post, TYPED), "1032" if code == "0" else code)
    if code == "0":
        tell(harness, payment, Answer(Result.SUCCESS, "0", payment.checkout_request_id))
    harness.clock.advance(1_000)
    with pytest.raises(
        BadInput, match=r"^This payment is not known to be unpaid: do not ask again\. Nothing was sent\.$"
    ):
        charge(harness.till, post, TYPED, retry_of=payment.id, despite=[payment.id])
    assert harness.gateway.pushes == []


@pytest.mark.parametrize("code", ["1037", "1032"])
def test_rule_13_what_was_asked_again_and_paid_is_not_asked_for_once_more(
    harness: TillHarness, post: Post, code: str
) -> None:
    """A day later the first one still stands there as not paid; M-PESA would say of it what it said before."""
    first = end(harness, sell(harness, post, TYPED), code)
    second = sell(harness, post, TYPED, token="again", retry_of=first.id)
    harness.clock.advance(86_400)
    harness.gateway.query_answers.append(Answer(Result.EXPIRED, "1037", first.checkout_request_id))
    harness.till.checkout.may_ask_again(first)
    asked = list(harness.gateway.queries)
    end(harness, second, "0")
    words = f"Payment {second.number} asked this customer for the same again, and is paid. Nothing was sent."
    with pytest.raises(BadInput, match=words):
        harness.till.checkout.may_ask_again(first)
    with pytest.raises(BadInput, match=words):  # it may have been paid since the operator decided
        charge(harness.till, post, TYPED, retry_of=first.id, despite=[first.id, second.id])
    assert (harness.gateway.queries, harness.gateway.pushes) == (asked, [])
    assert charge(harness.till, post, TYPED, despite=[first.id, second.id]).retry_of is None


@pytest.mark.parametrize("retry_of", [0, 99])
def test_a_retry_of_no_payment_is_refused_in_words(harness: TillHarness, post: Post, retry_of: int) -> None:
    with pytest.raises(BadInput, match="do not ask again"):
        charge(harness.till, post, TYPED, retry_of=retry_of)


@pytest.mark.parametrize("state", [State.REQUESTED, State.PROMPTED, State.UNKNOWN, State.PAID])
def test_rule_13_asking_again_exists_only_on_unpaid_payments(harness: TillHarness, post: Post, state: State) -> None:
    payment = sell(harness, post, TYPED)
    if state is State.UNKNOWN:
        payment = tell(harness, payment, Unanswered(detail="x"))
    elif state is not State.REQUESTED:
        payment = end(harness, payment, "0" if state is State.PAID else "4999")
    assert payment.state is state
    harness.clock.advance(1_000)
    with pytest.raises(BadInput, match="do not ask again"):
        harness.till.checkout.may_ask_again(payment)


@pytest.mark.parametrize("code", ["1032", "1", "2001"])
def test_rule_13_most_refusals_may_be_asked_again_at_once(harness: TillHarness, post: Post, code: str) -> None:
    harness.till.checkout.may_ask_again(end(harness, sell(harness, post, TYPED), code))
    assert harness.gateway.queries == []


def test_rule_13_what_was_not_sent_may_be_asked_again_at_once(harness: TillHarness, post: Post) -> None:
    harness.till.checkout.may_ask_again(tell(harness, sell(harness, post, TYPED), NotSent("unreachable")))


@pytest.mark.parametrize("code", ["1037", *sorted(CODES)])
def test_rule_13_asking_again_waits_120_seconds_and_for_a_fresh_query(
    harness: TillHarness, post: Post, code: str
) -> None:
    payment = end(harness, sell(harness, post, TYPED), code)
    harness.clock.advance(110)
    with pytest.raises(BadInput, match=r"could still be answered\. Wait 0:10\."):
        harness.till.checkout.may_ask_again(payment)
    assert harness.gateway.queries == []
    harness.clock.advance(10)
    harness.gateway.query_answers.append(Answer(Result.EXPIRED, "1037", payment.checkout_request_id))
    harness.till.checkout.may_ask_again(payment)
    assert harness.gateway.queries == [payment.checkout_request_id]


@pytest.mark.parametrize(
    ("said", "words", "state"),
    [
        (Answer(Result.SUCCESS, "0", "c1"), "The customer has paid after all. Nothing was sent.", State.PAID),
        (Answer(Result.PENDING, "4999", "c1"), STILL_WORKING, State.EXPIRED),
        (NoAnswer(detail="ReadTimeout"), NO_ANSWER, State.EXPIRED),
        (Answer(Result.EXPIRED, "1037", "another"), NO_ANSWER, State.EXPIRED),
    ],
)
def test_rule_13_what_the_fresh_query_may_say(
    harness: TillHarness, post: Post, said: QueryAnswer, words: str, state: State
) -> None:
    payment = end(harness, sell(harness, post, TYPED), "1037")
    harness.clock.advance(120)
    harness.gateway.query_answers.append(said)
    with pytest.raises(BadInput) as raised:
        harness.till.checkout.may_ask_again(payment)
    assert str(raised.value) == words
    assert stored(harness, payment).state is state
    assert harness.till.reader.journal(payment.id)[-1].source == "query", "the answer enters by the one door"


def test_rule_13_a_payment_that_went_into_review_meanwhile_is_not_asked_again(harness: TillHarness, post: Post) -> None:
    payment = end(harness, sell(harness, post, TYPED), "1037")
    tell(harness, payment, success(payment, amount=1))
    harness.clock.advance(120)
    harness.gateway.query_answers.append(Answer(Result.EXPIRED, "1037", "c1"))
    with pytest.raises(BadInput, match="do not ask again"):
        harness.till.checkout.may_ask_again(payment)


def test_rule_13_without_an_id_there_is_no_fresh_query(harness: TillHarness, post: Post) -> None:
    payment = sell(harness, post, TYPED)
    payment = tell(harness, payment, failure(payment, "1037", checkout_request_id=None, merchant_request_id=None))
    harness.clock.advance(120)
    with pytest.raises(
        BadInput, match=r"^M-PESA gave us no number to check by: look at the statement before you ask again\.$"
    ):
        harness.till.checkout.may_ask_again(payment)


def test_while_the_operator_types_a_connection_is_made_ready(harness: TillHarness, clock: FakeClock) -> None:
    till, gateway = harness.till, harness.gateway
    typed: list[int] = []
    with ThreadPoolExecutor(1) as executor:
        checkout = Checkout(
            till="A",
            writer=till.writer,
            ledger=till.ledger,
            reader=till.reader,
            gateway=gateway,
            clock=clock,
            executor=executor,
            authority=till.authority,
            on_typing=lambda: typed.append(1),
        )

        def warmed() -> int:
            executor.submit(int).result(10)  # what was asked for before it is done
            return gateway.warmed

        gateway.hold()
        checkout.warm()
        clock.advance(WARM_EVERY)
        checkout.warm()  # a network that hangs must not take every thread of the pushes
        gateway.release()
        assert warmed() == 1
        checkout.warm()
        assert warmed() == 2
        checkout.warm()  # too soon
        assert warmed() == 2
        checkout.close()
        clock.advance(WARM_EVERY)
        checkout.warm()
        assert warmed() == len(typed) == 2


# Clocks that were wrong ----------------------------------------------------------------------------------------------

JUMPS = [3_600.0, -3_600.0, 10 * 365 * 86_400.0, -10 * 365 * 86_400.0]


def wait_seen(harness: TillHarness) -> float:
    """How long the guard makes the customer wait now."""
    (caution,) = harness.till.checkout.cautions(MSISDN)
    return (caution.until - harness.clock.corrected()).total_seconds() if caution.until else 0.0


@pytest.mark.parametrize("jump", JUMPS)
def test_the_guard_s_150_seconds_are_150_whatever_the_wall_clock_is_set_to(
    harness: TillHarness, post: Post, watch: Watch, jump: float
) -> None:
    charge(harness.till, post, TYPED)
    watch.until(lambda seen: seen.state is State.PROMPTED)
    harness.clock.advance(30)
    harness.clock.unheard()
    harness.clock.jump(jump)
    assert wait_seen(harness) == pytest.approx(120)
    harness.clock.advance(120)
    assert wait_seen(harness) == 0


@pytest.mark.parametrize("jump", JUMPS)
def test_asking_again_waits_120_seconds_whatever_the_wall_clock_is_set_to(
    harness: TillHarness, post: Post, watch: Watch, jump: float
) -> None:
    payment = charge(harness.till, post, TYPED)
    prompted = watch.until(lambda seen: seen.state is State.PROMPTED)
    expired = tell(harness, payment, failure(prompted, "1037"))
    harness.clock.advance(20)
    harness.clock.unheard()
    harness.clock.jump(jump)
    assert harness.till.checkout.wait_left(expired) == pytest.approx(100)
    with pytest.raises(BadInput, match=r"Wait 1:40\."):
        harness.till.checkout.may_ask_again(expired)
    harness.clock.advance(100)
    assert harness.till.checkout.wait_left(expired) == 0


@pytest.mark.parametrize("jump", JUMPS)
def test_a_payment_that_was_just_paid_is_seen_by_the_guard_whatever_the_wall_clock_is_set_to(
    harness: TillHarness, post: Post, watch: Watch, jump: float
) -> None:
    payment = charge(harness.till, post, TYPED)
    prompted = watch.until(lambda seen: seen.state is State.PROMPTED)
    tell(harness, payment, success(prompted))
    harness.clock.unheard()
    harness.clock.jump(jump)
    harness.clock.advance(149)
    assert [caution.payment.id for caution in harness.till.checkout.cautions(MSISDN)] == [payment.id]
    harness.clock.advance(2)
    assert harness.till.checkout.cautions(MSISDN) == []


@pytest.mark.parametrize("ahead", [timedelta(hours=1), timedelta(days=3_650)])
def test_a_payment_of_an_earlier_run_from_the_future_locks_nobody_for_longer_than_the_rule(
    harness: TillHarness, post: Post, ahead: timedelta
) -> None:
    """Its clock was wrong, and was set right before this start."""
    future = harness.clock.now() + ahead
    opened = prompt(harness, sell(harness, post, TYPED, created_at=future))
    expired = end(harness, sell(harness, post, TYPED, token="expired", created_at=future), "1037")
    waits = {seen.payment.id: seen.until for seen in harness.till.checkout.cautions(MSISDN)}
    assert waits == {
        opened.id: harness.clock.now() + timedelta(seconds=150),
        expired.id: harness.clock.now() + timedelta(seconds=120),
    }
    harness.clock.advance(151)
    assert [caution.until for caution in harness.till.checkout.cautions(MSISDN)] == [None]
    assert harness.till.checkout.wait_left(expired) == 0
