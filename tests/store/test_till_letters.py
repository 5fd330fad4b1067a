"""Letters of tills that share a server: one has it, whoever is first, by the server's clock."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager

import pytest
import sqlalchemy as sa

from pos_app.domain.till_claim import SETTING, TillClaim, read_claims
from pos_app.errors import Occupied
from pos_app.sales.till_lease import TillLease
from pos_app.system_clock import SystemClock
from tests.store.conftest import Shop
from tests.store.counters import Till, open_till
from tests.store.server import Server


@contextmanager
def tills(server: Server, number: int) -> Iterator[list[Till]]:
    url = server.create(template="empty")
    with ExitStack() as stack:
        yield [stack.enter_context(open_till("A", url, SystemClock())) for _ in range(number)]


def lease(till: Till, holder: str) -> TillLease:
    mine = TillClaim(holder=holder, computer=f"{holder}-PC", account="600123")
    return TillLease("A", mine, till.database.reader, till.writer)


def test_rule_27_of_eight_tills_that_claim_one_letter_at_once_one_has_it(server: Server) -> None:
    with tills(server, 8) as opened, ThreadPoolExecutor(8) as together:

        def claim(number: int) -> str:
            try:
                lease(opened[number], str(number)).claim()
            except Occupied as refused:
                return refused.user_text
            return "mine"

        said = list(together.map(claim, range(8)))
        (winner,) = (number for number, words in enumerate(said) if words == "mine")
        assert all(f"open on the computer {winner}-PC" in words for words in said if words != "mine")


def test_rule_27_it_goes_by_the_servers_clock(server: Server) -> None:
    with tills(server, 1) as (till,):
        lease(till, "one").claim()
        seen = read_claims(till.database.reader.setting(SETTING))["A"].seen
        engine = sa.create_engine(server.create())
        with engine.connect() as connection:
            now = connection.exec_driver_sql("SELECT extract(epoch FROM now())").scalar_one()
        engine.dispose()
        assert seen == pytest.approx(float(now), abs=10)


def test_the_databases_clock_goes_on(shop: Shop) -> None:
    with shop.database.write() as transaction:
        first = transaction.database_time()
        assert first > 1_700_000_000
        assert transaction.database_time() >= first
