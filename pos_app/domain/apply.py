"""An event carried out: the payment afterwards, by the matrix of `transitions` and what the event says beside it.

Each function below gives one part of the payment afterwards, from the payment before and the case alone; `apply` puts
the parts together in one place.
"""

from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from pos_app.domain.access import Held, extended, starts
from pos_app.domain.bind_event import Identified
from pos_app.domain.catalogue import NO_ACCESS
from pos_app.domain.classify import classify, code_by_hand, other_ids
from pos_app.domain.event_case import Case
from pos_app.domain.facts import Facts
from pos_app.domain.money import NO_AMOUNT
from pos_app.domain.payment import (
    BY_OWNER,
    COUNTS_AFTER_ALL,
    Change,
    Outcome,
    Payment,
    Remark,
    Source,
    State,
    StateReason,
)
from pos_app.domain.payment_event import (
    Answer,
    Callback,
    ManualSettlement,
    NotSent,
    PaymentEvent,
    Result,
)
from pos_app.domain.payment_line import Grant, PaymentLine
from pos_app.domain.phone import is_erased
from pos_app.domain.refund import ENDED_BY_REFUND
from pos_app.domain.transitions import MATRIX, Evidence, Substate, substate
from pos_app.domain.withdrawal import withdrawn

_ASK_NOW = frozenset({Evidence.UNANSWERED, Evidence.UNREADABLE, Evidence.FOREIGN, Evidence.PAID_CURABLE})


def apply(payment: Payment, event: PaymentEvent, facts: Facts, now: datetime, here: datetime | None = None) -> Change:
    """Carry out one event; pure.

    Args:
        facts: what other payments hold, read in the same transaction.
        now: UTC, by M-PESA's clock where that is known; becomes `updated_at`, and the time of the grants (rule 15).
        here: now by this computer's clock, where that is another moment.
    """
    evidence, flag = proved = classify(payment, event, facts, now, here or now)
    case = Case(payment, event, facts, evidence, flag, MATRIX[substate(payment), evidence])
    receipt, receipt_by = _receipt(case)
    merchant_request_id, checkout_request_id = _ids(case)
    added = _added(case)
    remarks = (payment.remarks | added) - ({Remark.REFUNDED} if case.taken_back else frozenset())
    after = replace(
        payment,
        state=case.to,
        reason=_reason(case) if case.move.to else payment.reason,
        closed_at=(None if case.to.open else now) if case.move.to else payment.closed_at,
        merchant_request_id=merchant_request_id,
        checkout_request_id=checkout_request_id,
        receipt=receipt,
        receipt_by=receipt_by,
        amount_paid=_amount_paid(case),
        refunded=_refunded(case),
        completed_at=case.completed_at,
        remarks=remarks,
        seen=(payment.seen - (frozenset() if facts.told_before else added) - case.asks_anew) | _looked_at(case),
        lines=_lines(case, remarks, now),
    )
    changed = after != payment
    can_tell = after.query_id is not None and after.state is not State.PAID
    return Change(
        before=payment,
        after=replace(after, updated_at=now) if changed else payment,
        outcome=_outcome(case, changed),
        proved=str(proved),
        ask_now=can_tell and evidence in _ASK_NOW,
        phone_due=isinstance(event, NotSent) and event.refusal == "subscriber_locked",
    )


def _reason(case: Case) -> StateReason:
    """Why it is where the event has brought it."""
    event = case.event
    if isinstance(event, ManualSettlement) or case.unbound or substate(case.payment) is Substate.REFUSED:
        return BY_OWNER  # what the owner refused, only the owner settles
    if case.flag:
        return StateReason(review=case.flag)
    if isinstance(event, NotSent):
        return StateReason(refusal=event.refusal)
    if isinstance(event, Callback | Answer) and event.result is not Result.SUCCESS:
        return StateReason(result_code=event.result_code)
    return StateReason()


def _ids(case: Case) -> tuple[str | None, str | None]:
    """MerchantRequestID and CheckoutRequestID: filled in where they were missing (rule 5)."""
    merchant, checkout = case.payment.merchant_request_id, case.payment.checkout_request_id
    if told := case.teaches:
        return merchant or told.merchant_request_id, checkout or told.checkout_request_id
    return merchant, checkout


