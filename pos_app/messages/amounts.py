"""Asked and paid are two figures: how both are said where they differ. Plain text, no Qt."""

from pos_app.domain.money import kes
from pos_app.domain.payment import Payment, PaymentFacts, Remark, State


def differs(payment: PaymentFacts) -> bool:
    """Whether M-PESA has another amount than we asked for."""
    return payment.received != payment.amount


def paid_words(payment: PaymentFacts) -> str:
    """What was paid: "The customer paid KES 800", "The customer paid KES 799, we asked KES 800"."""
    bound = Remark.BOUND in payment.remarks
    asked = f", {'the sale costs' if bound else 'we asked'} {kes(payment.amount)}" if differs(payment) else ""
    return f"The customer paid {kes(payment.received)}{asked}"


def shown(payment: Payment) -> int:
    """The figure that stands large: what was paid, while nothing is paid what was asked. KES."""
    return payment.received if payment.state is State.PAID else payment.amount


def cell_words(payment: Payment) -> str:
    """The figures in a list, without the currency: "800", or "799 of 800"."""
    return f"{payment.received:,} of {payment.amount:,}" if differs(payment) else f"{payment.amount:,}"


def amount_words(payment: Payment) -> str:
    """The amount in one line: what was asked, and where it is not that, what was paid of it: "KES 799 of KES 800"."""
    return f"{kes(payment.received)} of {kes(payment.amount)}" if differs(payment) else kes(payment.amount)
