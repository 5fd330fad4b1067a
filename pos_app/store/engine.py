"""Engines: how a connection is set up, so that what is committed stays and nothing is overwritten unseen."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from sqlite3 import Connection as SqliteConnection
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, ProgrammingError

from pos_app.errors import CannotSave, Clash, RowRefused
from pos_app.store.server import server_engines
from pos_app.store.server_words import row_words, save_words

READERS = 4  # connections
# SQLite's codes for faults of one statement, its values or the rows it meets; all others are the disk's.
_ROWS = (
    sqlite3.SQLITE_ERROR,
    sqlite3.SQLITE_TOOBIG,
    sqlite3.SQLITE_MISMATCH,
    sqlite3.SQLITE_RANGE,
    sqlite3.SQLITE_CORRUPT,
)
# The same of a server (SQLSTATE): limits, a lock somebody else holds, a statement cut short, a damaged row.
_ROW_STATES = ("40", "54", "55P03", "57014", "XX")


@dataclass(frozen=True)
class Engines:
    """One engine that writes and one that reads, on the same database."""

    writer: sa.Engine
    reader: sa.Engine

    def dispose(self) -> None:
        """Close every connection."""
        self.reader.dispose()
        self.writer.dispose()


def sqlite_url(path: Path) -> str:
    """The address of a database file."""
    return sa.URL.create("sqlite", database=str(path)).render_as_string()


def open_engines(url: str) -> Engines:
    """Engines for an SQLite file or a PostgreSQL server. Nothing is opened yet.

    On SQLite the writer begins with BEGIN IMMEDIATE: Python's legacy transaction mode starts none on SELECT, and
    four threads that read and then write lose updates without an error. A reader that began immediate would wait
    for the writer, so readers have an engine of their own, and may not write.
    """
    address = sa.make_url(url)
    if address.get_backend_name() != "sqlite":
        return Engines(*server_engines(address))
    # Hidden: the parameters in an exception's text are customers' numbers.
    options: dict[str, Any] = {"max_overflow": 0, "hide_parameters": True, "poolclass": sa.QueuePool}
    options["connect_args"] = {"check_same_thread": False}
    writer = sa.create_engine(url, pool_size=1, **options)
    reader = sa.create_engine(url, pool_size=READERS, **options)
    sa.event.listen(writer, "connect", _set_up_writer)
    sa.event.listen(reader, "connect", _set_up_reader)
    sa.event.listen(writer, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    sa.event.listen(reader, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
    return Engines(writer, reader)


def _set_up_writer(connection: SqliteConnection, _record: object) -> None:
    connection.isolation_level = None  # we begin ourselves
    # What is deleted or replaced is written over: an erased number must not be left between the rows (rule 21).
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=5000", "secure_delete=ON"):
        connection.execute(f"PRAGMA {pragma}").close()


def _set_up_reader(connection: SqliteConnection, _record: object) -> None:
    connection.isolation_level = None
    for pragma in ("busy_timeout=5000", "query_only=ON"):
        connection.execute(f"PRAGMA {pragma}").close()


@contextmanager
def translated() -> Iterator[None]:
    """Turn what a database raises into what the till understands.

    Raises:
        Clash: a key that must be unique is held by another row.
        CannotSave: the disk, the file or the server refuses.
        RowRefused: it was this statement or the rows it met; others may be saved.
    """
    try:
        yield
    except IntegrityError as error:
        raise Clash("another row holds a key that must be unique") from error
    except (DataError, ProgrammingError):
        raise  # a fault of ours in one statement or its values
    except DBAPIError as error:
        code = getattr(error.orig, "sqlite_errorcode", 0) & 0xFF
        state = getattr(error.orig, "sqlstate", None) or ""
        if code in _ROWS or state.startswith(_ROW_STATES):
            raise (RowRefused(row_words(error.orig)) if state else RowRefused()) from error
        raise cannot_save(error.orig) from error


def cannot_save(error: BaseException | None) -> CannotSave:
    """What a driver raised, saying what to look at: the disk, or the server and the way to it."""
    return CannotSave() if isinstance(error, sqlite3.Error) else CannotSave(save_words(error))
