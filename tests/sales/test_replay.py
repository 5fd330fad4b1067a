"""Events that could not be recorded outlive the program, and enter later by the same door."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

import pytest

from pos_app.domain.catalogue import draft_post
from pos_app.domain.payment import CallbackAddress, Outcome, Payment, PaymentId, PaymentKey, Remark, State
from pos_app.domain.payment_event import Callback, ManualSettlement, NoAnswer, NotSent, Settlement
from pos_app.errors import TooMany, Unrecorded
from pos_app.sales.keeping import Keeping
from pos_app.sales.kept_events import KeptEvent, read_line
from pos_app.sales.ledger import Ledger, address_of
from pos_app.sales.query_schedule import Schedule
from pos_app.sales.write_queue import GIVE_UP, GroupWriter
from tests.support.builders import BreakableStore, FakeSafe, Watch, accepted, failure, sell, success, tell
from tests.support.fakes import PHONE, START
from tests.support.till_harness import TillHarness


def stored(harness: TillHarness, payment: Payment) -> Payment:
    """As it stands in the database now."""
    found = harness.till.reader.payment(payment.id)
    assert found
    return found


@pytest.fixture
def sold(harness: TillHarness) -> Payment:
    """A payment whose push has not been answered; its address token is `secret`."""
    return sell(harness, harness.till.catalogue.add(draft_post("Wi-Fi month", 100, 30)))


class Kept(NamedTuple):
    """A ledger whose store can be broken, and the file beside it."""

    store: BreakableStore
    writer: GroupWriter
    ledger: Ledger
    safe: FakeSafe


@pytest.fixture
def kept(harness: TillHarness) -> Callable[..., Kept]:
    """Makes ledgers on the harness's database, one run of the program after another."""

    def build(safe: FakeSafe) -> Kept:
        store = BreakableStore(harness.database)
        writer = GroupWriter(store, harness.clock, keeping=Keeping(safe))
        return Kept(
            store, writer, Ledger(writer, harness.clock, Schedule(reaches=lambda _: True, random=lambda: 0.5)), safe
        )

    return build


def test_what_a_run_could_not_save_the_next_one_records_in_its_order(
    harness: TillHarness, sold: Payment, kept: Callable[..., Kept]
) -> None:
    first = kept(FakeSafe())
    first.ledger.publish(sold)
    first.store.broken = True
    first.ledger.record(accepted(sold), sold)
    first.ledger.record(NoAnswer(detail="the line is down"), sold)
    first.ledger.record_at(address_of("secret"), success(sold), f'{{"phone": "{PHONE}"}}')
    first.writer.step()
    first.writer.stop()
    assert len(first.safe.lines) == 2, "no answer is learnt again by itself"
    assert PHONE not in json.loads(first.safe.lines[1])["body"], "as the journal would keep it"

    second = kept(first.safe)
    watch = Watch(second.ledger)
    futures = second.ledger.replay()
    second.writer.step()
    assert [change.after.state for future in futures if (change := future.result(0))] == [State.PROMPTED, State.PAID]
    assert [payment.state for payment in watch.seen] == [State.PROMPTED, State.PAID]
    assert stored(harness, sold).granted
    assert second.safe.lines == []


def test_what_was_recorded_before_a_kill_is_recorded_again_without_harm(
    harness: TillHarness, sold: Payment, kept: Callable[..., Kept]
) -> None:
    event = success(sold)
    line = KeptEvent(at=START, key=CallbackAddress(address_of("secret")), number=sold.number, event=event).line()
    for _ in range(2):
        run = kept(FakeSafe([line]))
        run.ledger.replay()
        run.writer.step()
        assert run.safe.lines == []
    assert stored(harness, sold).granted
    assert [entry.outcome for entry in harness.till.reader.journal(sold.id)] == [Outcome.APPLIED, Outcome.DUPLICATE]


@pytest.mark.parametrize("saved", [False, True])
def test_rule_26_of_a_charge_that_was_refused_and_may_have_been_saved_nobody_is_asked_to_look(
    harness: TillHarness, sold: Payment, kept: Callable[..., Kept], saved: bool
) -> None:
    first = kept(FakeSafe())
    first.store.broken = True
    first.ledger.never_sent(address_of("secret" if saved else "of none"), NotSent("late"))
    first.writer.step()
    first.writer.stop()
    second = kept(first.safe)
    [future] = second.ledger.replay()
    second.writer.step()
    change = future.result(0)
    assert (change.after.reason.word if change else None) == ("late" if saved else None)
    assert stored(harness, sold).state is (State.NOT_SENT if saved else State.REQUESTED)
    assert (second.safe.lines, second.writer.keeping.aside) == ([], [])


def test_what_the_owner_decided_before_a_kill_does_not_meet_what_came_since(
    harness: TillHarness, sold: Payment, kept: Callable[..., Kept]
) -> None:
    """The file could not be rewritten: it still has a look at one remark, and another has come since."""
    paid = tell(harness, sold, accepted(sold), success(sold), failure(sold))
    word = ManualSettlement(Settlement.SEEN, detail="looked at", version=paid.version)
    line = KeptEvent(at=START, key=PaymentId(sold.id), number=sold.number, event=word).line()
    assert not tell(harness, paid, word).needs_attention
    odd = tell(harness, paid, success(sold, receipt="UKN0000000"))
    run = kept(FakeSafe([line]))
    run.ledger.replay()
    run.writer.step()
    assert run.safe.lines == []
    assert stored(harness, sold) == odd
    assert odd.needs_attention
    assert harness.till.reader.journal(sold.id)[-1].outcome is Outcome.IGNORED


