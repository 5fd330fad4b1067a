"""The slip of money that went back."""

from dataclasses import replace
from datetime import timedelta

import pytest

from pos_app.domain.payment import Source, State
from pos_app.domain.receipt import WIDTH, Mark, Shop, receipt_text
from pos_app.domain.refund import Refund, RefundStatus
from pos_app.domain.refund_slip import refund_message, refund_slip
from pos_app.errors import BadInput
from tests.support.builders import GRANT, a_payment
from tests.support.fakes import START

SHOP = Shop("Mama Njeri Shop", ("Moi Avenue, Nairobi",))
WHOLE = Refund(
    at=START + timedelta(hours=1),
    amount=100,
    code="UKR0000001",
    reason="Amina wanted another",
    source=Source.OWNER,
    status=RefundStatus.DONE,
    withdrawn=True,
)
PAID = a_payment(State.PAID, phone="254712345678", refunded=100, grant=replace(GRANT, access=False, withdrawn_at=START))


def test_it_names_the_payment_and_what_went_back() -> None:
    assert receipt_text(refund_slip(SHOP, PAID, [WHOLE])) == (
        "        Mama Njeri Shop\n"
        "      Moi Avenue, Nairobi\n"
        "--------------------------------\n"
        "   REFUND / PESA IMERUDISHWA\n"
        "       Not a tax invoice\n"
        "For payment      A-20261123-0042\n"
        "Of         23 Nov 2026 14:00 EAT\n"
        "M-PESA code           UKN4X7Q2ZT\n"
        "Wi-Fi month              KES 100\n"
        "Paid                     KES 100\n"
        "--------------------------------\n"
        "Refunded   23 Nov 2026 15:00 EAT\n"
        "M-PESA code           UKR0000001\n"
        "REFUNDED                 KES 100\n"
        "Phone               0712 xxx 678\n"
        "        Access withdrawn\n"
        "     Recorded by the owner\n"
        "--------------------------------\n"
        "      Asante! / Thank you\n"
    )


def test_each_of_several_stands_there_and_their_sum() -> None:
    parts = [replace(WHOLE, amount=30, withdrawn=False), replace(WHOLE, amount=20, code="UKR0000002")]
    payment = a_payment(State.PAID, refunded=50, receipt=None)
    text = receipt_text(refund_slip(SHOP, payment, parts))
    for words in (
        "Amount                    KES 30",
        "Amount                    KES 20",
        "REFUNDED                  KES 50",
    ):
        assert words in text
    assert text.count("M-PESA code") == 2, "of the two refunds: the payment's own is not known"
    assert "Access withdrawn" not in text
    assert all(len(line) <= WIDTH for line in text.splitlines())


def test_a_copy_says_so_and_practice_too_and_nobody_is_named() -> None:
    text = receipt_text(refund_slip(replace(SHOP, mark=Mark.PRACTICE), PAID, [WHOLE], 3))
    assert "COPY 3" in text
    assert text.count(Mark.PRACTICE) == 2
    assert "Amina" not in text, "the reason is the owner's"
    assert "COPY" not in receipt_text(refund_slip(SHOP, PAID, [WHOLE]))


def test_what_the_owner_refused_has_a_slip_too() -> None:
    refused = a_payment(State.DECLINED, reason="by_owner", amount_paid=60, refunded=60)
    assert "Paid                      KES 60" in receipt_text(refund_slip(SHOP, refused, [replace(WHOLE, amount=60)]))
    again = replace(refused, state=State.REVIEW, closed_at=None)
    assert "Of         23 Nov 2026 14:00 EAT" in receipt_text(refund_slip(SHOP, again, [WHOLE]))


def test_where_nothing_went_back_there_is_none() -> None:
    with pytest.raises(BadInput, match="no refund slip"):
        refund_slip(SHOP, PAID, [])


def test_the_message_is_short_however_many_refunds_there_are() -> None:
    assert refund_message(SHOP, PAID, [WHOLE]) == (
        "Mama Njeri Shop\nRefunded: KES 100\nM-PESA code: UKR0000001\nFor payment: A-20261123-0042\n"
        "Not a tax invoice. Asante!"
    )
    many = [replace(WHOLE, amount=1, code=f"UKR000000{number}") for number in range(9)]
    message = refund_message(replace(SHOP, mark=Mark.PRACTICE), PAID, many)
    assert message.startswith(Mark.PRACTICE)
    assert "Refunded: KES 9" in message
    assert message.count("M-PESA code") == 4
