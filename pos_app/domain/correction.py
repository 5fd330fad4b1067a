"""What only a person has said of a payment, and takes back (rule 30)."""

from dataclasses import dataclass

from pos_app.domain.money import kes
from pos_app.domain.operators import Role
from pos_app.domain.payment import Payment, Remark, Source, State
from pos_app.domain.payment_event import Claims, EventKind, PaymentEvent


@dataclass(frozen=True, slots=True)
class RefundTakenBack(PaymentEvent):
    """The owner says that money did not go back as it was recorded. Its `detail` is the owner's reason.

    Attributes:
        amount: KES, and `reversal`: the code, as they were recorded.
        version: of the payment as the owner saw it.
        operator_id, role, owner: who says so, as the audit keeps it.
    """

    kind = EventKind.REFUND_TAKEN_BACK
    amount: int
    reversal: str
    version: int
    operator_id: int | None = None
    role: Role | None = None
    owner: bool = False

    @property
    def code(self) -> str:
        return "taken_back"

    @property
    def body(self) -> str:
        """What does not count any more."""
        return f"{self.reversal} · {kes(self.amount)}"

    @property
    def claims(self) -> Claims:
        return Claims(self.reversal)


def is_owners_word(payment: Payment) -> bool:
    """Whether a payment is paid by the owner's word alone: M-PESA has not named its code."""
    return payment.state is State.PAID and payment.reason.by_owner and payment.receipt_by is not Source.MPESA


def is_refused(payment: Payment) -> bool:
    """Whether the owner has said that a payment which was asked for is not paid."""
    return payment.state is State.DECLINED and payment.reason.by_owner and Remark.BOUND not in payment.remarks


def can_be_undone(payment: Payment) -> bool:
    """Whether a payment is paid by a person's word alone which money it is: bound, or found (rules 22, 28)."""
    named = bool(payment.remarks & {Remark.BOUND, Remark.IDENTIFIED})
    return payment.state is State.PAID and named and payment.receipt_by is not Source.MPESA