def test_what_was_kept_for_one_customer_is_not_recorded_for_another_where_a_copy_was_put_back(
    harness: TillHarness, sold: Payment, kept: Callable[..., Kept]
) -> None:
    """The copy has given the id and the number of the payment that it does not know to the next one."""
    gone = replace(sold, address=address_of("of the one that is gone"))
    first = kept(FakeSafe())
    first.store.broken = True
    first.ledger.record(accepted(gone), gone)
    first.writer.step()
    first.writer.stop()
    assert json.loads(first.safe.lines[0])["number"] == sold.number, "a person is told which one"
    second = kept(first.safe)
    [future] = second.ledger.replay()
    for _ in range(2):
        second.writer.step()
    assert isinstance(future.exception(0), Unrecorded)
    assert stored(harness, sold) == sold
    assert len(second.writer.keeping.aside) == 1


@pytest.mark.parametrize("key", ["id of another", "unknown id", "unknown address"])
def test_events_of_another_database_reach_nobody(
    harness: TillHarness, sold: Payment, kept: Callable[..., Kept], key: str
) -> None:
    """A copy was put back: its payment 1 may be another one."""
    keys: dict[str, PaymentKey] = {
        "id of another": PaymentId(sold.id),
        "unknown id": PaymentId(999),
        "unknown address": CallbackAddress("0" * 64),
    }
    line = KeptEvent(at=START, key=keys[key], number="B-20261120-0007", event=success(sold)).line()
    run = kept(FakeSafe([line, "torn"]))
    told: list[str] = []
    run.ledger.watch_trouble(told.append)
    [future] = run.ledger.replay()
    run.writer.step()
    run.writer.step()
    assert isinstance(future.exception(0), Unrecorded)
    assert stored(harness, sold) == sold
    assert len(run.writer.keeping.aside) == 2
    assert told == [
        "An answer of M-PESA about payment B-20261120-0007 could not be recorded. It is kept in the safe. Compare this "
        "payment with the M-PESA statement."
    ]


def test_where_more_came_to_an_address_than_is_held_its_payment_is_asked_about_when_saving_works(
    harness: TillHarness, sold: Payment, kept: Callable[..., Kept]
) -> None:
    tell(harness, sold, accepted(sold))
    run = kept(FakeSafe())
    run.store.broken = True
    junk = [
        run.ledger.record_at(address_of("secret"), failure(sold, checkout_request_id="other"), f"{number}")
        for number in range(25)
    ]
    for _ in range(3):
        run.writer.step()
    lost = run.ledger.record_at(address_of("secret"), success(sold), "{}")
    assert [future for future in [*junk, lost] if future.done()] == [*junk[20:], lost]
    assert all(isinstance(future.exception(0), TooMany) for future in [*junk[20:], lost])
    run.writer.step()
    assert len(run.safe.lines) == 21, "and one word for all the others"
    run.store.broken = False
    run.writer.step()
    assert run.safe.lines == []
    [*_, last] = harness.till.reader.journal(sold.id)
    assert (last.kind, last.detail) == ("unreadable", "more came than could be held")
    assert stored(harness, sold).next_check_at == harness.clock.now()


def unwritable(payment: Payment) -> Callback:
    """What no database takes: half a character."""
    return success(payment, detail="\ud800")


def test_events_that_no_database_takes_puts_its_payment_on_the_list_and_charging_goes_on(
    harness: TillHarness, sold: Payment, kept: Callable[..., Kept]
) -> None:
    run = kept(FakeSafe())
    told: list[str] = []
    run.ledger.watch_trouble(told.append)
    future = run.ledger.record_at(address_of("secret"), unwritable(sold), "{}")
    for _ in range(GIVE_UP):
        assert not future.done()
        run.writer.step()
    run.writer.step()
    assert isinstance(future.exception(0), Unrecorded)
    assert run.writer.saving
    marked = stored(harness, sold)
    assert (marked.state, marked.remarks) == (sold.state, frozenset({Remark.UNRECORDED}))
    assert harness.till.reader.attention(10) == [marked]
    [line] = harness.till.reader.journal(sold.id)
    assert (line.source, line.kind) == ("till", "not recorded")
    assert read_line(run.safe.lines[0]).person == line.detail.split(": ")[1] if line.detail else False
    assert told == []


def test_a_payment_that_cannot_be_put_on_the_list_is_said(
    harness: TillHarness, sold: Payment, kept: Callable[..., Kept]
) -> None:
    run = kept(FakeSafe())
    run.ledger.expect(address_of("secret"), sold.number)
    told: list[str] = []
    run.ledger.watch_trouble(told.append)
    run.ledger.record_at(address_of("secret"), unwritable(sold), "{}")
    for _ in range(GIVE_UP):
        run.writer.step()
    run.store.broken = True
    run.writer.step()
    [words] = told
    assert sold.number in words


def test_where_nothing_was_left_nothing_is_recorded(kept: Callable[..., Kept]) -> None:
    assert kept(FakeSafe()).ledger.replay() == []


def test_whoever_watches_later_hears_of_what_was_before(sold: Payment, kept: Callable[..., Kept]) -> None:
    """The till opens before its window does. What was given up before is given up no second time."""
    line = KeptEvent(at=START, key=PaymentId(999), number="B-20261120-0007", event=success(sold)).line()
    run = kept(FakeSafe([line]))
    run.ledger.replay()
    run.writer.step()
    run.writer.step()
    told: list[str] = []
    run.ledger.watch_trouble(told.append)
    assert len(told) == 1
    again = kept(run.safe)
    [future] = again.ledger.replay()
    again.writer.step()
    assert isinstance(future.exception(0), Unrecorded)
    assert again.safe.lines == run.safe.lines
    assert again.writer.saving
