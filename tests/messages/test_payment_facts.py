"""What a payment's page says in words, one thing in one place."""

from collections.abc import Callable

from pos_app.domain.payment import Payment, State
from pos_app.messages.payment_facts import why_words
from pos_app.messages.refunds import refund_words


def test_what_went_back_is_said_once(make_payment: Callable[..., Payment]) -> None:
    refused = make_payment(state=State.DECLINED, reason="by_owner", amount_paid=20, refunded=20)
    kept = make_payment(state=State.PAID, refunded=5)
    for payment in (refused, kept):
        assert why_words(payment).count(refund_words(payment)) == 1
