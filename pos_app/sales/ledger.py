"""The one door: every event about a payment enters by `Ledger.record`, whoever brings it.

Journal line, change of state and grant are one transaction; then the change is published; then the caller is
answered. A crash before the commit looks like an event that never came.
"""

import hashlib
import logging
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from dataclasses import replace
from datetime import datetime
from functools import cache, partial
from typing import NamedTuple

from pos_app.domain.apply import apply
from pos_app.domain.facts import Facts
from pos_app.domain.payment import (
    KEPT_OF_A_KIND,
    CallbackAddress,
    Change,
    JournalLine,
    Outcome,
    Payment,
    PaymentId,
    Remark,
)
from pos_app.domain.payment_event import (
    Callback,
    Claims,
    CodeTaken,
    EventKind,
    NoAnswer,
    NotSent,
    PaymentEvent,
    UnreadableCallback,
)
from pos_app.errors import TooMany, Unrecorded
from pos_app.sales.ask_limit import AskLimit
from pos_app.sales.journal import Arrived, in_words, journal_body, journal_line, readable, till_line
from pos_app.sales.keeping import Keepable
from pos_app.sales.kept_events import KeptEvent, read_line, worth_keeping
from pos_app.sales.more_facts import more_facts
from pos_app.sales.ports import Clock, Transaction
from pos_app.sales.publisher import ChangeWatcher, Publisher, Subscriber
from pos_app.sales.query_schedule import Schedule
from pos_app.sales.refunds import back_for_others, beside, meant_for_others
from pos_app.sales.write_queue import GroupWriter

_log = logging.getLogger(__name__)
_EXPECTED = 10_000  # addresses kept in memory: more than a day's payments


class _Applied(NamedTuple):
    """What became of an event, its journal line, and how often its kind has come by now and changed nothing."""

    change: Change
    line: JournalLine
    times: int


def address_of(token: str) -> str:
    """What the store keeps of an address token: its SHA-256, so that a copy of the database opens no address."""
    return hashlib.sha256(token.encode()).hexdigest()


