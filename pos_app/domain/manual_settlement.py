"""What the owner may settle by hand, when, and what the statement must show for it (rules 7, 9, 13 and 30)."""

from datetime import datetime, timedelta

from pos_app.domain.correction import is_owners_word, is_refused
from pos_app.domain.payment import Payment, Remark, Source, State
from pos_app.domain.payment_event import Settlement
from pos_app.domain.transitions import IN_REVIEW, RUNNING, substate

OWNER_PAYS = timedelta(minutes=10)  # after the push, before the owner may settle what cannot be asked about (rule 9)
OWNER_WAITS = timedelta(hours=24)  # and before what is open may be closed (rule 7)
CLOCKS_DIFFER = timedelta(minutes=1)  # by which M-PESA may have completed a payment before our push, on our clock


def allowed_settlements(payment: Payment, now: datetime) -> tuple[Settlement, ...]:
    """What the owner may decide about a payment at a moment (UTC); nothing about most."""
    at, age = substate(payment), abs(now - payment.created_at)  # a clock that was wrong once locks nothing for long
    if at in IN_REVIEW:
        return Settlement.PAID, Settlement.DECLINED
    told: list[Settlement] = []
    if is_owners_word(payment):
        told.append(Settlement.DECLINED)
    if is_refused(payment):
        told.append(Settlement.PAID)
    if at in RUNNING and payment.query_id is None and age >= OWNER_PAYS:
        told.append(Settlement.PAID)
    if at in RUNNING and age >= OWNER_WAITS:
        told.append(Settlement.CLOSED)
    if payment.refund_due:
        told += [Settlement.REFUNDED, Settlement.BOTH_MEANT]
    if payment.unseen - {Remark.DOUBLE}:
        told.append(Settlement.SEEN)
    return tuple(told)


def goes_back_first(payment: Payment, settlement: Settlement) -> bool:
    """Whether what is recorded as gone back of a payment is taken back before the owner's word on it is (rule 30)."""
    if not payment.refunded:
        return False
    is_correction = is_owners_word(payment) or is_refused(payment)
    return is_correction and settlement in (Settlement.PAID, Settlement.DECLINED)


def needs_statement(payment: Payment) -> bool:
    """Whether the owner's "paid" needs amount and time from the statement too: M-PESA has said nothing itself."""
    return payment.state is not State.REVIEW


def needs_amount(payment: Payment) -> bool:
    """Whether the owner's "paid" needs the amount: M-PESA has named none, or one that cannot be shown."""
    return needs_statement(payment) or (payment.reason.review is Remark.AMOUNT_DIFFERS and payment.amount_paid is None)


def names_other_money(payment: Payment, receipt: str) -> bool:
    """Whether M-PESA itself has given a payment another code than the owner's word has: what it named is that one's."""
    return payment.receipt not in (None, receipt) and payment.receipt_by is not Source.OWNER


def fits_push(payment: Payment, completed_at: datetime, now: datetime, here: datetime) -> bool:
    """Whether M-PESA can have completed this payment at a moment (UTC): after its push, and before now.

    Where the payment seems to be from the future, its own time says nothing.

    Args:
        now: by M-PESA's clock where that is known; `here`: by this computer's. The push may have been saved by either.
    """
    latest = max(now, here)
    pushed = min(payment.created_at, payment.created_at + (now - here))
    return (pushed - CLOCKS_DIFFER <= completed_at or payment.created_at > latest) and completed_at <= latest
