"""The one thread that writes: groups, savepoints, and what happens while the computer cannot save."""

import inspect
import json
import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from datetime import datetime
from typing import Any, cast

import pytest

from pos_app.errors import BadInput, CannotSave, Clash, Closing, RowRefused, TooMany, Unrecorded
from pos_app.sales.keeping import Keepable, Keeping
from pos_app.sales.ports import Transaction, Writer
from pos_app.sales.save_watch import HANGS, SLOW
from pos_app.sales.write_queue import FAIR, GIVE_UP, GROUP, RETRY, GroupWriter
from tests.support.builders import FakeSafe, Saving, a_post, said
from tests.support.fakes import FakeClock
from tests.support.till_harness import TillHarness

NEVER = 3_600.0  # a retry that no test waits for
SLOW_HERE = 0.06  # seconds; a save that takes longer hangs
AT_ONCE = 0.001


class Slate:
    """A transaction that remembers what was written in it; a failed savepoint leaves nothing."""

    def __init__(self) -> None:
        self.written: list[int] = []
        self.touched = False
        self.savepoints = 0

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        before = list(self.written)
        self.savepoints += 1
        try:
            yield
        except BaseException:
            self.written = before
            raise

    def touch(self, at: datetime) -> None:
        self.touched = True


class FakeStore:
    """Commits slates. While `failure` is set nothing can be saved; `hold()` stops right before a commit.

    A commit fails with `poison` where one of the numbers in it is written.
    """

    def __init__(self) -> None:
        self.poison: dict[int, Exception] = {}
        self.commits: list[Slate] = []
        self.tries = 0
        self.failure: Exception | None = None
        self.about_to_commit = threading.Event()
        self._gate = threading.Event()
        self._gate.set()

    @property
    def saved(self) -> list[int]:
        return [number for slate in self.commits for number in slate.written]

    def hold(self) -> None:
        self._gate.clear()

    def release(self) -> None:
        self._gate.set()

    @contextmanager
    def write(self) -> Iterator[Slate]:
        self.tries += 1
        if self.failure:
            raise self.failure
        slate = Slate()
        yield slate
        for number in slate.written:
            if number in self.poison:
                raise self.poison[number]
        self.about_to_commit.set()
        assert self._gate.wait(10), "the test never released the commit"
        self.commits.append(slate)


def note(number: int, error: Exception | None = None) -> Callable[[Transaction], int]:
    """A job that writes a number, and then fails where it should."""

    def work(transaction: Transaction) -> int:
        cast(Slate, transaction).written.append(number)
        if error:
            raise error
        return number

    return work


@pytest.fixture
def store() -> FakeStore:
    return FakeStore()


Make = Callable[..., GroupWriter]


@pytest.fixture
def make(store: FakeStore, clock: FakeClock) -> Iterator[Make]:
    """Makes writers, not started; stops them at the end."""
    made: list[GroupWriter] = []

    def build(
        on_saving: Callable[[bool], None] = lambda _: None,
        retry: float = AT_ONCE,
        keeping: Keeping | None = None,
        slow: float = SLOW,
    ) -> GroupWriter:
        made.append(GroupWriter(cast(Writer, store), clock, on_saving, retry, keeping, slow))
        return made[-1]

    yield build
    store.release()
    for writer in made:
        writer.stop()


def results(futures: list["Future[int]"]) -> list[int | type[BaseException]]:
    """What became of each job: its result, or the kind of its error."""
    return [type(error) if (error := future.exception(10)) else future.result() for future in futures]


def test_what_waits_is_committed_in_groups_of_64_in_its_order(store: FakeStore, make: Make) -> None:
    writer = make()
    futures = [writer.submit(note(number)) for number in range(150)]
    writer.start()
    assert results(futures) == list(range(150))
    assert [len(slate.written) for slate in store.commits] == [GROUP, GROUP, 22] == [64, 64, 22]
    assert store.saved == list(range(150))
    assert [slate.savepoints for slate in store.commits] == [0, 0, 0], "each costs, and none of them failed"


