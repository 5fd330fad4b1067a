"""What there is to know before a copy is put back, also where the database itself cannot be opened any more."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from pos_app.domain.database_copy import DatabaseCopy
from pos_app.store.backups.copies import Copies, Copy
from pos_app.store.integrity import UNREADABLE, header_is_right


def readable_copies(database: Path) -> list[DatabaseCopy]:
    """The automatic copies of a database that can be read, newest first."""
    return [found for copy in reversed(Copies(database).all()) if (found := _look_into(copy))]


def _look_into(copy: Copy) -> DatabaseCopy | None:
    try:
        size = copy.path.stat().st_size
        with closing(sqlite3.connect(_unused(copy.path), uri=True)) as connection:
            (payments,) = connection.execute("SELECT count(*) FROM payment").fetchone()
            newest = connection.execute("SELECT created_at FROM payment ORDER BY id DESC LIMIT 1").fetchone()
            at = datetime.fromisoformat(newest[0]).replace(tzinfo=UTC) if newest else None
    except (*UNREADABLE, OSError, ValueError, TypeError):
        return None
    return DatabaseCopy(path=copy.path, made_at=copy.made_at, size=size, payments=payments, newest_at=at)


def missing_from(copy: Path, database: Path) -> int | None:
    """How many payments of the database are not in the copy; None where the database cannot tell.

    Each payment is known by its address, which no other has: numbers count on from a copy that was put back.
    """
    if not database.is_file() or not header_is_right(database):
        return None
    try:
        with closing(sqlite3.connect(database, uri=True)) as connection:
            connection.execute("PRAGMA query_only=ON")
            connection.execute("ATTACH ? AS copy", (_unused(copy),))
            (missing,) = connection.execute(
                "SELECT count(*) FROM main.payment AS here WHERE NOT EXISTS "
                "(SELECT 1 FROM copy.payment AS there WHERE there.address = here.address)"
            ).fetchone()
    except (*UNREADABLE, OSError):
        return None
    return int(missing)


def kept_setting(database: Path, key: str) -> str | None:
    """What a setting says in the database; where that cannot be read, in the copy that knows most. None: nowhere."""
    for path in (database, *(copy.path for copy in Copies(database).best_first())):
        if not path.is_file() or not header_is_right(path):
            continue
        try:
            with closing(sqlite3.connect(path)) as connection:
                row = connection.execute("SELECT value FROM setting WHERE key = ?", (key,)).fetchone()
        except UNREADABLE:
            continue
        return str(row[0]) if row else None
    return None


def _unused(path: Path) -> str:
    """The address of a file that nobody writes: nothing is put beside it."""
    return f"{path.absolute().as_uri()}?mode=ro&immutable=1"
