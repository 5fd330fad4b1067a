"""Money given back: what is recorded of it, and how much still can be (rule 19). A record moves no money."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from pos_app.domain.payment import Payment, PaymentFacts, Remark, Source, State

# What asks for a look because the customer may have paid too much: nothing is left to look at once all of it is back.
ENDED_BY_REFUND = frozenset({Remark.DOUBLE, Remark.OTHER_PAID, Remark.AMOUNT_DIFFERS, Remark.REST_DUE})


class RefundStatus(StrEnum):
    """Where a refund stands. Stored by name."""

    DONE = "done"  # M-PESA has moved the money, says the owner
    TAKEN_BACK = "taken_back"  # the owner has said that it did not go back so: it counts no more (rule 30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Refund:
    """Money of one payment that went back to the customer.

    Attributes:
        at: when it was recorded (UTC).
        amount: KES.
        code: M-PESA's own of the reversal; no other refund has it.
        source: who says so.
        withdrawn: whether the access of the payment was withdrawn with it.
    """

    at: datetime
    amount: int
    code: str
    reason: str
    source: Source
    status: RefundStatus
    withdrawn: bool


@dataclass(frozen=True, slots=True)
class RecordedReversal:
    """Money that goes back in M-PESA's record.

    Attributes:
        undoes: the code of the payment that it is of; empty where the record says none.
        cents: how much.
    """

    undoes: str
    cents: int

    @property
    def amount(self) -> int | None:
        """KES; None for cents, which no refund has."""
        shillings, cents = divmod(self.cents, 100)
        return None if cents else shillings


def refundable(payment: Payment) -> int:
    """How much of a payment can still be recorded as given back, in KES.

    That is what was paid, less what went back before; of a payment that the owner refused, what M-PESA has of it by its
    own word; nothing of what is another's money.
    """
    if payment.state is State.PAID:
        return 0 if is_anothers(payment) else payment.received - payment.refunded
    refused = payment.state is State.DECLINED and payment.reason.by_owner
    return (payment.amount_paid or 0) - payment.refunded if refused else 0


def is_anothers(payment: Payment) -> bool:
    """Whether M-PESA has given the code that a person had bound to a payment to another one, whose money it is."""
    # Once it is undone, what M-PESA says of the payment itself afterwards has no time of a person's word.
    lost = Remark.CODE_LOST in payment.remarks and payment.receipt is None and payment.completed_at is not None
    return lost and bool(payment.remarks & {Remark.BOUND, Remark.IDENTIFIED}) and payment.state is State.PAID


def due_back(payment: Payment) -> int:
    """How much of a payment most likely goes back, in KES: what came beyond the sale while that is due, else all."""
    rest = payment.rest - payment.refunded
    return min(rest, refundable(payment)) if Remark.REST_DUE in payment.unseen and rest > 0 else refundable(payment)


def whole(payment: PaymentFacts) -> bool:
    """Whether everything that was paid went back."""
    return payment.refunded > 0 and payment.refunded >= payment.received
