"""What the owner's word, and a reversal in M-PESA's record, leave beside their payment: a line in the audit, the record
of a refund, and the access that a refund moves (rule 19).
"""

from collections.abc import Iterator
from datetime import datetime

from pos_app.domain.bind_event import RefundCame
from pos_app.domain.correction import RefundTakenBack
from pos_app.domain.facts import Facts
from pos_app.domain.payment import Change, Outcome, Payment, Remark, Source, State
from pos_app.domain.payment_event import ManualSettlement, OtherRefunded, PaymentEvent, RefundCodeTaken, Refunded
from pos_app.domain.phone import mask_spelt
from pos_app.domain.record_event import Reversed
from pos_app.domain.refund import Refund, RefundStatus, whole
from pos_app.sales.access_moves import move_up
from pos_app.sales.audit import refund_taken_back, refunded, settled
from pos_app.sales.ports import Transaction


def beside(transaction: Transaction, event: PaymentEvent, change: Change, now: datetime) -> list[Payment]:
    """Write down what the owner has decided about a payment that is saved as it is after it, and that M-PESA's record
    has its money going back.

    Args:
        change: what the event has made of the payment, applied.
        now: UTC, by M-PESA's clock where that is known.

    Returns:
        Other payments of the customer whose access has moved.
    """
    if change.before.receipt_by is not Source.MPESA and change.after.receipt_by is Source.MPESA:
        _free_money(transaction, change.after)
    if change.outcome is not Outcome.APPLIED:
        return []
    if isinstance(event, ManualSettlement):
        transaction.add_audit([settled(change.before, change.after, event)])
        return _end_access(transaction, change, now) if change.before.state is State.PAID else []
    if isinstance(event, Refunded):
        transaction.add_audit([refunded(change.before, change.after, event)])
    if isinstance(event, RefundCame):
        transaction.pass_refund(event.of, event.reversal, change.after.id)
        return []
    if isinstance(event, RefundTakenBack):
        transaction.take_back_refund(change.after.id, event.reversal)
        transaction.add_audit([refund_taken_back(change.before, change.after, event)])
    return _record_refund(transaction, event, change, now) if isinstance(event, Refunded | Reversed) else []


def meant_for_others(
    transaction: Transaction, event: PaymentEvent, change: Change, facts: Facts
) -> Iterator[tuple[int, PaymentEvent]]:
    """What an event about one payment means for the refunds and doubles of others, by their ids; once it is written."""
    payment, given = change.after, change.after.receipt
    if facts.refund_of is not None and given and given != change.before.receipt:
        # M-PESA gave it a code that was typed for a refund, perhaps of this very payment (rule 19).
        yield facts.refund_of, RefundCodeTaken(given, detail=f"M-PESA gave it to {payment.number}")
    if change.outcome is not Outcome.APPLIED:
        return
    if isinstance(event, Refunded | Reversed):
        yield from back_for_others(transaction, payment)
    if isinstance(event, RefundTakenBack):
        yield from _whose_it_was(transaction, event, payment)
    if change.before.state is State.PAID and payment.state is not State.PAID:
        # Nothing was paid by it: who paid once must not be given that back.
        for other in transaction.doubles_of_chain(payment.id):
            yield other, OtherRefunded(detail=payment.number)


def back_for_others(transaction: Transaction, payment: Payment) -> Iterator[tuple[int, PaymentEvent]]:
    """The doubles, by their ids, that may count now that a payment's money or access went back; and what tells them."""
    if whole(payment):
        for other in transaction.doubles_of_chain(payment.id):
            yield other, OtherRefunded(detail=payment.number)


def _whose_it_was(
    transaction: Transaction, event: RefundTakenBack, payment: Payment
) -> Iterator[tuple[int, PaymentEvent]]:
    """Where M-PESA's record has that money going back, it went back of the payment that has the code it undoes."""
    recorded = transaction.recorded_reversal(event.reversal)
    holder = transaction.payment_of_code(recorded.undoes) if recorded and recorded.undoes else None
    if recorded and recorded.amount and holder is not None:  # as much as M-PESA has, whatever was typed with its code
        yield holder.id, Reversed(recorded.amount, event.reversal, detail=f"counted with {payment.number} before")


def _free_money(transaction: Transaction, payment: Payment) -> None:
    """M-PESA's own code takes the place of one by hand: money that a person had said is the payment's waits again."""
    if Remark.IDENTIFIED not in payment.remarks:
        return
    money = transaction.bound_money(payment.id)
    if money and money.receipt != payment.receipt:
        transaction.unbind_money(payment.id)


def _record_refund(
    transaction: Transaction, event: Refunded | Reversed, change: Change, now: datetime
) -> list[Payment]:
    by_owner = isinstance(event, Refunded)
    refund = Refund(
        at=now,
        amount=event.amount,
        code=event.reversal,
        reason=mask_spelt(event.detail or "") if by_owner else "",
        source=Source.OWNER if by_owner else Source.MPESA,
        status=RefundStatus.DONE,
        withdrawn=event.withdraw,
    )
    transaction.add_refund(change.after.id, refund)
    return _end_access(transaction, change, now)


def _end_access(transaction: Transaction, change: Change, now: datetime) -> list[Payment]:
    """What waited behind the access that a change has withdrawn moves forward."""
    ended = [
        after.post_id
        for before, after in zip(change.before.lines, change.after.lines, strict=True)
        if before.gives_access and not after.gives_access
    ]
    return move_up(transaction, change.after.customer_id, ended, now, behind=change.after.number)
