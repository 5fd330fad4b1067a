"""What went back of a payment, in words. Plain text, no Qt."""

from pos_app.domain.money import kes
from pos_app.domain.payment import Payment, PaymentFacts
from pos_app.domain.refund import whole

NOTHING_BACK = "Nothing of it went back."


def refund_words(payment: Payment) -> str:
    """What went back: "KES 40 went back.", "All of it went back: KES 100."; empty where nothing did."""
    if not payment.refunded:
        return ""
    if whole(payment):
        return f"All of it went back: {kes(payment.refunded)}."
    return f"{kes(payment.refunded)} went back."


def refund_pill(payment: PaymentFacts) -> str:
    """The same in a word or two; empty where nothing went back."""
    if not payment.refunded:
        return ""
    return "Refunded" if whole(payment) else "Part refunded"
