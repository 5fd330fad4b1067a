"""What is known of a payment, as text."""

from collections.abc import Sequence

from pos_app.domain.kenya_time import shop_time
from pos_app.domain.payment import Payment, State
from pos_app.domain.phone import mask
from pos_app.messages import payments as words
from pos_app.messages.amounts import amount_words, differs
from pos_app.messages.refunds import refund_words
from pos_app.messages.remarks import remarks_words


def short_number(number: str) -> str:
    """`A-0042` for `A-20261123-0042`: enough in a list that shows when it was."""
    parts = number.split("-")
    return f"{parts[0]}-{parts[-1]}" if len(parts) == 3 else number


def why_words(payment: Payment) -> str:
    """Why it stands where it stands and what to do: nothing where all is well."""
    remarks = remarks_words(payment)
    if payment.state is State.PAID:
        back = [refund_words(payment)] if payment.refunded else []
        other = [words.happened(payment)] if differs(payment) else []
        return "\n".join([*other, *back, *remarks])
    told = [words.happened(payment), words.money_moved(payment), words.advice(payment)]
    code = words.code_words(payment)
    return "\n".join([" ".join(part for part in told if part), *remarks, *([code] if code else [])])


def details_text(payment: Payment, history: Sequence[str]) -> str:
    """The payment as plain text for somebody who helps; the phone is masked."""
    facts = [
        f"Payment {payment.number}",
        f"{amount_words(payment)} · {payment.post_title} · {mask(payment.phone)}",
        f"{words.state_words(payment)} · {shop_time(payment.created_at)}",
        f"M-PESA code {payment.receipt}" if payment.receipt else "",
        why_words(payment),
        *history,
    ]
    return "\n".join(line for line in facts if line)