def _receipt(case: Case) -> tuple[str | None, Source | None]:
    """The receipt code, and who gave it. A code that clashes stays in the journal (rule 5)."""
    payment = case.payment
    if case.settled:
        same = payment.receipt == case.settled.receipt
        return case.settled.receipt, payment.receipt_by if same else Source.OWNER
    if case.bound:
        return case.bound.receipt, Source.OWNER
    if case.evidence is Evidence.CODE_TAKEN or case.unbound:
        return None, None
    if case.new_code is not None:
        return case.new_code, Source.MPESA
    return payment.receipt, payment.receipt_by


def _amount_paid(case: Case) -> int | None:
    """What M-PESA has of it, in KES: no late word makes that less than what went back of it already (rule 19)."""
    before, now = case.payment.amount_paid, _told_amount(case)
    return before if case.payment.refunded > (now or 0) else now


def _refunded(case: Case) -> int:
    """What went back of it by all that is recorded, in KES."""
    came, went = (each.amount if each else 0 for each in (case.back, case.taken_back))
    return case.payment.refunded + came - went


def _told_amount(case: Case) -> int | None:
    """What M-PESA has by what is said now; what the review is about, where another amount made it one."""
    payment = case.payment
    if case.bound or case.unbound:
        return case.bound.amount if case.bound else None
    if case.success and case.move.to and case.flag is Remark.AMOUNT_DIFFERS:
        return _shillings(case.success.amount)
    if case.settled:
        return _settled_amount(payment, case.settled)
    if case.becomes_paid:
        return payment.received  # a query's "0" means what we asked
    return _corrected_amount(case) if case.was_paid else payment.amount_paid


def _settled_amount(payment: Payment, word: ManualSettlement) -> int:
    """What M-PESA named goes with the code that it named; the owner's figure counts where there is none."""
    told = payment.amount_paid
    if told is None or (word.amount is not None and word.receipt != payment.receipt):
        told = word.amount
    return payment.amount if told is None else told


def _corrected_amount(case: Case) -> int | None:
    """What M-PESA has of a paid payment, where we had it only from a query's "0" or from the owner.

    Once: its code comes with it, or it differs already. What could change an amount again and again is no evidence.
    """
    payment, callback = case.payment, case.success
    if callback is None or other_ids(payment, callback, case.facts):
        return payment.amount_paid
    brings_code = callback.receipt is not None and not case.facts.receipt_taken
    if code_by_hand(payment):
        first = brings_code
    else:
        untold = payment.received == payment.amount
        first = payment.receipt is None and (untold or (brings_code and callback.amount == payment.amount))
    amount = _shillings(callback.amount)
    return amount if first and amount not in (None, payment.received) else payment.amount_paid


def _shillings(amount: Decimal | None) -> int | None:
    """An amount that can be shown as KES; None for cents, and for what no phone can pay."""
    return int(amount) if amount is not None and 0 <= amount < NO_AMOUNT and amount % 1 == 0 else None


def _added(case: Case) -> frozenset[Remark]:
    """What is odd about the payment by this event."""
    payment, added = case.payment, {case.move.remark, *case.asks_anew}
    if case.move.flagged:
        added.add(case.flag)
    if case.success and case.success.phone not in (None, payment.phone):
        added.add(Remark.PHONE_DIFFERS)
    if case.gives:
        added.add(Remark.DOUBLE if case.facts.chain_paid else Remark.OTHER_PAID if case.facts.other_paid else None)
        added.add(Remark.OTHER_PAID if case.facts.may_be_same else None)
        added.add(Remark.ERASED if is_erased(payment.phone) else None)
    if case.all_back and Remark.DOUBLE in payment.unseen:
        added.add(Remark.REFUNDED)
    if case.bound and case.bound.amount > payment.amount:
        added.add(Remark.REST_DUE)
    if case.refund_clashes:
        added.add(Remark.REFUND_CLASH)
    if isinstance(case.bound, Identified):
        added.add(Remark.IDENTIFIED)
    return frozenset(remark for remark in added if remark)


