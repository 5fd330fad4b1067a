"""An empty database with its tables, laid where a test wants one: migrating takes longer than most tests."""

import sqlite3
import tempfile
from contextlib import closing
from functools import cache
from pathlib import Path

from pos_app.store.database import Database, open_database
from pos_app.store.engine import open_engines, sqlite_url
from pos_app.store.watch import FileWatch


def open_laid(path: Path, contents: bytes | None = None) -> Database:
    """A practice database; where there is no file yet, an empty one, or with these contents of one that was closed.

    That one is not looked through again as it opens: it would take most of the time.
    """
    if path.exists():
        return open_database(path, "practice")
    return Database(open_engines(sqlite_url(lay_database(path, contents=contents))), FileWatch(path))


def lay_database(path: Path, environment: str = "practice", contents: bytes | None = None) -> Path:
    """Lay it there, where there is none yet; gives the path."""
    if not path.exists():
        path.write_bytes(_empty(environment) if contents is None else contents)
        path.chmod(0o600)
    return path


def lay_in_memory(name: str) -> sqlite3.Connection:
    """An empty practice database in memory, which is there while this connection or another one is open.

    Args:
        name: `file:NAME?mode=memory&cache=shared`.
    """
    laid = sqlite3.connect(name, uri=True, check_same_thread=False)
    with closing(sqlite3.connect(":memory:")) as template:
        contents = bytearray(_empty("practice"))
        contents[18:20] = b"\x01\x01"  # memory has no write-ahead log
        template.deserialize(bytes(contents))
        template.backup(laid)
    return laid


@cache
def _empty(environment: str) -> bytes:
    """Migrated once in each process, and stamped again for the other environments."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "empty.db"
        if environment == "practice":
            open_database(path, environment).close()
            return path.read_bytes()
        path.write_bytes(_empty("practice"))
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("PRAGMA journal_mode=DELETE").fetchall()
            connection.execute("UPDATE setting SET value = ? WHERE key = 'environment'", (environment,))
            connection.commit()
            connection.execute("PRAGMA journal_mode=WAL").fetchall()
        return path.read_bytes()
