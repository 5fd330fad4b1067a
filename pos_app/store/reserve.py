"""The file beside the database for events that the database does not take: its room is on the disk before it is needed.

It is written full of zeros while there is space. Lines are written over the zeros, which needs no more room, so they
find a place also on a full disk.
"""

import logging
import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from pos_app.private_files import FILE, discard_begun, replace_file
from pos_app.store.files import sync

SIZE = 1_048_576  # bytes: more than a thousand events
SUFFIX = ".kept"
_END = b"\0"  # behind the last line, so that what was there before does not come back
_log = logging.getLogger(__name__)


class Reserve:
    """Lines of text that outlive the program. Any thread. Fits `sales.ports.Safe`.

    Attributes:
        path: the file.
    """

    def __init__(self, path: Path, size: int = SIZE) -> None:
        self.path = path
        self._size = size
        self._door = threading.Lock()

    @property
    def place(self) -> str:
        """Where it is, in words."""
        return str(self.path)

    def prepare(self) -> None:
        """Take the room, where it is not taken yet. A disk that is full already is only logged."""
        try:
            with self._door:
                discard_begun(self.path)
                held = self._content()
                if not self.path.exists() or self.path.stat().st_size < self._size:
                    self._write_anew(held)
        except OSError as error:
            _log.warning("no room could be reserved for answers that cannot be saved: %s", error.strerror)

    def read(self) -> list[str]:
        """The lines, oldest first.

        Raises:
            OSError: the file cannot be read.
        """
        with self._door:
            return self._content().decode(errors="replace").splitlines()

    def append(self, lines: Sequence[str]) -> None:
        """Add lines; they are on the disk when this returns.

        Raises:
            OSError: they are not.
        """
        text = "".join(f"{line}\n" for line in lines).encode() + _END
        with self._door:
            end = len(self._content())
            with _open(self.path) as file:
                try:
                    _put(file, text, end)
                except OSError:
                    # Some file systems write nothing in place: there the room must be given up before it is taken.
                    os.ftruncate(file, end)
                    _put(file, text, end)

    def replace(self, lines: Sequence[str]) -> None:
        """Keep these lines and no others; the file has the old ones or the new ones, whatever happens meanwhile.

        Raises:
            OSError: it still has the old ones.
        """
        with self._door:
            try:
                self._write_anew("".join(f"{line}\n" for line in lines).encode())
            except OSError:
                if lines:
                    raise
                self._blank()  # there is no room for a second file; to keep nothing takes none

    def _blank(self) -> None:
        with _open(self.path) as file:
            _put(file, _END, 0)  # one byte: it has all lines or none
            _put(file, bytes(max(0, os.fstat(file).st_size - 1)), 1)

    def _content(self) -> bytes:
        """What was written: all before the first zero, and no line that is not whole."""
        try:
            text = self.path.read_bytes()
        except FileNotFoundError:
            return b""
        text = text.partition(_END)[0]
        return text[: text.rfind(b"\n") + 1]

    def _write_anew(self, text: bytes) -> None:
        replace_file(self.path, text.ljust(self._size, b"\0"))
        sync(self.path.parent)


@contextmanager
def _open(path: Path) -> Iterator[int]:
    file = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), FILE)
    try:
        yield file
    finally:
        os.close(file)


def _put(file: int, text: bytes, at: int) -> None:
    """Write all of it at a place of the file, and wait until it is on the disk."""
    os.lseek(file, at, os.SEEK_SET)
    while text:
        text = text[os.write(file, text) :]
    os.fsync(file)
