"""The shop's days: what moved, each shilling in one close, whatever happens to a payment and whoever writes."""

import re
import threading
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from itertools import count
from random import Random
from typing import Any

import pytest
import sqlalchemy as sa

from pos_app.domain.cancelling import Cancel
from pos_app.domain.catalogue import Post
from pos_app.domain.day import DayFigures, DayGroup, DayReport, RecordSeen
from pos_app.domain.kenya_time import shop_day
from pos_app.domain.operators import Role
from pos_app.domain.payment import Payment, Remark, Source, State
from pos_app.domain.refund import Refund, RefundStatus
from pos_app.domain.statement_comparison import RowOutcome
from pos_app.errors import Cancelled, Clash
from pos_app.store import tables as t
from pos_app.store.day import LOST
from pos_app.store.record_tables import record_file, record_row
from tests.store.conftest import PAID, REVIEW, Shop
from tests.support.fakes import START

DAY = shop_day(START)
_codes = map("UKZ{:07}".format, count(1))


def pay(shop: Shop, posts: Post | list[Post], received: int | None = None, **more: Any) -> Payment:
    payment = shop.open(posts, **more)
    return shop.change(payment, **PAID, amount_paid=payment.amount if received is None else received)


def give_back(shop: Shop, payment: Payment, amount: int) -> None:
    refund = Refund(
        at=START,
        amount=amount,
        code=next(_codes),
        reason="wrong room",
        source=Source.OWNER,
        status=RefundStatus.DONE,
        withdrawn=False,
    )
    with shop.database.write() as transaction:
        transaction.add_refund(payment.id, refund)


def close(shop: Shop, *, hours: float = 9) -> DayReport:
    """Close what is open; gives what it says."""
    with shop.database.write() as transaction:
        report = transaction.open_day(START + timedelta(hours=hours))
        number = transaction.close_day(report, "A", None, owner=False)
    found = shop.reader.day_close(number)
    assert found is not None
    assert (found.number, found.report) == (report.number, report)
    return report


def opened(shop: Shop) -> DayReport:
    return shop.reader.open_day(START + timedelta(hours=9))


def money(report: DayReport) -> tuple[int, int, int, int, int]:
    figures = report.figures
    return figures.paid, figures.received, figures.refunds, figures.refunded, figures.returned


def check(shop: Shop) -> None:
    """All closes and what is open together are all payments less what went back, and every grouping adds up."""
    assert shop.reader.wrong_movements() == []
    assert shop.reader.wrong_closes() == []
    reports = [opened(shop), *(each.report for each in shop.reader.day_closes(1_000))]
    with shop.engines.reader.connect() as connection:
        paid = t.payment.c.state == State.PAID.value
        had = sa.func.sum(sa.func.coalesce(t.payment.c.amount_paid, t.payment.c.amount))
        received = connection.scalar(sa.select(had).where(paid)) or 0
        back = (
            sa.select(sa.func.sum(t.refund.c.amount)).select_from(t.refund.join(t.payment)).where(paid, t.counts_back)
        )
        refunded = connection.scalar(back) or 0
        payments = connection.scalar(sa.select(sa.func.count()).select_from(t.payment))
    assert sum(report.figures.received for report in reports) == received
    assert sum(report.figures.refunded for report in reports) == refunded
    assert sum(report.figures.payments for report in reports) == payments
    for report in reports:
        figures = report.figures
        for kind in ("posts", "operators", "hours"):
            groups: tuple[DayGroup, ...] = getattr(report, kind)
            whole = [sum(getattr(group, name) for group in groups) for name in ("asked", "received", "refunded")]
            assert whole == [figures.asked, figures.received, figures.refunded], kind


def test_nothing_is_nothing(shop: Shop) -> None:
    report = opened(shop)
    assert report.figures == DayFigures()
    assert report.figures.nothing
    assert (report.number, report.since, report.posts, report.hours, report.open_count) == (1, None, (), (), 0)
    assert shop.reader.day_closes(10) == []
    assert shop.reader.day_close(1) is None
    with shop.database.write() as transaction:
        assert transaction.last_close() is None


