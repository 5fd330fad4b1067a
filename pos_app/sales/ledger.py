"""The one door: every news about a payment enters by `Ledger.record`, whoever brings it.

Journal line, change of state and grant are one transaction; then the change is published; then the caller is
answered. A crash before the commit looks like news that never came.
"""

import hashlib
import logging
from concurrent.futures import Future
from dataclasses import replace
from typing import NamedTuple

from pos_app.domain import payment as p
from pos_app.domain.moves import judge
from pos_app.domain.payment import Change, Facts, JournalLine, News, Outcome, Payment
from pos_app.domain.phone import mask_in
from pos_app.sales.ports import Clock, PaymentKey, Subscriber, Transaction
from pos_app.sales.schedule import Schedule
from pos_app.sales.writer import GroupWriter

_log = logging.getLogger(__name__)
_EXPECTED = 10_000  # addresses kept in memory: more than a day's payments
_MAX_BODY = 4_096  # characters of a body that the journal keeps; a genuine one has about 500


class _Kind(NamedTuple):
    source: str
    name: str


_KINDS: dict[type[News], _Kind] = {
    p.Accepted: _Kind("push", "accepted"),
    p.NotSent: _Kind("push", "not sent"),
    p.Unanswered: _Kind("push", "no answer"),
    p.Callback: _Kind("callback", "result"),
    p.UnreadableCallback: _Kind("callback", "unreadable"),
    p.Answer: _Kind("query", "result"),
    p.NoAnswer: _Kind("query", "no answer"),
    p.Silence: _Kind("clock", "no word"),
    p.Interrupted: _Kind("till", "restarted"),
    p.OwnerWord: _Kind("owner", "settled"),
}
_OUTCOMES = {
    Outcome.APPLIED: "",
    Outcome.DUPLICATE: ", known already",
    Outcome.IGNORED: ", nothing new",
    Outcome.CONFLICT: ", conflict",
}


def address_of(token: str) -> str:
    """What the store keeps of an address token: its SHA-256, so that a copy of the database opens no address."""
    return hashlib.sha256(token.encode()).hexdigest()


class Ledger:
    """Records news and tells subscribers what changed."""

    def __init__(self, writer: GroupWriter, clock: Clock, schedule: Schedule) -> None:
        self._writer = writer
        self._clock = clock
        self._schedule = schedule
        self._subscribers: list[Subscriber] = []
        self._expected: dict[str, None] = {}  # in the order of the payments

    def subscribe(self, subscriber: Subscriber) -> None:
        """Be told about each payment after each commit. Subscribe before the till starts."""
        self._subscribers.append(subscriber)

    def expect(self, address: str) -> None:
        """Remember the address of a payment just saved, before its prompt is sent."""
        self._expected[address] = None
        if len(self._expected) > _EXPECTED:
            del self._expected[next(iter(self._expected))]

    def expects(self, address: str) -> bool:
        """Whether a payment has this address, as far as can be told without asking the store."""
        return address in self._expected

    def record(self, news: News, payment_id: int) -> "Future[Change | None]":
        """Record news about a payment that we know by its id."""
        return self._record(news, None, payment_id)

    def record_at(self, address: str, news: News, body: str) -> "Future[Change | None]":
        """Record what came to a payment's own address; None where no payment has it.

        Args:
            address: SHA-256 of the address token.
            body: as received; the journal keeps it with phone numbers masked.
        """
        return self._record(news, body, address)

    def publish(self, payment: Payment) -> None:
        """Tell the subscribers; on the writer's thread, after the commit."""
        for subscriber in self._subscribers:
            try:
                subscriber(payment)
            except Exception:  # noqa: BLE001 - one failing subscriber must not silence the others
                _log.exception("a subscriber failed")

    def _record(self, news: News, body: str | None, key: PaymentKey) -> "Future[Change | None]":
        now_due: list[Payment] = []

        def work(transaction: Transaction) -> Change | None:
            found = transaction.to_judge(
                key, getattr(news, "receipt", None), getattr(news, "checkout_request_id", None)
            )
            if found is None:
                return None
            change = self._apply(transaction, *found, news, body)
            now_due[:] = transaction.make_due(change.after.phone, change.after.updated_at) if change.phone_due else []
            return change

        def after(change: Change | None) -> None:
            if change:
                _log.info("payment %s: %s", change.after.number, _in_words(change, self._line(change, news, None)))
                self.publish(change.after)
            for payment in now_due:
                self.publish(payment)

        return self._writer.submit(work, after=after, keep=True)

    def _apply(self, transaction: Transaction, payment: Payment, facts: Facts, news: News, body: str | None) -> Change:
        now = self._clock.now()
        change = judge(payment, news, facts, now)
        reached = not isinstance(news, p.NoAnswer) or news.reached
        due = now if change.ask_now else self._schedule.next_check(change.after, now, reached=reached)
        change = replace(change, after=replace(change.after, next_check_at=due))
        if change.after != payment:
            transaction.update(payment, change.after)
            change = replace(change, after=replace(change.after, version=payment.version + 1))
        transaction.add_line(payment.id, self._line(change, news, body))
        return change

    def _line(self, change: Change, news: News, body: str | None) -> JournalLine:
        kind = _KINDS[type(news)]
        code = getattr(news, "code", None) or getattr(news, "reason", None) or getattr(news, "ruling", None)
        detail = getattr(news, "detail", None)
        return JournalLine(
            at=self._clock.now(),
            source=kind.source,
            kind=kind.name,
            outcome=change.outcome,
            before=change.before.state,
            after=change.after.state,
            code=mask_in(code) if code else None,  # a stranger may send any text as a code
            detail=mask_in(detail) if detail else None,
            # Without NULs: a server cannot store them, and they stand between the digits of UTF-16.
            body=mask_in(body.replace("\0", ""))[:_MAX_BODY] if body else None,
        )


def _in_words(change: Change, line: JournalLine) -> str:
    """What the log says of a news: `callback result 0: prompted -> paid, granted`.

    The owner's reason is left out: people are named in reasons.
    """
    why = line.code or (None if line.source == "owner" else line.detail)
    said = " ".join(filter(None, (line.source, line.kind, why)))
    moved = f"stays {line.after}" if line.before is line.after else f"{line.before} -> {line.after}"
    return f"{said}: {moved}{_OUTCOMES[line.outcome]}{', granted' if change.granted else ''}"
