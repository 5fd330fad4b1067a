"""The access token in the database: who may fetch it, who finds it, and that no clock or death holds it up."""

import sqlite3
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa

from pos_app.daraja.shared_token import Waits
from pos_app.domain.access_token import KeptToken
from pos_app.errors import CannotSave
from pos_app.store.token_store import SqlTokenStore
from tests.store.conftest import Shop
from tests.store.server import Server
from tests.support.line import line_to

ROW, OTHER = "a" * 64, "b" * 64
PATIENCE = 15.0  # seconds
LIMITS = {"statement_timeout": "1500ms", "lock_timeout": "1500ms", "tcp_keepalives_idle": "15"}


def location(shop: Shop) -> Path | str:
    url = shop.engines.reader.url
    return shop.path if url.get_backend_name() == "sqlite" else url.render_as_string(hide_password=False)


@pytest.fixture
def store(shop: Shop) -> SqlTokenStore:
    return SqlTokenStore(location(shop))


def take(store: SqlTokenStore, holder: str, row: str = ROW) -> KeptToken | bool:
    return store.take(row, holder, 10.0, 60.0)


def moved(shop: Shop, column: str, seconds: float) -> None:
    """Time that passes, or a clock that was set: both are seen by what the database has written only."""
    with shop.engines.writer.begin() as connection:
        connection.execute(sa.text(f"UPDATE access_token SET {column} = {column} + :by"), {"by": seconds})


def test_one_may_fetch_and_brings_it_to_all(store: SqlTokenStore) -> None:
    assert take(store, "one") is True
    assert take(store, "two") is False
    assert store.keep(ROW, "one", b"sealed", 3_599.0)
    found = take(store, "two")
    assert isinstance(found, KeptToken)
    assert (found.id, found.sealed) == ("one", b"sealed")
    assert 3_590 < found.left <= 3_599


def test_of_many_at_once_one_may_fetch(store: SqlTokenStore) -> None:
    with ThreadPoolExecutor(16) as pool:
        assert sorted(pool.map(lambda number: take(store, f"{number}") is True, range(16))) == [False] * 15 + [True]


def test_who_fetches_asks_again_and_may_not_twice(store: SqlTokenStore) -> None:
    assert take(store, "one") is True
    assert take(store, "one") is False


def test_a_lease_ends_by_itself(shop: Shop, store: SqlTokenStore) -> None:
    assert take(store, "dead") is True
    moved(shop, "lease_ends_at", -9)
    assert take(store, "two") is False
    moved(shop, "lease_ends_at", -1)
    assert take(store, "two") is True
    assert not store.keep(ROW, "dead", b"late", 3_599.0)
    assert store.keep(ROW, "two", b"in time", 3_599.0)


def test_one_that_a_wrong_clock_gave_holds_nobody_up(shop: Shop, store: SqlTokenStore) -> None:
    assert take(store, "one") is True
    moved(shop, "lease_ends_at", 3_600)
    assert take(store, "two") is True


def test_who_brings_none_lets_the_next_one(store: SqlTokenStore) -> None:
    assert take(store, "one") is True
    store.release(ROW, "two")
    assert take(store, "two") is False
    store.release(ROW, "one")
    assert take(store, "two") is True


def test_a_minute_before_its_end_it_is_fetched_anew(shop: Shop, store: SqlTokenStore) -> None:
    assert take(store, "one") is True
    assert store.keep(ROW, "one", b"sealed", 100.0)
    assert isinstance(take(store, "two"), KeptToken)
    moved(shop, "ends_at", -50)
    assert take(store, "two") is True


def test_only_the_refused_one_is_dropped(store: SqlTokenStore) -> None:
    take(store, "one")
    store.keep(ROW, "one", b"first", 3_599.0)
    assert store.drop(ROW, "one")
    assert take(store, "two") is True
    store.keep(ROW, "two", b"second", 3_599.0)
    assert not store.drop(ROW, "one")
    found = take(store, "three")
    assert isinstance(found, KeptToken)
    assert found.sealed == b"second"


def test_one_that_has_ended_by_itself_was_ended_by_nobody(shop: Shop, store: SqlTokenStore) -> None:
    take(store, "one")
    store.keep(ROW, "one", b"first", 3_599.0)
    moved(shop, "ends_at", -3_600)
    assert not store.drop(ROW, "one")