def test_a_day_as_it_is_told(shop: Shop) -> None:
    tea, week = shop.post("Tea", 30), shop.post("Week pass", 250)
    with shop.database.write() as transaction:
        amina = transaction.add_operator("Amina", Role.OPERATOR, "sealed")
        served = transaction.add_payment(replace(shop.new([tea, week]), operator_id=amina.id))
    basket = shop.change(served, **PAID, amount_paid=300)
    give_back(shop, basket, 100)
    alone = pay(shop, tea, at=START + timedelta(hours=2))
    give_back(shop, alone, 10)
    shop.change(shop.open(week), state=State.CANCELLED)
    waits = shop.open(week)
    double = shop.change(shop.open(tea), **PAID, remarks=frozenset({Remark.DOUBLE, Remark.LATE}))
    report = opened(shop)
    assert report.figures == DayFigures(
        payments=5,
        asked=280 + 30 + 250 + 250 + 30,
        not_paid=1,
        not_paid_asked=250,
        unsure=1,
        unsure_asked=250,
        paid=3,
        received=360,
        late=1,
        late_received=30,
        refunds=2,
        refunded=110,
    )
    assert report.figures.net == 250
    assert report.posts == (
        DayGroup(key=week.id, name="Week pass", asked=750, paid=1, received=250),
        DayGroup(key=tea.id, name="Tea", asked=90, paid=3, received=90, refunded=10),
        DayGroup(key=None, received=20, refunded=100),
    )
    assert [(group.key, group.name, group.net) for group in report.operators] == [
        (amina.id, "Amina", 200),
        (None, "", 50),
    ]
    assert {group.key: group.asked for group in report.hours} == {14: 810, 16: 30}
    assert [(item.id, item.state, item.remarks) for item in report.open] == [
        (waits.id, State.REQUESTED, frozenset()),
        (double.id, State.PAID, frozenset({Remark.DOUBLE})),
    ]
    assert (report.open_count, report.open_amount) == (2, 280)
    check(shop)
    assert close(shop) == report
    check(shop)


def test_what_comes_after_a_close_is_of_the_next_one_and_late(shop: Shop, post: Post) -> None:
    waits, paid = shop.open(post), pay(shop, post)
    first = close(shop, hours=9)
    assert (first.number, first.figures.unsure) == (1, 1)
    shop.change(waits, **PAID, amount_paid=240)
    give_back(shop, paid, 50)
    pay(shop, post)
    second = close(shop, hours=33)
    assert (second.number, second.after, second.since) == (2, 1, first.until)
    assert money(second) == (2, 490, 1, 50, 0)
    assert (second.figures.late, second.figures.late_received, second.figures.payments) == (1, 240, 1)
    assert opened(shop).figures.nothing
    assert [each.number for each in shop.reader.day_closes(10)] == [2, 1]
    assert [each.number for each in shop.reader.day_closes(10, before=2)] == [1]
    check(shop)


def test_another_word_for_the_money_moves_only_the_difference(shop: Shop, post: Post) -> None:
    """Paid by our query, without an amount; M-PESA's callback names another one after the close."""
    payment = shop.change(shop.open(post), **PAID)
    assert money(close(shop)) == (1, 250, 0, 0, 0)
    payment = shop.change(payment, amount_paid=250)
    assert money(opened(shop)) == (0, 0, 0, 0, 0)
    shop.change(payment, amount_paid=245)
    assert money(close(shop, hours=10)) == (0, -5, 0, 0, 0)
    assert close(shop, hours=11).figures.nothing
    check(shop)


def test_what_goes_back_of_a_payment_that_was_refused_was_never_counted(shop: Shop, post: Post) -> None:
    refused = shop.change(shop.change(shop.open(post), **REVIEW, amount_paid=200), state=State.DECLINED)
    give_back(shop, refused, 200)
    assert money(close(shop)) == (0, 0, 0, 0, 200)
    shop.change(refused, state=State.REVIEW, amount_paid=200, version=shop.get(refused.id).version)
    shop.change(shop.get(refused.id), **PAID)
    report = close(shop, hours=10)
    assert money(report) == (1, 200, 1, 200, -200)
    check(shop)


def test_the_movements_are_those_of_the_payments_whatever_happens(shop: Shop) -> None:
    draw = Random(7)
    posts = [shop.post("Tea", 30), shop.post("Week pass", 250)]
    payments: list[Payment] = []
    for number in range(60):
        choice = draw.random()
        if choice < 0.4 or not payments:
            at, till = START + timedelta(minutes=37 * number), draw.choice("AB")
            payments.append(shop.open(draw.sample(posts, draw.randint(1, 2)), till=till, at=at))
        elif choice < 0.8:
            place = draw.randrange(len(payments))
            state = draw.choice([State.PAID, State.PAID, State.UNKNOWN, State.REVIEW, State.DECLINED])
            paid = {"state": state, "amount_paid": max(payments[place].refunded, draw.choice((29, 30, 280)))}
            payments[place] = shop.change(payments[place], **(PAID | paid if state is State.PAID else paid))
        elif choice < 0.9:
            place = draw.randrange(len(payments))
            left = (payments[place].amount_paid or 0) - payments[place].refunded
            if left > 0:
                give_back(shop, payments[place], draw.randint(1, left))
                payments[place] = shop.get(payments[place].id)
        else:
            close(shop, hours=number)
        if number % 6 == 5:
            check(shop)
    check(shop)
    numbers = [each.number for each in shop.reader.day_closes(100)]
    assert numbers == list(range(len(numbers), 0, -1))
    assert len(numbers) >= 3


