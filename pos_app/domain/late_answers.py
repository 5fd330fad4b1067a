"""Which prompts could still be answered although M-PESA says that the payment is not paid (rule 13)."""

from pos_app.domain.payment import Payment, State

CODES = frozenset({"17", "26", "1001", "1025", "9999"})  # ResultCodes that do not end the prompt on the phone


def could_be_answered(payment: Payment) -> bool:
    """Whether a payment that M-PESA calls not paid could be paid by its prompt yet."""
    return payment.state is State.EXPIRED or payment.reason.result_code in CODES
