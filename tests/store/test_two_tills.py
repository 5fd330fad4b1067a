"""T22: tills on one server, the same customer in the same second. SQLite's file has one till only."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from decimal import Decimal
from threading import Barrier

import pytest
import sqlalchemy as sa

from pos_app.domain.catalogue import Post, draft_post
from pos_app.domain.charge_request import ChargeLine
from pos_app.domain.payment import Payment, State
from pos_app.domain.payment_event import Callback, Result
from pos_app.errors import CannotSave
from pos_app.sales.checkout import Guarded
from pos_app.store.server import ONE_WRITER
from tests.store.counters import Till, open_till
from tests.store.server import Server
from tests.support.builders import a_request, flush
from tests.support.fakes import FakeClock

ROUNDS = 15
TILLS = "ABCD"
PATIENCE = 30.0  # seconds
ONE, OTHER = "0712345678", "0733345678"


@pytest.fixture
def tills(server: Server, clock: FakeClock) -> Iterator[list[Till]]:
    url = server.create(template="empty")
    with ExitStack() as stack:
        yield [stack.enter_context(open_till(name, url, clock)) for name in TILLS]


@pytest.fixture
def posts(tills: list[Till]) -> list[Post]:
    return [tills[0].sell(title) for title in ("Maji", "Soda", "Mkate")]


@pytest.fixture
def post(posts: list[Post]) -> Post:
    return posts[0]


def a_basket(posts: list[Post], number: int) -> tuple[ChargeLine, ...]:
    """One, two or three different posts, some of them more than once."""
    return tuple(ChargeLine(post, 1 + number % 2) for post in posts[: 1 + number % len(posts)])


def test_t22_of_four_tills_that_ask_one_phone_at_once_three_are_warned(
    tills: list[Till], posts: list[Post], clock: FakeClock
) -> None:
    barrier = Barrier(len(tills))

    def charge(till: Till, number: int) -> Payment | Guarded:
        phone = f"0712{number * 2 // 3:06}"  # every third is known to the shop, the others are new
        barrier.wait(PATIENCE)
        try:
            return till.checkout.charge(a_request(posts[0], phone, lines=a_basket(posts, number)))
        except Guarded as guarded:
            return guarded

    with ThreadPoolExecutor(len(tills)) as operators:
        for number in range(ROUNDS):
            results = list(operators.map(charge, tills, [number] * len(tills)))
            assert sorted(type(result).__name__ for result in results) == ["Guarded"] * 3 + ["Payment"], number
            for till in tills:  # a prompt that has not left by then is too late (rule 18)
                till.pushes.submit(lambda: None).result(PATIENCE)
            clock.advance(86_400)
            for till, result in zip(tills, results, strict=True):
                if isinstance(result, Payment):
                    assert len(result.lines) == len(a_basket(posts, number))
                    till.hear(till.now_is(result.id), Result.CANCELLED, "1032")  # the next round finds nothing open
    assert sum(len(till.gateway.pushes) for till in tills) == ROUNDS


def test_t22_four_tills_with_four_customers_at_once_ask_each_once_under_a_number_of_its_own(
    tills: list[Till], posts: list[Post]
) -> None:
    barrier = Barrier(len(tills))

    def charge(till: Till, turn: int) -> list[Payment]:
        asked = []
        for number in range(ROUNDS // 3):
            barrier.wait(PATIENCE)
            phone = f"0722{turn:02}{number:04}"
            asked.append(till.checkout.charge(a_request(posts[0], phone, lines=a_basket(posts, number))))
        return asked

    with ThreadPoolExecutor(len(tills)) as operators:
        asked = [payment for some in operators.map(charge, tills, range(len(tills))) for payment in some]
    for till in tills:
        till.pushes.submit(lambda: None).result(PATIENCE)
        flush(till.writer)
    assert len({payment.number for payment in asked}) == len({payment.id for payment in asked}) == len(asked)
    assert [len(till.gateway.pushes) for till in tills] == [ROUNDS // 3] * len(tills)
    assert {tills[0].now_is(payment.id).state for payment in asked} == {State.PROMPTED}


def test_t22_each_payment_is_paid_by_its_own_events_only(tills: list[Till], post: Post) -> None:
    asked = [till.ask(post, f"07333456{number:02}") for number, till in enumerate(tills)]
    assert tills[0].hear(asked[0], Result.SUCCESS, "0", "UKN4X7Q2ZT")
    for till, payment in zip(tills[1:], asked[1:], strict=True):
        assert not till.hear(payment, Result.SUCCESS, "0", "UKN4X7Q2ZT")  # one code for all: M-PESA never does that
        held = till.now_is(payment.id)
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


def test_t22_one_success_that_all_tills_hear_at_once_is_granted_once_for_each_line(
    tills: list[Till], posts: list[Post]
) -> None:
    barrier = Barrier(len(tills))
    with ThreadPoolExecutor(len(tills)) as listeners:
        for number in range(ROUNDS):
            request = a_request(posts[0], f"0711{number:06}", lines=a_basket(posts, number))
            opened = tills[0].checkout.charge(request)
            tills[0].pushes.submit(lambda: None).result(PATIENCE)
            payment = tills[0].now_is(opened.id)

            def hear(till: Till, payment: Payment = payment, receipt: str = f"UKN{number:07}") -> bool:
                barrier.wait(PATIENCE)
                return till.hear(payment, Result.SUCCESS, "0", receipt)

            assert sorted(listeners.map(hear, tills)) == [False] * 3 + [True], number
            paid = tills[-1].now_is(payment.id)
            assert paid.state is State.PAID
            assert [line.grant is not None for line in paid.lines] == [True] * len(request.lines)
    with tills[0].database.reader._engine.connect() as connection:
        grants, lines = (
            connection.exec_driver_sql(f"SELECT count(*) FROM {t}").scalar() for t in ('"grant"', "payment_line")
        )
    assert grants == lines
