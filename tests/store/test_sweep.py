"""What is left of an erased number in the file is written over."""

import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest

from pos_app.store.sweep import Sweeper

PHONE = "254708374149"
LEFT = PHONE[3:].encode()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A database in which a number was deleted by a program that writes nothing over."""
    path = tmp_path / "shop.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for statement in (
            "PRAGMA journal_mode=WAL",
            "PRAGMA secure_delete=OFF",
            "CREATE TABLE customer (id INTEGER PRIMARY KEY, phone TEXT UNIQUE)",
            "CREATE TABLE payment (id INTEGER PRIMARY KEY, body TEXT, checkout_request_id TEXT UNIQUE)",
            f"INSERT INTO customer VALUES (1, '{PHONE}'), (2, '254712345678')",
            f"INSERT INTO payment (id, body) VALUES (1, 'ws_CO_23112026140000001{PHONE[3:]}'), (2, 'x')",
            "UPDATE customer SET phone = 'erased #1 …149' WHERE id = 1",
            "UPDATE payment SET body = NULL WHERE id = 1",
        ):
            connection.execute(statement).close()
    assert LEFT in path.read_bytes()
    return path


def test_nothing_is_left(file: Path) -> None:
    rests = []
    assert Sweeper(file, rest=lambda: rests.append(1)).sweep([PHONE])
    assert LEFT not in file.read_bytes()
    assert rests
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("SELECT phone FROM customer").fetchall() == [("erased #1 …149",), ("254712345678",)]


def test_one_of_many_is_seen_too(file: Path) -> None:
    many = [f"2547110000{number:02}" for number in range(20)]
    assert Sweeper(file, small=0).sweep(many)
    assert not Sweeper(file, small=0).sweep([*many, PHONE])
    assert Sweeper(file).sweep([*many, PHONE])
    assert LEFT not in file.read_bytes()


@pytest.mark.parametrize("end", ["711111111", "…111"])
@pytest.mark.parametrize("many", [1, 20])
def test_what_only_reads_as_the_number_in_the_time_of_an_id_is_none(file: Path, end: str, many: int) -> None:
    """Somebody else's, asked at 11:40:31.234: it was said to be left for ever."""
    phones = ["254114031234", *(f"2547110000{number:02}" for number in range(many - 1))]
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("UPDATE payment SET checkout_request_id = ? WHERE id = 2", [f"ws_CO_23112026114031234{end}"])
    assert b"114031234" in file.read_bytes()
    assert Sweeper(file, small=0).sweep(phones)


def test_the_payer_at_the_end_of_an_id_is_seen(file: Path) -> None:
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("UPDATE payment SET checkout_request_id = 'ws_CO_23112026114031234711111111' WHERE id = 2")
    assert not Sweeper(file, small=0).sweep(["254711111111"])


def test_the_log_beside_it_is_emptied(file: Path) -> None:
    with closing(sqlite3.connect(file, isolation_level=None)) as open_till:
        open_till.execute(f"INSERT INTO payment (id, body) VALUES (3, '{PHONE}')")
        open_till.execute("PRAGMA secure_delete=ON").close()
        open_till.execute("DELETE FROM payment WHERE id = 3")
        beside = file.with_name("shop.db-wal")
        assert LEFT in beside.read_bytes()
        assert Sweeper(file).sweep([PHONE])
        assert beside.stat().st_size == 0


@pytest.mark.parametrize("gently", [False, True])
def test_in_a_big_file_the_index_of_ids_is_built_again_unless_nobody_may_wait(file: Path, gently: bool) -> None:
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("VACUUM")
        connection.execute("CREATE INDEX ix_body ON payment (body)")
        [root] = connection.execute(
            "SELECT rootpage FROM sqlite_master WHERE name = 'sqlite_autoindex_payment_1'"
        ).fetchone()
        [size] = connection.execute("PRAGMA page_size").fetchone()
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").close()
    with file.open("r+b") as raw:  # in the unused middle of the index's page, as a page that was split leaves it
        raw.seek((root - 1) * size + size // 2)
        raw.write(LEFT)
    assert Sweeper(file, small=0, gently=gently).sweep([PHONE]) is not gently
    assert (LEFT in file.read_bytes()) is gently


def test_a_big_file_is_not_written_anew(file: Path) -> None:
    before = file.stat().st_size
    assert not Sweeper(file, small=0).sweep([PHONE])
    assert file.stat().st_size == before


def test_who_reads_meanwhile_is_not_waited_for_without_end(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pos_app.store.sweep._WAIT", 0.01)
    with closing(sqlite3.connect(file, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM customer").fetchall()
        with closing(sqlite3.connect(file, isolation_level=None)) as writer:
            writer.execute("INSERT INTO customer VALUES (3, 'x')")
        assert not Sweeper(file).sweep([PHONE])
    assert Sweeper(file).sweep([PHONE])


def test_who_saves_does_not_wait_for_who_reads_a_long_time(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A copy reads for minutes: a charge beside the sweep waited as long as that waited for the copy."""
    monkeypatch.setattr("pos_app.store.sweep._WAIT", 0.4)
    swept: list[bool | None] = []
    with closing(sqlite3.connect(file, isolation_level=None)) as copy:
        copy.execute("BEGIN")
        copy.execute("SELECT * FROM customer").fetchall()
        with closing(sqlite3.connect(file, isolation_level=None, timeout=0.3)) as till:
            till.execute("INSERT INTO customer VALUES (3, 'x')")
            sweeping = threading.Thread(target=lambda: swept.append(Sweeper(file).sweep([PHONE])))
            sweeping.start()
            while sweeping.is_alive():
                till.execute("UPDATE customer SET phone = 'y' WHERE id = 3")
                sweeping.join(0.01)
    assert swept == [False]


def test_a_file_that_cannot_be_read_is_not_swept(tmp_path: Path) -> None:
    assert not Sweeper(tmp_path / "nowhere" / "shop.db").sweep([PHONE])


def test_a_servers_files_are_not_the_tills(file: Path) -> None:
    assert Sweeper(None).sweep([PHONE]) is None
    assert LEFT in file.read_bytes()


def test_where_nobody_knows_the_numbers_a_small_file_is_written_anew(file: Path) -> None:
    assert not Sweeper(file, small=0).sweep([])
    assert LEFT in file.read_bytes()
    assert Sweeper(file, gently=True).sweep([])
    assert LEFT not in file.read_bytes()


def test_a_number_over_two_parts_of_the_file_is_seen(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pos_app.store.sweep._CHUNK", 7)
    assert not Sweeper(file, small=0, rest=lambda: None).sweep([PHONE])
