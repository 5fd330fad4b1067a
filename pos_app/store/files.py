"""Files of a database: copied whole or not at all, and on the disk before anybody relies on them."""

import errno
import os
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from pos_app.private_files import create

SIDE_FILES = ("-wal", "-journal", "-shm")  # what SQLite keeps beside a database, under the database's own name
PART = ".part"  # ends the name of a copy that is not whole yet
_FULL = (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC))
_ROOM = 65_536  # bytes; with less, SQLite says all kinds of things
_STEP = 256  # pages (1 MiB) that are copied at a time: how soon a copy can be stopped
_UNWRITTEN = 8 << 20  # bytes of a copy that may wait for the disk: the till's own commits wait behind them
_REST = 0.5  # of the time that a step took, left to whoever else wants the disk
_LONGEST_REST = 0.1  # seconds


class Stopped(Exception):
    """Whoever wanted the copy wants it no more."""


def sqlite_file(location: Path | str) -> Path | None:
    """The file that a database is in, or None for a server.

    Args:
        location: a file, or the URL of a database.
    """
    if isinstance(location, Path):
        return location
    if not location.startswith(("sqlite:", "sqlite+")):
        return None
    from sqlalchemy import make_url

    name = make_url(location).database
    return Path(name) if name and name != ":memory:" and not name.startswith("file:") else None


def copy_file(
    source: Path,
    target: Path,
    *,
    approve: Callable[[Path], object] = lambda _: None,
    stopped: Callable[[], bool] = lambda: False,
) -> None:
    """Copy a database while it may be in use, by SQLite's own online backup.

    The copy is one moment of the database, in one file without side files. Until it is whole and on the disk it has
    another name, so the target is the new copy, or what it was before. It is made in small steps with rests between
    them: of 1 GB at once, written to the disk at the end, a commit beside it waited 170 ms; of steps it waits 16.

    Args:
        approve: looks at the copy before it gets its name; what it raises ends the copying.
        stopped: asked every megabyte.

    Raises:
        OSError: a file cannot be read or written.
        sqlite3.Error: SQLite cannot read or write it.
        Stopped: `stopped` said so.
    """
    part = target.with_name(target.name + PART)
    discard(part)
    create(part).close()  # it holds customers' numbers
    try:
        _back_up(source, part, stopped)
        approve(part)
        sync(part)
        os.replace(part, target)
    finally:
        discard(part)
    sync(target.parent)


def _back_up(source: Path, target: Path, stopped: Callable[[], bool]) -> None:
    if not source.is_file():  # SQLite would make one
        raise FileNotFoundError(source)

    with (
        _written_bit_by_bit(target) as write,
        closing(sqlite3.connect(source, isolation_level=None)) as old,
        closing(sqlite3.connect(target)) as new,
    ):
        begun = time.monotonic()

        def progress(_status: int, remaining: int, _total: int) -> None:
            nonlocal begun
            if stopped():
                raise Stopped
            write(_STEP * page)
            if remaining:
                time.sleep(min(_LONGEST_REST, _REST * (time.monotonic() - begun)))
            begun = time.monotonic()

        # A read transaction holds one moment of the database: without it each write beside the copying starts the
        # copying again. Nobody waits for a reader (WAL).
        old.execute("BEGIN")
        old.execute("SELECT count(*) FROM sqlite_master").fetchone()
        (page,) = old.execute("PRAGMA page_size").fetchone()
        new.execute("PRAGMA synchronous=OFF")  # whoever wants the copy brings it onto the disk, before it has its name
        old.backup(new, pages=_STEP, progress=progress)
        # In WAL, as it was copied, it could not be read from a disk that may not be written.
        new.execute("PRAGMA journal_mode=DELETE").fetchone()


@contextmanager
def _written_bit_by_bit(path: Path) -> Iterator[Callable[[int], None]]:
    """What is told of bytes written to a file, and brings them onto the disk before they are many.

    The file is held open all the while: to close it would end the locks that SQLite has on it.
    """
    file = os.open(path, os.O_RDWR | getattr(os, "O_BINARY", 0))
    waiting = 0

    def write(size: int) -> None:
        nonlocal waiting
        waiting += size
        if waiting >= _UNWRITTEN:
            os.fsync(file)
            waiting = 0

    try:
        yield write
    finally:
        os.close(file)


def is_full(folder: Path, error: BaseException | None) -> bool:
    """Whether an error means that the disk of a folder is full, or that it is no surprise on so full a disk."""
    while error is not None:
        if (
            getattr(error, "errno", None) in _FULL
            or getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_FULL
        ):
            return True
        error = getattr(error, "orig", None) or error.__cause__
    try:
        return shutil.disk_usage(folder).free < _ROOM
    except OSError:
        return False


def full_words(folder: Path) -> str:
    """What to tell then."""
    return (
        f"The disk with the data folder {folder} is full, so nothing can be saved. Nothing was sent, nothing was "
        "changed. Free some space, then start again."
    )


def discard(path: Path) -> None:
    """Delete a database with what is beside it, where it exists."""
    for name in ("", *SIDE_FILES):
        beside(path, name).unlink(missing_ok=True)


def beside(path: Path, suffix: str) -> Path:
    """The file beside a database with this suffix."""
    return path.with_name(path.name + suffix)


def sync(path: Path) -> None:
    """Wait until a file, or the names in a folder, are on the disk.

    Raises:
        OSError: the disk refused a file.
    """
    if path.is_dir():
        with suppress(OSError):  # Windows opens no folders, some file systems sync none
            _sync(path, os.O_RDONLY)
    else:
        _sync(path, os.O_RDWR)  # Windows syncs only what may be written


def _sync(path: Path, flags: int) -> None:
    descriptor = os.open(path, flags)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
