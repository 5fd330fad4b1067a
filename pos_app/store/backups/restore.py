"""Putting a copy in the place of the database: checked first, the old file kept, and at no moment half of either."""

import logging
import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pos_app.domain.database_copy import Gone, Whose
from pos_app.errors import BadInput, Occupied, StoreError
from pos_app.private_files import create, make_folder
from pos_app.store.backups.choosing import another_shops, whose
from pos_app.store.backups.copies import FOLDER, STAMP, Copies
from pos_app.store.backups.gone import what_goes
from pos_app.store.files import PART, beside, discard, sync
from pos_app.store.integrity import UNREADABLE, contents, faults, header_is_right, result_code
from pos_app.store.migrate import KNOWN, check_tables
from pos_app.store.moving.mark import LEFT, MoveMark, mark_in, noted

RELEASED_WITHIN = 5.0  # seconds that another program may take to let go of the database
_CHUNK = 4 << 20  # bytes
_NEW = ".restoring"  # ends the name of the copy until it takes the database's place
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Restored:
    """What is in place now, whose copy it is, where the file is that was there before (None: there was none), and what
    went with that.
    """

    payments: int
    kept: Path | None
    whose: Whose
    gone: Gone


def put_back(
    copy: Path,
    database: Path,
    environment: str,
    now: Callable[[], datetime],
    *,
    another_shop: bool = False,
    timeout: float = RELEASED_WITHIN,
) -> Restored:
    """Put a copy in the place of a database. The caller holds the data folder, so no till has it open.

    Whenever this is killed, the database is the old file or the copy, and the copy itself is only read.

    Args:
        environment: whose payments the copy must hold.
        another_shop: whether it may be another shop's than the database with its payments.
        timeout: seconds to wait for another program that has the database open.

    Raises:
        BadInput: the copy is none of this environment or shop, of an unknown version, or damaged. Nothing was changed.
        Occupied: another program has the database open. Nothing was changed.
        StoreError: a file cannot be read or written; the database is still the old one.
    """
    if not copy.is_file():
        raise BadInput(f"There is no file {copy}. Nothing was changed.")
    if mark := mark_in(database):
        raise _moved_already(mark)
    if database.exists() and copy.samefile(database):
        raise BadInput(f"{copy} is the database itself. Nothing was changed. Choose a copy.")
    new = beside(database, _NEW)
    try:
        _fetch(copy, new)
        payments = _examine(new, copy, environment)
        with closing(sqlite3.connect(new)) as connection:
            if mark := noted(database, connection):
                raise _moved_already(mark)
        shop = whose(new, database)
        if shop is Whose.ANOTHER and not another_shop:
            raise another_shops(copy)
        kept = _set_aside(database, now(), timeout)
        gone = Gone() if shop is Whose.ANOTHER else what_goes(kept, new, database)
        os.replace(new, database)
        sync(database.parent)
    except OSError as error:
        raise StoreError(
            f"The copy {copy} could not be put in place of {database}. The database is still the old one. See whether "
            "there is space, and whether the folder may be written."
        ) from error
    finally:
        with suppress(OSError):
            discard(new)
    try:
        Copies(database).set_aside(better_than=database)
    except OSError as error:  # the next one to be put back is chosen less well
        _log.warning("copies that know more stay among the others: %s", error.strerror)
    _log.info("put %s in the place of %s, kept as %s", copy.name, database.name, kept and kept.name)
    return Restored(payments, kept, shop, gone)


def _moved_already(mark: MoveMark) -> BadInput:
    return BadInput(
        f"{mark.words()} Nothing was changed: a copy from before would be sold beside the server, and give payments "
        "the same numbers."
    )


def _fetch(copy: Path, new: Path) -> None:
    """Bring the copy beside the database, with the changes that lie beside it: what is checked is what is used."""
    make_folder(new.parent)
    discard(new)
    for suffix in ("", "-wal", "-journal"):
        if beside(copy, suffix).exists():
            with create(beside(new, suffix)) as file, beside(copy, suffix).open("rb") as old:
                shutil.copyfileobj(old, file, _CHUNK)


