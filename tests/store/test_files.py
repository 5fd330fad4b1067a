"""Copies that are whole or not there."""

import os
import shutil
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from pos_app.store.files import SIDE_FILES, Stopped, beside, copy_file, discard, sqlite_file, sync
from tests.store.conftest import Shop, line


@pytest.fixture
def used(migrated: Path, tmp_path: Path) -> Iterator[Shop]:
    """A practice database in use, in a folder of its own."""
    (tmp_path / "shop").mkdir()
    shutil.copyfile(migrated, tmp_path / "shop" / "practice.db")
    with closing(Shop(tmp_path / "shop" / "practice.db")) as shop:
        shop.post("Maji")
        yield shop


def ask(path: Path, statement: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(statement).fetchall()


def test_a_copy_is_one_file_that_needs_no_other(used: Shop, tmp_path: Path) -> None:
    copy_file(used.path, tmp_path / "copy.db")
    assert ask(tmp_path / "copy.db", "PRAGMA journal_mode") == [("delete",)]
    assert ask(tmp_path / "copy.db", "SELECT title FROM post") == [("Maji",)]
    assert {path.name for path in tmp_path.iterdir()} == {"shop", "copy.db"}


def test_a_copy_is_for_this_user_alone(used: Shop, tmp_path: Path) -> None:
    used.path.chmod(0o644)  # as an older program made it
    copy_file(used.path, tmp_path / "copy.db")
    assert os.name == "nt" or (tmp_path / "copy.db").stat().st_mode & 0o077 == 0


def test_little_of_it_waits_for_the_disk_at_a_time(used: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Otherwise the till's next commit waits behind gigabytes."""
    fill(used, 6_000_000)
    synced: list[int] = []
    fsync = os.fsync

    def note(file: int) -> None:
        synced.append(os.fstat(file).st_size)
        fsync(file)

    monkeypatch.setattr("pos_app.store.files._UNWRITTEN", 2 << 20)
    monkeypatch.setattr(os, "fsync", note)
    copy_file(used.path, tmp_path / "copy.db")
    assert len(synced) >= 4
    # What SQLite holds back itself, two megabytes of pages, comes on top.
    assert max(later - earlier for earlier, later in zip([0, *synced], synced, strict=False)) < 5 << 20


def test_a_copy_is_one_moment_however_much_is_written_meanwhile(used: Shop, tmp_path: Path) -> None:
    """Post and customer are written together; more than one chunk is copied, with a write between any two."""
    fill(used, 6_000_000)
    writes = 0

    def write() -> bool:
        nonlocal writes
        with used.database.write() as transaction:
            payment = transaction.add_payment(used.new(used.reader.posts()[0]))
            transaction.add_line(payment.id, line())
        writes += 1
        return False

    copy_file(used.path, tmp_path / "copy.db", stopped=write)
    assert 6 <= writes <= 9, "one for each megabyte: it was not begun again"
    assert ask(tmp_path / "copy.db", "PRAGMA integrity_check") == [("ok",)]
    assert ask(tmp_path / "copy.db", "SELECT count(*) FROM payment_event") == [(1,)]
    assert ask(used.path, "SELECT count(*) FROM payment_event") == [(1 + writes,)]


def test_a_writer_does_not_wait_for_a_copy(used: Shop, tmp_path: Path) -> None:
    copying, go_on = threading.Event(), threading.Event()

    def pause() -> bool:
        copying.set()
        return not go_on.wait(20)

    thread = threading.Thread(target=copy_file, args=(used.path, tmp_path / "copy.db"), kwargs={"stopped": pause})
    thread.start()
    assert copying.wait(20)
    used.post("Chai")
    go_on.set()
    thread.join(20)
    assert ask(tmp_path / "copy.db", "SELECT title FROM post") == [("Maji",)]


@pytest.mark.parametrize("before", [None, b"what was there"])
def test_a_stopped_or_refused_copy_leaves_what_was_there(used: Shop, tmp_path: Path, before: bytes | None) -> None:
    target = tmp_path / "copy.db"
    if before:
        target.write_bytes(before)

    def refuse(copy: Path) -> None:
        assert ask(copy, "SELECT count(*) FROM post") == [(1,)]
        raise ZeroDivisionError

    with pytest.raises(Stopped):
        copy_file(used.path, target, stopped=lambda: True)
    with pytest.raises(ZeroDivisionError):
        copy_file(used.path, target, approve=refuse)
    assert [path.name for path in tmp_path.iterdir() if path.name != "shop"] == (["copy.db"] if before else [])
    assert not before or target.read_bytes() == before


def test_what_a_killed_copy_left_is_no_hindrance(used: Shop, tmp_path: Path) -> None:
    for suffix in ("", *SIDE_FILES):
        (tmp_path / f"copy.db.part{suffix}").write_bytes(b"half")
    copy_file(used.path, tmp_path / "copy.db")
    assert {path.name for path in tmp_path.iterdir()} == {"shop", "copy.db"}


def test_no_source_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        copy_file(tmp_path / "none.db", tmp_path / "copy.db")
    assert list(tmp_path.iterdir()) == []


def test_discard_takes_what_lies_beside(tmp_path: Path) -> None:
    for suffix in ("", *SIDE_FILES):
        beside(tmp_path / "a.db", suffix).touch()
    (tmp_path / "a.db.replaced").touch()
    discard(tmp_path / "a.db")
    assert [path.name for path in tmp_path.iterdir()] == ["a.db.replaced"]


def test_a_folder_can_be_synced_and_a_missing_file_cannot(tmp_path: Path) -> None:
    sync(tmp_path)
    with pytest.raises(FileNotFoundError):
        sync(tmp_path / "none")


@pytest.mark.parametrize(
    ("location", "file"),
    [
        (Path("/shop/practice.db"), Path("/shop/practice.db")),
        ("sqlite:////shop/till.db", Path("/shop/till.db")),
        ("sqlite+pysqlite:////shop/till.db", Path("/shop/till.db")),
        ("sqlite://", None),
        ("sqlite:///:memory:", None),
        ("sqlite:///file:till.db?mode=ro&uri=true", None),
        ("postgresql+psycopg://till@127.0.0.1/kaunta", None),
        ("no address at all", None),
    ],
)
def test_which_file_a_database_is_in(location: Path | str, file: Path | None) -> None:
    assert sqlite_file(location) == file


def fill(shop: Shop, size: int) -> None:
    """One payment whose journal takes this many bytes."""
    with shop.database.write() as transaction:
        payment = transaction.add_payment(shop.new(shop.reader.posts()[0]))
        transaction.add_line(payment.id, line(body="x" * size))
