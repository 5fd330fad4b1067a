"""A database that is not there although there was one: never taken for a new shop."""

import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from pos_app.errors import BadInput, StoreError
from pos_app.private_files import make_folder
from pos_app.store.backups.copies import STAMP, Copies
from pos_app.store.files import beside, sync
from pos_app.store.integrity import command_line, words
from pos_app.store.reserve import SUFFIX as KEPT

_PARTS = ("-wal", "-journal", KEPT)  # what a database in use has beside it


class DatabaseMissing(StoreError):
    """There was a database, and there is none."""

    copy_helps = True


def must_not_be_missing(database: Path) -> None:
    """Refuse to make a new database where an old one has left traces.

    Raises:
        DatabaseMissing: in words, with the ways out.
    """
    if _is_there(database) or not _traces(database):
        return
    begin = (
        f"The database file {database} is not there, though this shop has had one. Nothing was changed, nothing was "
        "sent. If it was moved, put it back. "
    )
    raise DatabaseMissing(
        f"{words(database, begin)} To begin a new shop with an empty database: "
        f"`{command_line('begin', database=database)}`."
    )


def put_traces_aside(database: Path, now: Callable[[], datetime]) -> Path | None:
    """Make room for a new, empty database: what an old one has left goes into a folder of its own.

    Returns:
        That folder, or None where there was nothing.

    Raises:
        BadInput: the database is there.
        StoreError: a file cannot be moved.
    """
    if _is_there(database):
        raise BadInput(f"The database {database} is there. Nothing was changed. Start the till to use it.")
    traces = _traces(database)
    if not traces:
        return None
    folder = database.parent / "earlier" / f"{database.stem}-{now().astimezone(UTC):{STAMP}}"
    try:
        make_folder(folder)
        for path in traces:
            os.replace(path, folder / path.name)
            sync(path.parent)
        sync(folder)
    except OSError as error:
        raise StoreError(
            f"What is left of the database {database} could not be moved to {folder}. No new one was begun. See "
            "whether there is space, and whether the folder may be written."
        ) from error
    return folder


def _is_there(database: Path) -> bool:
    try:
        return database.is_file() and database.stat().st_size > 0
    except OSError:
        return False


def _traces(database: Path) -> list[Path]:
    """What only a database that was in use leaves."""
    parts = [beside(database, suffix) for suffix in _PARTS]
    versions = [
        *database.parent.glob(f"{database.name}.before-*"),
        *database.parent.glob(f"{database.name}.replaced-*"),
    ]
    return [
        *(copy.path for copy in Copies(database).all()),
        *(part for part in parts if _is_there(part)),
        *sorted(versions),
    ]