def test_each_shop_s_keys_have_their_own(store: SqlTokenStore) -> None:
    for row in (ROW, OTHER):
        assert take(store, "one", row) is True
        assert store.keep(row, "one", row.encode(), 3_599.0)
    store.drop(OTHER, "one")
    assert isinstance(take(store, "two"), KeptToken)
    store.forget_others(OTHER)
    assert take(store, "two") is True


def test_a_till_that_saves_does_not_hold_up_who_looks(shop: Shop, store: SqlTokenStore) -> None:
    take(store, "one")
    store.keep(ROW, "one", b"sealed", 3_599.0)
    with shop.database.write() as transaction:
        transaction.set_setting("something", "else")
        assert isinstance(take(store, "two"), KeptToken)


def test_a_row_that_somebody_has_locked_is_not_waited_for_long(shop: Shop, store: SqlTokenStore) -> None:
    take(store, "one")
    with shop.engines.writer.begin() as connection:
        connection.execute(sa.text("UPDATE access_token SET holder = holder"))
        with pytest.raises(Exception) as refused:  # noqa: PT011 - a file and a server say it in different words
            store.keep(ROW, "one", b"sealed", 3_599.0)
    assert "sealed" not in str(refused.value)
    assert store.keep(ROW, "one", b"sealed", 3_599.0)


def test_who_asks_over_a_line_that_stands_still_waits_for_some_seconds_and_no_longer(server: Server) -> None:
    """What a program between the two has taken, and passes on to nobody."""
    with line_to(server.create(template="empty")) as (line, over_it), ThreadPoolExecutor(1) as asker:
        store = SqlTokenStore(over_it)
        assert take(store, "one") is True
        step = line.freeze_before(b"SELECT token_id")
        asked = asker.submit(take, store, "two")
        assert step.reached.wait(PATIENCE)
        try:
            with pytest.raises(CannotSave):
                asked.result(PATIENCE)
        finally:
            line.mend()


def test_nothing_is_asked_of_whoever_opens_the_connection_that_a_pool_in_between_refuses(server: Server) -> None:
    """PgBouncer takes no `options` in the words that open a connection; the limits stand all the same."""
    with line_to(server.create(template="empty")) as (line, over_it):
        refused = line.at(b"\0options\0")
        store = SqlTokenStore(over_it)
        assert take(store, "one") is True
        assert not refused.reached.is_set()
        with store._engine.connect() as connection:
            limits = {name: connection.exec_driver_sql(f"SHOW {name}").scalar() for name in LIMITS}
    assert limits == LIMITS


def test_over_a_line_whose_round_trip_takes_half_a_second_tills_share_all_the_same(server: Server) -> None:
    """A mobile line: to open a connection and ask takes some round trips, and ends before a till would go alone."""
    with line_to(server.create(template="empty")) as (line, over_it):
        store = SqlTokenStore(over_it)
        assert store.is_there()  # as each till has asked when it opened
        line.slow(0.25)
        began = time.monotonic()
        assert take(store, "one") is True
        assert time.monotonic() - began < Waits().store
        line.mend()


def test_whether_there_is_a_place_for_it(shop: Shop, store: SqlTokenStore) -> None:
    assert store.is_there()
    with shop.engines.writer.begin() as connection:
        connection.exec_driver_sql("DROP TABLE access_token")
    assert not store.is_there()


@pytest.fixture
def gone(tmp_path: Path) -> Iterator[Path]:
    path = tmp_path / "gone.db"
    yield path
    assert not path.exists()


@pytest.mark.sqlite
def test_no_file_is_made(gone: Path) -> None:
    with pytest.raises(CannotSave):
        take(SqlTokenStore(gone), "one")


@pytest.mark.sqlite
def test_what_is_replaced_is_written_over(shop: Shop, store: SqlTokenStore) -> None:
    take(store, "one")
    store.keep(ROW, "one", b"the first, which is gone", 3_599.0)
    store.drop(ROW, "one")
    with closing(sqlite3.connect(shop.path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").close()
    assert b"which is gone" not in shop.path.read_bytes()
