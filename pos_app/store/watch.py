"""Whether the database that is open is still the file at its path: files can be deleted or replaced while in use."""

import os
import threading
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from pos_app.errors import CannotSave
from pos_app.store.files import beside

_HEADER = 100  # bytes
_IDENTITY = (slice(0, 18), slice(68, 72))  # what never changes in a database: how it begins, its page size, its owner


class FileGone(CannotSave):
    """The database file is gone, or another one is in its place."""

    def __init__(self, path: Path, what: str) -> None:
        super().__init__(
            f"This computer cannot save safely: {what} ({path}). Charging has stopped so no payment is lost. Put the "
            "file back where it was, or close the till and start it again: it says what to do then."
        )


@dataclass
class _Shared:
    """An open file, and how many use it."""

    file: int
    users: int


class OpenFiles:
    """Files that are held open beside SQLite, each once in a process.

    To close a file ends every lock that this process has on it (POSIX), those of SQLite too, and another program
    would then take the database for unused. So a file is opened once, and closed when nobody uses it any more.
    """

    def __init__(self) -> None:
        self._door = threading.Lock()
        self._files: dict[tuple[int, int], _Shared] = {}

    def take(self, path: Path) -> tuple[int, int]:
        """Open a file, or share the one that is open; gives its identity. Raises OSError."""
        with self._door:
            status = path.stat()
            key = (status.st_dev, status.st_ino)
            if key not in self._files:
                self._files[key] = _Shared(os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0)), 0)
            self._files[key].users += 1
            return key

    def give_back(self, key: tuple[int, int]) -> None:
        """Close it where nobody else uses it."""
        with self._door:
            shared = self._files[key]
            shared.users -= 1
            if not shared.users:
                del self._files[key]
                os.close(shared.file)

    def header(self, key: tuple[int, int]) -> bytes:
        """The first bytes."""
        with self._door:
            file = self._files[key].file
            os.lseek(file, 0, os.SEEK_SET)
            return os.read(file, _HEADER)


# One for the process, as the locks are.
_files = OpenFiles()


def read_header(path: Path) -> bytes:
    """The first bytes of a database, also of one that this process has open.

    Raises:
        OSError: it cannot be read.
    """
    key = _files.take(path)
    try:
        return _files.header(key)
    finally:
        _files.give_back(key)


class FileWatch:
    """Looks at the path of an open database. Any thread.

    Args:
        path: a file that is there, and that SQLite has open or opens now.

    Raises:
        OSError: it cannot be read.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._key: tuple[int, int] | None = _files.take(path)
        self._identity = _identity(_files.header(self._key))
        self._size = 0
        self._parts = [beside(path, suffix) for suffix in ("-wal", "-shm")]
        self._beside: dict[Path, tuple[int, int]] = {}

    def check(self) -> None:
        """Cheap enough for each commit.

        Raises:
            FileGone: what is committed now would be lost.
        """
        if self._key is None:
            return
        try:
            status = self._path.stat()
        except OSError:
            raise FileGone(self._path, "the database file is not there any more") from None
        # On Windows nobody can do that to a file in use, and network drives there make numbers up.
        if os.name == "posix" and (status.st_dev, status.st_ino) != self._key:
            raise FileGone(self._path, "another file is in the place of the database")
        header = _files.header(self._key)
        if _identity(header) != self._identity or (status.st_size < self._size and _is_cut(header, status.st_size)):
            raise FileGone(self._path, "the database file was written over")
        self._size = status.st_size
        self._check_beside()

    def _check_beside(self) -> None:
        """SQLite keeps the last commits in a file beside the database, while it is open."""
        for part, before in self._beside.items():
            if _of(part) != before:
                raise FileGone(part, "a part of the database is not there any more")
        if len(self._beside) < len(self._parts) and os.name == "posix":
            for part in self._parts:
                if found := _of(part):
                    self._beside[part] = found

    def close(self) -> None:
        """When SQLite has closed it."""
        key, self._key = self._key, None
        if key:
            _files.give_back(key)


def _identity(header: bytes) -> tuple[bytes, ...]:
    return tuple(header[part] for part in _IDENTITY)


def _is_cut(header: bytes, size: int) -> bool:
    """Whether a file is shorter than it says itself."""
    page = int.from_bytes(header[16:18], "big")
    return int.from_bytes(header[28:32], "big") * (65_536 if page == 1 else page) > size


def _of(path: Path) -> tuple[int, int] | None:
    with suppress(OSError):
        status = path.stat()
        return status.st_dev, status.st_ino
    return None
