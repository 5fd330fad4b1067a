"""The columns of a table of payments, for spreadsheets. Phones are masked in it."""

from datetime import datetime

from pos_app.domain.payment import PaymentFacts, State
from pos_app.domain.phone import mask
from pos_app.domain.receipt import Mark
from pos_app.messages import payments as words
from pos_app.messages.window import MARKS

Cell = str | int | datetime | None
HEADINGS = (
    "Number",
    "Time",
    "Post",
    "Phone",
    "KES asked",
    "KES paid",
    "State",
    "M-PESA code",
    "Code from SMS",
    "",
    "Lines",
    "KES refunded",
    "Served by",
)


def cells(payment: PaymentFacts, mark: Mark) -> tuple[Cell, ...]:
    """What stands in each column; None where there is nothing. Times are in UTC."""
    return (
        payment.number,
        payment.created_at,
        payment.post_title,
        mask(payment.phone, "xxx"),
        payment.amount,
        payment.received if payment.state is State.PAID or payment.amount_paid is not None else None,
        words.state_words(payment),
        payment.receipt,
        payment.receipt_typed,
        MARKS.get(mark),
        "; ".join([f"{line.quantity} x {line.title} at {line.price}" for line in payment.lines]),
        payment.refunded,
        payment.operator,
    )
