"""Which news moves a payment where: a table of data, and the judge that reads it.

A news is first *found* to be something (`Finding`: what it proves about this payment), then looked up with the
payment's *standing*. No entry: the state stays, and the journal line says so.
"""

import re
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from pos_app.domain import payment as p
from pos_app.domain.catalogue import NO_ACCESS
from pos_app.domain.payment import Change, Facts, Outcome, Payment, Remark, Result, Ruling, State

RECEIPT_CODE = re.compile("[A-Z0-9]{8,20}")  # ten today; the shape is not documented


class Standing(StrEnum):
    """A state, with `review` split by who may leave it, and `declined` by who said so (design rule 9)."""

    REQUESTED = "requested"
    PROMPTED = "prompted"
    UNKNOWN = "unknown"
    CURABLE = "curable"  # review for ids or missing items: our own query's "0" settles it
    HELD = "held"  # review for amount or receipt code: only the owner settles it
    REFUSED = "refused"  # declined by the owner: a success is reviewed again
    PAID = "paid"
    CANCELLED = "cancelled"
    DECLINED = "declined"
    EXPIRED = "expired"
    NOT_SENT = "not_sent"


class Finding(StrEnum):
    """What a news proves about the payment it came for."""

    ACCEPTED = "accepted"
    ACCEPTED_OTHER = "accepted_other"  # an id that another payment holds, or not the ids we know
    NOT_SENT = "not_sent"
    UNANSWERED = "unanswered"
    SILENT = "silent"
    NOTHING = "nothing"  # in flight, no answer, an answer about something else
    UNREADABLE = "unreadable"
    FOREIGN = "foreign"  # not paid, says a callback with ids that are not ours
    PAID = "paid"  # the evidence of design rule 8
    PAID_CURABLE = "paid_curable"
    PAID_HELD = "paid_held"
    CANCELLED = "cancelled"
    DECLINED = "declined"
    EXPIRED = "expired"
    OWNER_PAID = "owner_paid"
    OWNER_DECLINED = "owner_declined"
    OWNER_CLOSED = "owner_closed"


class Move(NamedTuple):
    """Where a payment goes (None: it stays), and the remark it gets."""

    to: State | None = None
    outcome: Outcome = Outcome.APPLIED
    remark: Remark | None = None


_RUNNING = (Standing.REQUESTED, Standing.PROMPTED, Standing.UNKNOWN)
_NOT_PAID = (Standing.CANCELLED, Standing.DECLINED, Standing.EXPIRED, Standing.NOT_SENT)
_REVIEW = (Standing.CURABLE, Standing.HELD)
_FAILURES = {
    Finding.CANCELLED: State.CANCELLED,
    Finding.DECLINED: State.DECLINED,
    Finding.EXPIRED: State.EXPIRED,
}
_CURABLE_REASONS = frozenset({Remark.IDS_DIFFER, Remark.INCOMPLETE})
_STAYS_IN_CONFLICT = Move(None, Outcome.CONFLICT, Remark.CONFLICT)

