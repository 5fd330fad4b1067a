"""Selling on a real till, for the tests of pages that show what was sold."""

from decimal import Decimal
from typing import Any

from pos_app.domain.catalogue import Post, draft_post
from pos_app.domain.payment import Payment, State
from pos_app.domain.payment_event import Callback, PaymentEvent, Result
from pos_app.sales.till import Till
from tests.support.builders import Watch, charge


def add_posts(till: Till) -> list[Post]:
    """A day pass and a tea."""
    return till.catalogue.add_all([draft_post("Day pass", 50, 1, 1), draft_post("Tea", 30, 0, 2, "4006381333931")])


def sell(till: Till, post: Post, phone: str, **changes: Any) -> Payment:
    """Charge, and wait until M-PESA's answer to the push is recorded."""
    news = Watch(till.ledger)
    payment = charge(till, post, phone, **changes)
    return news.until(lambda one: one.id == payment.id and one.state is not State.REQUESTED)


def pay(till: Till, payment: Payment, code: str = "UKN4X7Q2ZT") -> Payment:
    """The customer pays: M-PESA's callback comes."""
    return tell(
        till,
        payment,
        Callback(
            Result.SUCCESS,
            "0",
            payment.merchant_request_id,
            payment.checkout_request_id,
            Decimal(payment.amount),
            code,
            None,
        ),
    )


def tell(till: Till, payment: Payment, event: PaymentEvent) -> Payment:
    """Record an event and give the payment as it is then."""
    till.ledger.record(event, payment).result()
    return now(till, payment)


def now(till: Till, payment: Payment) -> Payment:
    """The payment as it is in the store."""
    found = till.reader.payment(payment.id)
    assert found is not None
    return found
