"""Damaged database files: how they are recognised, and what the person is told."""

import logging
import os
import shlex
import sqlite3
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.exc import DataError, DBAPIError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from pos_app.domain.kenya_time import shop_time
from pos_app.errors import CannotRead, Damaged
from pos_app.store.backups.copies import Copies
from pos_app.store.rows import AnyRow, UnreadableRow
from pos_app.store.server_words import read_words
from pos_app.store.watch import read_header

ENVIRONMENTS = ("practice", "sandbox", "production")
SHOP = "shop"  # the setting that tells one database, and its copies, from every other
_WRONG = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
_MISSING = ("no such ", "has no column")
_FAULTS = 5  # so many are named
# What reading a database file raises. A message of SQLite that quotes damaged bytes cannot be decoded.
UNREADABLE = (sqlite3.Error, UnicodeDecodeError)
_log = logging.getLogger(__name__)
T = TypeVar("T")


@dataclass(frozen=True)
class Contents:
    """What a database file says about itself; None where it says nothing."""

    version: str | None
    environment: str | None
    payments: int


def contents(path: Path) -> Contents:
    """Look into a database file.

    Raises:
        UNREADABLE: it is damaged, or none of ours.
    """
    with closing(sqlite3.connect(path)) as connection:
        version = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        environment = connection.execute("SELECT value FROM setting WHERE key = 'environment'").fetchone()
        (payments,) = connection.execute("SELECT count(*) FROM payment").fetchone()
    return Contents(version[0] if version else None, environment[0] if environment else None, payments)


def faults(connection: sqlite3.Connection, *, quick: bool = False) -> list[str]:
    """What SQLite finds wrong in a database; empty where all is well.

    Args:
        quick: every page, but not each index against its table: a seventh of the time.

    Raises:
        UNREADABLE: it could not look.
    """
    try:
        rows = connection.execute(f"PRAGMA {'quick' if quick else 'integrity'}_check({_FAULTS})").fetchall()
    except UNREADABLE as error:
        if is_damage(error):
            return [str(error)]
        raise
    return [str(row[0]) for row in rows if row[0] != "ok"]


def is_damage(error: BaseException | None) -> bool:
    """Whether SQLite, or Python's reading of its text, says that the file is not as it was written."""
    if isinstance(error, sqlite3.Error):
        return result_code(error) in _WRONG or "Could not decode" in str(error)
    return isinstance(error, UnicodeDecodeError)


def is_damage_at_start(error: BaseException | None) -> bool:
    """The same while a database is opened, when a table or a column that is not there can only be damage, and so can a
    row that breaks its table's own rules when it is put into the new form of that table.
    """
    missing = is_wrong_statement(error) and any(words in str(error) for words in _MISSING)
    return is_damage(error) or missing or result_code(error) == sqlite3.SQLITE_CONSTRAINT


def is_wrong_statement(error: BaseException | None) -> bool:
    """Whether SQLite cannot do what a statement says: there is no such table, or it is no SQL."""
    return result_code(error) == sqlite3.SQLITE_ERROR


def result_code(error: BaseException | None) -> int:
    """SQLite's primary result code, 0 where there is none."""
    code = getattr(error, "sqlite_errorcode", 0)
    return code & 0xFF if isinstance(code, int) else 0


def header_is_right(database: Path) -> bool:
    """Whether the file begins as a database that SQLite can write: one that it could only read would open as well."""
    try:
        header = read_header(database)
    except OSError:
        return True  # not there yet, or nothing that can be opened: SQLite says more
    versions = all(version in (1, 2) for version in header[18:20])
    return not header or (header.startswith(b"SQLite format 3\0") and versions and header[21:24] == b"\x40\x20\x20")


def file_of(engine: sa.Engine) -> Path | None:
    """The SQLite file behind an engine, None for a server."""
    name = engine.url.database
    return Path(name) if engine.dialect.name == "sqlite" and name else None


def all_rows(found: sa.CursorResult[*tuple[Any, ...]]) -> Sequence[AnyRow]:
    """Every row that was found.

    Raises:
        UnreadableRow: for `reading`, which knows the file: a column cannot be read as its type.
    """
    try:
        return found.all()
    except (ValueError, TypeError) as error:
        raise UnreadableRow from error


def rows_of(found: sa.CursorResult[*tuple[Any, ...]], convert: Callable[[AnyRow], T]) -> list[T]:
    """Every row that was found, converted.

    Args:
        convert: raises UnreadableRow for a row that cannot be read; all else it raises is a fault of its own.

    Raises:
        UnreadableRow: for `reading`, which knows the file.
    """
    return [convert(row) for row in all_rows(found)]


@contextmanager
def reading(engine: sa.Engine) -> Iterator[sa.Connection]:
    """A connection to read rows with; `rows_of` converts them.

    What cannot even be asked, such as a text that cannot be written as UTF-8, is no damage.

    Raises:
        Damaged: what is in the file is nothing that this program writes.
        CannotRead: the server does not answer, or refuses.
    """
    database = file_of(engine)
    try:
        with engine.connect() as connection:
            yield connection
    except PoolTimeout as error:  # all that may read wait for the server
        raise CannotRead(read_words(error)) from error
    except (DataError, ProgrammingError):
        raise  # a fault of ours in one statement or its values
    except DBAPIError as error:
        if database is None:
            raise CannotRead(read_words(error.orig)) from error
        if not is_damage(error.orig):
            raise
        raise damaged(database) from error
    except UnreadableRow as error:
        if database is None:
            raise
        raise damaged(database) from error


def damaged(database: Path) -> Damaged:
    """The error for a damaged file; made while the cause is handled, which goes to the log."""
    # Not as a warning: a command that has no log file would print it beside the words.
    _log.info("the database file is damaged", exc_info=True)
    return Damaged(words(database))


def words(database: Path, begin: str = "The database file is damaged. Nothing was changed. ") -> str:
    """What to tell about a damaged or missing file: the best automatic copy, and how to put it back.

    Args:
        begin: what is wrong.
    """
    for copy in Copies(database).best_first():
        try:
            payments = contents(copy.path).payments
        except (*UNREADABLE, OSError):
            continue  # damaged as well: the next best
        return (
            f"{begin}The last automatic copy is from {shop_time(copy.made_at)} ({count(payments)}). "
            f"`{restore_command(database, copy.path)}` puts it back, with the till closed; the damaged file is kept."
        )
    return begin + "There is no automatic copy of it. Put a copy back in its place, or call for help."


def count(payments: int) -> str:
    """`1 payment`, `41 payments`."""
    return f"{payments:,} payment{'' if payments == 1 else 's'}"


def restore_command(database: Path, copy: Path) -> str:
    """The command line that puts a copy back, whatever folder it is typed for."""
    return command_line("restore", str(copy.absolute()), database=database)


def command_line(*words: str, database: Path) -> str:
    """A command about a database, as it is typed in whatever folder."""
    line = ["python", "main.py", *words]
    if database.suffix == ".db" and database.stem in ENVIRONMENTS:  # as a data folder names it
        line += ["--data-dir", str(database.absolute().parent)]
    if database.stem == "practice":
        line.append("--practice")
    return subprocess.list2cmdline(line) if os.name == "nt" else shlex.join(line)