def test_a_close_is_written_once(shop: Shop, post: Post) -> None:
    pay(shop, post)
    close(shop)
    for statement in (
        "UPDATE movement SET close_number = NULL",
        "UPDATE movement SET received = 1",
        "DELETE FROM movement",
        "UPDATE day_close SET received = 1",
        "DELETE FROM day_close",
    ):
        with pytest.raises((sa.exc.IntegrityError, sa.exc.InternalError)), shop.engines.writer.begin() as connection:
            connection.exec_driver_sql(statement)
    pay(shop, post)
    with shop.database.write() as transaction:
        report = transaction.open_day(START)
    with pytest.raises(Clash), shop.database.write() as transaction:
        transaction.close_day(replace(report, after=0), "A", None, owner=False)
    assert shop.scalar("SELECT count(*) FROM movement WHERE close_number IS NULL") == 1, "nothing was half done"
    check(shop)


def test_a_transaction_that_fails_closes_nothing(shop: Shop, post: Post) -> None:
    pay(shop, post)

    def half() -> None:
        with shop.database.write() as transaction:
            transaction.close_day(transaction.open_day(START), "A", None, owner=False)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        half()
    assert (shop.reader.day_closes(9), opened(shop).figures.received) == ([], 250)


def test_a_day_of_the_calendar_is_no_close(shop: Shop, post: Post) -> None:
    shop.change(shop.open(post, at=START - timedelta(days=1)), **PAID, updated_at=START - timedelta(days=1))
    close(shop)
    shop.open(post, at=START - timedelta(days=1))
    late = shop.open(post, at=START - timedelta(days=1))
    shop.change(late, **PAID, updated_at=START)
    pay(shop, post)
    day = shop.reader.calendar_day(DAY, START)
    assert (day.number, day.after) == (None, None)
    assert (day.figures.payments, day.figures.paid, day.figures.late, day.open_count) == (1, 2, 1, 0)
    before = shop.reader.calendar_day(DAY - timedelta(days=1), START)
    assert (before.figures.payments, before.figures.paid, before.open_count) == (3, 1, 1)
    assert shop.reader.calendar_day(date(2020, 1, 1), START).figures.nothing


def test_numbers_that_went_with_another_database_are_not_used_again(shop: Shop, post: Post) -> None:
    pay(shop, post)
    close(shop)
    for kept, number, lost in (("7", 8, 7), ("1", 2, 0), ("?", 2, 0)):
        with shop.database.write() as transaction:
            transaction.set_setting(LOST, kept)
        report = opened(shop)
        assert (report.number, report.lost, report.after) == (number, lost, 1)
    with shop.database.write() as transaction:
        transaction.set_setting(LOST, "7")
    assert close(shop, hours=10).lost == 7
    assert (opened(shop).number, opened(shop).lost) == (9, 0)


def test_lines_for_a_tax_entry_add_up_to_the_net(shop: Shop) -> None:
    tea, week = shop.post("Tea", 30), shop.post("Week pass", 250)
    basket = shop.change(shop.open([tea, week]), **PAID, amount_paid=300, receipt="UKN4X7Q2ZT")
    give_back(shop, basket, 100)
    shop.change(shop.open(tea), **PAID)
    first = close(shop)
    lines = [line for page in shop.reader.close_sales(1) for line in page]
    assert [(line.item, line.quantity, line.price, line.total, line.refund) for line in lines] == [
        ("Tea", 1, 30, 30, False),
        ("Week pass", 1, 250, 250, False),
        (None, 1, 20, 20, False),
        (None, 1, -100, -100, True),
        ("Tea", 1, 30, 30, False),
    ]
    assert [line.code for line in lines][:3] == ["UKN4X7Q2ZT"] * 3
    assert (lines[3].code or "").startswith("UKZ")
    assert sum(line.total for line in lines) == first.figures.net
    shop.change(shop.get(basket.id), amount_paid=290)
    close(shop, hours=10)
    [[line]] = shop.reader.close_sales(2)
    assert (line.item, line.total, line.receipt) == (None, -10, basket.number)


