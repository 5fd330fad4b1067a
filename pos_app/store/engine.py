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

READERS = 4  # connections
SERVER_WORDS = (
    "The database server does not answer, or refuses to save. Charging has stopped so no payment is lost. Check the "
    "network and the server, then try again."
)
# Seconds until a network that has fallen silent counts as gone. The driver's own is two hours, and no error is told.
_SILENT = 5
_SERVER = {
    "connect_timeout": _SILENT,
    "tcp_user_timeout": _SILENT * 1_000,
    "keepalives": 1,
    "keepalives_idle": _SILENT,
    "keepalives_interval": 2,
    "keepalives_count": 2,
}
_SILENT_TILL = "15s"
ONE_WRITER = 7_205_759  # any number, the same in every till
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
    sqlite = address.get_backend_name() == "sqlite"
    # Hidden: the parameters in an exception's text are customers' numbers.
    options: dict[str, Any] = {"max_overflow": 0, "hide_parameters": True}
    if sqlite:
        options |= {"poolclass": sa.QueuePool, "connect_args": {"check_same_thread": False}}
    else:
        options |= {"pool_pre_ping": True}
        if address.get_driver_name().startswith("psycopg"):
            options["connect_args"] = {name: value for name, value in _SERVER.items() if name not in address.query}
    if not sqlite:
        # Whatever the server's own default: what is written is decided by what the last till left, read after the
        # tills' lock; what several questions add up to is of one moment, as in a file.
        writer = sa.create_engine(url, pool_size=1, isolation_level="READ COMMITTED", **options)
        reader = sa.create_engine(url, pool_size=READERS, isolation_level="REPEATABLE READ", **options)
        return Engines(writer, reader)
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


def be_alone(connection: sa.Connection, wait: str, wait_row: str) -> None:
    """Wait for the lock that one till at a time has on a server; it ends with the transaction. A file has its own.

    A till that falls silent inside its transaction loses it, so that the others can go on.

    Args:
        wait: how long at most for another till, and `wait_row`: for what else somebody has locked there, as PostgreSQL
            writes times.
    """
    if connection.dialect.name == "postgresql":
        set_config = sa.func.set_config
        silent = set_config("idle_in_transaction_session_timeout", _SILENT_TILL, True)
        connection.execute(sa.select(silent, set_config("lock_timeout", wait, True)))
        alone = sa.func.pg_advisory_xact_lock(ONE_WRITER)
        connection.execute(sa.select(alone, set_config("lock_timeout", wait_row, True)))


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
            raise RowRefused() from error
        raise cannot_save(error) from error


def cannot_save(error: DBAPIError) -> CannotSave:
    """Says what to look at: the disk, or the server and the way to it."""
    return CannotSave() if isinstance(error.orig, sqlite3.Error) else CannotSave(SERVER_WORDS)
