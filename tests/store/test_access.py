"""What customers have, by payments and by hand: each reader of it sees both."""

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from pos_app.domain.access import Held
from pos_app.domain.access_by_hand import NewAccess
from pos_app.domain.catalogue import Post
from pos_app.domain.payment import PaymentId, State
from pos_app.domain.payment_event import Claims
from pos_app.domain.payment_line import Grant
from pos_app.domain.withdrawal import ByHand, Given, OfLine
from pos_app.errors import Clash
from pos_app.store import tables as t
from tests.store.conftest import Shop
from tests.support.fakes import PHONE, START

OTHER = "254712345678"
WEEK = timedelta(days=7)


def give(shop: Shop, post: Post, until: datetime | None, phone: str = PHONE, **more: int) -> int:
    with shop.database.write() as transaction:
        new = NewAccess(
            customer_id=transaction.known_customer(phone),
            post_id=post.id,
            given_at=START,
            days=None if until is None else more.get("days", 7),
            starts_at=START,
            until=until,
            reason="a regular",
        )
        return transaction.add_access(new)


def withdraw(shop: Shop, access_id: int) -> None:
    with shop.database.write() as transaction:
        transaction.withdraw_access(access_id, START, "a mistake")


def held_by_each_reader(shop: Shop, post: Post) -> list[Held | None]:
    """As the charge page, the question about one post, the ledger and the customer's panel see it."""
    asked = shop.open(post)
    with shop.database.write() as transaction:
        found = transaction.with_facts(PaymentId(asked.id), Claims())
    assert found is not None
    customer = shop.reader.customer(PHONE, START, 1)
    assert customer is not None
    has: list[Held | None] = [Held(one.until) for one in customer.has]
    return [
        shop.reader.held(PHONE, [post.id]).get(post.id),
        shop.reader.access(PHONE, post.id)[1],
        found[1].held[0],
        *(has or [None]),
    ]


def test_every_reader_sees_what_was_given_by_hand_and_what_was_paid(shop: Shop, post: Post) -> None:
    give(shop, post, None, OTHER)
    assert held_by_each_reader(shop, post) == [None] * 4
    by_hand = give(shop, post, START + WEEK)
    assert held_by_each_reader(shop, post) == [Held(START + WEEK)] * 4
    grant = Grant(granted_at=START, access=True, until=START + 2 * WEEK, starts_at=START + WEEK)
    paid = shop.change(shop.open(post), state=State.PAID, grant=grant)
    assert held_by_each_reader(shop, post) == [Held(START + 2 * WEEK)] * 4
    ever = give(shop, post, None)
    assert held_by_each_reader(shop, post) == [Held(None)] * 4
    with shop.database.write() as transaction:
        assert transaction.given(paid.customer_id, post.id) == [
            Given(origin=OfLine(paid.id, 1), days=None, starts_at=START + WEEK, until=START + 2 * WEEK),
            Given(origin=ByHand(by_hand), days=7, starts_at=START, until=START + WEEK),
            Given(origin=ByHand(ever), days=None, starts_at=START, until=None),
        ]
    withdraw(shop, ever)
    assert held_by_each_reader(shop, post) == [Held(START + 2 * WEEK)] * 4
    shop.change(paid, grant=Grant(granted_at=START, access=False, until=None, withdrawn_at=START))
    assert held_by_each_reader(shop, post) == [Held(START + WEEK)] * 4
    withdraw(shop, by_hand)
    assert held_by_each_reader(shop, post) == [None] * 4


def test_what_was_given_moves(shop: Shop, post: Post) -> None:
    access_id = give(shop, post, START + 2 * WEEK)
    with shop.database.write() as transaction:
        transaction.move_access(access_id, START + WEEK, START + 2 * WEEK)
        customer_id = transaction.customer_id(PHONE)
        assert customer_id is not None
        [given] = transaction.given(customer_id, post.id)
    assert (given.starts_at, given.until) == (START + WEEK, START + 2 * WEEK)


def test_who_has_a_number(shop: Shop, post: Post) -> None:
    assert shop.reader.access(PHONE, post.id) == (None, None)
    with shop.database.write() as transaction:
        assert transaction.customer_id(PHONE) is None
        known = transaction.known_customer(PHONE)
        assert transaction.known_customer(PHONE) == transaction.customer_id(PHONE) == known
    assert shop.reader.access(PHONE, post.id) == (known, None)
    assert shop.reader.customer(PHONE, START, 1) is not None


@pytest.mark.parametrize(
    "statement",
    [
        t.access_by_hand.delete(),
        *(
            t.access_by_hand.update().values({name: value})
            for name, value in {"customer_id": 2, "post_id": 2, "given_at": START + WEEK, "days": 99}.items()
        ),
    ],
    ids=["deleted", "another's", "another post", "another day", "more days"],
)
def test_it_is_withdrawn_never_deleted_or_made_another(shop: Shop, post: Post, statement: sa.Executable) -> None:
    shop.open(shop.post("Chai"), OTHER)
    give(shop, post, START + WEEK)
    with pytest.raises(Clash), shop.database.write() as transaction:
        transaction._connection.execute(statement)


def test_days_are_one_and_more(shop: Shop, post: Post) -> None:
    with pytest.raises(Clash):
        give(shop, post, START, days=0)


@pytest.mark.sqlite
def test_it_goes_by_indexes(shop: Shop, post: Post) -> None:
    give(shop, post, START + WEEK)
    for look in (lambda: shop.reader.held(PHONE, [post.id]), lambda: shop.reader.access(PHONE, post.id)):
        plan = shop.plan(look)
        assert "SCAN" not in plan.replace("SCAN had", "")
        for index in ("(phone=?)", "ix_access_customer", "ix_grant_customer"):
            assert index in plan