MOVES: dict[tuple[Standing, Finding], Move] = {
    (Standing.REQUESTED, Finding.ACCEPTED): Move(State.PROMPTED),
    (Standing.UNKNOWN, Finding.ACCEPTED): Move(State.PROMPTED),
    **{(at, Finding.ACCEPTED_OTHER): Move(None, Outcome.CONFLICT) for at in Standing},
    (Standing.REQUESTED, Finding.ACCEPTED_OTHER): Move(State.UNKNOWN, Outcome.CONFLICT),
    (Standing.PAID, Finding.ACCEPTED_OTHER): Move(None, Outcome.CONFLICT, Remark.IDS_DIFFER),
    (Standing.REQUESTED, Finding.NOT_SENT): Move(State.NOT_SENT),
    (Standing.UNKNOWN, Finding.NOT_SENT): Move(State.NOT_SENT),
    (Standing.REQUESTED, Finding.UNANSWERED): Move(State.UNKNOWN),
    **{(at, Finding.SILENT): Move(State.UNKNOWN) for at in (Standing.REQUESTED, Standing.PROMPTED)},
    # Success wins, whoever says it and whenever (rule 6).
    **{(at, Finding.PAID): Move(State.PAID) for at in (*_RUNNING, Standing.CURABLE)},
    **{(at, Finding.PAID): Move(State.PAID, remark=Remark.LATE) for at in _NOT_PAID},
    # Paid, but not as asked: the owner looks at it (rule 9).
    **{(at, odd): Move(State.REVIEW) for at in _RUNNING for odd in (Finding.PAID_CURABLE, Finding.PAID_HELD)},
    **{
        (at, odd): Move(State.REVIEW, remark=Remark.LATE)
        for at in _NOT_PAID
        for odd in (Finding.PAID_CURABLE, Finding.PAID_HELD)
    },
    (Standing.CURABLE, Finding.PAID_HELD): Move(State.REVIEW),
    **{(Standing.PAID, odd): Move(None, Outcome.CONFLICT) for odd in (Finding.PAID_CURABLE, Finding.PAID_HELD)},
    # Only M-PESA's word closes a payment as not paid (rule 7), and nothing lowers a success (rule 6).
    **{(at, no): Move(state) for at in _RUNNING for no, state in _FAILURES.items()},
    **{(at, no): _STAYS_IN_CONFLICT for at in (*_REVIEW, Standing.PAID) for no in _FAILURES},
    **{(at, Finding.FOREIGN): Move(None, Outcome.CONFLICT) for at in Standing},
    # The owner settles what is in review, and closes what stayed open for a day (rules 7 and 9).
    **{(at, Finding.OWNER_PAID): Move(State.PAID, remark=Remark.BY_OWNER) for at in _REVIEW},
    **{(at, Finding.OWNER_DECLINED): Move(State.DECLINED, remark=Remark.BY_OWNER) for at in _REVIEW},
    **{(at, Finding.OWNER_CLOSED): Move(State.EXPIRED, remark=Remark.BY_OWNER) for at in _RUNNING},
    **{
        (Standing.REFUSED, yes): Move(State.REVIEW, remark=Remark.LATE)
        for yes in (Finding.PAID, Finding.PAID_CURABLE, Finding.PAID_HELD)
    },
}
_STAYS = Move(None, Outcome.IGNORED)
_NO_AMOUNT = 1_000_000_000  # KES
OWNER_WAITS = timedelta(hours=24)  # after the push, before the owner may close what is open (rule 7)
_ASK_NOW = frozenset({Finding.UNANSWERED, Finding.UNREADABLE, Finding.FOREIGN, Finding.PAID_CURABLE})


def standing(payment: Payment) -> Standing:
    """The payment's state, with `review` told apart by its reason, and `declined` by who said so."""
    if payment.state is State.REVIEW:
        return Standing.CURABLE if payment.reason in _CURABLE_REASONS else Standing.HELD
    if payment.state is State.DECLINED and payment.reason == Remark.BY_OWNER:
        return Standing.REFUSED
    return Standing(payment.state.value)


def rulings(payment: Payment, now: datetime) -> tuple[Ruling, ...]:
    """What the owner may decide about a payment at a moment (UTC); nothing about most."""
    at = standing(payment)
    if at in _REVIEW:
        return Ruling.PAID, Ruling.DECLINED
    return (Ruling.CLOSED,) if at in _RUNNING and now - payment.created_at >= OWNER_WAITS else ()


