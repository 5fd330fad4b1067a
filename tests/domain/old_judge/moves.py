"""Which news moves a payment where: a table of data, and the judge that reads it.

A news is first *found* to be something (`Finding`: what it proves about this payment), then looked up with the
payment's *standing*. No entry: the state stays, and the journal line says so.
"""

import re
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

from pos_app.domain import payment as p
from pos_app.domain.access import extended, starts
from pos_app.domain.catalogue import NO_ACCESS
from pos_app.domain.money import MAX_AMOUNT, MIN_AMOUNT
from pos_app.domain.payment import Change, Facts, Outcome, Payment, Remark, Result, Ruling, Source, State
from tests.domain.old_judge.transitions import MOVES, REVIEW, RUNNING, STAYS
from tests.domain.old_judge.transitions import Finding as Finding
from tests.domain.old_judge.transitions import Move as Move
from tests.domain.old_judge.transitions import Standing as Standing
from tests.domain.old_judge.transitions import standing as standing

RECEIPT_CODE = re.compile("[A-Z0-9]{8,20}")  # ten today; the shape is not documented
OWNER_PAYS = timedelta(minutes=10)  # after the push, before the owner may settle what cannot be asked about (rule 9)
OWNER_WAITS = timedelta(hours=24)  # and before what is open may be closed (rule 7)
CLOCKS_DIFFER = timedelta(minutes=1)  # by which M-PESA may have completed a payment before our push, on our clock
_NO_AMOUNT = 1_000_000_000  # KES
_ASK_NOW = frozenset({Finding.UNANSWERED, Finding.UNREADABLE, Finding.FOREIGN, Finding.PAID_CURABLE})


def rulings(payment: Payment, now: datetime) -> tuple[Ruling, ...]:
    """What the owner may decide about a payment at a moment (UTC); nothing about most."""
    at, age = standing(payment), abs(now - payment.created_at)  # a clock that was wrong once locks nothing for long
    if at in REVIEW:
        return Ruling.PAID, Ruling.DECLINED
    told: list[Ruling] = []
    if at in RUNNING and payment.checkout_request_id is None and age >= OWNER_PAYS:
        told.append(Ruling.PAID)
    if at in RUNNING and age >= OWNER_WAITS:
        told.append(Ruling.CLOSED)
    if payment.refund_due:
        told += [Ruling.REFUNDED, Ruling.BOTH_MEANT]
    if payment.unseen - {Remark.DOUBLE}:
        told.append(Ruling.SEEN)
    return tuple(told)


def needs_statement(payment: Payment) -> bool:
    """Whether the owner's "paid" needs amount and time from the statement too: M-PESA has said nothing itself."""
    return payment.state is not State.REVIEW


def needs_amount(payment: Payment) -> bool:
    """Whether the owner's "paid" needs the amount: M-PESA has named none, or one that cannot be shown."""
    return needs_statement(payment) or (payment.reason == Remark.AMOUNT_DIFFERS and payment.amount_paid is None)


def fits_push(payment: Payment, completed_at: datetime, now: datetime, by_mpesa: datetime | None = None) -> bool:
    """Whether M-PESA can have completed this payment at a moment (UTC): after its push, and before now.

    Where the payment seems to be from the future, its own time says nothing.

    Args:
        by_mpesa: what M-PESA's clock says now, where it is not `now`: the push may have been saved by either.
    """
    ahead = (by_mpesa or now) - now
    pushed = min(payment.created_at, payment.created_at + ahead)
    return (pushed - CLOCKS_DIFFER <= completed_at or payment.created_at > now) and completed_at <= max(
        now, now + ahead
    )


def judge(payment: Payment, news: p.News, facts: Facts, now: datetime, paid_at: datetime | None = None) -> Change:
    """Apply one news to a payment; pure.

    Args:
        now: UTC; becomes `updated_at`, and the time of the grant.
        paid_at: from when access counts at the earliest, where that is not `now` (rule 15).
    """
    finding, oddity = _find(payment, news, facts, now, paid_at or now)
    move = MOVES.get((standing(payment), finding), STAYS)
    after = _learn(payment, news, facts, oddity)
    if move.to:
        after = _settled(after, news, move.to, oddity)
        after = _enter(after, move.to, _reason(payment, news, oddity), now)
    after = replace(after, remarks=after.remarks | _remarks(payment, news, move, oddity))
    if move is not STAYS:
        after = _worked_off(after, finding)
    after = _granted(after, facts, now, paid_at or now)
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


