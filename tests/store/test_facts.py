"""What the store knows that decides about an event: codes by hand, chains, what was gone past, what a customer has."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from pos_app.domain.access import Held
from pos_app.domain.catalogue import Post
from pos_app.domain.facts import Facts
from pos_app.domain.payment import Payment, PaymentId, Remark, Source, State
from pos_app.domain.payment_event import Claims
from pos_app.domain.payment_line import Grant
from pos_app.domain.search import Search
from pos_app.errors import Clash
from pos_app.store import tables as t
from pos_app.store.facts import select_with_facts
from tests.store.conftest import PAID, Shop
from tests.support.builders import grant_of
from tests.support.fakes import PHONE, START

OTHER_PHONE = "254712345678"
WEEK = timedelta(days=7)

NOTHING = Facts(held=(None,))  # of one line


def facts(shop: Shop, payment: Payment, receipt: str | None = None) -> Facts:
    with shop.database.write() as transaction:
        found = transaction.with_facts(PaymentId(payment.id), Claims(receipt))
    assert found is not None
    assert found[0] == shop.get(payment.id)
    return found[1]


def past(shop: Shop, post: Post | Sequence[Post], *others: Payment, phone: str = PHONE, **more: Any) -> Payment:
    """A payment that the operator asked for past these."""
    new = replace(shop.new(post, phone, **more), despite=frozenset(other.id for other in others))
    with shop.database.write() as transaction:
        return transaction.add_payment(new)


def test_a_code_by_hand_is_told_apart_from_m_pesas(shop: Shop, post: Post) -> None:
    by_hand = shop.change(shop.open(post), receipt="UKN4X7Q2ZT", receipt_by=Source.OWNER)
    by_mpesa = shop.change(shop.open(post), receipt="UKN4X7Q2ZZ", receipt_by=Source.MPESA)
    other = shop.open(post, OTHER_PHONE)
    assert facts(shop, other, "UKN4X7Q2ZT") == Facts(typed_for=by_hand.id, held=(None,))
    assert facts(shop, other, "UKN4X7Q2ZZ") == Facts(receipt_taken=True, held=(None,))
    assert facts(shop, by_hand, "UKN4X7Q2ZT") == facts(shop, by_mpesa, "UKN4X7Q2ZZ") == NOTHING


def test_whoever_asked_for_the_same_past_an_unpaid_one_is_of_its_chain(shop: Shop, post: Post) -> None:
    first = shop.open(post)
    second = past(shop, post, first)
    assert facts(shop, second) == NOTHING
    shop.change(first, **PAID)
    assert facts(shop, second).chain_paid
    shop.change(second, **PAID)
    assert facts(shop, first).chain_paid, "whichever was paid first"


def test_two_chains_become_one_where_one_payment_is_asked_for_past_both(shop: Shop, post: Post) -> None:
    first, second = shop.open(post), shop.open(post)
    again = shop.open(post, retry_of=second.id)
    third = past(shop, post, first, retry_of=again.id)
    assert len({shop.scalar(f"SELECT chain FROM payment WHERE id = {each.id}") for each in (first, again, third)}) == 1
    shop.change(second, **PAID)
    assert facts(shop, first).chain_paid
    assert facts(shop, third).chain_paid


def test_past_a_paid_one_is_a_second_sale(shop: Shop, post: Post) -> None:
    first = shop.change(shop.open(post), **PAID)
    assert facts(shop, past(shop, post, first)) == Facts(held=(Held(None),))


def test_past_a_paid_one_stays_a_second_sale_where_a_third_binds_them(shop: Shop, post: Post) -> None:
    first = shop.open(post)
    second = past(shop, post, first)
    first = shop.change(first, **PAID)
    third = past(shop, post, first, second)
    assert not facts(shop, third).chain_paid
    shop.change(third, **PAID)
    assert facts(shop, second).chain_paid
    assert not facts(shop, first).chain_paid


def test_past_one_that_stays_open_a_later_sale_is_no_double_of_the_one_in_between(shop: Shop, post: Post) -> None:
    """Nobody knows about the first for a day; the second was paid at once, hours before the third was asked for."""
    first = shop.open(post)
    second = shop.change(past(shop, post, first), **PAID)
    third = past(shop, post, first)
    assert not facts(shop, third).chain_paid
    assert facts(shop, first).chain_paid
    shop.change(third, **PAID)
    assert not facts(shop, second).chain_paid


def test_past_something_else_is_no_chain_and_is_told(shop: Shop, post: Post) -> None:
    first = shop.open(shop.post("Chai", 30))
    dearer = shop.open(replace(post, price=300))
    second = past(shop, post, first, dearer)
    assert facts(shop, second) == NOTHING
    shop.change(first, **PAID)
    assert facts(shop, second) == Facts(other_paid=True, held=(None,))
    shop.change(second, state=State.PAID)
    assert facts(shop, dearer) == Facts(other_paid=True, held=(None,))
    assert facts(shop, first) == Facts(other_paid=True, held=(None,))


def test_past_something_else_that_was_paid_is_nothing(shop: Shop, post: Post) -> None:
    first = shop.change(shop.open(shop.post("Chai", 30)), **PAID)
    assert facts(shop, past(shop, post, first)) == NOTHING


def test_what_is_no_payment_of_this_customer_was_not_gone_past(shop: Shop, post: Post) -> None:
    stranger = shop.open(post, OTHER_PHONE)
    first = shop.open(post)
    again = past(shop, post, stranger, replace(first, id=99), first, retry_of=first.id)
    assert shop.scalar("SELECT count(*) FROM payment_past") == 0, "what is asked for again says so itself"
    shop.change(stranger, **PAID)
    assert facts(shop, again) == NOTHING


def test_what_was_gone_past_is_kept_with_where_it_stood(shop: Shop, post: Post) -> None:
    first = shop.change(shop.open(post), state=State.UNKNOWN)
    second = past(shop, post, first)
    shop.change(first, **PAID)
    with shop.engines.reader.connect() as connection:
        rows = connection.exec_driver_sql("SELECT payment_id, past_id, state FROM payment_past").all()
    assert [tuple(row) for row in rows] == [(second.id, first.id, "unknown")]


@pytest.mark.parametrize(
    ("ends", "held"),
    [
        ([], None),
        ([START + WEEK], Held(START + WEEK)),
        ([START + 2 * WEEK, START + WEEK], Held(START + 2 * WEEK)),
        ([START + WEEK, None], Held(None)),
    ],
)
def test_what_a_customer_has_of_a_post(shop: Shop, post: Post, ends: list[Any], held: Held | None) -> None:
    for until in ends:
        grant = Grant(granted_at=START, access=True, until=until, starts_at=START)
        shop.change(shop.open(post), state=State.PAID, grant=grant)
    none = Grant(granted_at=START, access=False, until=None)
    shop.change(shop.open(post), state=State.PAID, grant=none)
    shop.change(shop.open(post, OTHER_PHONE), state=State.PAID, grant=Grant(granted_at=START, access=True, until=None))
    shop.change(shop.open(shop.post("Chai", 30)), **PAID)
    assert facts(shop, shop.open(post)).held == (held,)
    assert shop.reader.held(PHONE, [post.id]).get(post.id) == held
    assert shop.reader.held("254700000000", [post.id]) == {}


def test_its_own_grant_is_not_what_the_customer_has_without_it(shop: Shop, post: Post) -> None:
    assert facts(shop, shop.change(shop.open(post), **PAID)).held == (None,)


def test_a_grant_can_be_changed_once_more(shop: Shop, post: Post) -> None:
    double = shop.change(shop.open(post), state=State.PAID, grant=Grant(granted_at=START, access=False, until=None))
    added = Grant(granted_at=START + WEEK, access=True, until=START + 2 * WEEK, starts_at=START + WEEK)
    after = shop.change(double, grant=added, remarks=frozenset({Remark.BOTH_MEANT}))
    assert grant_of(after) == added
    assert shop.scalar('SELECT count(*) FROM "grant"') == 1


def test_what_was_seen_is_off_the_attention_list(shop: Shop, post: Post) -> None:
    odd = shop.change(shop.open(post), **PAID, remarks=frozenset({Remark.CONFLICT, Remark.BY_OWNER}))
    assert shop.reader.attention(9) == [odd]
    seen = shop.change(odd, seen=frozenset({Remark.CONFLICT}))
    assert seen.seen == {Remark.CONFLICT}
    assert shop.reader.attention(9) == []
    more = shop.change(seen, remarks=seen.remarks | {Remark.CODE_LOST})
    assert shop.reader.attention(9) == [more]


# --- baskets -------------------------------------------------------------------------------------------


@pytest.fixture
def tea(shop: Shop) -> Post:
    return shop.post("Chai", 30, days=0)


def test_the_same_basket_in_another_order_is_of_the_chain(shop: Shop, post: Post, tea: Post) -> None:
    first = shop.open((post, tea))
    again = past(shop, (tea, post), first)
    shop.change(first, **PAID)
    assert facts(shop, again).chain_paid


def test_less_or_more_of_a_basket_is_something_else(shop: Shop, post: Post, tea: Post) -> None:
    soda = shop.post("Soda", 30, days=0)  # of the price of a tea
    first = shop.open((post, tea))
    others = [past(shop, wanted, first) for wanted in ((post,), (post, soda), (post, tea, soda))]
    shop.change(first, **PAID)
    for other in others:
        seen = facts(shop, other)
        assert (seen.chain_paid, seen.other_paid) == (False, True)


def test_what_a_customer_has_is_told_for_each_line_in_its_order(shop: Shop, post: Post, tea: Post) -> None:
    grant = Grant(granted_at=START, access=True, until=START + WEEK, starts_at=START)
    shop.change(shop.open(post), state=State.PAID, grant=grant)
    basket = shop.open((tea, post))
    assert facts(shop, basket).held == (None, Held(START + WEEK))
    assert shop.reader.held(PHONE, [tea.id, post.id]) == {post.id: Held(START + WEEK)}


def test_a_basket_is_granted_and_read_line_by_line_and_found_by_any_of_its_posts(
    shop: Shop, post: Post, tea: Post
) -> None:
    basket, other = shop.open((tea, post)), shop.open(post, OTHER_PHONE)
    after = shop.change(basket, **PAID)
    assert [line.post_id for line in after.lines] == [tea.id, post.id]
    assert all(line.grant for line in after.lines)
    assert shop.scalar('SELECT count(*) FROM "grant"') == 2
    assert [found.id for found in shop.reader.search(Search(text="chai"))] == [basket.id]
    assert [found.id for found in shop.reader.search(Search(text="maji"))] == [other.id, basket.id]
    assert [found.id for found in shop.reader.search(Search(text="maji", limit=1))] == [other.id]
    assert shop.reader.search(Search(limit=1).following(other)) == [after], "a limit counts payments, not lines"
    assert shop.reader.totals_found(Search(text="maji")).payments == 2


def test_a_line_that_cannot_be_granted_takes_the_others_along(shop: Shop, post: Post, tea: Post) -> None:
    basket = shop.open((tea, post))
    with shop.engines.writer.begin() as connection:  # somebody else's row is in the way of the second line
        connection.exec_driver_sql(
            'INSERT INTO "grant" (payment_id, line, customer_id, post_id, granted_at, access) '
            f"VALUES ({basket.id}, 2, {basket.customer_id}, {post.id}, '2026-11-23', true)"
        )
    with pytest.raises(Clash):
        shop.change(basket, **PAID)
    assert shop.scalar('SELECT count(*) FROM "grant"') == 1
    assert shop.get(basket.id).state is State.REQUESTED


def test_a_post_stands_in_a_payment_once(shop: Shop, post: Post) -> None:
    with pytest.raises(Clash):
        shop.open((post, post))
    assert shop.reader.search(Search()) == []


def test_what_decides_is_found_without_going_through_all_that_were_ever_paid(shop: Shop, post: Post) -> None:
    payment = shop.open(post)
    claimed = {"receipt": "UKN4X7Q2ZT", "checkout": "ws_CO_1", "checkout_left": "ws_CO_"}

    def ask() -> None:
        with shop.engines.reader.connect() as connection:
            connection.execute(select_with_facts.where(t.payment.c.id == payment.id), claimed).all()

    plan = shop.plan(ask)
    assert "ix_payment_chain" in plan
    by_state = "ix_payment_cell", "ix_payment_customer", "ix_payment_open"
    assert [name for name in by_state if name in plan] == []
