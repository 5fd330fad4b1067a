"""Customers one by one: found by an index each, and read whole."""

from datetime import timedelta

import pytest

from pos_app.domain.access_by_hand import NewAccess
from pos_app.domain.catalogue import Post
from pos_app.domain.customer_record import FoundCustomer, GivenAccess
from pos_app.domain.payment import State
from pos_app.domain.payment_line import Grant
from pos_app.domain.withdrawal import ByHand, OfLine
from pos_app.store import customer_records
from tests.store.conftest import Shop
from tests.support.fakes import START

AMINA, BRIAN = "254712345678", "254722005678"
WEEK = timedelta(days=7)


@pytest.fixture
def both(shop: Shop, post: Post) -> list[FoundCustomer]:
    """Brian, who came last, and Amina."""
    shop.open(post, AMINA)
    shop.open(post, BRIAN)
    with shop.database.write() as transaction:
        transaction.name_customer(AMINA, "Amina")
    return [FoundCustomer(2, BRIAN), FoundCustomer(1, AMINA, "Amina")]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", [0, 1]),
        ("0712 345 678", [1]),
        ("+254722005678", [0]),
        ("5678", [0, 1]),
        ("345678", [1]),
        ("678", [0, 1]),
        ("0799000000", []),
        ("  %_'\u202e\"", []),
        ("x" * 100_000, []),
    ],
)
def test_who_is_found(shop: Shop, both: list[FoundCustomer], text: str, found: list[int]) -> None:
    assert shop.reader.find_customers(text, None, 9) == [both[place] for place in found]


def test_from_one_of_them_on(shop: Shop, both: list[FoundCustomer]) -> None:
    newest, oldest = both
    for text in ("", "5678"):
        assert shop.reader.find_customers(text, None, 1) == [newest]
        assert shop.reader.find_customers(text, newest.id, 1) == [oldest]
        assert shop.reader.find_customers(text, oldest.id, 1) == []
    assert shop.reader.found_customer(1) == oldest
    assert shop.reader.found_customer(9) is None
    assert shop.reader.customer_with(oldest.phone) == oldest
    assert shop.reader.customer_with(oldest.phone[3:]) is None


def test_all_access_that_was_given_and_what_lasts(shop: Shop, post: Post, both: list[FoundCustomer]) -> None:
    grant = Grant(granted_at=START, access=True, until=START + WEEK, starts_at=START)
    paid = shop.change(shop.open(post, AMINA), state=State.PAID, grant=grant)
    gone = Grant(granted_at=START, access=False, until=None, withdrawn_at=START)
    withdrawn = shop.change(shop.open(post, AMINA), state=State.PAID, grant=gone)
    none = Grant(granted_at=START, access=False, until=None)
    shop.change(shop.open(post, AMINA), state=State.PAID, grant=none)
    with shop.database.write() as transaction:
        new = NewAccess(
            customer_id=1,
            post_id=post.id,
            given_at=START + WEEK,
            days=7,
            starts_at=START + WEEK,
            until=START + 2 * WEEK,
            reason="a regular",
        )
        transaction.add_access(new)
        transaction.withdraw_access(transaction.add_access(new), START + WEEK, "a mistake")
    of_line = GivenAccess(
        origin=OfLine(paid.id, 1),
        number=paid.number,
        post_id=post.id,
        title="Maji",
        days=None,
        given_at=START,
        starts_at=START,
        until=START + WEEK,
    )
    by_hand = GivenAccess(
        origin=ByHand(1),
        number=None,
        post_id=post.id,
        title="Maji",
        days=7,
        given_at=START + WEEK,
        starts_at=START + WEEK,
        until=START + 2 * WEEK,
        reason="a regular",
    )
    every = shop.reader.given_access(1)
    assert [each.origin for each in every] == [OfLine(paid.id, 1), OfLine(withdrawn.id, 1), ByHand(1), ByHand(2)]
    assert every[1].withdrawn_at == START
    assert (every[3].withdrawn_at, every[3].withdrawn_reason) == (START + WEEK, "a mistake")
    assert shop.reader.given_access(1, START) == [of_line, by_hand]
    assert shop.reader.given_access(1, START + WEEK) == [by_hand]
    assert shop.reader.given_access(2) == []


def test_their_payments_newest_first_a_page_at_a_time(shop: Shop, post: Post, both: list[FoundCustomer]) -> None:
    more = [shop.open(post, AMINA) for _ in range(2)]
    assert shop.reader.customer_payments(1, None, 2) == [more[1], more[0]]
    assert [each.id for each in shop.reader.customer_payments(1, more[0].id, 2)] == [1]


@pytest.mark.sqlite
def test_each_look_goes_by_indexes(shop: Shop, post: Post, both: list[FoundCustomer]) -> None:
    reader = shop.reader
    for look in (
        lambda: reader.find_customers("0712345678", None, 50),
        lambda: reader.find_customers("678", 2, 50),
        lambda: reader.find_customers("am wa", None, 50),
        lambda: reader.found_customer(1),
        lambda: reader.customer_with("254712345678"),
        lambda: reader.given_access(1, START),
        lambda: reader.customer_payments(1, None, 50),
    ):
        plan = shop.plan(look)
        assert "SCAN customer_word" not in plan, plan
        for table in ("customer", "payment", "payment_line", "grant", "access_by_hand"):
            assert f"SCAN {table}" not in plan, plan
    everybody = shop.plan(lambda: reader.find_customers("", None, 50))
    assert everybody.startswith("SCAN customer"), "by its key, as far as the limit"
    assert "B-TREE" not in everybody


def test_the_beginning_of_any_word_of_a_name_finds_them(shop: Shop, post: Post) -> None:
    for phone, name in ((AMINA, "Amina Wanjikũ"), (BRIAN, "Brian Ng'ang'a Wafula")):
        shop.open(post, phone)
        with shop.database.write() as transaction:
            transaction.name_customer(phone, name)
    for typed, found in (
        ("am", [AMINA]),
        ("WANJIKU", [AMINA]),
        ("ngang", [BRIAN]),
        ("wa", [BRIAN, AMINA]),
        ("wa br", [BRIAN]),
        ("mina", []),
    ):
        assert [one.phone for one in shop.reader.find_customers(typed, None, 9)] == found, typed
    assert [one.phone for one in shop.reader.find_customers("wa", 2, 9)] == [AMINA]


def test_a_beginning_that_many_have_is_found_page_by_page(
    shop: Shop, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(customer_records, "FEW_CUSTOMERS", 3)
    for number in range(5):
        shop.open(post, f"25471234567{number}")
        with shop.database.write() as transaction:
            transaction.name_customer(f"25471234567{number}", f"Amina {number}")
    assert [one.id for one in shop.reader.find_customers("am", None, 2)] == [5, 4]
    assert [one.id for one in shop.reader.find_customers("am", 4, 9)] == [3, 2, 1]
    assert [one.id for one in shop.reader.find_customers("am 3", None, 2)] == [4]