def test_rule_26_a_group_takes_a_second_at_most_where_each_job_takes_time(
    store: FakeStore, make: Make, clock: FakeClock
) -> None:
    """Other tills on the same server wait for it."""
    writer = make()

    def slow(number: int) -> Callable[[Transaction], int]:
        def work(transaction: Transaction) -> int:
            clock.advance(FAIR / 2)
            return note(number)(transaction)

        return work

    futures = [writer.submit(slow(number)) for number in range(5)]
    writer.step()
    assert results(futures) == list(range(5))
    assert [slate.written for slate in store.commits] == [[0, 1], [2, 3], [4]]


def test_without_its_thread_it_writes_on_the_callers(store: FakeStore, make: Make) -> None:
    writer = make()
    futures = [writer.submit(note(number)) for number in range(3)]
    writer.step()
    assert [future.done() for future in futures] == [True] * 3
    writer.step()
    assert store.saved == [0, 1, 2]
    store.failure = CannotSave()
    kept = writer.submit(note(3), keep=True)
    writer.step()
    assert not kept.done()
    store.failure = None
    writer.step()
    assert kept.result(0) == 3


def test_it_rests_until_there_is_something_to_write(store: FakeStore, make: Make) -> None:
    writer = make()
    waiting = threading.Thread(target=lambda: writer.step(wait=True))
    waiting.start()
    waiting.join(0.05)
    assert waiting.is_alive()
    future = writer.submit(note(1))
    waiting.join(10)
    assert future.result(0) == 1
    assert store.tries == 1


def test_its_thread_has_a_name_and_does_not_keep_the_program_from_ending(make: Make) -> None:
    make().start()
    assert {thread.daemon for thread in threading.enumerate() if thread.name == "writer"} == {True}


def test_what_comes_during_a_commit_is_the_next_group(store: FakeStore, make: Make) -> None:
    writer = make()
    store.hold()
    writer.start()
    first = writer.submit(note(0))
    assert store.about_to_commit.wait(10)
    rest = [writer.submit(note(number)) for number in range(1, 11)]
    store.release()
    assert results([first, *rest]) == list(range(11))
    assert [len(slate.written) for slate in store.commits] == [1, 10]


def test_a_failing_job_does_not_spoil_its_group(store: FakeStore, make: Make) -> None:
    writer = make()
    errors = {3: BadInput("no"), 5: ValueError("a fault of ours")}
    futures = [writer.submit(note(number, errors.get(number))) for number in range(8)]
    writer.start()
    assert results(futures) == [0, 1, 2, BadInput, 4, ValueError, 6, 7]
    assert store.saved == [0, 1, 2, 4, 6, 7]
    assert len(store.commits) == 1


def test_rule_5_nobody_is_told_before_the_commit(store: FakeStore, make: Make) -> None:
    writer = make()
    told: list[int] = []
    store.hold()
    writer.start()
    future = writer.submit(note(1), after=told.append)
    assert store.about_to_commit.wait(10)
    assert not told
    assert not future.done()
    store.release()
    assert future.result(10) == 1
    assert told == [1]


def test_rule_5_the_change_is_published_before_the_caller_is_answered(make: Make) -> None:
    writer = make()
    answered_first: list[bool] = []
    future: Future[int] = writer.submit(note(1), after=lambda _: answered_first.append(future.done()))
    writer.start()
    future.result(10)
    assert answered_first == [False]


def test_a_listener_that_fails_harms_nobody(make: Make, caplog: pytest.LogCaptureFixture) -> None:
    def fail(_: object) -> None:
        raise RuntimeError("a listener's fault")

    writer = make()
    futures = [writer.submit(note(1), after=fail), writer.submit(note(2))]
    writer.start()
    assert results(futures) == [1, 2]
    assert said(caplog, "pos_app.sales.write_queue") == ["a listener failed after the commit"]


def test_whoever_stops_waiting_does_not_undo_the_write(store: FakeStore, make: Make) -> None:
    writer = make()
    future = writer.submit(note(1))
    assert not future.cancel()
    writer.start()
    assert future.result(10) == 1


def test_rule_11_events_are_kept_while_nothing_can_be_saved_and_everything_else_fails(
    store: FakeStore, make: Make
) -> None:
    saving = Saving()
    writer = make(saving)
    store.failure = CannotSave()
    kept = [writer.submit(note(number), keep=True) for number in (1, 3)]
    lost = [writer.submit(note(number)) for number in (2, 4)]
    writer.start()
    assert results(lost) == [CannotSave, CannotSave]
    saving.until(False)
    assert not writer.saving
    assert not any(future.done() for future in kept)
    store.failure = None
    assert results(kept) == [1, 3]
    assert store.saved == [1, 3]
    saving.until(False, True)
    assert writer.saving


