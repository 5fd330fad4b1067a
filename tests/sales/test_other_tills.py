"""One view of the shop at every counter: what is told of other tills, and what is not done because of it."""

import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any, cast

import pytest

from pos_app.domain.catalogue import Post, draft_post
from pos_app.domain.payment import Payment, State
from pos_app.domain.shop_changes import ShopChanges
from pos_app.errors import CannotRead, CannotSave
from pos_app.sales.other_tills import OtherTills, Pauses
from pos_app.sales.ports import Reader
from pos_app.sales.write_queue import GroupWriter
from tests.support.builders import BreakableStore, a_payment, flush, prompt, sell, success
from tests.support.till_harness import TillHarness

PATIENCE = 10.0  # seconds
QUICK = Pauses(poll=0.5, first=0.01, longest=0.02)


class Feed:
    """Fits `ShopFeed`: what a test says was written."""

    def __init__(self) -> None:
        self.changes: list[ShopChanges] = []
        self.broken = 0  # so many looks fail
        self.opened = 0
        self.told = threading.Event()
        self.looked = threading.Semaphore(0)
        self._open = False

    def open(self) -> None:
        self.opened += not self._open
        self._open = True

    def look(self) -> ShopChanges:
        assert self._open
        if self.broken:
            self.broken -= 1
            raise CannotSave
        self.looked.release()
        return self.changes.pop(0) if self.changes else ShopChanges()

    def wait(self, seconds: float) -> bool:
        told = self.told.wait(seconds)
        self.told.clear()
        return told

    def wake(self) -> None:
        self.told.set()

    def close(self) -> None:
        self._open = False

    def write(self, *payments: Payment, acts: frozenset[str] = frozenset(), more: bool = False) -> None:
        self.changes.append(ShopChanges(payments, acts, more))


class Unreadable:
    """Fits `Reader`: a real one that can be read from unless it is `broken`."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self.broken = False

    def __getattr__(self, name: str) -> Any:
        if self.broken:
            raise CannotRead("broken")
        return getattr(self._reader, name)


class Told:
    """Everybody whom the till's publisher tells."""

    def __init__(self, harness: TillHarness) -> None:
        self.own: list[Payment] = []
        self.changes: list[tuple[State | None, State]] = []
        self.others: list[Payment] = []
        self.acts: list[frozenset[str]] = []
        publisher = harness.till.ledger.publisher
        publisher.subscribe(self.own.append)
        publisher.watch(lambda before, after: self.changes.append((before.state if before else None, after.state)))
        publisher.subscribe_others(self.others.append)
        publisher.watch_shop(self.acts.append)


@pytest.fixture
def feed() -> Feed:
    return Feed()


@pytest.fixture
def others(harness: TillHarness, feed: Feed) -> OtherTills:
    till = harness.till
    return OtherTills("A", feed, till.reader, till.ledger, till.writer, QUICK)


@pytest.fixture
def told(others: OtherTills, harness: TillHarness) -> Told:
    return Told(harness)


@pytest.fixture
def looks(others: OtherTills, feed: Feed, harness: TillHarness) -> Callable[[], None]:
    """A look, without a thread; what follows from it is there afterwards."""
    feed.open()

    def look() -> None:
        others.look()
        flush(harness.till.writer)

    return look


@pytest.fixture
def post(harness: TillHarness) -> Post:
    return harness.till.catalogue.add(draft_post("Maji", 250))


def test_another_till_s_payment_is_told_apart(feed: Feed, told: Told, looks: Callable[[], None]) -> None:
    payment = a_payment(id=900, till="B")
    feed.write(payment)
    looks()
    assert told.others == [payment]
    assert (told.own, told.changes) == ([], [])


def test_it_is_told_once_for_each_of_its_versions(feed: Feed, told: Told, looks: Callable[[], None]) -> None:
    payment = a_payment(id=900, till="B", version=3)
    paid = replace(payment, state=State.PAID, version=4)
    for each in (payment, payment, paid, payment):
        feed.write(each)
        looks()
    assert told.others == [payment, paid]


def test_what_was_settled_here_is_not_told_again(
    feed: Feed, told: Told, looks: Callable[[], None], harness: TillHarness
) -> None:
    payment = a_payment(id=900, till="B", version=4)
    harness.till.ledger.publish(payment)
    feed.write(payment)
    looks()
    assert told.others == []


