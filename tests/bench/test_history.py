"""The made history is one that the till reads, adds up and finds in, and the same again from the same seed."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from pos_app.domain.payment import State
from pos_app.domain.search import Search, Sort
from pos_app.store.database import open_database
from tests.bench.history import Shop, generate
from tests.bench.million import Questions, measure
from tests.store.server import Server, cannot_run


def a_shop(seed: int = 7) -> Shop:
    return Shop(400, seed, customers=80, posts=20)


@pytest.fixture(params=["sqlite", "postgresql"])
def location(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Path | str]:
    if request.param == "sqlite":
        yield tmp_path / "practice.db"
        return
    if why_not := cannot_run():
        pytest.skip(f"not tried on PostgreSQL: {why_not}")
    with Server() as server:
        yield server.create()


def test_the_till_reads_all_of_it(location: Path | str) -> None:
    generate(location, a_shop())
    with closing(open_database(location, "practice")) as database:
        reader = database.reader
        payments = reader.search(Search(limit=1_000, sort=Sort.OLDEST))
        assert [payment.id for payment in payments] == list(range(1, 401))
        assert reader.wrong_days() == []
        assert {State.PAID, State.CANCELLED, State.EXPIRED, State.DECLINED} <= {payment.state for payment in payments}
        assert all(payment.granted == (payment.state is State.PAID) for payment in payments)
        assert all(reader.journal(payment.id) for payment in payments if payment.state is not State.REQUESTED)
        paid = next(payment for payment in payments if payment.receipt)
        for text in (paid.receipt, paid.number, paid.phone, paid.lines[0].title):
            assert paid in reader.search(Search(text=text or "", limit=1_000))
        with database.write() as transaction:
            assert transaction.known_customer("254799999999") == 81


def test_the_same_seed_is_the_same_shop() -> None:
    one, same, other = ([rows.payment for rows in a_shop(seed).chunks()] for seed in (7, 7, 8))
    assert one == same != other


def test_every_question_can_be_asked_of_it(tmp_path: Path) -> None:
    file = tmp_path / "practice.db"
    shop = a_shop()
    generate(file, shop)
    told = measure(file, shop, rounds=2)
    with closing(open_database(file, "practice")) as database:
        assert told.keys() == dict(Questions(database, shop, 1).asked()).keys()
    assert all(0 < middle <= most for middle, most in told.values())