def test_rule_11_on_saving_is_told_once_for_many_tries(store: FakeStore, make: Make) -> None:
    saving = Saving()
    writer = make(saving)
    store.failure = CannotSave()
    writer.start()
    assert results([writer.submit(note(number)) for number in range(5)]) == [CannotSave] * 5
    assert saving.told == [False]
    store.failure = None
    assert results([writer.submit(note(1), keep=True)]) == [1]
    assert saving.told == [False, True]


def test_rule_11_it_heals_by_itself_also_with_nothing_to_write(store: FakeStore, make: Make) -> None:
    saving = Saving()
    writer = make(saving)
    store.failure = CannotSave()
    writer.start()
    assert results([writer.submit(note(1))]) == [CannotSave]
    store.failure = None
    saving.until(False, True)
    assert store.commits[0].touched, "an empty transaction would prove nothing"
    assert results([writer.submit(note(2))]) == [2]
    assert not store.commits[-1].touched


def test_rule_11_each_second() -> None:
    assert RETRY == 1.0
    assert inspect.signature(GroupWriter).parameters["retry"].default == RETRY


def test_rule_11_the_retry_waits(store: FakeStore, make: Make) -> None:
    saving = Saving()
    writer = make(saving, NEVER)
    store.failure = CannotSave()
    writer.start()
    kept = writer.submit(note(1), keep=True)
    saving.until(False)
    store.failure = None
    writer.stop()  # ends the wait; one last try
    assert results([kept]) == [1]
    assert store.tries == 2


def test_rule_11_many_kept_events_do_not_keep_others_waiting(store: FakeStore, make: Make) -> None:
    writer = make()
    store.failure = CannotSave()
    kept = [writer.submit(note(number), keep=True) for number in range(3 * GROUP)]
    writer.start()
    assert results([writer.submit(note(-1))]) == [CannotSave]
    store.failure = None
    assert results(kept) == list(range(3 * GROUP))
    assert store.saved == list(range(3 * GROUP))


@pytest.mark.parametrize("count", [1, GROUP, 3 * GROUP])
def test_stopping_while_nothing_can_be_saved_ends_and_says_so(store: FakeStore, make: Make, count: int) -> None:
    saving = Saving()
    writer = make(saving, NEVER)
    store.failure = CannotSave()
    kept = [writer.submit(note(number), keep=True) for number in range(count)]
    writer.start()
    saving.until(False)
    writer.stop()
    assert results(kept) == [CannotSave] * count


def test_a_save_that_fails_halfway_through_a_group_keeps_the_events(store: FakeStore, make: Make) -> None:
    """CannotSave out of a job spoils the transaction, so the group is tried again as a whole."""
    writer = make()
    broken = iter([CannotSave()])

    def work(transaction: Transaction) -> int:
        return note(2, next(broken, None))(transaction)

    futures = [writer.submit(note(1), keep=True), writer.submit(work, keep=True), writer.submit(note(3))]
    writer.start()
    assert results(futures) == [1, 2, CannotSave]
    assert store.saved == [1, 2]


def test_a_save_that_fails_after_another_job_did_keeps_the_events(store: FakeStore, make: Make) -> None:
    """The group is run again because of the first; then the disk is full."""
    writer = make()
    broken = iter([CannotSave()])

    def work(transaction: Transaction) -> int:
        return note(2, next(broken, None))(transaction)

    clash: Future[int] = writer.submit(note(1, BadInput("no")), keep=True)
    kept = writer.submit(work, keep=True)
    writer.start()
    assert results([clash, kept]) == [BadInput, 2]
    assert store.saved == [2]


def test_a_store_that_fails_in_an_unknown_way_cannot_save_either(
    store: FakeStore, make: Make, caplog: pytest.LogCaptureFixture
) -> None:
    writer = make()
    store.failure = RuntimeError("the pool is empty")
    kept = writer.submit(note(1), keep=True)
    writer.start()
    assert results([writer.submit(note(2))]) == [CannotSave]
    assert said(caplog, "pos_app.sales.write_queue")[:2] == ["the store failed", "cannot save: charging has stopped"]
    store.failure = None
    assert results([kept]) == [1]


