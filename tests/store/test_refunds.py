"""Money that went back, as rows: what the database itself refuses (rules 10 and 19)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from pos_app.domain.payment import Payment, Remark, Source, State
from pos_app.domain.payment_line import Grant
from pos_app.domain.refund import Refund, RefundStatus
from pos_app.domain.withdrawal import Given, OfLine
from pos_app.errors import Clash
from pos_app.store import tables as t
from tests.store.conftest import Shop
from tests.store.test_day import check, close, opened
from tests.support.fakes import START

GRANT = Grant(granted_at=START, access=True, until=START + timedelta(days=60), starts_at=START + timedelta(days=30))


def refund(**changes: Any) -> Refund:
    record = Refund(
        at=START,
        amount=100,
        code="UKR0000001",
        reason="wrong room",
        source=Source.OWNER,
        status=RefundStatus.DONE,
        withdrawn=False,
    )
    return replace(record, **changes)


def paid(shop: Shop, receipt: str = "UKN4X7Q2ZT") -> Payment:
    payment = shop.open(shop.post("Wi-Fi month", 250, days=30))
    return shop.change(payment, state=State.PAID, amount_paid=250, receipt=receipt, grant=GRANT)


def add(shop: Shop, payment: Payment, *refunds: Refund) -> None:
    with shop.database.write() as transaction:
        for each in refunds:
            transaction.add_refund(payment.id, each)


def test_it_reads_as_it_was_written_and_the_payment_knows_the_sum(shop: Shop) -> None:
    payment = paid(shop)
    both = [refund(), refund(amount=150, code="UKR0000002", withdrawn=True, at=START + timedelta(days=1))]
    add(shop, payment, *both)
    assert shop.reader.refunds(payment.id) == both
    assert shop.reader.refunds(payment.id + 1) == []
    assert shop.get(payment.id).refunded == 250


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param([refund(amount=251)], id="more than was paid"),
        pytest.param([refund(amount=200), refund(amount=51, code="UKR0000002")], id="more together"),
        pytest.param([refund(), refund()], id="one code twice"),
        pytest.param([refund(code="UKN4X7Q2ZT")], id="the code of a payment"),
        pytest.param([refund(amount=0)], id="nothing"),
        pytest.param([refund(amount=-1)], id="less than nothing"),
    ],
)
def test_rule_10_the_database_refuses_it_whatever_the_program_thinks(shop: Shop, wrong: list[Refund]) -> None:
    payment = paid(shop)
    with pytest.raises(Clash):
        add(shop, payment, *wrong)
    assert shop.reader.refunds(payment.id) == []


def test_of_what_nobody_has_paid_the_database_lets_nothing_go_back(shop: Shop) -> None:
    with pytest.raises(Clash):
        add(shop, shop.open(shop.post()), refund(amount=1))


@pytest.mark.parametrize(
    "statement",
    [
        t.refund.update().values(amount=1),
        t.refund.update().values(payment_id=2),
        t.refund.update().values(reason="another"),
        t.refund.update().values(code="UKR0000002"),
        t.refund.update().values(code=None),
        t.refund.update().values(status="taken_back"),
        t.refund.update().values(status="taken_back", code=None),
        t.refund.update().values(taken_code="UKR0000001"),
        t.refund.delete(),
    ],
)
def test_nothing_that_went_back_is_edited(shop: Shop, statement: sa.Executable) -> None:
    payment = paid(shop)
    add(shop, payment, refund())
    with pytest.raises(Clash), shop.database.write() as transaction:
        transaction._connection.execute(statement)
    assert shop.reader.refunds(payment.id) == [refund()]


@pytest.mark.parametrize("state", [State.PAID, State.DECLINED])
def test_rule_30_what_was_taken_back_is_counted_out_once_and_for_ever(shop: Shop, state: State) -> None:
    payment = paid(shop)
    add(shop, payment, refund(), refund(amount=50, code="UKR0000002"))
    payment = shop.change(shop.get(payment.id), state=state)
    with shop.database.write() as transaction:
        transaction.take_back_refund(payment.id, "UKR0000001")
    assert (shop.get(payment.id).refunded, [each.amount for each in shop.reader.refunds(payment.id)]) == (50, [50])
    check(shop)
    assert shop.reader.wrong_days() == []
    for statement in (
        t.refund.update().values(status="done"),
        t.refund.update().where(t.refund.c.taken_code.is_not(None)).values(code="UKR0000001"),
    ):
        with pytest.raises(Clash), shop.database.write() as transaction:
            transaction._connection.execute(statement)
    with pytest.raises(Clash), shop.database.write() as transaction:
        transaction.take_back_refund(payment.id, "UKR0000001")
    add(shop, payment, refund(amount=200))
    assert shop.get(payment.id).refunded == 250
    shop.change(shop.get(payment.id), state=State.PAID if state is State.DECLINED else State.DECLINED)
    check(shop)
    assert shop.reader.wrong_days() == []


LOST = frozenset({Remark.BOUND, Remark.CODE_LOST})


def lost(shop: Shop) -> tuple[Payment, Payment]:
    """A sale whose code is another payment's now, and that one; of the first some went back."""
    sale, holder = shop.open(shop.post("Wi-Fi month", 250)), shop.open(shop.post("Tea", 250))
    had = shop.change(sale, state=State.PAID, amount_paid=250, receipt="UKN4X7Q2ZT")
    add(shop, had, refund())
    sale = shop.change(had, receipt=None, remarks=LOST)
    return sale, shop.change(holder, state=State.PAID, amount_paid=250, receipt="UKN4X7Q2ZT")


