"""Eight tills of one shop, on one PostgreSQL and with one consumer key: an access token an hour, and none lost."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace

import pytest
import sqlalchemy as sa

from pos_app.daraja.client import DarajaClient
from pos_app.domain.payment_event import Accepted, NotSent, Unanswered
from pos_app.domain.push import Push
from pos_app.simulator import Simulator, SimulatorOptions
from pos_app.store.token_store import SqlTokenStore
from tests.store.server import Server
from tests.store.tills import KEYS, a_till
from tests.support.fakes import FakeClock
from tests.support.line import Line

TILLS = 8
PATIENCE = 30.0  # seconds
Outcome = Accepted | NotSent | Unanswered


@dataclass(frozen=True)
class Tills:
    """The shop, and what a test steers of it."""

    database: str
    mpesa: Simulator
    clock: FakeClock
    clients: list[DarajaClient]
    pool: ThreadPoolExecutor

    def charge(self, first: int = 0) -> list[Outcome]:
        """A customer at each till, all at once."""
        pushes = [
            Push(phone=f"2547000{first + till:05}", amount=10, reference="POST_1_1", title="Maji", address_token="a1")
            for till in range(TILLS)
        ]
        calls: list[Callable[[Push], Outcome]] = [client.push for client in self.clients]
        return list(self.pool.map(lambda pair: pair[0](pair[1]), zip(calls, pushes, strict=True)))

    def pass_time(self, seconds: float) -> None:
        """Time passes at the tills and in the database."""
        self.clock.advance(seconds)
        engine = sa.create_engine(self.database)
        with engine.begin() as connection:
            connection.execute(sa.text("UPDATE access_token SET ends_at = ends_at - :by"), {"by": seconds})
        engine.dispose()


@pytest.fixture
def database(server: Server) -> str:
    return server.create(template="empty")


@pytest.fixture
def tills(database: str, clock: FakeClock) -> Iterator[Tills]:
    with Simulator(SimulatorOptions(customer=None)) as mpesa, ExitStack() as stack, ThreadPoolExecutor(TILLS) as pool:
        clients = [stack.enter_context(closing(a_till(database, mpesa.url, clock=clock))) for _ in range(TILLS)]
        yield Tills(database, mpesa, clock, clients, pool)


def all_left(outcomes: list[Outcome]) -> bool:
    return all(isinstance(outcome, Accepted) for outcome in outcomes)


def test_a_day_of_charges_takes_a_token_an_hour(tills: Tills) -> None:
    for hour in range(8):
        assert all_left(tills.charge(hour * 100))
        tills.pass_time(1_700)
        assert all_left(tills.charge(hour * 100 + 50))
        tills.pass_time(1_900)
    assert tills.mpesa.tokens_issued == 8
    assert tills.mpesa.prompted == 8 * 2 * TILLS


def test_none_is_refused_where_nothing_ends_it(tills: Tills) -> None:
    assert all_left(tills.charge())
    assert (tills.mpesa.tokens_issued, tills.mpesa.pushes) == (1, TILLS)


def test_a_refused_token_is_replaced_once_for_all_tills(tills: Tills) -> None:
    assert all_left(tills.charge())
    with closing(a_till("sqlite://", tills.mpesa.url)) as stranger:
        stranger.sign_in()  # without the shop's database: the shop's token is dead
    assert all_left(tills.charge(100))
    assert tills.mpesa.tokens_issued == 3
    assert tills.mpesa.prompted == 2 * TILLS


def test_a_check_on_another_computer_ends_no_token(tills: Tills) -> None:
    assert all_left(tills.charge())
    with closing(a_till(tills.database, tills.mpesa.url, alone=False)) as check:
        assert check.sign_in() > 3_500
    assert all_left(tills.charge(100))
    assert (tills.mpesa.tokens_issued, tills.mpesa.pushes) == (1, 2 * TILLS)


def test_another_consumer_secret_is_refused_and_harms_nobody(tills: Tills) -> None:
    assert all_left(tills.charge())
    wrong = replace(KEYS, consumer_secret="mistyped")
    with closing(a_till(tills.database, tills.mpesa.url, keys=wrong)) as mistyped:
        push = Push(phone="254700009999", amount=10, reference="POST_1_1", title="Maji", address_token="a1")
        assert mistyped.push(push) == NotSent("credentials")
    assert all_left(tills.charge(100))
    assert tills.mpesa.tokens_issued == 1


def test_what_stands_in_the_database_opens_for_nobody_without_the_keys(tills: Tills) -> None:
    assert all_left(tills.charge())
    engine = sa.create_engine(tills.database)
    with engine.connect() as connection:
        row = connection.execute(sa.text("SELECT * FROM access_token")).one()
    engine.dispose()
    bearer = tills.clients[0]._tokens._had
    assert bearer is not None
    assert row.token_id == bearer.id
    for secret in (bearer.value, KEYS.consumer_key, KEYS.consumer_secret):
        assert secret not in str(tuple(row))
        assert secret.encode() not in row.sealed


def test_a_till_killed_while_it_fetches_is_passed_by(database: str) -> None:
    with Simulator(SimulatorOptions(customer=None)) as mpesa, ExitStack() as stack:
        way = stack.enter_context(Line(int(mpesa.url.rsplit(":", 1)[1])))
        url = f"http://127.0.0.1:{way.port}"
        way.freeze()
        command = [sys.executable, "-m", "tests.store.fetching", database, url, "3"]
        killed = stack.enter_context(subprocess.Popen(command, stdout=subprocess.PIPE))
        store, row = SqlTokenStore(database), _row_when_leased(database)
        killed.kill()
        assert killed.communicate(timeout=PATIENCE)[0] == b""
        assert store.take(row, "too early", 3.0, 60.0) is False
        way.mend()
        client = stack.enter_context(closing(a_till(database, url)))
        assert client.sign_in() > 3_500


def _row_when_leased(database: str) -> str:
    engine = sa.create_engine(database, poolclass=sa.NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        statement = sa.text("SELECT id FROM access_token WHERE lease_ends_at > extract(epoch FROM now())")
        for _ in range(100):
            if row := connection.scalar(statement):
                return str(row)
            connection.exec_driver_sql("SELECT pg_sleep(0.1)")
    raise AssertionError("the till has fetched nothing")
