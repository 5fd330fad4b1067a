"""A server that cannot be reached, falls silent, or is opened by two tills at once."""

import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from pos_app.domain.catalogue import Post, draft_post
from pos_app.errors import CannotSave, StoreError
from pos_app.sales.build import open_books
from pos_app.sales.keeping import Keepable, Keeping
from pos_app.sales.ports import Transaction
from pos_app.sales.save_watch import SLOW
from pos_app.store.database import open_database
from pos_app.store.engine import open_engines
from tests.store.server import Server
from tests.support.builders import FakeSafe, Saving
from tests.support.fakes import FakeClock
from tests.support.line import line_to

PATIENCE = 30.0  # seconds


def test_two_tills_open_a_new_database_at_once(server: Server) -> None:
    for _ in range(3):
        url, together = server.create(), threading.Barrier(2)

        def begin(_: int, url: str = url, together: threading.Barrier = together) -> str | None:
            together.wait(PATIENCE)
            database = open_database(url, "practice")
            stamp = database.reader.setting("environment")
            database.close()
            return stamp

        with ThreadPoolExecutor(2) as tills:
            assert list(tills.map(begin, range(2))) == ["practice"] * 2
    with pytest.raises(StoreError, match="holds practice payments"):
        open_database(url, "sandbox")


def test_another_till_that_has_the_lock_for_ever_is_not_waited_for_without_an_end(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pos_app.store.migrate._WAIT", "50ms")
    url = server.create()
    engines = open_engines(url)
    with engines.writer.begin() as connection:
        connection.exec_driver_sql("SELECT pg_advisory_xact_lock(7205759)")
        with pytest.raises(StoreError, match="Another program is using the database"):
            open_database(url, "practice")
    engines.dispose()


def test_a_server_that_is_not_there_is_said_to_be_a_server() -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    with pytest.raises(StoreError, match="No database server runs"):
        open_database(f"postgresql+psycopg://postgres@127.0.0.1:{port}/till", "practice")


def test_a_server_that_does_not_say_a_word_is_waited_for_five_seconds() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port, began = silent.getsockname()[1], time.monotonic()
        with pytest.raises(StoreError, match="server does not answer"):
            open_database(f"postgresql+psycopg://postgres@127.0.0.1:{port}/till", "practice")
    assert time.monotonic() - began < PATIENCE


@pytest.mark.parametrize(("said", "connect"), [("", "5"), ("?connect_timeout=9", "9")])
def test_a_network_that_is_silent_for_some_seconds_is_gone(server: Server, said: str, connect: str) -> None:
    engines = open_engines(f"{server.create()}{said}")
    for engine in (engines.writer, engines.reader):
        with engine.connect() as connection:
            driver = connection.connection.dbapi_connection
            assert driver is not None
            found = driver.info.get_parameters()
            assert (found["connect_timeout"], found["tcp_user_timeout"]) == (connect, "5000")
            assert [found[f"keepalives_{name}"] for name in ("idle", "interval", "count")] == ["5", "2", "2"]
    engines.dispose()


def test_rule_11_a_server_that_falls_silent_stops_charging_and_what_is_told_meanwhile_is_kept(
    server: Server, clock: FakeClock
) -> None:
    safe, saving = FakeSafe(), Saving()
    with line_to(server.create(template="empty")) as (line, url):
        database = open_database(url, "practice")
        books = open_books(database, database.reader, clock, on_saving=saving, keeping=Keeping(safe))
        books.writer.start()
        post = books.writer.submit(lambda transaction: transaction.add_post(draft_post("Maji", 50, 1))).result(PATIENCE)
        begun, silent = threading.Event(), threading.Event()

        def work(transaction: Transaction) -> Post | None:
            begun.set()
            assert silent.wait(PATIENCE)
            return transaction.post(post.id)

        held = Keepable(line=lambda: "an answer", give_up=lambda _: None)
        future = books.writer.submit(work, keep=True, held=held)
        assert begun.wait(PATIENCE)
        line.freeze()
        silent.set()
        clock.advance(2 * SLOW)
        saving.until(False)
        assert safe.until(lambda lines: lines == ["an answer"])
        with pytest.raises(CannotSave, match="the disk or the server does not answer"):
            books.writer.check_saving()
        line.mend()
        assert future.result(PATIENCE) == post
        saving.until(False, True)
        assert safe.until(lambda lines: lines == [])
        books.writer.stop()
        database.close()
