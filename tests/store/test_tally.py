"""The running totals: exact after whatever happens to a payment, and the least span that holds a page."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
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
from pos_app.store.tally import DaySpan, page_span
from pos_app.store.transaction import SqlTransaction
from tests.store.conftest import PAID, Shop
from tests.support.fakes import START

DAY = shop_day(START)


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
    spans = shop.scalar("SELECT count(*) FROM tally WHERE payments > 0 AND first_id > last_id")
    assert spans == 0
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
    shop.open(post)
    shop.open(post, at=START + timedelta(days=1))
    with shop.engines.writer.begin() as connection:
        connection.execute(t.tally.update().where(t.tally.c.day == DAY).values(received=t.tally.c.received + 1))
    assert shop.reader.wrong_days() == [DAY]


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
def test_sums_without_a_text_read_no_payment(shop: Shop, post: Post) -> None:
    shop.open(post)
    month = Search(since=day_start(DAY - timedelta(days=30)), until=day_start(DAY + timedelta(days=1)))
    for search in (Search(), month, replace(month, till="A", states=frozenset({State.PAID}), operator=1)):
        assert "payment" not in shop.plan(lambda search=search: shop.reader.totals_found(search))  # type: ignore[misc]
    assert "SEARCH tally USING PRIMARY KEY (day=?)" in shop.plan(lambda: shop.reader.totals(DAY))


def a_day(day: int, first_id: int, last_id: int, payments: int) -> DaySpan:
    at = date(2026, 11, day)
    return DaySpan(at, at, first_id, last_id, payments)


DAYS = [a_day(1, 1, 10, 8), a_day(2, 11, 20, 10), a_day(3, 21, 30, 2), a_day(4, 31, 40, 10)]


@pytest.mark.parametrize(
    ("after", "descending", "wanted", "ids", "days"),
    [
        (None, True, 5, (31, 40), (4, 4)),
        (None, True, 11, (21, 40), (3, 4)),
        (None, True, 100, (1, 40), (1, 4)),
        (None, False, 5, (1, 10), (1, 1)),
        (None, False, 9, (1, 20), (1, 2)),
        (35, True, 5, (11, 40), (2, 4)),
        (21, True, 5, (11, 20), (2, 2)),
        (5, False, 5, (1, 20), (1, 2)),
        (40, False, 5, None, None),
        (1, True, 5, None, None),
    ],
)
def test_a_page_lies_in_as_few_days_as_surely_hold_it(
    after: int | None, descending: bool, wanted: int, ids: tuple[int, int] | None, days: tuple[int, int] | None
) -> None:
    span = page_span(DAYS, after, descending=descending, wanted=wanted)
    if ids is None or days is None:
        assert span is None
        return
    assert span is not None
    low, high = span.first_id, span.last_id
    assert low <= ids[0]
    assert high >= min(ids[1], 40)
    assert span.first_day.day <= days[0]
    assert span.last_day.day >= days[1]


def test_days_whose_ids_cross_are_all_looked_at() -> None:
    """A clock went back: what was opened on the day before has the later ids."""
    crossed = [a_day(1, 1, 35, 5), a_day(2, 10, 30, 20)]
    span = page_span(crossed, None, descending=True, wanted=3)
    assert span is not None
    assert (span.first_day.day, span.last_day.day, span.first_id) == (1, 2, 1)


def test_a_day_of_which_a_part_is_wanted_fills_no_page() -> None:
    span = page_span(DAYS, None, descending=True, wanted=5, cut={date(2026, 11, 4)})
    assert span is not None
    assert span.first_id == 11


def test_a_moment_is_no_day() -> None:
    assert day_start(DAY) != datetime(2026, 11, 23, 11, tzinfo=UTC)


def test_every_payment_is_in_the_table_as_the_database_has_it(shop: Shop, post: Post) -> None:
    shop.open(post)
    with shop.engines.reader.connect() as connection:
        rows = connection.execute(sa.select(t.tally)).all()
    assert [tuple(row) for row in rows] == [(DAY, "A", 0, "requested", 1, 250, 250, 0, 1, 1)]