def test_many_are_looked_up_in_several_looks(feed: Feed, told: Told, looks: Callable[[], None]) -> None:
    for number in range(3):
        feed.write(a_payment(id=900 + number, till="B"), more=number < 2)
    looks()
    assert [payment.id for payment in told.others] == [900, 901, 902]


def test_what_people_have_done_is_told(feed: Feed, told: Told, looks: Callable[[], None]) -> None:
    feed.write(acts=frozenset({"posts", "charge"}))
    looks()
    looks()
    assert told.acts == [frozenset({"posts", "charge"})]


def changed_elsewhere(harness: TillHarness, payment: Payment) -> Payment:
    """Another program writes, and this one is not told."""
    with harness.database.write() as transaction:
        before = transaction.payment(payment.id)
        assert before is not None
        transaction.update(before, replace(before, state=State.UNKNOWN))
        after = transaction.payment(payment.id)
    assert after is not None
    return after


def test_its_own_payment_changed_elsewhere_is_told_as_if_it_were_changed_here(
    feed: Feed, told: Told, looks: Callable[[], None], harness: TillHarness, post: Post
) -> None:
    payment = prompt(harness, sell(harness, post))
    told.own.clear()
    told.changes.clear()
    after = changed_elsewhere(harness, payment)
    feed.write(after)
    feed.write(after)
    looks()
    looks()
    assert told.own == [after]
    assert told.changes == [(State.PROMPTED, State.UNKNOWN)]
    assert told.others == []


def test_what_it_has_saved_itself_is_not_told_twice(
    feed: Feed, told: Told, looks: Callable[[], None], harness: TillHarness, post: Post
) -> None:
    """The feed may have it before the writer's thread has come to telling it."""
    payment = prompt(harness, sell(harness, post))
    recorded = harness.till.ledger.record(success(payment), payment)
    change = recorded.result(PATIENCE)
    assert change is not None
    feed.write(replace(change.after, version=payment.version + 1))
    looks()
    assert [after for _, after in told.changes].count(State.PAID) == 1


def test_a_version_that_the_writer_told_meanwhile_is_not_told_again(
    feed: Feed, told: Told, looks: Callable[[], None], harness: TillHarness, post: Post
) -> None:
    payment = prompt(harness, sell(harness, post))
    held = threading.Event()
    harness.till.writer.submit(lambda _: held.wait(PATIENCE))
    recorded = harness.till.ledger.record(success(payment), payment)
    feed.write(replace(payment, state=State.PAID, version=payment.version + 1))
    looking = threading.Thread(target=looks)
    looking.start()
    held.set()
    looking.join(PATIENCE)
    assert recorded.result(PATIENCE) is not None
    assert [after for _, after in told.changes].count(State.PAID) == 1


def test_what_another_till_sells_that_has_taken_the_letter_is_not_its_own(
    harness: TillHarness, feed: Feed, post: Post
) -> None:
    """A computer that slept for an hour: nothing prints or rings here for the customers of the other one."""
    till = harness.till
    others = OtherTills("A", feed, till.reader, till.ledger, till.writer, QUICK, still_mine=lambda _: False)
    told = Told(harness)
    payment = sell(harness, post)
    feed.open()
    feed.write(payment)
    others.look()
    flush(till.writer)
    assert (told.own, told.others) == ([], [payment])


def test_one_that_is_gone_is_not_told(feed: Feed, told: Told, looks: Callable[[], None]) -> None:
    feed.write(a_payment(id=77_777, till="A"))
    looks()
    assert (told.own, told.others) == ([], [])


def test_an_own_one_that_nobody_has_told_of_yet(
    feed: Feed, told: Told, looks: Callable[[], None], harness: TillHarness, post: Post
) -> None:
    """A command at this till's computer has opened it: how it stood before is not known."""
    payment = sell(harness, post)
    feed.write(payment)
    looks()
    assert told.own == [payment]
    assert told.changes == []


