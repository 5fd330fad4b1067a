"""Standard output and standard error: whatever becomes of what a command says, what it does stays the same.

They may be closed, full, a pipe that nobody reads, or a console that cannot show a character of a post's name.
"""

import errno
import io
import json
import os
import sys
import threading
import time
from typing import TextIO

WRITE_LIMIT = 5.0  # seconds, for a command that has more to do than to say something
_PAUSE = 0.05  # seconds until a pipe that takes nothing just now is tried again


def open_missing() -> None:
    """What a shell has closed (`>&-`) is opened on nothing: the next file, a database say, would get its number, and
    whatever a library prints would land in it.
    """
    for number in (0, 1, 2):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # takes the lowest number that is free


class Console:
    """What a command says.

    Args:
        limit: seconds that a stream may take for one text; then nothing more is said on it. None: however long a
            reader takes, as one does who turns pages.
    """

    def __init__(self, limit: float | None = None) -> None:
        self._limit = limit
        self._lost: set[str] = set()  # streams on which nothing more is said

    def say(self, text: str = "") -> None:
        """A line, or several, on standard output. Never raises."""
        trouble = self._write("stdout", text + "\n")
        if trouble:
            self.warn(f"What this command says could not be written ({trouble}). What it did stays as it is.")

    def result(self, value: object) -> None:
        """One JSON value on standard output. Never raises."""
        self.say(json.dumps(value))

    def warn(self, text: str) -> None:
        """A line on standard error. Never raises."""
        self._write("stderr", text + "\n")

    def _write(self, name: str, text: str) -> str:
        """Gives what went wrong, in words, where a person should know."""
        stream: TextIO | None = getattr(sys, name)
        if stream is None or name in self._lost:
            return ""
        try:
            self._put(name, stream, text)
        except BrokenPipeError:  # whoever read it has read enough
            self._lost.add(name)
        except (OSError, ValueError) as error:  # ValueError: closed by this program
            self._lost.add(name)
            return getattr(error, "strerror", None) or "closed"
        return ""

    def _put(self, name: str, stream: TextIO, text: str) -> None:
        encoding = stream.encoding or "utf-8"
        buffer = getattr(stream, "buffer", None)
        raw = getattr(buffer, "raw", buffer)  # with PYTHONUNBUFFERED there is no buffer between
        if not isinstance(raw, io.RawIOBase):  # no stream of the system, such as one that keeps what is written
            stream.write(text.encode(encoding, "replace").decode(encoding))
            stream.flush()
            return
        # Past the buffers: what is left in one would be written when Python ends, fail again, and end with code 120.
        data = text.replace("\n", os.linesep).encode(encoding, "replace")
        if self._limit is None:
            _write_all(raw, data)
        elif not _write_within(raw, data, self._limit):
            self._lost.add(name)


def _write_within(raw: io.RawIOBase, data: bytes, seconds: float) -> bool:
    """Whether it was written in time; otherwise a thread is left that goes on trying, and ends with the program."""
    failed: list[OSError] = []

    def work() -> None:
        try:
            _write_all(raw, data)
        except OSError as error:
            failed.append(error)

    writing = threading.Thread(target=work, name="console", daemon=True)
    writing.start()
    writing.join(seconds)
    if failed:
        raise failed[0]
    return not writing.is_alive()


def _write_all(raw: io.RawIOBase, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        written = raw.write(rest)
        if written is None:  # a pipe that does not wait, and takes nothing now
            time.sleep(_PAUSE)
        elif written == 0:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        else:
            rest = rest[written:]
