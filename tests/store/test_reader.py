"""Reading: lists, figures, and that each finds its rows by an index."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from pos_app.domain.catalogue import Post
from pos_app.domain.payment import ATTENTION_REMARKS, Remark, State
from pos_app.domain.search import Search, Totals
from tests.store.conftest import PAID, REVIEW, Shop
from tests.support.fakes import PHONE, START

PHONES = [f"25471234567{digit}" for digit in range(10)]


def no_scan(plan: str, table: str = "payment") -> bool:
    """Whether a table is looked into by an index only."""
    return f"SCAN {table}" not in plan and f"SEARCH {table}" in plan


class TestPayment:
    def test_one_that_does_not_exist(self, shop: Shop) -> None:
        assert shop.reader.payment(1) is None
        assert shop.reader.journal(1) == []

    @pytest.mark.parametrize("state", State)
    def test_every_state_comes_back(self, shop: Shop, post: Post, state: State) -> None:
        assert shop.change(shop.open(post), state=state).state is state

    def test_every_remark_comes_back(self, shop: Shop, post: Post) -> None:
        assert shop.change(shop.open(post), remarks=frozenset(Remark)).remarks == frozenset(Remark)


class TestOpenPayments:
    def test_every_open_one_of_the_till_newest_first(self, shop: Shop, post: Post) -> None:
        payments = [
            shop.change(shop.open(post, phone), state=state) for phone, state in zip(PHONES, State, strict=False)
        ]
        shop.open(post, till="B")
        found = shop.reader.open_payments("A")
        assert found == [payment for payment in reversed(payments) if payment.state.open]
        assert [payment.till for payment in shop.reader.open_payments("B")] == ["B"]
        assert shop.reader.open_payments("C") == []

    @pytest.mark.sqlite
    def test_it_has_its_index(self, shop: Shop) -> None:
        assert "ix_payment_open" in shop.plan(lambda: shop.reader.open_payments("A"))


class TestTills:
    def test_each_till_that_ever_charged(self, shop: Shop, post: Post) -> None:
        assert shop.reader.tills() == []
        for till in ("B", "A", "MW2", "A"):
            shop.open(post, till=till)
        assert shop.reader.tills() == ["A", "B", "MW2"]

    @pytest.mark.sqlite
    def test_it_steps_along_an_index(self, shop: Shop) -> None:
        assert "SEARCH payment USING COVERING INDEX" in shop.plan(shop.reader.tills)


class TestToAsk:
    def test_whatever_is_to_be_asked_about_in_any_state(self, shop: Shop, post: Post) -> None:
        due = [
            shop.change(shop.open(post, phone), state=state, next_check_at=START + timedelta(days=days))
            for phone, state, days in [
                (PHONES[0], State.PROMPTED, 0),
                (PHONES[1], State.EXPIRED, -1),
                (PHONES[2], State.UNKNOWN, 9),
            ]
        ]
        shop.open(post, PHONES[3])
        shop.change(shop.open(post, PHONES[4], till="B"), next_check_at=START)
        assert shop.reader.to_ask("A") == list(reversed(due))

    @pytest.mark.sqlite
    def test_it_has_its_index(self, shop: Shop) -> None:
        assert "ix_payment_asked" in shop.plan(lambda: shop.reader.to_ask("A"))


class TestRecentPhones:
    def test_the_last_customers_each_once(self, shop: Shop, post: Post) -> None:
        for phone in (PHONES[0], PHONES[1], PHONES[0], PHONES[2], PHONES[2]):
            shop.open(post, phone)
        assert shop.reader.recent_phones(3) == [PHONES[2], PHONES[0], PHONES[1]]
        assert shop.reader.recent_phones(2) == [PHONES[2], PHONES[0]]
        assert shop.reader.recent_phones(99) == [PHONES[2], PHONES[0], PHONES[1]]

    def test_of_an_empty_shop(self, shop: Shop) -> None:
        assert shop.reader.recent_phones(5) == []

    @pytest.mark.sqlite
    def test_it_sorts_nothing(self, shop: Shop) -> None:
        assert "B-TREE" not in shop.plan(lambda: shop.reader.recent_phones(5))


class TestAttention:
    def test_what_a_person_should_look_at(self, shop: Shop, post: Post) -> None:
        payments = [
            shop.change(shop.open(post, PHONES[0]), **REVIEW),
            shop.change(shop.open(post, PHONES[1]), **PAID, remarks=frozenset({Remark.LATE})),
            shop.change(shop.open(post, PHONES[2]), **PAID, remarks=frozenset({Remark.LATE, Remark.CONFLICT})),
            shop.change(shop.open(post, PHONES[3]), **PAID),
            shop.change(shop.open(post, PHONES[4]), state=State.REVIEW),
            shop.change(shop.open(post, PHONES[5]), state=State.UNKNOWN),
            *(
                shop.change(shop.open(post, PHONES[6], till="B"), **PAID, remarks=frozenset({remark}))
                for remark in Remark
            ),
        ]
        found = shop.reader.attention(99)
        assert found == [payment for payment in reversed(payments) if payment.needs_attention]
        assert len(found) == 3 + len(ATTENTION_REMARKS)
        assert shop.reader.attention(2) == found[:2]
        assert shop.reader.search(Search(attention=True)) == found
        paid = Search(attention=True, states=frozenset({State.PAID}), text=PHONES[2], since=START)
        assert shop.reader.search(paid) == [payments[2]]
        assert shop.reader.totals_found(paid).payments == 1

    @pytest.mark.sqlite
    def test_it_reads_what_is_odd_or_open_and_nothing_else(self, shop: Shop) -> None:
        plan = shop.plan(lambda: shop.reader.attention(9))
        assert "ix_payment_open" in plan
        assert "ix_payment_odd" in plan
        assert all("INDEX" in row for row in plan.splitlines() if row.startswith("SCAN payment"))


class TestTotals:
    DAY = date(2026, 11, 23)

    def test_of_a_day_in_nairobi(self, shop: Shop) -> None:
        maji, chai = shop.post("Maji", 250), shop.post("Chai", 30)
        first, last = datetime(2026, 11, 22, 21, 0, tzinfo=UTC), datetime(2026, 11, 23, 20, 59, 59, tzinfo=UTC)
        shop.change(shop.open(maji, at=first), **PAID)
        shop.change(shop.open(chai, at=last, till="B"), **PAID)
        shop.change(shop.open(maji), **REVIEW)
        shop.change(shop.open(maji), state=State.UNKNOWN)
        shop.change(shop.open(maji), state=State.UNKNOWN)
        shop.change(shop.open(maji), state=State.CANCELLED)
        shop.open(maji)
        shop.change(shop.open(maji, at=first - timedelta(seconds=1)), **PAID)
        shop.change(shop.open(maji, at=last + timedelta(seconds=1)), **PAID)
        assert shop.reader.totals(self.DAY) == Totals(payments=7, paid=2, paid_amount=280, unsure=2, review=1)

    def test_of_a_day_without_payments(self, shop: Shop) -> None:
        assert shop.reader.totals(self.DAY) == Totals(payments=0, paid=0, paid_amount=0, unsure=0, review=0)

    def test_of_a_day_when_nobody_paid(self, shop: Shop, post: Post) -> None:
        shop.open(post)
        assert shop.reader.totals(self.DAY) == Totals(payments=1, paid=0, paid_amount=0, unsure=0, review=0)

    @pytest.mark.parametrize(
        "search",
        [
            Search(),
            Search(text="maji"),
            Search(text="678"),
            Search(text="no such thing"),
            Search(states=frozenset({State.PAID})),
            Search(text="chai", states=frozenset({State.PAID}), since=START - timedelta(days=1)),
            Search(until=START + timedelta(minutes=1)),
        ],
    )
    def test_of_everything_that_a_search_finds_however_few_it_gives(self, shop: Shop, search: Search) -> None:
        maji, chai = shop.post("Maji", 250), shop.post("Chai", 30)
        for place in range(6):
            post, phone = (maji, "254712345678") if place % 2 else (chai, "254722111903")
            payment = shop.open(post, phone, at=START + timedelta(minutes=place))
            if place < 4:
                shop.change(payment, **PAID, receipt=f"UKN000000{place}")
        found = shop.reader.search(search)
        paid = [payment for payment in found if payment.state is State.PAID]
        totals = shop.reader.totals_found(replace(search, limit=1))
        assert (totals.payments, totals.paid) == (len(found), len(paid))
        assert totals.paid_amount == sum(payment.amount for payment in paid)

    @pytest.mark.sqlite
    def test_it_has_its_index(self, shop: Shop) -> None:
        assert "SEARCH tally USING PRIMARY KEY (day=?)" in shop.plan(lambda: shop.reader.totals(self.DAY))


def test_an_address_is_known_or_not(shop: Shop, post: Post) -> None:
    shop.open(post, address="a" * 64)
    assert shop.reader.known_addresses(["a" * 64]) == {"a" * 64}
    assert shop.reader.known_addresses(["b" * 64, "a" * 64, ""]) == {"a" * 64}
    assert not shop.reader.known_addresses(["b" * 64])
    assert not shop.reader.known_addresses([])


@pytest.mark.sqlite
def test_each_look_has_an_index(shop: Shop) -> None:
    assert no_scan(shop.plan(lambda: shop.reader.payment(1)))
    assert no_scan(shop.plan(lambda: shop.reader.known_addresses(["a" * 64, "b" * 64])))
    assert no_scan(shop.plan(lambda: shop.reader.of_phone(PHONE, START)))
    assert no_scan(shop.plan(lambda: shop.reader.journal(1)), "payment_event")


class TestFigures:
    def test_how_many_stand_where(self, shop: Shop, post: Post) -> None:
        assert shop.reader.count_by_state() == {}
        for phone, state in zip(PHONES, (State.PAID, State.PAID, State.REVIEW), strict=False):
            shop.change(shop.open(post, phone), **(PAID if state is State.PAID else REVIEW))
        assert shop.reader.count_by_state() == {State.PAID: 2, State.REVIEW: 1}

    def test_every_name_that_people_gave_also_of_old(self, shop: Shop, post: Post) -> None:
        shop.open(post)
        assert shop.reader.names() == {post.title}