def judge(payment: Payment, news: p.News, facts: Facts, now: datetime) -> Change:
    """Apply one news to a payment; pure.

    Args:
        now: UTC; becomes `updated_at`, and the time of the grant.
    """
    finding, oddity = _find(payment, news, facts, now)
    move = MOVES.get((standing(payment), finding), _STAYS)
    after = _learn(payment, news, facts, oddity)
    if move.to:
        after = _settled(after, news, move.to, oddity)
        after = _enter(after, move.to, _reason(payment, news, oddity), now)
    remarks = _remarks(payment, news, move, oddity)
    if after.state is State.PAID and not payment.granted:
        double = facts.chain_paid
        after = replace(after, grant=_grant(after, now, double))
        remarks |= {Remark.DOUBLE} if double else frozenset()
    after = replace(after, remarks=after.remarks | remarks)
    changed = after != payment
    can_tell = after.checkout_request_id is not None and after.state is not State.PAID
    return Change(
        before=payment,
        after=replace(after, updated_at=now) if changed else payment,
        outcome=_outcome(payment, news, finding, move, changed),
        found=f"{finding} {oddity}" if oddity else finding,
        ask_now=can_tell and finding in _ASK_NOW,
        phone_due=isinstance(news, p.NotSent) and news.reason == "subscriber_locked",
    )


def _find(payment: Payment, news: p.News, facts: Facts, now: datetime) -> tuple[Finding, Remark | None]:
    """What the news proves, and for a success what is odd about it."""
    match news:
        case p.Accepted():
            return (Finding.ACCEPTED_OTHER if _other_ids(payment, news, facts) else Finding.ACCEPTED), None
        case p.NotSent():
            return Finding.NOT_SENT, None
        case p.Unanswered() | p.Interrupted():
            return Finding.UNANSWERED, None
        case p.Silence():
            return Finding.SILENT, None
        case p.UnreadableCallback():
            return Finding.UNREADABLE, None
        case p.NoAnswer():
            return Finding.NOTHING, None
        case p.Answer():
            ours = payment.checkout_request_id is not None and news.checkout_request_id == payment.checkout_request_id
            return (_BY_RESULT[news.result] if ours else Finding.NOTHING), None
        case p.OwnerWord():
            return _find_ruling(payment, news, facts, now), None
        case p.Callback(result=Result.SUCCESS):
            return _find_success(payment, news, facts)
        case _:  # a callback that says not paid, or not yet
            return (Finding.FOREIGN if _other_ids(payment, news, facts) else _BY_RESULT[news.result]), None


_BY_RESULT = {
    Result.SUCCESS: Finding.PAID,
    Result.CANCELLED: Finding.CANCELLED,
    Result.DECLINED: Finding.DECLINED,
    Result.EXPIRED: Finding.EXPIRED,
    Result.PENDING: Finding.NOTHING,
}


def _find_success(payment: Payment, news: p.Callback, facts: Facts) -> tuple[Finding, Remark | None]:
    """Design rules 8a and 9; what only the owner may settle comes before what a query can."""
    if news.amount is not None and news.amount != payment.amount:
        return Finding.PAID_HELD, Remark.AMOUNT_DIFFERS
    second_receipt = payment.receipt is not None and news.receipt not in (None, payment.receipt)
    if facts.receipt_taken or second_receipt:
        return Finding.PAID_HELD, Remark.RECEIPT_CLASH
    if _other_ids(payment, news, facts):
        return Finding.PAID_CURABLE, Remark.IDS_DIFFER
    if news.amount is None or news.receipt is None:
        return Finding.PAID_CURABLE, Remark.INCOMPLETE
    return Finding.PAID, None


def _find_ruling(payment: Payment, news: p.OwnerWord, facts: Facts, now: datetime) -> Finding:
    """What the owner may decide here and now; "paid" needs the statement's code, held by no other payment."""
    if news.ruling not in rulings(payment, now):
        return Finding.NOTHING
    if news.ruling is Ruling.PAID and (facts.receipt_taken or not RECEIPT_CODE.fullmatch(news.receipt or "")):
        return Finding.NOTHING
    return _BY_RULING[news.ruling]


_BY_RULING = {
    Ruling.PAID: Finding.OWNER_PAID,
    Ruling.DECLINED: Finding.OWNER_DECLINED,
    Ruling.CLOSED: Finding.OWNER_CLOSED,
}


