"""Erased customers as rows, in both databases (rules 17 and 21)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import NoReturn

import pytest
import sqlalchemy as sa

from pos_app.domain.access_by_hand import NewAccess
from pos_app.domain.erasure import ErasableCustomer, ErasureKey
from pos_app.domain.payment import JournalLine, Outcome, Payment, Source, State
from pos_app.domain.payment_line import Grant
from pos_app.domain.refund import Refund, RefundStatus
from pos_app.errors import Clash
from pos_app.store import tables as t
from tests.store.conftest import Shop
from tests.support.fakes import PHONE, START

LATER = START + timedelta(days=1)
KEY = ErasureKey(b"k" * 32)
HASH = KEY.hash(PHONE)


def a_line(kind: str, **texts: str) -> JournalLine:
    source, _, what = kind.partition(" ")
    state = State.PAID
    return JournalLine(at=START, source=source, kind=what, outcome=Outcome.APPLIED, before=state, after=state, **texts)


@pytest.fixture
def payment(shop: Shop) -> Payment:
    """Paid, with an id that has the number in it, and a refund."""
    payment = shop.open(shop.post())
    payment = shop.change(
        payment, state=State.PAID, amount_paid=250, checkout_request_id="ws_CO_23112026140000001708374149"
    )
    with shop.database.write() as transaction:
        transaction.add_line(payment.id, a_line("callback result", code="0", detail="proxy", body="{}"))
        transaction.add_line(payment.id, a_line("callback result", code="708•••149"))
        transaction.add_line(payment.id, a_line("owner settled", code="paid", detail="Amina", body="UKN4X7Q2ZT"))
        transaction.add_line(payment.id, a_line("till code lost", detail="M-PESA gave it to A-1"))
        transaction.name_customer(PHONE, "Amina")
        transaction.add_customer_note(PHONE, None, START, "Calls often")
        transaction.add_refund(
            payment.id,
            Refund(
                at=START, amount=50, code="UKR0000001", reason="Amina", source=Source.OWNER,
                status=RefundStatus.DONE, withdrawn=False,
            ),
        )  # fmt: skip
    return shop.get(payment.id)


def erase(shop: Shop, phone: str = PHONE, then: Callable[[], object] = lambda: None) -> tuple[ErasableCustomer, int]:
    with shop.database.write() as transaction:
        found = transaction.erasable(phone, LATER)
        assert found
        many = transaction.erase(found, KEY, LATER)
        then()
        return found, many


def interrupt() -> NoReturn:
    raise KeyboardInterrupt


def test_what_goes_and_what_stays(shop: Shop, payment: Payment) -> None:
    found, payments = erase(shop)
    assert (found.phone, found.name, found.payments, payments) == (PHONE, "Amina", (), 1)
    after = shop.get(payment.id)
    assert (after.phone, after.checkout_request_id) == (
        f"erased #{payment.customer_id} …149",
        "ws_CO_23112026140000001…149",
    )
    assert replace(
        after, phone=payment.phone, checkout_request_id=payment.checkout_request_id, version=payment.version
    ) == replace(payment)
    assert [(line.code, line.detail, line.body) for line in shop.reader.journal(payment.id)] == [
        ("0", None, None),
        (None, None, None),
        ("paid", None, "UKN4X7Q2ZT"),
        (None, "M-PESA gave it to A-1", None),
    ]
    assert [(refund.amount, refund.code, refund.reason) for refund in shop.reader.refunds(payment.id)] == [
        (50, "UKR0000001", "")
    ]
    assert shop.scalar("SELECT name FROM customer") is None
    assert shop.scalar("SELECT text FROM note") == ""
    [erased] = shop.reader.erased(HASH)
    assert erased == (LATER, 1)
    assert shop.reader.erased("cd" * 32) == []


def test_what_was_learnt_in_the_same_transaction_goes_too(shop: Shop, payment: Payment) -> None:
    with shop.database.write() as transaction:
        transaction.add_line(payment.id, a_line("callback result", code="0", body="a moment ago"))
        found = transaction.erasable(PHONE, LATER)
        assert found
        transaction.erase(found, KEY, LATER)
    assert {line.body for line in shop.reader.journal(payment.id)} == {None, "UKN4X7Q2ZT"}


def test_what_may_stand_in_the_way_is_found(shop: Shop, payment: Payment) -> None:
    with shop.database.write() as transaction:
        assert transaction.erasable("254712345678", LATER) is None
        assert transaction.erasable(PHONE, START).payments == (payment,)  # type: ignore[union-attr]
    still_open = shop.open(shop.post("Tea"))
    asked = shop.change(shop.open(shop.post("Chai")), state=State.EXPIRED, next_check_at=LATER)
    with shop.database.write() as transaction:
        assert transaction.erasable(PHONE, LATER).payments == (asked, still_open)  # type: ignore[union-attr]


def everything(shop: Shop, payment: Payment) -> tuple[object, ...]:
    reader = shop.reader
    texts = reader.journal(payment.id), reader.refunds(payment.id), reader.customer_notes(PHONE)
    return (shop.get(payment.id), *texts, reader.erased(HASH), shop.scalar("SELECT name FROM customer"))


def test_what_is_ended_in_the_middle_changes_nothing(shop: Shop, payment: Payment) -> None:
    before = everything(shop, payment)
    with pytest.raises(KeyboardInterrupt):
        erase(shop, then=interrupt)
    assert everything(shop, payment) == before


@pytest.mark.sqlite
@pytest.mark.parametrize("table", ["customer", "payment_event", "note", "refund", "payment"])
def test_t04_a_disk_that_fails_in_the_middle_changes_nothing(shop: Shop, payment: Payment, table: str) -> None:
    before = everything(shop, payment)
    with shop.engines.writer.begin() as connection:
        connection.exec_driver_sql(
            f"CREATE TRIGGER fails BEFORE UPDATE ON {table} BEGIN SELECT RAISE(ABORT, 'disk I/O error'); END"
        )
    with pytest.raises(Clash):
        erase(shop)
    assert everything(shop, payment) == before


def test_who_was_erased_by_another_till_is_not_there_any_more(shop: Shop, payment: Payment) -> None:
    erase(shop)
    with shop.database.write() as transaction:
        assert transaction.erasable(PHONE, LATER) is None


def test_the_same_number_can_be_erased_again_and_others_are_untouched(shop: Shop, payment: Payment) -> None:
    other = shop.open(shop.post("Tea"), "254712345678")
    erase(shop)
    again = shop.open(shop.post("Chai"))
    erase(shop)
    assert len(shop.reader.erased(HASH)) == 2
    assert shop.get(again.id).phone != shop.get(payment.id).phone
    assert shop.get(other.id) == other


def test_an_id_with_the_number_elsewhere_goes_altogether(shop: Shop, payment: Payment) -> None:
    shop.change(payment, checkout_request_id=f"ws-{PHONE}-1")
    erase(shop)
    assert shop.get(payment.id).checkout_request_id is None


GRANT = Grant(granted_at=START, access=True, until=LATER)


def idle(shop: Shop, at: datetime, before: datetime = LATER) -> list[bool]:
    """By the reader, which the transaction must agree with."""
    found = shop.reader.idle_customers(0, before, at, 99)
    with shop.database.write() as transaction:
        assert [transaction.is_idle(customer.id, before, at) for customer in found] == [one.idle for one in found]
    return [customer.idle for customer in found]


def test_who_is_idle(shop: Shop, payment: Payment) -> None:
    assert idle(shop, LATER) == [True]
    assert idle(shop, LATER, before=START) == [False]
    granted = shop.change(shop.open(shop.post("Pass"), "254712345678"), state=State.PAID, grant=GRANT)
    assert idle(shop, LATER - timedelta(seconds=1)) == [True, False]
    assert idle(shop, LATER) == [True, True]
    shop.change(granted, grant=replace(GRANT, until=None))
    assert idle(shop, LATER + timedelta(days=999)) == [True, False]
    shop.change(shop.get(granted.id), grant=replace(GRANT, until=None, access=False, withdrawn_at=LATER))
    assert idle(shop, LATER) == [True, True]


def test_access_by_hand_keeps_a_customer(shop: Shop, payment: Payment) -> None:
    post = shop.post("Pass", days=7)
    with shop.database.write() as transaction:
        given = NewAccess(
            customer_id=payment.customer_id, post_id=post.id, given_at=START, days=7, starts_at=START, until=LATER,
            reason="Amina lost her card",
        )  # fmt: skip
        access_id = transaction.add_access(given)
    assert idle(shop, LATER - timedelta(seconds=1)) == [False]
    assert idle(shop, LATER) == [True]
    assert idle(shop, LATER, before=START) == [False], "given since then"
    with shop.database.write() as transaction:
        transaction.withdraw_access(access_id, START, "Amina found it")
    assert idle(shop, START) == [True]
    erase(shop)
    assert shop.scalar("SELECT reason || withdrawn_reason FROM access_by_hand") == ""


def test_customers_are_looked_at_in_their_order_and_the_erased_are_left_out(shop: Shop, payment: Payment) -> None:
    for number in range(3):
        shop.open(shop.post(f"Tea {number}"), f"25471234567{number}")
    erase(shop)
    found = shop.reader.idle_customers(0, LATER, LATER, 2)
    assert [customer.phone for customer in found] == ["254712345670", "254712345671"]
    assert [one.phone for one in shop.reader.idle_customers(found[-1].id, LATER, LATER, 9)] == ["254712345672"]


_e, _r = t.payment_event, t.refund


@pytest.mark.parametrize(
    "statement",
    [
        _e.update().values(body="another"),
        _e.update().values(detail="another", body=None),
        _e.update().values(code="1"),
        _e.update().values(outcome="ignored"),
        _e.update().values(at=LATER, body=None),
        _e.update().values(before="prompted"),
        _e.delete(),
        _r.update().values(reason="another"),
        _r.update().values(amount=1, reason=""),
        _r.delete(),
    ],
)
def test_rule_17_nothing_else_of_what_happened_can_be_changed(
    shop: Shop, payment: Payment, statement: sa.Executable
) -> None:
    before = shop.reader.journal(payment.id), shop.reader.refunds(payment.id)
    with pytest.raises(Clash), shop.database.write() as transaction:
        transaction._connection.execute(statement)
    assert (shop.reader.journal(payment.id), shop.reader.refunds(payment.id)) == before


@pytest.mark.sqlite
def test_idle_customers_are_found_by_indexes(shop: Shop) -> None:
    plan = shop.plan(lambda: shop.reader.idle_customers(0, LATER, LATER, 9))
    for found in (
        "customer USING INTEGER PRIMARY KEY",
        "payment USING INDEX ix_payment_customer (customer_id=?)",
        "grant USING INDEX ix_grant_customer (customer_id=?)",
        "access_by_hand USING INDEX ix_access_customer (customer_id=?)",
    ):
        assert found in plan, plan


@pytest.mark.sqlite
def test_an_erased_number_is_found_by_its_index(shop: Shop) -> None:
    assert "customer USING INDEX ix_customer_erased (phone_hash=?)" in shop.plan(lambda: shop.reader.erased(HASH))