@pytest.mark.parametrize("closed", [False, True])
def test_of_whose_code_was_given_away_it_passes_on_and_is_counted_once(shop: Shop, closed: bool) -> None:
    sale, holder = lost(shop)
    if closed:
        close(shop)
    with shop.database.write() as transaction:
        assert transaction.refunds(sale.id) == [refund()]
        transaction.pass_refund(sale.id, "UKR0000001", holder.id)
    assert (shop.get(sale.id).refunded, shop.get(holder.id).refunded) == (0, 100)
    assert shop.reader.refunds(holder.id) == [replace(refund(), reason="wrong room")]
    check(shop)
    assert shop.reader.wrong_days() == []
    assert opened(shop).figures.refunded == (0 if closed else 100)
    shop.change(sale, state=State.DECLINED, amount_paid=None)
    check(shop)
    assert shop.reader.wrong_days() == []


def test_rule_10_the_database_lets_no_other_pass_on_and_never_more_than_was_paid(shop: Shop) -> None:
    sale, holder = lost(shop)
    less = shop.change(shop.get(holder.id), amount_paid=99)
    for of, code in ((sale, "UKR0000001"), (less, "UKR0000002")):
        if of is less:
            add(shop, less, refund(code=code, amount=50))
        with pytest.raises(Clash), shop.database.write() as transaction:
            transaction.pass_refund(of.id, code, less.id if of is sale else sale.id)
    assert (shop.get(sale.id).refunded, shop.get(holder.id).refunded) == (100, 50)


def given(shop: Shop, payment: Payment) -> list[Given]:
    with shop.database.write() as transaction:
        found: Callable[[int, int], list[Given]] = transaction.given
        return found(payment.customer_id, payment.lines[0].post_id)


def test_what_a_customer_was_given_of_a_post(shop: Shop) -> None:
    first = paid(shop)
    assert given(shop, first) == [
        Given(origin=OfLine(first.id, 1), days=30, starts_at=START + timedelta(days=30), until=GRANT.until)
    ]
    old = shop.change(first, grant=replace(GRANT, starts_at=None, until=None))
    [ever] = given(shop, old)
    assert (ever.starts_at, ever.until) == (START, None)
    withdrawn = shop.change(old, grant=replace(GRANT, access=False, withdrawn_at=START))
    assert given(shop, withdrawn) == []
    assert shop.get(first.id).lines[0].grant == replace(GRANT, access=False, withdrawn_at=START)


@pytest.mark.sqlite
def test_the_sum_of_a_payment_is_found_by_its_index(shop: Shop) -> None:
    assert "refund USING INDEX ix_refund_payment (payment_id=?)" in shop.plan(lambda: shop.reader.payment(1))