def _other_ids(payment: Payment, news: p.Accepted | p.Callback, facts: Facts) -> bool:
    """Whether it comes with an id that another payment holds, or not with the ids we know."""
    return (
        facts.checkout_taken
        or payment.merchant_request_id not in (None, news.merchant_request_id)
        or payment.checkout_request_id not in (None, news.checkout_request_id)
    )


def _learn(payment: Payment, news: p.News, facts: Facts, oddity: Remark | None) -> Payment:
    """Fill in ids and receipt code. What clashes, or comes with other ids, stays in the journal (rule 5)."""
    if not isinstance(news, p.Accepted | p.Callback) or _other_ids(payment, news, facts):
        return payment
    if oddity and payment.state is State.PAID:
        return payment  # such a callback only adds a remark (rule 9)
    payment = replace(
        payment,
        merchant_request_id=payment.merchant_request_id or news.merchant_request_id,
        checkout_request_id=payment.checkout_request_id or news.checkout_request_id,
    )
    if isinstance(news, p.Callback) and news.result is Result.SUCCESS and not facts.receipt_taken:
        payment = replace(payment, receipt=payment.receipt or news.receipt)
    return payment


def _settled(payment: Payment, news: p.News, to: State, oddity: Remark | None) -> Payment:
    """What a review is about, and what the owner made of it (rule 9)."""
    if isinstance(news, p.OwnerWord):
        return replace(payment, receipt=news.receipt) if to is State.PAID else payment
    if isinstance(news, p.Callback) and oddity is Remark.AMOUNT_DIFFERS:
        return replace(payment, amount_paid=_shillings(news.amount))
    return payment


def _shillings(amount: Decimal | None) -> int | None:
    """An amount that can be shown as KES; None for cents, and for what no phone can pay."""
    return int(amount) if amount is not None and 0 <= amount < _NO_AMOUNT and amount % 1 == 0 else None


def _enter(payment: Payment, state: State, reason: str | None, now: datetime) -> Payment:
    return replace(payment, state=state, reason=reason, closed_at=None if state.open else now)


def _reason(payment: Payment, news: p.News, oddity: Remark | None) -> str | None:
    if isinstance(news, p.OwnerWord) or standing(payment) is Standing.REFUSED:
        return Remark.BY_OWNER.value  # what the owner refused, only the owner settles
    if oddity:
        return oddity.value
    if isinstance(news, p.NotSent):
        return news.reason
    if isinstance(news, p.Callback | p.Answer) and news.result is not Result.SUCCESS:
        return news.code
    return None


def _remarks(payment: Payment, news: p.News, move: Move, oddity: Remark | None) -> frozenset[Remark]:
    remarks = {move.remark} if move.remark else set()
    if oddity and payment.state is State.PAID:
        remarks.add(oddity)
    success = news if isinstance(news, p.Callback) and news.result is Result.SUCCESS else None
    if success and success.phone not in (None, payment.phone):
        remarks.add(Remark.PHONE_DIFFERS)
    return frozenset(remarks)


def _grant(payment: Payment, now: datetime, double: bool) -> p.Grant:
    """Exactly one for each paid payment; a double's access is not added (rule 13)."""
    access = payment.days != NO_ACCESS and not double
    until = now + timedelta(days=payment.days) if access and payment.days is not None else None
    return p.Grant(granted_at=now, access=access, until=until)


def _outcome(payment: Payment, news: p.News, finding: Finding, move: Move, changed: bool) -> Outcome:
    if move is not _STAYS:
        return move.outcome
    if changed:
        return Outcome.APPLIED
    repeated = isinstance(news, p.Callback | p.Answer) and news.code == payment.reason
    settled = finding is Finding.ACCEPTED or (finding is Finding.PAID and payment.state is State.PAID)
    return Outcome.DUPLICATE if repeated or settled else Outcome.IGNORED