def test_a_listener_about_saving_that_fails_does_not_end_the_writer(
    store: FakeStore, make: Make, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(_: bool) -> None:
        raise RuntimeError("a listener's fault")

    writer = make(fail)
    store.failure = CannotSave()
    writer.start()
    assert results([writer.submit(note(1))]) == [CannotSave]
    store.failure = None
    assert results([writer.submit(note(2), keep=True)]) == [2]
    assert said(caplog, "pos_app.sales.write_queue") == [
        "cannot save: charging has stopped",
        "a listener failed",
        "saving works again",
        "a listener failed",
    ]


def test_after_a_clash_the_job_decides_again_three_times_in_all(store: FakeStore, make: Make) -> None:
    writer = make()
    tries: list[int] = []
    clashes = iter([Clash("a"), Clash("b")])

    def twice(transaction: Transaction) -> int:
        tries.append(1)
        return note(1, next(clashes, None))(transaction)

    def always(transaction: Transaction) -> int:
        tries.append(2)
        return note(2, Clash("always"))(transaction)

    futures = [writer.submit(twice), writer.submit(always), writer.submit(note(3))]
    writer.start()
    assert results(futures) == [1, Clash, 3]
    assert (tries.count(1), tries.count(2)) == (3, 3)
    assert store.saved == [1, 3]


def test_events_that_cannot_be_recorded_are_logged(make: Make, caplog: pytest.LogCaptureFixture) -> None:
    """Nobody may be waiting for it, so the log is where it is heard of."""
    writer = make()
    futures = [writer.submit(note(1, ValueError("a fault of ours")), keep=True), writer.submit(note(2, BadInput("no")))]
    writer.start()
    assert results(futures) == [ValueError, BadInput]
    (record,) = (record for record in caplog.records if record.levelno >= logging.ERROR)
    assert record.getMessage() == "an event could not be recorded"
    assert record.exc_info
    assert isinstance(record.exc_info[1], ValueError)


def test_stop_writes_what_is_queued_and_refuses_what_comes_later(store: FakeStore, make: Make) -> None:
    writer = make()
    futures = [writer.submit(note(number)) for number in range(2 * GROUP)]
    writer.start()
    writer.stop()
    assert store.saved == list(range(2 * GROUP))
    assert results(futures) == list(range(2 * GROUP))
    assert results([writer.submit(note(1), keep=True)]) == [Closing]


def test_stopping_twice_or_before_the_start_is_harmless(make: Make) -> None:
    writer = make()
    writer.stop()
    writer.stop()
    assert results([writer.submit(note(1))]) == [Closing]


def test_stop_does_not_wait_for_ever(store: FakeStore, make: Make) -> None:
    writer = make()
    store.hold()
    writer.start()
    future = writer.submit(note(1))
    assert store.about_to_commit.wait(10)
    writer.stop(timeout=0.01)
    assert not future.done()
    store.release()
    assert future.result(10) == 1


def test_every_job_is_answered_even_where_it_meets_the_stop(store: FakeStore, make: Make) -> None:
    writer = make()
    writer.start()
    produced: list[list[Future[int]]] = []
    started = threading.Barrier(5)

    def produce() -> None:
        started.wait(10)
        produced.append([writer.submit(note(number)) for number in range(300)])

    threads = [threading.Thread(target=produce) for _ in range(4)]
    for thread in threads:
        thread.start()
    started.wait(10)
    writer.stop()
    for thread in threads:
        thread.join()
    ends = [end for futures in produced for end in results(futures)]
    assert len(ends) == 4 * 300
    assert set(ends) <= {*range(300), Closing}
    assert len(store.saved) == sum(end is not Closing for end in ends)


def test_a_clash_on_a_real_database_leaves_the_rest_of_the_group(harness: TillHarness) -> None:
    """Real savepoints: what a failing job wrote before it failed is gone, its neighbours' rows are there."""
    writer, reader = harness.till.writer, harness.till.reader
    hold = threading.Event()

    def wait(_: Transaction) -> None:
        assert hold.wait(10)

    def add_then_fail(transaction: Transaction) -> None:
        transaction.add_post(a_post(title="gone", favourite=None))
        raise BadInput("no")

    first = writer.submit(wait)
    futures: list[Future[Any]] = [
        writer.submit(lambda transaction: transaction.add_post(a_post(title="one", favourite=1))),
        writer.submit(add_then_fail),
        writer.submit(lambda transaction: transaction.add_post(a_post(title="clash", favourite=1))),
        writer.submit(lambda transaction: transaction.add_post(a_post(title="two", favourite=2))),
    ]
    hold.set()
    first.result(10)
    assert [type(future.exception(10)) for future in futures] == [type(None), BadInput, Clash, type(None)]
    assert [post.title for post in reader.posts()] == ["one", "two"]


# What outlives the program ------------------------------------------------------------------------------------------


class Answers:
    """Lines of event, and what was given up of them."""

    def __init__(self) -> None:
        self.given_up: list[type[Exception]] = []

    def held(self, number: int, about: str = "") -> Keepable:
        line = json.dumps({"event": number, "person": ""})
        return Keepable(line=lambda: line, give_up=lambda error: self.given_up.append(type(error)), about=about)


def names(lines: list[str]) -> list[int]:
    return [json.loads(line)["event"] for line in lines]


@pytest.fixture
def answers() -> Answers:
    return Answers()


@pytest.fixture
def safe() -> FakeSafe:
    return FakeSafe()


def test_events_that_cannot_be_saved_are_in_the_file_until_they_are(
    store: FakeStore, make: Make, answers: Answers, safe: FakeSafe
) -> None:
    saving = Saving()
    writer = make(saving, keeping=Keeping(safe))
    store.failure = CannotSave()
    writer.start()
    futures = [writer.submit(note(number), keep=True, held=answers.held(number)) for number in (1, 2)]
    saving.until(False)
    assert safe.until(lambda lines: names(lines) == [1, 2])
    store.failure = None
    assert results(futures) == [1, 2]
    saving.until(False, True)
    writer.stop()
    assert safe.lines == []


def test_of_what_comes_to_one_address_twenty_are_held_and_the_next_is_refused(
    store: FakeStore, make: Make, answers: Answers, safe: FakeSafe
) -> None:
    writer = make(keeping=Keeping(safe))
    store.failure = CannotSave()
    crowd = [writer.submit(note(number), keep=True, held=answers.held(number, "junk")) for number in range(30)]
    genuine = writer.submit(note(100), keep=True, held=answers.held(100, "another"))
    own = [writer.submit(note(number), keep=True, held=answers.held(number)) for number in range(200, 230)]
    writer.step()
    crowd += [writer.submit(note(number), keep=True, held=answers.held(number, "junk")) for number in range(30, 60)]
    refused = [future for future in crowd if future.done()]
    assert refused == crowd[20:]
    assert {type(future.exception()) for future in refused} == {TooMany}
    assert names(safe.lines) == [*range(20), 100, *range(200, 230)]
    store.failure = None
    writer.step()
    assert results([*crowd[:20], genuine, *own]) == [*range(20), 100, *range(200, 230)]
    assert safe.lines == []
    store.failure = CannotSave()
    again = writer.submit(note(1), keep=True, held=answers.held(1, "junk"))
    writer.step()
    assert not again.done(), "what was recorded counts no more"


def test_what_a_hanging_save_holds_of_one_address_is_no_more_than_twenty(
    store: FakeStore, make: Make, answers: Answers, safe: FakeSafe
) -> None:
    writer = make(keeping=Keeping(safe))
    for number in range(30):
        writer.submit(note(number), keep=True, held=answers.held(number, "junk"))
    writer._keep_held()
    assert names(safe.lines) == list(range(20))
    writer.step()
    assert safe.lines == []


def test_whatever_fails_once_in_the_writer_itself_ends_no_saving(
    store: FakeStore, make: Make, answers: Answers, safe: FakeSafe, caplog: pytest.LogCaptureFixture
) -> None:
    saving = Saving()
    writer = make(saving, keeping=Keeping(safe))
    store.failure = CannotSave()
    spoilt = [True]

    def line() -> str:
        if spoilt.pop() if spoilt else False:
            raise ValueError("a line that cannot be made")
        return "later"

    futures = [
        writer.submit(note(1), keep=True, held=Keepable(line=line, give_up=lambda _: None)),
        writer.submit(note(2), keep=True, held=answers.held(2)),
    ]
    writer.start()
    saving.until(False)
    store.failure = None
    assert results(futures) == [1, 2]
    saving.until(False, True)
    assert "the writer failed" in said(caplog, "pos_app.sales.write_queue")


def test_events_that_a_close_finds_unsaved_are_in_the_file(
    store: FakeStore, make: Make, answers: Answers, safe: FakeSafe
) -> None:
    writer = make(retry=NEVER, keeping=Keeping(safe))
    store.failure = CannotSave()
    writer.start()
    futures = [writer.submit(note(number), keep=True, held=answers.held(number)) for number in range(3)]
    writer.stop()
    assert results(futures) == [CannotSave] * 3
    assert names(safe.lines) == [0, 1, 2]
    late = writer.submit(note(3), keep=True, held=answers.held(3))
    assert results([late]) == [Closing]
    assert names(safe.lines) == [0, 1, 2, 3], "a push that comes back after the close"


def test_events_behind_a_disk_that_hangs_are_in_the_file_at_a_close(
    store: FakeStore, make: Make, answers: Answers, safe: FakeSafe
) -> None:
    writer = make(keeping=Keeping(safe))
    store.hold()
    writer.start()
    first = writer.submit(note(1), keep=True, held=answers.held(1))
    assert store.about_to_commit.wait(10)
    second = writer.submit(note(2), keep=True, held=answers.held(2))
    writer.stop(timeout=0.01)
    assert names(safe.lines) == [1, 2]
    store.release()
    assert results([first, second]) == [1, 2]
    assert safe.until(lambda lines: not lines)


def test_rule_11_a_save_that_hangs_is_one_that_fails_until_it_ends(
    store: FakeStore, make: Make, answers: Answers, safe: FakeSafe, clock: FakeClock
) -> None:
    saving = Saving()
    writer = make(saving, keeping=Keeping(safe), slow=SLOW_HERE)
    store.hold()
    writer.start()
    futures = [writer.submit(note(1), keep=True, held=answers.held(1))]
    assert store.about_to_commit.wait(10)
    clock.advance(2 * SLOW_HERE)
    saving.until(False)
    assert safe.until(lambda lines: names(lines) == [1])
    assert writer.why == HANGS
    with pytest.raises(CannotSave, match="does not answer"):
        writer.check_saving()
    futures.append(writer.submit(note(2), keep=True, held=answers.held(2)))  # what comes meanwhile, too
    assert safe.until(lambda lines: names(lines) == [1, 2])
    store.release()
    saving.until(False, True)
    assert results(futures) == [1, 2]
    assert safe.until(lambda lines: lines == [])
    writer.check_saving()
    assert writer.keeping.waiting == []


def test_what_is_saved_while_it_goes_into_the_file_goes_from_it_again(
    store: FakeStore, make: Make, answers: Answers, clock: FakeClock
) -> None:
    saved: list[int] = []

    class LateSafe(FakeSafe):
        """What hung is saved just while its line is written."""

        def append(self, lines: Sequence[str]) -> None:
            super().append(lines)
            store.release()
            saved.append(future.result(10))

    safe = LateSafe()
    writer = make(keeping=Keeping(safe), slow=SLOW_HERE)
    store.hold()
    future = writer.submit(note(1), keep=True, held=answers.held(1))
    writer.start()
    assert store.about_to_commit.wait(10)
    clock.advance(2 * SLOW_HERE)
    assert safe.until(lambda lines: saved == [1] and lines == [])


def test_events_that_an_earlier_run_left_go_from_the_file_when_they_are_recorded(
    store: FakeStore, make: Make, answers: Answers
) -> None:
    line = answers.held(1).line()
    keeping = Keeping(FakeSafe())
    keeping.keep([line])
    writer = make(keeping=keeping)
    future = writer.submit(note(1), keep=True, held=answers.held(1), line=line)
    writer.step()
    assert future.result(0) == 1
    assert keeping.waiting == []


@pytest.mark.parametrize("error", [ValueError("a fault of ours"), Clash("always"), RowRefused()])
def test_events_that_fail_alone_stop_all_charging_and_are_tried_again(
    store: FakeStore, make: Make, answers: Answers, safe: FakeSafe, error: Exception
) -> None:
    writer = make(keeping=Keeping(safe))
    failing: list[Exception | None] = [error]
    future = writer.submit(lambda transaction: note(1, failing[0])(transaction), keep=True, held=answers.held(1))
    other = writer.submit(note(2), keep=True)
    writer.step()
    assert not writer.saving
    assert writer.why
    assert (future.done(), other.result(0)) == (False, 2)
    assert names(safe.lines) == [1]
    failing[0] = None
    writer.step()
    assert future.result(0) == 1
    assert (writer.saving, writer.why, safe.lines) == (True, "", [])


def test_one_bad_line_does_not_close_a_shop(
    store: FakeStore, make: Make, answers: Answers, safe: FakeSafe, caplog: pytest.LogCaptureFixture
) -> None:
    writer = make(keeping=Keeping(safe))
    bad = writer.submit(note(1, ValueError("a fault of ours")), keep=True, held=answers.held(1))
    for _ in range(GIVE_UP - 1):
        writer.step()
        assert not bad.done()
        assert not writer.saving
    writer.step()
    assert results([bad]) == [Unrecorded]
    assert writer.saving
    assert GIVE_UP == 10
    assert answers.given_up == [ValueError]
    assert [json.loads(line) for line in safe.lines] == [{"event": 1, "person": "ValueError"}]
    assert said(caplog, "pos_app.sales.write_queue") == [
        "an event could not be recorded; it is kept and tried again",
        "cannot save: charging has stopped",
        "saving works again",
        "an event could not be recorded; it is left to a person",
    ]


def test_what_spoils_the_commit_itself_is_found_among_the_others(
    store: FakeStore, make: Make, answers: Answers, safe: FakeSafe
) -> None:
    writer = make(keeping=Keeping(safe))
    store.poison[2] = RuntimeError("found at the commit")
    futures = [writer.submit(note(number), keep=True, held=answers.held(number)) for number in range(5)]
    for _ in range(GIVE_UP):
        assert not futures[2].done()
        writer.step()
    assert results(futures) == [0, 1, Unrecorded, 3, 4]
    assert store.saved == [0, 1, 3, 4]
    assert answers.given_up == [RuntimeError]


def test_while_nothing_else_can_be_saved_nothing_is_given_up(
    store: FakeStore, make: Make, answers: Answers, safe: FakeSafe
) -> None:
    writer = make(keeping=Keeping(safe))
    store.failure = RuntimeError("whatever")
    kept = writer.submit(note(1), keep=True, held=answers.held(1))
    for _ in range(3 * GIVE_UP):
        writer.step()
    assert not kept.done()
    store.failure = None
    writer.step()
    assert kept.result(0) == 1


def test_a_row_that_is_refused_to_somebody_else_stops_charging_for_a_moment(store: FakeStore, make: Make) -> None:
    writer = make()
    future = writer.submit(note(1, RowRefused()))
    writer.step()
    assert results([future]) == [RowRefused]
    assert not writer.saving
    writer.step()
    assert writer.saving


def test_events_of_another_database_are_left_to_a_person_at_once(
    store: FakeStore, make: Make, answers: Answers, safe: FakeSafe
) -> None:
    writer = make(keeping=Keeping(safe))
    future = writer.submit(note(1, Unrecorded()), keep=True, held=answers.held(1))
    writer.step()
    assert results([future]) == [Unrecorded]
    assert writer.saving
    assert names(safe.lines) == [1]


def test_what_was_given_up_before_is_tried_once(store: FakeStore, make: Make, answers: Answers) -> None:
    line = json.dumps({"event": 1, "person": "ValueError"})
    keeping = Keeping(FakeSafe())
    keeping.aside.append(line)
    writer = make(keeping=keeping)
    future = writer.submit(note(1, ValueError("still")), held=answers.held(1), line=line)
    writer.step()
    assert results([future]) == [ValueError]
    assert (writer.saving, keeping.aside, answers.given_up) == (True, [line], [])


def test_whoever_hears_of_what_is_given_up_may_fail(
    store: FakeStore, make: Make, safe: FakeSafe, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(_: Exception) -> None:
        raise ZeroDivisionError

    writer = make(keeping=Keeping(safe))
    held = Keepable(line=lambda: json.dumps({"event": 1}), give_up=fail)
    future = writer.submit(note(1, Unrecorded()), keep=True, held=held)
    writer.step()
    assert results([future]) == [Unrecorded]
    assert "a listener failed" in said(caplog, "pos_app.sales.write_queue")
