"""What M-PESA's statement is compared with: read by indexes, each payment once."""

from datetime import timedelta
from typing import Any

import pytest

from pos_app.domain.booked import Booked, BookedRefund, ShopBooks
from pos_app.domain.cancelling import Cancel
from pos_app.domain.payment import BY_OWNER, Payment, Remark, Source, State
from pos_app.domain.reference import account_reference
from pos_app.errors import Cancelled
from tests.store.conftest import Shop
from tests.store.test_reader import no_scan
from tests.store.test_refunds import refund
from tests.support.fakes import PHONE, START

HOUR = timedelta(hours=1)


def books(shop: Shop, *codes: str, **more: Any) -> ShopBooks:
    return shop.reader.books(START - HOUR, START + HOUR, codes, **more)


def test_a_payment_reads_as_it_is_booked(shop: Shop) -> None:
    payment = shop.open(shop.post())
    [booked] = books(shop).payments
    assert booked == Booked(
        id=payment.id,
        phone=PHONE,
        amount=250,
        received=250,
        state=State.REQUESTED,
        by_hand=False,
        receipt=None,
        receipt_by=None,
        reference=account_reference(payment).text(),
        pushed_at=START,
    )
    shop.change(payment, state=State.PAID, amount_paid=240, receipt="UKN4X7Q2ZT", receipt_by=Source.MPESA)
    [paid] = books(shop).payments
    assert (paid.received, paid.receipt, paid.receipt_by) == (240, "UKN4X7Q2ZT", Source.MPESA)


def test_a_basket_has_the_reference_of_its_sale(shop: Shop) -> None:
    basket = shop.open([shop.post(), shop.post("Chai", 30)])
    [booked] = books(shop).payments
    assert booked.reference == account_reference(basket).text() == f"S_{basket.id}"
    assert booked.amount == 280


@pytest.mark.parametrize(
    ("changes", "by_hand"),
    [
        ({"state": State.PAID, "reason": BY_OWNER}, True),
        ({"state": State.PAID, "remarks": frozenset({Remark.CODE_LOST, Remark.LATE})}, True),
        ({"state": State.PAID, "remarks": frozenset({Remark.LATE})}, False),
        ({"state": State.EXPIRED, "reason": BY_OWNER}, False),
    ],
)
def test_what_a_person_has_decided(shop: Shop, changes: dict[str, Any], by_hand: bool) -> None:
    shop.change(shop.open(shop.post()), **changes)
    assert [booked.by_hand for booked in books(shop).payments] == [by_hand]


def test_those_of_the_time_and_those_that_hold_a_code_and_each_once(shop: Shop) -> None:
    post = shop.post()
    old, first, last, late = (shop.open(post, at=START + hours * HOUR) for hours in (-9, -1, 1, 2))
    for number, payment in enumerate((old, first, late)):
        shop.change(payment, state=State.PAID, receipt=f"UKN000000{number}")

    def found(*codes: str) -> list[int]:
        return sorted(booked.id for booked in books(shop, *codes).payments)

    assert found() == [first.id, last.id]
    assert found("UKN0000000", "UKN0000001", "UKN9999999") == sorted((old.id, first.id, last.id))
    assert found(*(f"UKN{number:07}" for number in range(2_000))) == sorted((old.id, first.id, last.id, late.id))


def test_refunds_by_their_codes(shop: Shop) -> None:
    payment: Payment = shop.change(shop.open(shop.post()), state=State.PAID, amount_paid=250, receipt="UKN4X7Q2ZT")
    with shop.database.write() as transaction:
        transaction.add_refund(payment.id, refund())
    assert books(shop).refunds == ()
    assert books(shop, "UKR0000001", "UKR0000002").refunds == (BookedRefund(payment.id, "UKR0000001", 100),)


def test_it_scans_no_payments_and_can_be_ended(shop: Shop) -> None:
    shop.open(shop.post())
    plan = shop.plan(lambda: books(shop, "UKR0000001"))
    if shop.engines.reader.dialect.name == "sqlite":
        assert no_scan(plan)
        assert "SCAN" not in plan
    assert "ix_payment_created" in plan
    cancel = Cancel()
    cancel.cancel()
    with pytest.raises(Cancelled):
        books(shop, cancel=cancel)
