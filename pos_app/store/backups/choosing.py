"""What there is to know before a copy is put back, also where the database itself cannot be opened any more."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from pos_app.domain.database_copy import DatabaseCopy, Loss, Whose
from pos_app.errors import BadInput
from pos_app.store.backups.copies import Copies, Copy
from pos_app.store.integrity import SHOP, UNREADABLE, header_is_right


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


def loss_of(copy: Path, database: Path) -> Loss:
    """What goes with a database, where the copy takes its place.

    Each payment is known by its address, which no other has: numbers count on from a copy that was put back.

    Raises:
        BadInput: it is another shop's copy.
    """
    origin = whose(copy, database)
    if origin is Whose.ANOTHER:
        raise another_shops(copy)
    rows = _both(
        copy,
        database,
        "SELECT count(*), count(next_check_at) FROM main.payment AS here WHERE NOT EXISTS "
        "(SELECT 1 FROM copy.payment AS there WHERE there.address = here.address)",
    )
    payments, asked_about = rows or (None, 0)
    return Loss(payments=payments, asked_about=asked_about, whose=origin)


def whose(copy: Path, database: Path) -> Whose:
    """Whose payments are in a copy, seen from the database, which may be damaged or not there.

    Each database is stamped with a shop of its own, and its copies with it. Copies from before there was that stamp are
    known by their first payment.
    """
    if not database.is_file() or _both(copy, database, "SELECT NOT EXISTS (SELECT 1 FROM main.payment)") == (1,):
        return Whose.OWN
    here, there = kept_setting(database, SHOP), _said_in(copy, SHOP)
    if here and there:
        return Whose.OWN if here == there else Whose.ANOTHER
    first = "SELECT 1 FROM main.payment WHERE address = (SELECT address FROM copy.payment ORDER BY id LIMIT 1)"
    return Whose.OWN if _both(copy, database, first) else Whose.UNKNOWN


def another_shops(copy: Path) -> BadInput:
    """That a copy is another shop's, and how it is put back all the same."""
    return BadInput(
        f"{copy} is no copy of this till's payments: it is another shop's, another till's, or from before this "
        "database was begun. Nothing was changed. Choose another copy. Is this one meant, because its shop goes on "
        "here, the command `restore` takes it with --another-shop; the payments that are here now are then only in the "
        "kept file."
    )


def _both(copy: Path, database: Path, question: str) -> tuple[int, ...] | None:
    """The first row that a question about `main` and `copy` brings; None where there is none, or nobody can tell."""
    if not database.is_file() or not header_is_right(database):
        return None
    try:
        with closing(sqlite3.connect(database, uri=True)) as connection:
            connection.execute("PRAGMA query_only=ON")
            connection.execute("ATTACH ? AS copy", (_unused(copy),))
            row: tuple[int, ...] | None = connection.execute(question).fetchone()
            return row
    except (*UNREADABLE, OSError):
        return None


def kept_setting(database: Path, key: str) -> str | None:
    """What a setting says in the database; where that cannot be read, in the copy that knows most. None: nowhere."""
    for path in (database, *(copy.path for copy in Copies(database).best_first())):
        if not path.is_file() or not header_is_right(path):
            continue
        try:
            return _setting(str(path), key)
        except UNREADABLE:
            continue
    return None


def _said_in(copy: Path, key: str) -> str | None:
    try:
        return _setting(_unused(copy), key)
    except UNREADABLE:
        return None


def _setting(address: str, key: str) -> str | None:
    with closing(sqlite3.connect(address, uri=address.startswith("file:"))) as connection:
        row = connection.execute("SELECT value FROM setting WHERE key = ?", (key,)).fetchone()
    return str(row[0]) if row else None


def _unused(path: Path) -> str:
    """The address of a file that nobody writes: nothing is put beside it."""
    return f"{path.absolute().as_uri()}?mode=ro&immutable=1"