def _looked_at(case: Case) -> frozenset[Remark]:
    """The remarks that ask for no further look: the owner had it (rule 13), or a lost code is found."""
    if case.new_code is not None:
        is_other = Remark.DOUBLE in case.payment.unseen and case.facts.typed_for is None  # money, by its own code
        return case.payment.unseen & ({Remark.CODE_LOST} | ({Remark.OTHER_PAID} if is_other else frozenset()))
    if case.move.outcome is not Outcome.APPLIED:
        return frozenset()
    if case.unbound:
        return case.payment.unseen  # whatever it was, it was about another's money
    if case.taken_back:
        return _mended(case)
    if case.evidence is Evidence.OTHER_BACK:
        return case.payment.unseen & {Remark.DOUBLE, Remark.OTHER_PAID}
    if case.evidence in (Evidence.OWNER_REFUNDED, Evidence.OWNER_MEANT):
        return frozenset({Remark.DOUBLE})
    if case.all_back:
        return case.payment.unseen & ENDED_BY_REFUND
    if case.back and case.payment.refunded + case.back.amount >= case.payment.rest:
        return case.payment.unseen & {Remark.REST_DUE}
    return case.payment.unseen - {Remark.DOUBLE} if case.evidence is Evidence.OWNER_SEEN else frozenset()


def _mended(case: Case) -> frozenset[Remark]:
    """What is in order once a refund is taken back: its code was a payment's, or nobody knew of its access."""
    is_a_payments = case.facts.receipt_taken or case.facts.typed_for is not None
    clash = {Remark.REFUND_CLASH} if is_a_payments else frozenset[Remark]()
    return case.payment.unseen & (clash | (frozenset() if _refunded(case) else {Remark.REVERSED}))


def _lines(case: Case, remarks: frozenset[Remark], now: datetime) -> tuple[PaymentLine, ...]:
    """The lines with their grants: exactly one for each line of a paid payment, of all lines at once or of none."""
    lines = case.payment.lines
    if case.unbound:
        return tuple(replace(line, grant=withdrawn(line.grant, now)) for line in lines)
    if case.to is not State.PAID:
        return lines
    if case.back:
        return tuple(replace(line, grant=withdrawn(line.grant, now)) for line in lines) if case.back.withdraw else lines
    helds = case.facts.held or (None,) * len(lines)
    paid = zip(lines, helds, strict=True)
    return tuple(replace(line, grant=_grant(case, line, held, remarks, now)) for line, held in paid)


def _grant(case: Case, line: PaymentLine, held: Held | None, remarks: frozenset[Remark], now: datetime) -> Grant:
    """A double's access is added only where it counts after all (rule 13), and what was withdrawn never again."""
    if line.grant is None or case.gives:
        return _new_grant(line, held, now, added=not case.facts.chain_paid)
    without = not line.grant.access and line.grant.withdrawn_at is None and line.days != NO_ACCESS
    if remarks & COUNTS_AFTER_ALL and without:
        return _new_grant(line, held, now, added=True)
    return line.grant


def _new_grant(line: PaymentLine, held: Held | None, now: datetime, *, added: bool) -> Grant:
    """Access adds up: it starts after what the customer still has of the post (rule 15)."""
    days = line.access_days
    then = extended(held, days, now) if added and days != NO_ACCESS else None
    if then is None:
        return Grant(granted_at=now, access=False, until=None)
    return Grant(granted_at=now, access=True, until=then.until, starts_at=starts(held, now))


def _outcome(case: Case, changed: bool) -> Outcome:
    """What the journal line says: what stays and yet learnt something is applied, the same code again is known."""
    if case.move.outcome in (Outcome.APPLIED, Outcome.CONFLICT):
        return case.move.outcome
    if changed:
        return Outcome.APPLIED
    event = case.event
    repeated = isinstance(event, Callback | Answer) and event.result_code == case.payment.reason.result_code
    return Outcome.DUPLICATE if repeated else case.move.outcome
