"""A database file that is deleted or replaced while it is open is noticed before anything more is saved."""

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from pos_app.errors import CannotSave
from pos_app.store.database import Database, open_database
from pos_app.store.files import beside
from pos_app.store.watch import FileGone, OpenFiles, read_header
from tests.support.fakes import START
from tests.support.template import lay_database, open_laid

pytestmark = pytest.mark.skipif(os.name != "posix", reason="Windows lets nobody delete or replace a file in use")


def save(database: Database) -> None:
    with database.write() as transaction:
        transaction.touch(START)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "practice.db"


@pytest.fixture
def database(path: Path) -> Iterator[Database]:
    opened = open_laid(path)
    save(opened)
    yield opened
    opened.close()


def another(path: Path) -> Path:
    other = path.with_name("other.db")
    return lay_database(other)


def written_over(path: Path) -> None:
    with closing(sqlite3.connect(beside(path, ".foreign"))) as connection:
        connection.execute("PRAGMA application_id = 77")
        connection.execute("CREATE TABLE foreign_table (a)")
    path.write_bytes(beside(path, ".foreign").read_bytes().ljust(path.stat().st_size, b"\0"))


def moved_with_its_folder(path: Path) -> None:
    path.parent.rename(path.parent.with_name("elsewhere"))


HAPPENED: dict[str, tuple[Callable[[Path], object], str]] = {
    "deleted": (Path.unlink, "not there any more"),
    "moved": (lambda path: path.rename(path.with_name("moved.db")), "not there any more"),
    "moved with its folder": (moved_with_its_folder, "not there any more"),
    "replaced": (lambda path: os.replace(another(path), path), "another file is in the place"),
    "replaced by its own copy": (
        lambda path: Path(shutil.copy(path, beside(path, ".copy"))).replace(path),
        "another file is in the place",
    ),
    "emptied": (lambda path: os.truncate(path, 0), "written over"),
    "cut": (lambda path: os.truncate(path, 4_096), "written over"),
    "another program's": (written_over, "written over"),
    "its last commits deleted": (lambda path: beside(path, "-wal").unlink(), "a part of the database"),
    "its index of them deleted": (lambda path: beside(path, "-shm").unlink(), "a part of the database"),
}


@pytest.mark.parametrize("name", HAPPENED)
def test_it_is_noticed_before_the_next_commit(path: Path, name: str) -> None:
    happens, words = HAPPENED[name]
    database = open_database(path, "practice")
    for _ in range(2):
        save(database)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(FULL)").fetchall()
        save(database)
    happens(path)
    with pytest.raises(FileGone, match=words) as error:
        save(database)
    assert isinstance(error.value, CannotSave)
    assert error.value.user_text.startswith("This computer cannot save safely")
    database.close()


def test_a_file_that_comes_back_is_saved_to_again(path: Path, database: Database) -> None:
    path.rename(path.with_name("moved.db"))
    with pytest.raises(FileGone):
        save(database)
    path.with_name("moved.db").rename(path)
    save(database)


def test_what_goes_between_the_look_and_the_commit_is_not_said_to_be_saved(path: Path, database: Database) -> None:
    with pytest.raises(FileGone), database.write() as transaction:  # noqa: PT012 - it goes in the middle
        transaction.touch(START)
        path.unlink()


def test_growing_is_no_harm_and_a_closed_database_is_watched_no_more(path: Path) -> None:
    database = open_database(path, "practice")
    for number in range(50):
        with database.write() as transaction:
            transaction.set_setting(f"key {number}", "x" * 5_000)
    database.close()
    path.unlink()
    database.check_file()
    database.close()


def test_looking_at_a_file_never_ends_sqlite_s_locks_on_it(path: Path, database: Database) -> None:
    """POSIX: whoever closes a file ends all locks of his process on it. Another program would then take the database
    for unused, and delete the last commits.
    """
    save(database)
    open_database(path, "practice").close()  # as the checks do while a till is open
    read_header(path)
    script = f"import sqlite3; c = sqlite3.connect({str(path)!r}); c.execute('SELECT count(*) FROM post'); c.close()"
    subprocess.run([sys.executable, "-c", script], check=True)
    assert beside(path, "-wal").exists()
    save(database)


def test_a_file_is_opened_once_however_many_use_it(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"abc")
    files = OpenFiles()
    first, second = files.take(file), files.take(file)
    files.give_back(first)
    assert files.header(second) == b"abc"
    files.give_back(second)
    with pytest.raises(KeyError):
        files.header(second)
