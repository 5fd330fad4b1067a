"""The lines of a payment's journal, as the ledger writes them, and what the log says of each."""

from datetime import datetime
from typing import NamedTuple

from pos_app.domain.erasure import is_plain_code, without_person
from pos_app.domain.payment import Change, JournalLine, Outcome, Payment
from pos_app.domain.payment_event import EventKind, PaymentEvent
from pos_app.domain.phone import is_erased, mask_in, mask_spelt

_MAX_BODY = 4_096  # characters of a body that the journal keeps; a genuine one has about 500

_OUTCOMES = {
    Outcome.APPLIED: "",
    Outcome.DUPLICATE: ", known already",
    Outcome.IGNORED: ", nothing new",
    Outcome.CONFLICT: ", conflict",
}


class Arrived(NamedTuple):
    """An event, and its body as received."""

    event: PaymentEvent
    body: str | None


def readable(payment: Payment, arrived: Arrived) -> Arrived:
    """What may be read of an event: about an erased customer's payment nothing that was erased (rule 21)."""
    return Arrived(without_person(arrived.event), None) if is_erased(payment.phone) else arrived


def journal_line(before: Payment, after: Payment, outcome: Outcome, arrived: Arrived, now: datetime) -> JournalLine:
    """What became of an event, as the journal keeps it: phone numbers masked."""
    event = arrived.event
    return JournalLine(
        at=now,
        source=event.kind.source,
        kind=event.kind.what,
        outcome=outcome,
        before=before.state,
        after=after.state,
        code=_code(before, event.code) if event.code else None,
        detail=mask_spelt(event.detail) if event.detail else None,
        body=journal_body(arrived.body or event.body),
    )


def till_line(
    payment: Payment, kind: EventKind, now: datetime, *, outcome: Outcome = Outcome.APPLIED, detail: str | None = None
) -> JournalLine:
    """What the till itself did about a payment, which stays where it is."""
    return JournalLine(
        at=now,
        source=kind.source,
        kind=kind.what,
        outcome=outcome,
        before=payment.state,
        after=payment.state,
        detail=detail,
    )


def _code(payment: Payment, code: str) -> str | None:
    """A stranger may send any text as a code."""
    return None if is_erased(payment.phone) and not is_plain_code(code) else mask_in(code)


def journal_body(body: str | None) -> str | None:
    """Without NULs: a server cannot store them, and they stand between the digits of UTF-16."""
    return mask_in(body.replace("\0", ""))[:_MAX_BODY] if body else None


def in_words(change: Change, line: JournalLine) -> str:
    """What the log says of an event: `callback result 0: prompted -> paid, granted`.

    The owner's reason is left out: people are named in reasons.
    """
    why = line.code or (None if line.source == "owner" else line.detail)
    said = " ".join(filter(None, (line.source, line.kind, why)))
    moved = f"stays {line.after}" if line.before is line.after else f"{line.before} -> {line.after}"
    return f"{said}: {moved}{_OUTCOMES[line.outcome]}{', granted' if change.granted else ''}"