class Ledger:
    """Records events; its `publisher` tells what changed."""

    def __init__(self, writer: GroupWriter, clock: Clock, schedule: Schedule) -> None:
        self._writer = writer
        self._clock = clock
        self._schedule = schedule
        self._ask_limit = AskLimit(clock.monotonic)
        self.publisher = Publisher()
        self._expected: dict[str, str] = {}  # addresses and the numbers of their payments, in their order
        self._on_trouble: Callable[[str], None] = lambda _: None
        self._troubles: list[str] = []
        self._crowded: set[str] = set()  # addresses that more came to than could be held

    def subscribe(self, subscriber: Subscriber) -> None:
        """Be told about each payment after each commit. Subscribe before the till starts."""
        self.publisher.subscribe(subscriber)

    def watch_changes(self, watcher: ChangeWatcher) -> None:
        """Be told, after the commit, of each payment that is new (then it was None) or not as it was."""
        self.publisher.watch(watcher)

    def watch_trouble(self, told: Callable[[str], None]) -> None:
        """Be told in words of events that could not be recorded, nor their payments put on the list of those to check.

        Args:
            told: called at once with what there was before, and later on the writer's thread.
        """
        self._on_trouble = told
        for words in self._troubles:
            told(words)

    def expect(self, address: str, number: str = "") -> None:
        """Remember the address of a payment just saved, before its prompt is sent."""
        self._expected[address] = number
        if len(self._expected) > _EXPECTED:
            del self._expected[next(iter(self._expected))]

    def expects(self, address: str) -> bool:
        """Whether a payment has this address, as far as can be told without asking the store."""
        return address in self._expected

    def record(
        self, event: PaymentEvent, payment: Payment, *, admit: Callable[[Transaction], object] = lambda _: None
    ) -> "Future[Change | None]":
        """Record an event about a payment; where it must wait in the file, no other can be meant by it.

        Args:
            admit: raises a `PosError` in the transaction where whoever says so may not: then nothing is recorded.
        """
        return self._record(event, None, self._kept(event, None, payment.address, payment.number), admit=admit)

    def record_at(self, address: str, event: PaymentEvent, body: str) -> "Future[Change | None]":
        """Record what came to a payment's own address; None where no payment has it.

        Args:
            address: SHA-256 of the address token.
            body: as received; the journal keeps it with phone numbers masked.
        """
        kept = self._kept(event, body, address, self._expected.get(address))
        recorded = self._record(event, body, kept, about=address)
        recorded.add_done_callback(partial(self._make_up_for, address))
        return recorded

    def never_sent(self, address: str, event: NotSent) -> "Future[Change | None]":
        """No prompt leaves for the payment of this address, which may have been saved or not: say so where it is."""
        return self._record(event, None, self._kept(event, None, address, None))

    def enter(self, transaction: Transaction, event: PaymentEvent, payment_id: int) -> Callable[[], None]:
        """Record an event in a transaction that does more than that, about a payment that is there.

        Returns:
            What tells of it: to be called on the writer's thread, after the commit.
        """
        touched: list[Payment] = []
        found = transaction.with_facts(PaymentId(payment_id), event.claims)
        assert found is not None
        applied = self._apply(transaction, *found, Arrived(event, None), self._ask_limit.allows, touched)
        return partial(self._tell_all, [applied], touched)

    def access_ended(self, transaction: Transaction, payment: Payment) -> list[Payment]:
        """The access of a payment was withdrawn by hand, in this transaction: where its money is back, too, another one
        of its chain is no double any more (rule 13). Gives the payments that this has changed.
        """
        touched: list[Payment] = []
        for other, told in back_for_others(transaction, payment):
            self._tell_other(transaction, other, told, self._ask_limit.allows, touched)
        return touched

    def publish(self, payment: Payment) -> None:
        """Tell the subscribers; on the writer's thread, after the commit."""
        self.publisher.publish(payment)

    def publish_new(self, payment: Payment) -> None:
        """Tell of a payment that was just saved."""
        self.publisher.publish_change(None, payment)

    def replay(self) -> "list[Future[Change | None]]":
        """Record what an earlier run could not save, in its order, before anything else is recorded.

        What a person must look at is tried once more: a newer program may be able to record it.
        """
        keeping, futures = self._writer.keeping, []
        for line in [*keeping.waiting, *keeping.aside]:
            try:
                kept = read_line(line)
            except ValueError:
                continue  # said when it was read
            futures.append(self._record(kept.event, kept.body, kept, line))
        if futures:
            _log.warning("%d answers that an earlier run could not save are recorded now", len(futures))
        return futures

    def _record(
        self,
        event: PaymentEvent,
        body: str | None,
        kept: KeptEvent,
        line: str = "",
        about: str = "",
        admit: Callable[[Transaction], object] = lambda _: None,
    ) -> "Future[Change | None]":
        """Record an event.

        Args:
            line: what the file has of it, where an earlier run has left it there.
            about: the address it came to, of which only so many are held.
        """
        touched: list[Payment] = []  # other payments that this event changed
        done: list[_Applied] = []
        may_ask = cache(self._ask_limit.allows)  # the work may be done twice

        def work(transaction: Transaction) -> Change | None:
            touched.clear()
            done.clear()
            found = transaction.with_facts(kept.key, event.claims)
            if line and not kept.is_about(found[0] if found else None) and not kept.of_none:
                raise Unrecorded  # it belongs to another database
            if found is None:
                return None
            admit(transaction)
            applied = self._apply(transaction, *found, Arrived(event, body), may_ask, touched)
            done.append(applied)
            if applied.change.phone_due:
                touched.extend(transaction.make_due(applied.change.after.phone, applied.change.after.updated_at))
            return applied.change

        def after(_: Change | None) -> None:
            self._tell_all(done, touched)

        keepable = self._keepable(kept, line, about) if worth_keeping(event) else None
        return self._writer.submit(work, after=after, keep=not kept.person, held=keepable, line=line)

    def _tell_all(self, done: Iterable[_Applied], touched: Iterable[Payment]) -> None:
        for applied in done:
            self._tell(applied)
        for payment in touched:
            self.publish(payment)

    def _tell(self, applied: _Applied) -> None:
        """Log what became of an event, and publish its payment."""
        change, line, times = applied
        if times <= KEPT_OF_A_KIND:
            _log.info("payment %s: %s", change.after.number, in_words(change, line))
        if times == KEPT_OF_A_KIND:
            _log.info("payment %s: more like this one are counted and not kept", change.after.number)
        if change.after != change.before:
            self.publisher.publish_change(change.before, change.after)
        elif times <= KEPT_OF_A_KIND:
            self.publish(change.after)

    def _kept(self, event: PaymentEvent, body: str | None, address: str, number: str | None) -> KeptEvent:
        return KeptEvent(
            at=self._clock.corrected(),
            key=CallbackAddress(address),
            number=number or None,
            event=event,
            body=journal_body(body),
        )

    def _keepable(self, kept: KeptEvent, line: str, about: str) -> Keepable:
        give_up = partial(self._leave_to_a_person, kept)
        return Keepable(line=lambda: line or kept.line(), give_up=give_up, about=about)

    def _make_up_for(self, address: str, recorded: "Future[Change | None]") -> None:
        """What could not even be held may have been M-PESA's word: its payment is asked about, once saving works."""
        if isinstance(recorded.exception(), TooMany) and address not in self._crowded:
            self._crowded.add(address)
            more = UnreadableCallback(detail="more came than could be held")
            marked = self._record(more, None, self._kept(more, None, address, self._expected.get(address)))
            marked.add_done_callback(lambda _: self._crowded.discard(address))

    def _leave_to_a_person(self, kept: KeptEvent, error: Exception) -> None:
        """Put the payment of events that could not be recorded on the list of those to check."""

        def work(transaction: Transaction) -> Payment | None:
            found = transaction.with_facts(kept.key, Claims())
            if found is None or not kept.is_about(found[0]):
                return None
            before = found[0]
            odd = frozenset({Remark.UNRECORDED})  # again, also where an earlier one was seen
            remarks, seen = before.remarks | odd, before.seen - odd
            after = replace(before, remarks=remarks, seen=seen, updated_at=self._clock.corrected())
            transaction.update(before, after)
            why = f"{kept.event.kind.source}: {type(error).__name__}"
            kind, outcome = EventKind.NOT_RECORDED, Outcome.CONFLICT
            transaction.add_line(before.id, till_line(before, kind, after.updated_at, outcome=outcome, detail=why))
            return replace(after, version=before.version + 1)

        def marked(done: "Future[Payment | None]") -> None:
            if done.exception() or done.result() is None:
                words = (
                    f"An answer of M-PESA about payment {kept.payment} could not be recorded. It is kept in "
                    f"{self._writer.keeping.place}. Compare this payment with the M-PESA statement."
                )
                _log.error("%s", words)
                self._troubles.append(words)
                self._on_trouble(words)

        def publish(payment: Payment | None) -> None:
            if payment:
                self.publish(payment)

        self._writer.submit(work, after=publish).add_done_callback(marked)

    def _apply(
        self,
        transaction: Transaction,
        payment: Payment,
        facts: Facts,
        arrived: Arrived,
        may_ask: Callable[[int], bool],
        touched: list[Payment],
    ) -> _Applied:
        arrived = readable(payment, arrived)
        now, event = self._clock.corrected(), arrived.event
        facts = more_facts(transaction, payment, arrived, facts, now)
        change = apply(payment, event, facts, now, self._clock.now())
        # What a payment's address brings and what changes nothing may be junk, and there may be much of it.
        idle = isinstance(event, Callback | UnreadableCallback) and change.after == payment
        if change.ask_now and not (idle and not may_ask(payment.id)):
            due: datetime | None = now
        else:
            due = payment.next_check_at if idle else self._next_check(change.after, event, now)
        change = replace(change, after=replace(change.after, next_check_at=due))
        if facts.typed_for is not None and change.after.receipt != payment.receipt:
            # M-PESA gave this payment a code that the owner had typed for another one, which loses it (rule 9).
            lost = CodeTaken(detail=f"M-PESA gave it to {payment.number}")
            self._tell_other(transaction, facts.typed_for, lost, may_ask, touched)
        if change.after != payment:
            transaction.update(payment, change.after)
            change = replace(change, after=replace(change.after, version=payment.version + 1))
        times = 0
        if idle:
            times = transaction.repeated(payment.id, f"{change.proved}, {change.outcome}", now)
        elif isinstance(event, NoAnswer):  # an outage may last for days
            times = transaction.repeated(payment.id, event.kind, now)
        line = journal_line(payment, change.after, change.outcome, arrived, now)
        if times <= KEPT_OF_A_KIND:
            transaction.add_line(payment.id, line)
        touched += beside(transaction, event, change, now)
        for other, told in meant_for_others(transaction, event, change, facts):
            self._tell_other(transaction, other, told, may_ask, touched)
        return _Applied(change, line, times)

    def _next_check(self, payment: Payment, event: PaymentEvent, now: datetime) -> datetime | None:
        reached = not isinstance(event, NoAnswer) or event.reached
        return self._schedule.next_check(payment, now, reached=reached)

    def _tell_other(
        self,
        transaction: Transaction,
        payment_id: int,
        event: PaymentEvent,
        may_ask: Callable[[int], bool],
        touched: list[Payment],
    ) -> None:
        """What an event about one payment means for another."""
        found = transaction.with_facts(PaymentId(payment_id), Claims())
        assert found is not None
        touched.append(self._apply(transaction, *found, Arrived(event, None), may_ask, touched).change.after)
