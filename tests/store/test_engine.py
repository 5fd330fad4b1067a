"""Connections: nothing is lost, nobody waits for a reader, nobody but the writer writes."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import wait as wait_for
from contextlib import ExitStack
from pathlib import Path

import pytest
import sqlalchemy as sa

from pos_app.errors import CannotSave, Clash
from pos_app.store.engine import READERS, Engines, open_engines, sqlite_url, translated
from tests.support.fakes import PHONE

PATIENCE = 20.0  # seconds that nothing here should ever need


@pytest.fixture
def engines(tmp_path: Path) -> Iterator[Engines]:
    opened = open_engines(sqlite_url(tmp_path / "a.db"))
    with opened.writer.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE counter (id INTEGER PRIMARY KEY, value INTEGER NOT NULL)")
        connection.exec_driver_sql("INSERT INTO counter VALUES (1, 0)")
        connection.exec_driver_sql("CREATE TABLE name (phone TEXT UNIQUE, of INTEGER REFERENCES counter (id))")
    yield opened
    opened.dispose()


def value(engines: Engines) -> int:
    with engines.reader.connect() as connection:
        found = connection.exec_driver_sql("SELECT value FROM counter").scalar()
    assert isinstance(found, int)
    return found


def add(engines: Engines, times: int) -> None:
    """Read, then write what was read plus one."""
    for _ in range(times):
        with engines.writer.begin() as connection:
            now = connection.exec_driver_sql("SELECT value FROM counter").scalar_one()
            connection.exec_driver_sql("UPDATE counter SET value = ?", (now + 1,))


def orphan(engines: Engines) -> None:
    """Write what only the COMMIT finds wrong."""
    with translated(), engines.writer.begin() as connection:
        connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
        connection.exec_driver_sql("INSERT INTO name VALUES ('x', 99)")


def test_what_is_committed_stays(engines: Engines) -> None:
    with engines.writer.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2  # FULL
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
        assert connection.exec_driver_sql("PRAGMA busy_timeout").scalar() == 5_000


@pytest.mark.parametrize("programs", [1, 2])
def test_four_threads_that_race_lose_no_update(engines: Engines, tmp_path: Path, programs: int) -> None:
    all_engines = [engines, *(open_engines(sqlite_url(tmp_path / "a.db")) for _ in range(programs - 1))]
    with ThreadPoolExecutor(4) as pool:
        for job in [pool.submit(add, all_engines[number % programs], 25) for number in range(4)]:
            job.result(PATIENCE)
    assert value(engines) == 100
    for each in all_engines[1:]:
        each.dispose()


def test_a_reader_works_beside_an_open_write_and_sees_what_was_committed(engines: Engines) -> None:
    with engines.writer.begin() as connection:
        connection.exec_driver_sql("UPDATE counter SET value = 7")
        assert value(engines) == 0
    assert value(engines) == 7


def test_a_writer_works_beside_an_open_read(engines: Engines) -> None:
    with engines.reader.connect() as connection:
        assert connection.exec_driver_sql("SELECT value FROM counter").scalar() == 0
        add(engines, 1)
        assert connection.exec_driver_sql("SELECT value FROM counter").scalar() == 0  # one look, one moment
    assert value(engines) == 1


@pytest.mark.parametrize(
    "statement", ["UPDATE counter SET value = 7", "DELETE FROM counter", "DROP TABLE counter", "CREATE TABLE other (a)"]
)
def test_a_reader_cannot_write(engines: Engines, statement: str) -> None:
    with engines.reader.connect() as connection, pytest.raises(sa.exc.OperationalError, match="readonly"):
        connection.exec_driver_sql(statement)
    assert value(engines) == 0


def test_one_reader_more_than_there_are_connections_waits_for_the_next(engines: Engines) -> None:
    with ThreadPoolExecutor(1) as pool, ExitStack() as held:
        first = engines.reader.connect()
        for _ in range(READERS - 1):
            held.enter_context(engines.reader.connect())
        waiting = pool.submit(value, engines)
        done, _ = wait_for([waiting], timeout=0.05)
        assert not done
        first.close()
        assert waiting.result(PATIENCE) == 0


def test_a_failed_commit_leaves_no_transaction_behind(engines: Engines) -> None:
    """It would break every later write: a transaction cannot begin within another."""
    for _ in range(3):
        with pytest.raises(Clash):
            orphan(engines)
    add(engines, 1)
    assert value(engines) == 1
    with engines.reader.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM name").scalar() == 0


def change_and_fail(engines: Engines) -> None:
    with engines.writer.begin() as connection:
        connection.exec_driver_sql("UPDATE counter SET value = 7")
        raise ZeroDivisionError


def test_an_exception_rolls_back(engines: Engines) -> None:
    with pytest.raises(ZeroDivisionError):
        change_and_fail(engines)
    assert value(engines) == 0
    add(engines, 1)


@pytest.mark.parametrize(
    "name", ["with space.db", "50%20.db", "a?mode=memory.db", "a#b&c.db", "päivä-水.db", "a:b@c.db"]
)
def test_any_file_name(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    engines = open_engines(sqlite_url(path))
    with engines.writer.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE a (b)")
    with engines.reader.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM a").scalar() == 0
    engines.dispose()
    assert path.is_file()
    assert [each.name for each in tmp_path.iterdir()] == [name]


class TestTranslated:
    def insert(self, engines: Engines, phone: str) -> None:
        with translated(), engines.writer.begin() as connection:
            connection.execute(sa.text("INSERT INTO name VALUES (:phone, 1)"), {"phone": phone})

    def test_a_key_held_by_another_row_is_a_clash(self, engines: Engines) -> None:
        self.insert(engines, PHONE)
        with pytest.raises(Clash) as raised:
            self.insert(engines, PHONE)
        assert PHONE not in str(raised.value)

    def test_anything_else_cannot_be_saved(self, engines: Engines) -> None:
        with pytest.raises(CannotSave), translated(), engines.writer.begin() as connection:
            connection.exec_driver_sql("INSERT INTO nowhere VALUES (1)")

    def test_other_exceptions_pass(self) -> None:
        with pytest.raises(ZeroDivisionError), translated():
            raise ZeroDivisionError

    def test_causes_carry_no_customer_s_number(self, engines: Engines) -> None:
        """They end up in the log with their tracebacks."""
        self.insert(engines, PHONE)
        with pytest.raises(Clash) as clash:
            self.insert(engines, PHONE)
        with pytest.raises(sa.exc.OperationalError) as failed, engines.reader.connect() as connection:
            connection.execute(sa.text("INSERT INTO name VALUES (:phone, 1)"), {"phone": PHONE})
        for error in (clash.value.__cause__, failed.value):
            assert "INSERT" in str(error)
            assert PHONE not in str(error)


def test_nothing_is_opened_before_it_is_needed(tmp_path: Path) -> None:
    threads = threading.active_count()
    open_engines(sqlite_url(tmp_path / "a.db")).dispose()
    assert not list(tmp_path.iterdir())
    assert threading.active_count() == threads


@pytest.mark.parametrize("fault", [sa.exc.ProgrammingError, sa.exc.DataError])
def test_a_fault_in_one_statement_is_ours_and_stops_no_charging(fault: type[sa.exc.DBAPIError]) -> None:
    with pytest.raises(fault), translated():
        raise fault("SELECT", {}, ValueError())