def _find(
    payment: Payment, news: p.News, facts: Facts, now: datetime, by_mpesa: datetime
) -> tuple[Finding, Remark | None]:
    """What the news proves, and for a success what is odd about it."""
    match news:
        case p.Accepted():
            return (Finding.ACCEPTED_OTHER if _other_ids(payment, news, facts) else Finding.ACCEPTED), None
        case p.Answer():
            ours = payment.checkout_request_id is not None and news.checkout_request_id == payment.checkout_request_id
            return (_BY_RESULT[news.result] if ours else Finding.NOTHING), None
        case p.OwnerWord():
            return _find_ruling(payment, news, facts, now, by_mpesa), None
        case p.CodeTaken():
            return (Finding.CODE_TAKEN if payment.receipt_by is Source.OWNER else Finding.NOTHING), None
        case p.Callback(result=Result.SUCCESS):
            return _find_success(payment, news, facts)
        case p.Callback():  # not paid, or not yet
            return (Finding.FOREIGN if _other_ids(payment, news, facts) else _BY_RESULT[news.result]), None
        case _:
            return _PLAIN[type(news)], None


_PLAIN = {
    p.NotSent: Finding.NOT_SENT,
    p.Unanswered: Finding.UNANSWERED,
    p.Interrupted: Finding.UNANSWERED,
    p.Silence: Finding.SILENT,
    p.UnreadableCallback: Finding.UNREADABLE,
    p.NoAnswer: Finding.NOTHING,
}
_BY_RESULT = {
    Result.SUCCESS: Finding.PAID,
    Result.CANCELLED: Finding.CANCELLED,
    Result.DECLINED: Finding.DECLINED,
    Result.EXPIRED: Finding.EXPIRED,
    Result.PENDING: Finding.NOTHING,
}


def _find_success(payment: Payment, news: p.Callback, facts: Facts) -> tuple[Finding, Remark | None]:
    """Rules 8a and 9; what only the owner may settle comes before what a query can."""
    if news.amount is not None and news.amount != _expected(payment):
        return Finding.PAID_HELD, Remark.AMOUNT_DIFFERS
    known = None if _by_hand(payment) else payment.receipt
    second_receipt = known is not None and news.receipt not in (None, known)
    if facts.receipt_taken or second_receipt:
        return Finding.PAID_HELD, Remark.RECEIPT_CLASH
    if _other_ids(payment, news, facts):
        return Finding.PAID_CURABLE, Remark.IDS_DIFFER
    if news.amount is None or news.receipt is None:
        return Finding.PAID_CURABLE, Remark.INCOMPLETE
    return Finding.PAID, None


def _expected(payment: Payment) -> int:
    """The amount that is no news: what we asked, or what the owner has settled it for."""
    settled = payment.state is State.PAID and payment.reason == Remark.BY_OWNER
    return payment.received if settled else payment.amount


def _by_hand(payment: Payment) -> bool:
    """Whether a person gave its code, so that M-PESA's own takes that one's place."""
    return payment.receipt_by is Source.OWNER or (payment.receipt is None and Remark.CODE_LOST in payment.remarks)


def _find_ruling(payment: Payment, news: p.OwnerWord, facts: Facts, now: datetime, by_mpesa: datetime) -> Finding:
    """What the owner may decide here and now."""
    if news.version not in (None, payment.version) or news.ruling not in rulings(payment, now):
        return Finding.NOTHING
    if news.ruling is Ruling.PAID and not _proven(payment, news, facts, now, by_mpesa):
        return Finding.NOTHING
    return _BY_RULING[news.ruling]


def _proven(payment: Payment, news: p.OwnerWord, facts: Facts, now: datetime, by_mpesa: datetime) -> bool:
    """ "Paid" needs the statement's code, held by no other payment; its amount and time where M-PESA said nothing."""
    taken = facts.receipt_taken or facts.typed_for is not None
    if taken or not RECEIPT_CODE.fullmatch(news.receipt or ""):
        return False
    if needs_amount(payment) and not (news.amount and MIN_AMOUNT <= news.amount <= MAX_AMOUNT):
        return False
    fits = news.completed_at is not None and fits_push(payment, news.completed_at, now, by_mpesa)
    return fits or not needs_statement(payment)


_BY_RULING = {
    Ruling.PAID: Finding.OWNER_PAID,
    Ruling.DECLINED: Finding.OWNER_DECLINED,
    Ruling.CLOSED: Finding.OWNER_CLOSED,
    Ruling.REFUNDED: Finding.OWNER_REFUNDED,
    Ruling.BOTH_MEANT: Finding.OWNER_MEANT,
    Ruling.SEEN: Finding.OWNER_SEEN,
}


def _other_ids(payment: Payment, news: p.Accepted | p.Callback, facts: Facts) -> bool:
    """Whether it comes with an id that another payment holds, or not with the ids we know."""
    return (
        facts.checkout_taken
        or payment.merchant_request_id not in (None, news.merchant_request_id)
        or payment.checkout_request_id not in (None, news.checkout_request_id)
    )


