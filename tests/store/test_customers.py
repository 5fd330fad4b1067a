"""Customers: by their phone, and by its last four digits."""

from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from random import Random
from string import digits

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.domain.catalogue import Post
from pos_app.domain.customer import Customer, KnownPhone, Possession
from pos_app.domain.payment import Payment, State
from pos_app.domain.payment_line import Grant
from pos_app.domain.phone import parse_phone
from pos_app.domain.search import Search
from pos_app.store import tables as t
from tests.store.conftest import PAID, Shop
from tests.support.fakes import START

AMINA, OTIENO, WANJA = "254712345678", "254722345678", "254733345678"
DAY = timedelta(days=1)


def access(until: timedelta | None) -> Grant:
    return Grant(granted_at=START, access=True, until=None if until is None else START + until)


def sell(shop: Shop, post: Post, phone: str, grant: Grant | None = None) -> Payment:
    return shop.change(shop.open(post, phone), state=State.PAID, grant=grant or PAID["grant"])


def give_name(shop: Shop, phone: str, name: str) -> None:
    with shop.database.write() as transaction:
        transaction.name_customer(phone, name)


class TestOne:
    def test_nobody(self, shop: Shop, post: Post) -> None:
        sell(shop, post, OTIENO)
        assert shop.reader.customer(AMINA, START, 3) is None

    def test_who_was_asked_and_never_paid(self, shop: Shop, post: Post) -> None:
        shop.change(shop.open(post, AMINA), state=State.CANCELLED)
        assert shop.reader.customer(AMINA, START, 3) == Customer(phone=AMINA)

    def test_the_last_sales_newest_first(self, shop: Shop, post: Post) -> None:
        sold = [sell(shop, post, AMINA) for _ in range(5)]
        shop.open(post, AMINA)
        sell(shop, post, OTIENO)
        found = shop.reader.customer(AMINA, START, 3)
        assert found is not None
        assert found.sales == (sold[4], sold[3], sold[2])

    def test_what_they_have_until_when_with_the_titles_of_now(self, shop: Shop) -> None:
        week, month, locker, tea = (shop.post(title) for title in ("Week", "Month", "Locker", "Tea"))
        sell(shop, week, AMINA, access(-DAY))
        sell(shop, month, AMINA, access(5 * DAY))
        sell(shop, month, AMINA, access(9 * DAY))
        sell(shop, locker, AMINA, access(DAY))
        sell(shop, locker, AMINA, access(None))
        sell(shop, tea, AMINA, Grant(granted_at=START, access=False, until=None))
        sell(shop, week, OTIENO, access(DAY))
        give_name(shop, AMINA, "Amina")
        found = shop.reader.customer(AMINA, START, 1)
        assert found is not None
        assert found.name == "Amina"
        assert found.has == (Possession("Month", START + 9 * DAY), Possession("Locker", None))
        later = shop.reader.customer(AMINA, START + 9 * DAY, 1)
        assert later is not None
        assert later.has == (Possession("Locker", None),)

    @pytest.mark.sqlite
    def test_it_goes_by_indexes(self, shop: Shop, post: Post) -> None:
        sell(shop, post, AMINA)
        plan = shop.plan(lambda: shop.reader.customer(AMINA, START, 3))
        assert "SCAN" not in plan.replace("SCAN (subquery", "").replace("SCAN had", "")  # of what was found
        for index in ("(phone=?)", "ix_payment_customer", "ix_grant_customer", "ix_access_customer"):
            assert index in plan


class TestEnding:
    def test_who_has_paid_the_last_one_first(self, shop: Shop, post: Post) -> None:
        for phone in (AMINA, OTIENO, WANJA, AMINA, "254712345679", "254756781234"):
            sell(shop, post, phone)
        give_name(shop, OTIENO, "Otieno")
        assert shop.reader.customers_ending("5678", 9) == [
            KnownPhone(AMINA),
            KnownPhone(WANJA),
            KnownPhone(OTIENO, "Otieno"),
        ]
        assert shop.reader.customers_ending("5678", 1) == [KnownPhone(AMINA)]
        assert shop.reader.customers_ending("5670", 9) == []

    @pytest.mark.parametrize("state", [state for state in State if state is not State.PAID])
    def test_a_number_that_never_paid_may_be_a_slip_and_a_strangers(self, shop: Shop, post: Post, state: State) -> None:
        shop.change(shop.open(post, AMINA), state=state)
        assert shop.reader.customers_ending("5678", 9) == []

    @pytest.mark.sqlite
    def test_it_goes_by_indexes(self, shop: Shop) -> None:
        plan = shop.plan(lambda: shop.reader.customers_ending("5678", 9))
        assert "ix_customer_end (<expr>=?)" in plan
        assert "ix_payment_customer (customer_id=?)" in plan
        assert "SCAN" not in plan


class TestAnyPhones:
    """Four hundred phones of few endings, some of which have paid."""

    @pytest.fixture(scope="class")
    @classmethod
    def paid(cls) -> dict[str, bool]:
        dice = Random(11)
        numbers = (f"{dice.choice('17')}{dice.randrange(10**4):04}{dice.randrange(70):04}" for _ in range(400))
        return {parse_phone(number): dice.random() < 0.5 for number in numbers}

    @pytest.fixture(scope="class")
    @classmethod
    def full(cls, migrated: Path, tmp_path_factory: pytest.TempPathFactory, paid: dict[str, bool]) -> Iterator[Shop]:
        copy = tmp_path_factory.mktemp("phones") / "till.db"
        copy.write_bytes(migrated.read_bytes())
        with closing(Shop(copy)) as shop:
            post = shop.post()
            with shop.database.write() as transaction:
                opened = {phone: transaction.add_payment(shop.new(post, phone)) for phone in paid}
            with shop.engines.writer.begin() as connection:
                ids = [payment.id for phone, payment in opened.items() if paid[phone]]
                connection.execute(t.payment.update().where(t.payment.c.id.in_(ids)).values(state="paid"))
            yield shop

    @given(last=st.one_of(st.integers(0, 69).map("{:04}".format), st.text(digits, min_size=4, max_size=4)))
    def test_all_who_end_in_them_and_nobody_else(self, full: Shop, paid: dict[str, bool], last: str) -> None:
        found = [known.phone for known in full.reader.customers_ending(last, 1_000)]
        assert found == [phone for phone in reversed(paid) if paid[phone] and phone.endswith(last)]

    @given(place=st.integers(0, 399), length=st.integers(3, 9))
    def test_a_search_for_last_digits_finds_what_ends_in_them(
        self, full: Shop, paid: dict[str, bool], place: int, length: int
    ) -> None:
        last = [*paid][place % len(paid)][-length:]
        payments = full.reader.search(Search(text=last, limit=1_000))
        found = {payment.phone for payment in payments if not payment.number.endswith(f"-{last:0>4}")}
        ending = {phone for phone in paid if phone.endswith(last)}
        assert found <= ending <= {payment.phone for payment in payments}
