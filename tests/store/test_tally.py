"""The running totals: exact after whatever happens to a payment, and where its days lie."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
import sqlalchemy as sa

from pos_app.domain.cancelling import Cancel
from pos_app.domain.catalogue import Post
from pos_app.domain.kenya_time import day_start, shop_day
from pos_app.domain.operators import Role
from pos_app.domain.payment import Payment, Source, State
from pos_app.domain.refund import Refund, RefundStatus
from pos_app.domain.search import Search
from pos_app.domain.takings import By
from pos_app.errors import Cancelled, Clash
from pos_app.store import tables as t
from pos_app.store.search import find
from pos_app.store.transaction import SqlTransaction
from tests.store.conftest import PAID, Shop
from tests.support.fakes import START

DAY = shop_day(START)
UNDER_WAY_ONLY = {"SEARCH payment USING INDEX ix_payment_open (state=?)"}


def a_refund(amount: int, number: int) -> Refund:
    return Refund(
        at=START,
        amount=amount,
        code=f"UKR{number:07}",
        reason="brought back",
        source=Source.OWNER,
        status=RefundStatus.DONE,
        withdrawn=False,
    )


def test_they_are_those_of_the_payments_whatever_happens(shop: Shop, post: Post) -> None:
    draw = Random(11)
    with shop.database.write() as transaction:
        amina = transaction.add_operator("Amina", Role.OPERATOR, "sealed").id
    payments: list[Payment] = []
    for number in range(40):
        new = shop.new(post, till=draw.choice("AB"), at=START + timedelta(days=number % 3))
        with shop.database.write() as transaction:
            payments.append(transaction.add_payment(replace(new, operator_id=draw.choice((None, amina)))))
        chosen = draw.randrange(len(payments))
        state = draw.choice(list(State))
        paid = PAID | {"amount_paid": draw.choice((249, 250))} if state is State.PAID else {"state": state}
        payments[chosen] = shop.change(payments[chosen], **paid)
        if payments[chosen].amount_paid and not payments[chosen].refunded and draw.random() < 0.5:
            with shop.database.write() as transaction:
                transaction.add_refund(payments[chosen].id, a_refund(draw.randint(1, 249), number))
            payments[chosen] = shop.get(payments[chosen].id)
        assert shop.reader.wrong_days() == []
    assert shop.scalar("SELECT count(*) FROM tally WHERE state IN ('requested', 'prompted', 'unknown')") == 0
    assert shop.reader.totals_found(Search()).payments == 40
    assert sum(shop.reader.count_by_state().values()) == 40


def test_a_payment_that_another_till_saves_meanwhile_makes_no_sum_wrong(shop: Shop, post: Post) -> None:
    """`check` told of it as another program's doing; and by posts it stood as money of no single post."""
    shop.change(shop.open(post), **PAID)
    another: Iterator[Callable[[], object]] = iter(())

    def meanwhile(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if statement != "BEGIN":
            for save in another:
                save()

    for ask in (
        lambda: shop.reader.wrong_days(),
        lambda: [group.key for group in shop.reader.takings(DAY, DAY, By.POST).groups if group.key != post.id],
    ):
        another = iter((lambda: shop.change(shop.open(post, till="B"), **PAID),))
        sa.event.listen(shop.engines.reader, "after_cursor_execute", meanwhile)
        found = ask()
        sa.event.remove(shop.engines.reader, "after_cursor_execute", meanwhile)
        assert (found, next(another, None)) == ([], None)


def test_what_fails_is_not_counted(shop: Shop, post: Post) -> None:
    shop.open(post, address="0" * 64)
    with pytest.raises(Clash):
        shop.open(post, address="0" * 64)
    assert shop.reader.totals(DAY).payments == 1


def test_whatever_of_a_payment_changes_at_once_and_what_is_taken_back_leaves_no_wrong_sum(
    shop: Shop, post: Post
) -> None:
    """The till changes state and amount alone; a shop's own tools may do the rest."""
    first = shop.change(shop.open(post), **PAID, amount_paid=250)
    shop.open(post, till="B")
    with shop.database.write() as transaction:
        transaction.add_refund(first.id, a_refund(40, 1))
        amina = transaction.add_operator("Amina", Role.OPERATOR, "sealed").id
    moved = {"till": "C", "day": DAY + timedelta(days=1), "operator_id": amina, "state": "declined", "amount": 7}
    with shop.engines.writer.begin() as connection:
        connection.execute(t.payment.update().values(**moved, day_seq=t.payment.c.id, amount_paid=260))
    assert shop.reader.wrong_days() == []
    assert shop.scalar("SELECT sum(refunded) FROM tally WHERE payments > 0") == 40

    def half(transaction: SqlTransaction) -> None:
        with transaction.savepoint():
            transaction.add_payment(shop.new(post, till="D"))
            transaction.add_refund(first.id, a_refund(1, 2))
            raise RuntimeError

    with shop.database.write() as transaction:
        with pytest.raises(RuntimeError):
            half(transaction)
        transaction.add_payment(shop.new(post, till="D"))
    assert shop.reader.wrong_days() == []
    assert shop.reader.totals_found(Search()).payments == 3


def test_what_another_program_writes_there_is_noticed(shop: Shop, post: Post) -> None:
    days = [DAY + timedelta(days=day) for day in range(3)]
    for day in range(3):
        shop.change(shop.open(post, at=START + timedelta(days=day)), **PAID)
    of_tally = t.tally.update().values(received=t.tally.c.received + 1).where(t.tally.c.day == days[0])
    of_day = t.tally_day.update().values(first_id=t.tally_day.c.first_id + 1).where(t.tally_day.c.day == days[1])
    with shop.engines.writer.begin() as connection:
        connection.execute(of_tally)
        connection.execute(of_day)
    assert shop.reader.wrong_days() == days[:2]
    with shop.engines.writer.begin() as connection:
        connection.execute(t.tally_day.delete().where(t.tally_day.c.day == days[2]))
    assert shop.reader.wrong_days() == days


def test_what_is_there_settled_from_its_first_moment_counts(shop: Shop, post: Post) -> None:
    """The till adds every payment as requested; a shop's own tools may not."""
    shop.open(post)
    with shop.engines.writer.begin() as connection:
        row = dict(connection.execute(sa.select(t.payment)).mappings().one())
        again = {"id": 9, "day_seq": 9, "number": "A-20261123-0009", "address": "9" * 64, "state": "paid"}
        connection.execute(t.payment.insert().values(**row | again))
    assert shop.reader.wrong_days() == []
    assert (shop.reader.totals(DAY).payments, shop.reader.totals(DAY).paid_amount) == (2, 250)
    with shop.engines.reader.connect() as connection:
        assert find(connection, Search(states=frozenset({State.PAID}))) == [9]


def test_a_payment_that_is_taken_out_is_not_counted_any_more(shop: Shop, post: Post) -> None:
    """The till never does; a test that does, and a shop's own tools, leave no wrong sum."""
    payment = shop.open(post)
    with shop.engines.writer.begin() as connection:
        connection.execute(t.payment_line.delete())
        connection.execute(t.payment.delete().where(t.payment.c.id == payment.id))
    assert (shop.reader.wrong_days(), shop.reader.totals(DAY).payments) == ([], 0)


def test_the_look_at_all_of_them_can_be_ended(shop: Shop) -> None:
    cancel = Cancel()
    cancel.cancel()
    with pytest.raises(Cancelled):
        shop.reader.wrong_days(cancel)


@pytest.mark.sqlite
def test_sums_without_a_text_read_no_payment_but_those_under_way(shop: Shop, post: Post) -> None:
    shop.open(post)
    month = Search(since=day_start(DAY - timedelta(days=30)), until=day_start(DAY + timedelta(days=1)))
    for search in (Search(), month, replace(month, till="A", states=frozenset({State.PAID}), operator=1)):
        plan = shop.plan(lambda search=search: shop.reader.totals_found(search))  # type: ignore[misc]
        assert set(re.findall(r"\w+ payment\b.*", plan)) == UNDER_WAY_ONLY
    assert "SEARCH tally USING PRIMARY KEY (day=?)" in shop.plan(lambda: shop.reader.totals(DAY))


def test_a_moment_is_no_day() -> None:
    assert day_start(DAY) != datetime(2026, 11, 23, 11, tzinfo=UTC)


def test_every_payment_is_in_the_table_as_the_database_has_it(shop: Shop, post: Post) -> None:
    shop.change(shop.open(post), **PAID)
    with shop.engines.reader.connect() as connection:
        rows = connection.execute(sa.select(t.tally)).all()
        [lies] = connection.execute(sa.select(t.tally_day)).all()
    assert [tuple(row) for row in rows] == [(DAY, "A", 0, "paid", 1, 250, 250, 0)]
    assert tuple(lies) == (DAY, 1, 1)