def _learn(payment: Payment, news: p.News, facts: Facts, oddity: Remark | None) -> Payment:
    """Fill in ids, code, amount. What clashes, or comes with other ids, stays in the journal (rule 5)."""
    if isinstance(news, p.CodeTaken):
        lost = payment.receipt_by is Source.OWNER
        return replace(payment, receipt=None, receipt_by=None) if lost else payment
    if not isinstance(news, p.Accepted | p.Callback) or _other_ids(payment, news, facts):
        return payment
    paid = payment.state is State.PAID
    payment = _corrected(payment, news, facts) if paid and isinstance(news, p.Callback) else payment
    if oddity and paid and not (_by_hand(payment) and oddity is Remark.AMOUNT_DIFFERS):
        return payment  # such a callback only adds a remark (rule 9)
    learnt = replace(
        payment,
        merchant_request_id=payment.merchant_request_id or news.merchant_request_id,
        checkout_request_id=payment.checkout_request_id or news.checkout_request_id,
    )
    if isinstance(news, p.Accepted) or news.result is not Result.SUCCESS or facts.receipt_taken:
        return learnt
    return _with_code(learnt, news.receipt)


def _with_code(payment: Payment, receipt: str | None) -> Payment:
    """M-PESA's own code, which takes the place of one by hand."""
    if receipt is None or not (payment.receipt is None or _by_hand(payment)):
        return payment
    found = payment.unseen & {Remark.CODE_LOST}
    return replace(payment, receipt=receipt, receipt_by=Source.MPESA, seen=payment.seen | found)


def _corrected(payment: Payment, news: p.Callback, facts: Facts) -> Payment:
    """What M-PESA has of a paid payment, where we had it only from a query's "0" or from the owner.

    Once: its code comes with it, or it differs already. What could change an amount again and again is no evidence.
    """
    amount = _shillings(news.amount) if news.result is Result.SUCCESS else None
    brings_code = news.receipt is not None and not facts.receipt_taken
    if _by_hand(payment):
        first = brings_code
    else:
        untold = payment.received == payment.amount
        first = payment.receipt is None and (untold or (brings_code and news.amount == payment.amount))
    return replace(payment, amount_paid=amount) if first and amount not in (None, payment.received) else payment


def _settled(payment: Payment, news: p.News, to: State, oddity: Remark | None) -> Payment:
    """What a review is about, what the owner made of it (rule 9), and what a paid one has paid."""
    if oddity is Remark.AMOUNT_DIFFERS and isinstance(news, p.Callback):
        return replace(payment, amount_paid=_shillings(news.amount))
    if to is not State.PAID:
        return payment
    if isinstance(news, p.OwnerWord):
        by = payment.receipt_by if payment.receipt == news.receipt else Source.OWNER
        told = payment.amount_paid
        if told is None or (news.amount is not None and news.receipt != payment.receipt):
            told = news.amount  # what M-PESA named goes with the code that it named
        payment = replace(
            payment, receipt=news.receipt, receipt_by=by, amount_paid=told, completed_at=news.completed_at
        )
    return replace(payment, amount_paid=payment.received)  # a query's "0" means what we asked


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


def _worked_off(payment: Payment, finding: Finding) -> Payment:
    """What the owner has looked at asks for no further look (rule 13)."""
    if finding in (Finding.OWNER_REFUNDED, Finding.OWNER_MEANT):
        return replace(payment, seen=payment.seen | {Remark.DOUBLE})
    if finding is Finding.OWNER_SEEN:
        return replace(payment, seen=payment.seen | (payment.unseen - {Remark.DOUBLE}))
    return payment


def _granted(payment: Payment, facts: Facts, now: datetime, paid_at: datetime) -> Payment:
    """Exactly one grant for each paid payment; a double's access is added only where both were meant (rule 13)."""
    if payment.state is not State.PAID:
        return payment
    if payment.grant is None:
        remark = Remark.DOUBLE if facts.chain_paid else Remark.OTHER_PAID if facts.other_paid else None
        payment = replace(payment, remarks=payment.remarks | ({remark} if remark else frozenset()))
        return replace(payment, grant=_grant(payment, facts, now, paid_at, added=not facts.chain_paid))
    if Remark.BOTH_MEANT in payment.remarks and not payment.grant.access and payment.days != NO_ACCESS:
        return replace(payment, grant=_grant(payment, facts, now, paid_at, added=True))
    return payment


def _grant(payment: Payment, facts: Facts, now: datetime, paid_at: datetime, *, added: bool) -> p.Grant:
    """Access adds up: it starts after what the customer still has of the post (rule 15)."""
    held = extended(facts.held, payment.days, paid_at) if added and payment.days != NO_ACCESS else None
    if held is None:
        return p.Grant(granted_at=now, access=False, until=None)
    return p.Grant(granted_at=now, access=True, until=held.until, starts_at=starts(facts.held, paid_at))


def _outcome(payment: Payment, news: p.News, finding: Finding, move: Move, changed: bool) -> Outcome:
    if move is not STAYS:
        return move.outcome
    if changed:
        return Outcome.APPLIED
    repeated = isinstance(news, p.Callback | p.Answer) and news.code == payment.reason
    settled = finding is Finding.ACCEPTED or (finding is Finding.PAID and payment.state is State.PAID)
    return Outcome.DUPLICATE if repeated or settled else Outcome.IGNORED
