"""T22: two tills on one server, the same customer in the same second. SQLite's file has one till only."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from decimal import Decimal
from threading import Barrier

import pytest
import sqlalchemy as sa

from pos_app.domain.catalogue import Post, draft_post
from pos_app.domain.payment import Payment, State
from pos_app.domain.payment_event import Callback, Result
from pos_app.errors import CannotSave
from pos_app.sales.checkout import Guarded
from pos_app.store.server import ONE_WRITER
from tests.store.counters import Till, open_till
from tests.store.server import Server
from tests.support.builders import a_request, flush
from tests.support.fakes import FakeClock

ROUNDS = 30
ONE, OTHER = "0712345678", "0733345678"


@pytest.fixture
def tills(server: Server, clock: FakeClock) -> Iterator[tuple[Till, Till]]:
    url = server.create(template="empty")
    with ExitStack() as stack:
        first, second = (stack.enter_context(open_till(name, url, clock)) for name in "AB")
        yield first, second


@pytest.fixture
def post(tills: tuple[Till, Till]) -> Post:
    return tills[0].writer.submit(lambda transaction: transaction.add_post(draft_post("Maji", 50, 1))).result(10)


def test_t22_of_two_tills_that_ask_one_phone_at_once_one_is_warned(
    tills: tuple[Till, Till], post: Post, clock: FakeClock
) -> None:
    barrier = Barrier(2)

    def charge(till: Till, phone: str) -> Payment | Guarded:
        barrier.wait(10)
        try:
            return till.checkout.charge(a_request(post, phone))
        except Guarded as guarded:
            return guarded

    with ThreadPoolExecutor(2) as operators:
        for number in range(ROUNDS):
            phone = f"0712{number * 2 // 3:06}"  # every third is known to the shop, the others are new
            results = list(operators.map(charge, tills, (phone, phone)))
            assert sorted(type(result).__name__ for result in results) == ["Guarded", "Payment"], number
            clock.advance(86_400)
            for till, result in zip(tills, results, strict=True):
                if isinstance(result, Payment):
                    till.pushes.submit(lambda: None).result(10)
                    till.hear(till.now_is(result.id), Result.CANCELLED, "1032")  # the next round finds nothing open


def test_t22_each_payment_is_paid_by_its_own_events_only(tills: tuple[Till, Till], post: Post) -> None:
    first, second = (till.ask(post, phone) for till, phone in zip(tills, (ONE, OTHER), strict=True))
    assert tills[0].hear(first, Result.SUCCESS, "0", "UKN4X7Q2ZT")
    assert not tills[1].hear(second, Result.SUCCESS, "0", "UKN4X7Q2ZT")  # one code for both: M-PESA never does that
    held = tills[1].now_is(second.id)
    assert (held.state, held.granted, held.receipt) == (State.REVIEW, False, None)


@contextmanager
def stranger(server_url: str, *statements: str) -> Iterator[None]:
    """Somebody else on the server, in the middle of a transaction."""
    engine = sa.create_engine(server_url)
    with engine.connect() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)
        yield
    engine.dispose()


def test_t22_a_row_that_a_stranger_has_locked_holds_up_no_other_payment(server: Server, clock: FakeClock) -> None:
    url = server.create(template="empty")
    with open_till("A", url, clock) as first, open_till("B", url, clock) as second:
        post = first.writer.submit(lambda transaction: transaction.add_post(draft_post("Maji", 50, 1))).result(10)
        locked, other = first.ask(post, ONE), second.ask(post, OTHER)
        ids = locked.merchant_request_id, locked.checkout_request_id
        success = Callback(Result.SUCCESS, "0", *ids, Decimal(50), "UKN4X7Q2ZT")
        with stranger(url, f"SELECT * FROM payment WHERE id = {locked.id} FOR UPDATE"):
            waits = first.ledger.record(success, locked)
            assert second.hear(other, Result.SUCCESS, "0", "UKN4X7Q2ZU")
            assert not waits.done()
        change = waits.result(20)
        assert change
        assert change.granted


def test_t22_while_a_stranger_has_the_tills_lock_nobody_is_charged(server: Server, clock: FakeClock) -> None:
    url = server.create(template="empty")
    with open_till("A", url, clock) as till:
        post = till.writer.submit(lambda transaction: transaction.add_post(draft_post("Maji", 50, 1))).result(10)
        with stranger(url, f"SELECT pg_advisory_lock({ONE_WRITER})"), pytest.raises(CannotSave):
            till.checkout.charge(a_request(post, ONE))
        flush(till.writer)
        assert till.writer.saving
        assert till.ask(post, ONE).state is State.PROMPTED


def test_t22_the_servers_own_isolation_makes_no_till_blind(server: Server, clock: FakeClock) -> None:
    """Else what was read would be from before the wait for the other till."""
    url = server.create(template="empty")
    with stranger(
        url, "ALTER DATABASE " + url.rpartition("/")[2] + " SET default_transaction_isolation = serializable", "COMMIT"
    ):
        pass
    with open_till("A", url, clock) as till, till.database.write() as transaction:
        assert transaction._connection.exec_driver_sql("SHOW transaction_isolation").scalar() == "read committed"


def test_t22_one_success_that_both_tills_hear_at_once_is_granted_once(tills: tuple[Till, Till], post: Post) -> None:
    barrier = Barrier(2)
    with ThreadPoolExecutor(2) as listeners:
        for number in range(ROUNDS):
            payment = tills[0].ask(post, f"0711{number:06}")

            def hear(till: Till, payment: Payment = payment, receipt: str = f"UKN{number:07}") -> bool:
                barrier.wait(10)
                return till.hear(payment, Result.SUCCESS, "0", receipt)

            assert sorted(listeners.map(hear, tills)) == [False, True], number