def test_what_could_not_be_looked_at_is_told_with_the_next_look(
    feed: Feed, told: Told, harness: TillHarness, post: Post
) -> None:
    payment = sell(harness, post)
    store, till = BreakableStore(harness.database), harness.till
    writer = GroupWriter(store, harness.clock, lambda _: None, 0.01, None)
    others = OtherTills("A", feed, till.reader, till.ledger, writer, QUICK)
    feed.open()
    feed.write(payment)
    writer.start()
    store.broken = True
    others.look()
    with pytest.raises(CannotSave):
        writer.submit(lambda _: None).result(PATIENCE)
    assert told.own == []
    store.broken = False
    others.look()
    flush(writer)
    writer.stop()
    assert told.own == [payment]


def test_what_was_told_once_is_not_lost_where_the_rest_cannot_be_read(
    feed: Feed, told: Told, harness: TillHarness, post: Post
) -> None:
    """An own payment must be looked at once more, and just then nothing can be read."""
    payment, theirs = sell(harness, post), a_payment(id=900, till="B")
    store, reader, till = BreakableStore(harness.database), Unreadable(harness.till.reader), harness.till
    writer = GroupWriter(store, harness.clock, lambda _: None, 0.01, None)
    others = OtherTills("A", feed, cast("Reader", reader), till.ledger, writer, QUICK)
    feed.open()
    feed.write(payment)
    writer.start()
    store.broken = True
    others.look()
    with pytest.raises(CannotSave):
        writer.submit(lambda _: None).result(PATIENCE)
    store.broken = False
    feed.write(theirs)
    reader.broken = True
    with pytest.raises(CannotRead):
        others.look()
    reader.broken = False
    others.look()
    flush(writer)
    writer.stop()
    assert (told.own, told.others) == ([payment], [theirs])


class TestThread:
    def test_it_looks_when_told_and_stops_at_once(self, feed: Feed, told: Told, others: OtherTills) -> None:
        others.start()
        assert feed.looked.acquire(timeout=PATIENCE)
        feed.write(a_payment(id=900, till="B"))
        feed.told.set()
        assert feed.looked.acquire(timeout=PATIENCE)
        others.stop()
        assert [payment.id for payment in told.others] == [900]
        assert feed.opened == 1

    def test_it_looks_also_where_nothing_is_told(self, feed: Feed, told: Told, others: OtherTills) -> None:
        others.start()
        for _ in range(2):
            assert feed.looked.acquire(timeout=PATIENCE)
        others.stop()

    def test_after_a_lost_connection_it_listens_again(self, feed: Feed, told: Told, others: OtherTills) -> None:
        feed.broken = 3
        feed.write(a_payment(id=900, till="B"))
        others.start()
        assert feed.looked.acquire(timeout=PATIENCE)
        others.stop()
        assert [payment.id for payment in told.others] == [900]
        assert feed.opened == 4

    def test_a_fault_of_ours_does_not_end_it(
        self, feed: Feed, told: Told, others: OtherTills, caplog: pytest.LogCaptureFixture
    ) -> None:
        feed.changes.append(None)  # type: ignore[arg-type]
        others.start()
        for _ in range(2):
            assert feed.looked.acquire(timeout=PATIENCE)
        others.stop()
        assert "other tills are not heard (AttributeError)" in caplog.text

    def test_what_the_last_run_left_open_is_known(
        self, feed: Feed, told: Told, others: OtherTills, harness: TillHarness, post: Post
    ) -> None:
        payment = prompt(harness, sell(harness, post))
        later = OtherTills("A", feed, harness.till.reader, harness.till.ledger, harness.till.writer, QUICK)
        told.own.clear()
        told.changes.clear()
        later.start()
        assert feed.looked.acquire(timeout=PATIENCE)
        feed.write(changed_elsewhere(harness, payment))
        feed.told.set()
        assert feed.looked.acquire(timeout=PATIENCE)
        later.stop()
        flush(harness.till.writer)
        assert told.changes == [(State.PROMPTED, State.UNKNOWN)]

    def test_one_that_never_began_is_stopped(self, others: OtherTills) -> None:
        others.stop()


def test_only_a_day_s_payments_are_remembered(feed: Feed, told: Told, looks: Callable[[], None]) -> None:
    first = a_payment(id=1, till="B")
    feed.write(*(replace(first, id=number) for number in range(1, 10_002)))
    looks()
    told.others.clear()
    feed.write(first, replace(first, id=10_001))
    looks()
    assert [payment.id for payment in told.others] == [1]