def test_what_m_pesa_s_record_has_of_that_time(shop: Shop, post: Post) -> None:
    pay(shop, post)
    close(shop, hours=-1)
    counts = {column.name: 0 for column in record_file.c if isinstance(column.type, sa.Integer)}
    values = {
        **counts,
        **{"id": 1, "digest": "x", "origin": "file", "at": START, "owner": False, "short_code": "174379"},
        **{"covered_first": START - timedelta(days=1), "covered_last": START + timedelta(hours=1), "operator_id": None},
    }
    with shop.engines.writer.begin() as connection:
        connection.execute(record_file.insert().values(values | {"ended_at": None}))
    assert opened(shop).record is None, "it was cut short"
    row = dict.fromkeys(("row_key", "linked", "digits", "phone", "name", "account"), "")
    rows = [
        row | {"receipt": f"UKN{number:07}", "kind": kind, "incoming": True, "cents": cents, "at": at, "outcome": what}
        for number, (kind, what, cents, at) in enumerate(
            [
                ("fee", RowOutcome.FEE, 1_250, START),
                ("payment", RowOutcome.UNPROMPTED, 30_000, START),
                ("payment", RowOutcome.DIFFERS, 100, START),
                ("payment", RowOutcome.AGREES, 100, START),
                ("fee", RowOutcome.FEE, 99, START - timedelta(days=1)),
            ]
        )
    ]
    with shop.engines.writer.begin() as connection:
        connection.execute(record_file.update().values(ended_at=START))
        connection.execute(record_row.insert().values([each | {"file_id": 1} for each in rows]))
    until = START + timedelta(hours=1)
    assert opened(shop).record == RecordSeen(until=until, fees=1_250, differs=1, unprompted=1, unprompted_amount=30_000)
    assert close(shop, hours=9).record is not None
    assert opened(shop).record is None, "it reaches no further than the close"


def test_what_another_program_has_written_is_noticed(shop: Shop, post: Post) -> None:
    payment = pay(shop, post)
    with shop.engines.writer.begin() as connection:
        connection.execute(
            t.movement.insert().values(
                payment_id=payment.id, at=START, paid=0, received=7, refunds=0, refunded=0, returned=0
            )
        )
    assert shop.reader.wrong_movements() == [payment.id]
    close(shop)
    with shop.engines.writer.begin() as connection:
        connection.execute(
            t.movement.insert().values(
                payment_id=payment.id, at=START, paid=0, received=-7, refunds=0, refunded=0, returned=0, close_number=1
            )
        )
    assert (shop.reader.wrong_movements(), shop.reader.wrong_closes()) == ([], [1])


@pytest.mark.sqlite
def test_indexes_lead_to_what_no_close_has(shop: Shop, post: Post) -> None:
    pay(shop, post)
    close(shop)
    pay(shop, post)
    for plan in (
        shop.plan(lambda: shop.reader.open_day(START)),
        shop.plan(lambda: shop.reader.calendar_day(DAY, START)),
        shop.plan(lambda: list(shop.reader.close_sales(1))),
    ):
        scanned = {line.strip() for line in plan.splitlines() if "SCAN" in line}
        assert not {line for line in scanned if re.match("SCAN (payment|movement|refund|customer)", line)} - {
            "SCAN payment USING COVERING INDEX ix_payment_odd"  # only what has a remark
        }


def test_a_report_that_nobody_waits_for_is_ended(shop: Shop, post: Post) -> None:
    pay(shop, post)
    cancel = Cancel()
    cancel.cancel()
    for ask in (
        lambda: shop.reader.open_day(START, cancel),
        lambda: shop.reader.calendar_day(DAY, START, cancel),
        lambda: shop.reader.wrong_movements(cancel),
        lambda: shop.reader.wrong_closes(cancel),
    ):
        with pytest.raises(Cancelled):
            ask()


def test_another_till_that_commits_during_a_close_is_of_the_next_one(shop: Shop, post: Post) -> None:
    """Two tills sell while a third closes again and again: each payment is in one close, and none is left out."""

    second = Shop(shop.path, str(shop.engines.writer.url.render_as_string(hide_password=False)))
    sold, failed = Counter[str](), []

    def sell(place: int) -> None:
        try:
            for number in range(12):
                new = replace(second.new(post, till="BC"[place]), address=f"{place}{number:063}")
                with second.database.write() as transaction:
                    payment = transaction.add_payment(new)
                with second.database.write() as transaction:
                    transaction.update(payment, replace(payment, state=State.PAID, amount_paid=250))
                sold["payments"] += 1
        except Exception as error:  # noqa: BLE001 - told below
            failed.append(error)

    threads = [threading.Thread(target=sell, args=(place,)) for place in range(2)]
    for thread in threads:
        thread.start()
    closes = 0
    while any(thread.is_alive() for thread in threads):
        if not opened(shop).figures.nothing:
            close(shop, hours=closes)
            closes += 1
    for thread in threads:
        thread.join()
    if not opened(shop).figures.nothing:
        close(shop, hours=closes)
    second.close()
    assert failed == []
    assert sum(each.report.figures.received for each in shop.reader.day_closes(100)) == 250 * 24
    check(shop)
