"""Payments as files have them are the same that a look-up finds, in its order."""

from dataclasses import replace
from datetime import timedelta

import pytest

from pos_app.domain.operators import Role
from pos_app.domain.payment import Remark, Source, State, StateReason
from pos_app.domain.refund import Refund, RefundStatus
from pos_app.domain.search import Search, Sort
from tests.store.conftest import PAID, Shop
from tests.support.builders import as_record
from tests.support.fakes import START


@pytest.fixture
def filled(shop: Shop) -> Shop:
    """A basket of which a part went back, one that was paid late by another amount, one that was refused, one open."""
    posts = [shop.post(title, price) for title, price in (("Maji", 30), ("Chai", 250), ("Gym", 30))]
    with shop.database.write() as transaction:
        who = transaction.add_operator("Amina", Role.OPERATOR, "hash").id
        mine = transaction.add_payment(replace(shop.new(posts), operator_id=who))
        transaction.add_payment(replace(shop.new(posts[1:]), operator_id=who))
    basket = shop.change(mine, **PAID, amount_paid=310, receipt="UKN0000001", receipt_by=Source.MPESA)
    late = shop.change(shop.open(posts[0]), **PAID, amount_paid=29, remarks=frozenset({Remark.LATE, Remark.DOUBLE}))
    shop.change(late, seen=frozenset({Remark.DOUBLE}), receipt_typed="UKN0000002")
    shop.change(shop.open(posts[2]), state=State.DECLINED, reason=StateReason(result_code="2001"))
    with shop.database.write() as transaction:
        transaction.add_refund(
            basket.id,
            Refund(
                at=START + timedelta(days=1), amount=40, code="UKR0000001", reason="wrong room", source=Source.OWNER,
                status=RefundStatus.DONE, withdrawn=False,
            ),
        )  # fmt: skip
    return shop


@pytest.mark.parametrize("sort", Sort)
def test_they_are_what_a_look_up_finds(filled: Shop, sort: Sort) -> None:
    search = Search(sort=sort, limit=4)
    found = filled.reader.search(search)
    assert len(found) == 4
    assert filled.reader.records(search) == [as_record(payment) for payment in found]
    following = search.following(filled.reader.records(search)[-1])
    assert filled.reader.records(following) == [as_record(payment) for payment in filled.reader.search(following)]


def test_nothing_found_is_nothing(filled: Shop) -> None:
    assert filled.reader.records(Search(text="zzzzz")) == []