def _examine(new: Path, copy: Path, environment: str) -> int:
    """How many payments are in it; afterwards it is one file, and on the disk."""
    try:
        with closing(sqlite3.connect(new, isolation_level=None)) as connection:
            connection.execute("PRAGMA journal_mode=DELETE").fetchall()  # takes in what lies beside it
            found = faults(connection)
            if found:
                _log.error("%s is damaged: %s", copy, "; ".join(found))
                raise BadInput(_damaged_too(copy))
        inside = contents(new)
        _check_version(inside.version, copy)
        with closing(sqlite3.connect(new)) as connection:
            check_tables(connection, inside.version)
    except UNREADABLE as error:
        _log.warning("%s cannot be restored", copy, exc_info=error)
        raise BadInput(
            f"{copy} is no Kaunta database, or it is damaged. Nothing was changed. The automatic copies are in the "
            f"folder {FOLDER}."
        ) from error
    if inside.environment != environment:
        raise BadInput(
            f"{copy} holds {inside.environment or 'unknown'} payments and cannot be used for {environment}. Nothing "
            "was changed."
        )
    sync(new)
    return inside.payments


def _damaged_too(copy: Path) -> str:
    return f"{copy} is damaged. Nothing was changed. Choose another; the automatic copies are in the folder {FOLDER}."


def _check_version(version: str | None, copy: Path) -> None:
    if version == LEFT:
        raise BadInput(
            f"{copy} is a copy of a file whose shop had moved to a database server by then. Nothing was changed. Use "
            "the server's own copies, or a copy from before."
        )
    if version not in KNOWN:
        raise BadInput(
            f"{copy} was written by another version of Kaunta ({version or 'unknown'}). Nothing was changed. Install "
            "the newer version, or choose another copy."
        )


def _set_aside(database: Path, moment: datetime, timeout: float) -> Path | None:
    """Give the old file a second name, with the changes beside it that could not be folded in.

    Only a second name: a start after a kill right here must find the database, not make a new one.
    """
    kept = None
    if database.exists():
        if header_is_right(database):  # SQLite would write what lies beside it into any file, and then refuse it
            fold(database, timeout)
        kept = _free_name(database, moment)
        for suffix in ("-wal", "-journal", ""):
            if beside(database, suffix).exists():
                _second_name(beside(database, suffix), beside(kept, suffix))
        sync(database.parent)
    # Left there, they would be applied to the copy. Where there are any, the old file is too damaged to take them in,
    # and the kept one has them.
    for suffix in ("-wal", "-journal", "-shm"):
        beside(database, suffix).unlink(missing_ok=True)
    sync(database.parent)
    return kept


def fold(database: Path, timeout: float = RELEASED_WITHIN) -> None:
    """Write what lies beside the database into it, and make sure that nobody has it open.

    Args:
        timeout: seconds to wait for another program that has.

    Raises:
        Occupied: somebody has.
    """
    try:
        with closing(sqlite3.connect(database, timeout=timeout, isolation_level=None)) as connection:
            connection.execute("PRAGMA journal_mode=DELETE").fetchall()  # refused while others have a WAL open
            connection.execute("BEGIN EXCLUSIVE")
            connection.execute("ROLLBACK")
    except UNREADABLE as error:
        if result_code(error) in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise Occupied(
                f"Another program is using {database}. Nothing was changed. Close it, then try again."
            ) from None
        _log.warning("the old database stays as it is", exc_info=error)  # damaged: that is why it is replaced


def _free_name(database: Path, moment: datetime) -> Path:
    while (kept := beside(database, f".replaced-{moment.astimezone(UTC):{STAMP}}")).exists():
        moment += timedelta(seconds=1)
    return kept


def _second_name(path: Path, name: Path) -> None:
    try:
        os.link(path, name)
    except OSError:  # some file systems give a file one name only
        part = beside(name, PART)
        shutil.copy2(path, part)
        sync(part)
        os.replace(part, name)
