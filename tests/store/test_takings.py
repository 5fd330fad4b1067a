"""What came in, in sum: every grouping adds up to the same, which is what the totals of the days say."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

import pytest

from pos_app.domain.cancelling import Cancel
from pos_app.domain.catalogue import Post
from pos_app.domain.kenya_time import day_start, shop_day
from pos_app.domain.operators import Role
from pos_app.domain.payment import Payment, Source, State
from pos_app.domain.refund import Refund, RefundStatus
from pos_app.domain.search import Search
from pos_app.domain.takings import By, Taking, Takings, payments_of
from pos_app.errors import Cancelled
from tests.store.conftest import PAID, Shop
from tests.support.fakes import START

DAY = shop_day(START)
_codes = map("UKR{:07}".format, count(1))


def pay(shop: Shop, posts: Post | list[Post], received: int | None = None, back: int = 0, **more: object) -> Payment:
    """A payment that is paid: as asked, or `received` KES; `back` KES of it went back."""
    payment = shop.open(posts, **more)  # type: ignore[arg-type]
    named = payment.amount if back and received is None else received  # what M-PESA has is known before any goes back
    shop.change(payment, **PAID, amount_paid=named)
    if back:
        refund = Refund(
            at=START + timedelta(days=9),
            amount=back,
            code=next(_codes),
            reason="wrong room",
            source=Source.OWNER,
            status=RefundStatus.DONE,
            withdrawn=False,
        )
        with shop.database.write() as transaction:
            transaction.add_refund(payment.id, refund)
    return payment


def of_all(shop: Shop, by: By) -> Takings:
    return shop.reader.takings(DAY - timedelta(days=9), DAY + timedelta(days=9), by)


def figures(takings: Takings) -> list[tuple[object, ...]]:
    """Of each group: its key, payments, paid, and KES asked, received and refunded."""
    return [
        (group.key, group.payments, group.paid, group.asked, group.received, group.refunded) for group in takings.groups
    ]


def test_nothing_is_nothing(shop: Shop) -> None:
    for by in By:
        assert of_all(shop, by) == Takings(
            DAY - timedelta(days=9), DAY + timedelta(days=9), by, (), Taking(key=None)
        ), by


def test_by_day_as_days_are_in_the_shop(shop: Shop, post: Post) -> None:
    midnight = day_start(DAY)
    pay(shop, post, at=midnight - timedelta(microseconds=1), back=50)
    pay(shop, post, at=midnight, received=240)
    shop.open(post, at=midnight + timedelta(days=1, microseconds=-1))
    pay(shop, post, at=midnight + timedelta(days=1))
    found = shop.reader.takings(DAY - timedelta(days=1), DAY, By.DAY)
    assert figures(found) == [
        (DAY - timedelta(days=1), 1, 1, 250, 250, 50),
        (DAY, 2, 1, 500, 240, 0),
    ]
    assert [group.net for group in found.groups] == [200, 240]
    assert found.whole == Taking(key=None, payments=3, paid=2, asked=750, received=490, refunded=50)


def test_by_hour_of_the_day_in_the_shop_whichever_the_day(shop: Shop, post: Post) -> None:
    for hour, days in ((20, 0), (20, 1), (21, 0), (23, 0), (5, 0)):  # UTC
        pay(shop, post, at=datetime(2026, 11, 23, hour, 30, tzinfo=UTC) + timedelta(days=days))
    found = of_all(shop, By.HOUR)
    assert [(group.key, group.paid) for group in found.groups] == [(0, 1), (2, 1), (8, 1), (23, 2)]


def test_by_till(shop: Shop, post: Post) -> None:
    pay(shop, post, till="A")
    for _ in range(2):
        pay(shop, post, till="B", back=1)
    assert figures(of_all(shop, By.TILL)) == [("B", 2, 2, 500, 500, 2), ("A", 1, 1, 250, 250, 0)]


def test_by_operator_with_those_of_nobody_last(shop: Shop, post: Post) -> None:
    with shop.database.write() as transaction:
        amina = transaction.add_operator("Amina", Role.OPERATOR, "pin")
    pay(shop, post)
    pay(shop, post)
    with shop.database.write() as transaction:
        opened = transaction.add_payment(replace(shop.new(post), operator_id=amina.id))
    shop.change(opened, **PAID)
    found = of_all(shop, By.OPERATOR)
    assert [(group.key, group.name, group.net) for group in found.groups] == [(amina.id, "Amina", 250), (None, "", 500)]


def test_by_post_each_line_of_a_basket_counts_with_its_price(shop: Shop) -> None:
    tea, week = shop.post("Tea", 30), shop.post("Week pass", 250)
    pay(shop, [tea, week])
    pay(shop, tea, back=10)
    shop.open(tea)
    found = of_all(shop, By.POST)
    assert figures(found) == [(week.id, 1, 1, 250, 250, 0), (tea.id, 3, 2, 90, 60, 10)]
    assert [group.name for group in found.groups] == ["Week pass", "Tea"]
    assert found.whole == Taking(key=None, payments=3, paid=2, asked=340, received=310, refunded=10)


def test_what_is_of_no_single_post_stands_by_itself(shop: Shop) -> None:
    """What was paid of a basket beside its prices, and what went back of one."""
    tea, week = shop.post("Tea", 30), shop.post("Week pass", 250)
    pay(shop, [tea, week], received=300, back=100)
    pay(shop, tea, received=25)  # of one post it is that post's
    found = of_all(shop, By.POST)
    assert figures(found) == [(week.id, 1, 1, 250, 250, 0), (tea.id, 2, 2, 60, 55, 0), (None, 0, 0, 0, 20, 100)]


@pytest.mark.parametrize("by", By)
def test_every_grouping_adds_up_to_the_totals_of_the_days(shop: Shop, by: By) -> None:
    tea, week = shop.post("Tea", 30), shop.post("Week pass", 250)
    for number in range(6):
        at, till = START + timedelta(hours=7 * number), "AB"[number % 2]
        pay(shop, [tea, week], at=at, till=till, received=[None, 270][number % 2], back=[0, 20][number == 3])
        pay(shop, week, at=at, till=till, back=[0, 250][number == 4])
        shop.open(tea, at=at, till=till)
        shop.change(shop.open(tea, at=at, till=till), state=State.CANCELLED, amount_paid=30)
    found = of_all(shop, by)
    days = [shop.reader.totals(DAY + timedelta(days=day)) for day in range(3)]
    assert (found.whole.payments, found.whole.paid) == (24, 12)
    assert found.whole.payments == sum(day.payments for day in days)
    assert found.whole.paid == sum(day.paid for day in days)
    assert found.whole.net == sum(day.paid_amount for day in days)
    assert found.whole.refunded == sum(day.refunded for day in days) == 270
    for figure in ("asked", "received", "refunded", "net"):
        assert sum(getattr(group, figure) for group in found.groups) == getattr(found.whole, figure), figure


@pytest.mark.sqlite
@pytest.mark.parametrize("by", By)
def test_payments_are_read_one_after_the_other_and_refunds_lead_to_theirs(shop: Shop, post: Post, by: By) -> None:
    """The running totals know between which ids the days are: by an index of the days each would be looked up alone."""
    shop.open(post)
    plan = shop.plan(lambda: shop.reader.takings(date(2026, 11, 1), date(2026, 11, 30), by))
    assert "(day>? AND day<?)" in plan
    few = "SCAN payment USING INDEX ix_payment_paid"  # an index of those alone that came in with another amount
    assert "SCAN payment" not in plan.replace(few, "")
    assert "ix_refund_payment (payment_id=?)" not in plan
    assert (re.search(r"id>\? AND \w*id<\?", plan) is not None) is (by in (By.HOUR, By.POST)), (
        "the running totals know the others"
    )
    assert set(re.findall(r"ix_payment_\w+", plan)) <= {
        "ix_payment_open",
        "ix_payment_line_payment",
        "ix_payment_paid",
    }, plan


@pytest.mark.parametrize("by", By)
@pytest.mark.parametrize("days", [0, 3])
def test_a_group_leads_to_what_it_counts(shop: Shop, by: By, days: int) -> None:
    tea, week = shop.post("Tea", 30), shop.post("Week pass", 250)
    for number in range(8):
        at, till = START + timedelta(hours=7 * number), "AB"[number % 2]
        pay(shop, [tea, week] if number % 3 else [week], at=at, till=till)
        shop.open(tea, at=at, till=till)
    takings = shop.reader.takings(DAY, DAY + timedelta(days=days), by)
    assert takings.groups
    for group in takings.groups:
        search = payments_of(takings, group)
        assert search is not None
        found = shop.reader.search(search)
        assert len(found) == group.payments, group
        assert shop.reader.totals_found(search).payments == group.payments
        assert {shop_day(payment.created_at) for payment in found} <= {
            DAY + timedelta(days=place) for place in range(days + 1)
        }


def test_what_is_of_several_posts_leads_nowhere(shop: Shop) -> None:
    tea, week = shop.post("Tea", 30), shop.post("Week pass", 250)
    pay(shop, [tea, week], received=300)
    takings = shop.reader.takings(DAY, DAY, By.POST)
    assert payments_of(takings, takings.groups[-1]) is None


@pytest.mark.parametrize("by", By)
def test_a_sum_that_nobody_waits_for_is_ended(shop: Shop, post: Post, by: By) -> None:
    pay(shop, post)
    cancel = Cancel()
    cancel.cancel()
    with pytest.raises(Cancelled):
        shop.reader.takings(DAY, DAY, by, cancel)
    assert shop.reader.takings(DAY, DAY, by, Cancel()).whole.paid == 1


@pytest.mark.sqlite
@pytest.mark.parametrize("limits", [{"post": 1}, {"hour": 14}, {"operator": 1}, {"till": "A"}])
def test_the_payments_of_a_group_are_found_by_indexes(shop: Shop, post: Post, limits: dict[str, Any]) -> None:
    with shop.database.write() as transaction:
        amina = transaction.add_operator("Amina", Role.OPERATOR, "sealed")
        transaction.add_payment(replace(shop.new(post), operator_id=amina.id))  # without one there is nothing to read
    search = Search(since=day_start(DAY), until=day_start(DAY + timedelta(days=30)), **limits)
    plan = shop.plan(lambda: shop.reader.search(search))
    assert "SEARCH payment" in plan
    assert "SCAN payment" not in plan
