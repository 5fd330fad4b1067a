"""Reading a statement from a file, in a process of its own with an end to its time and memory."""

import hashlib
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import psutil

from pos_app.domain.cancelling import Cancel
from pos_app.domain.record_file import StatementFile
from pos_app.domain.statement_layout import NOTHING_READ
from pos_app.domain.statement_row import Statement
from pos_app.errors import BadInput
from pos_app.statements.limits import MEMORY, SECONDS
from pos_app.statements.lines import NOT_READ, TOO_MUCH, Collected

MOST_BYTES = 100_000_000
_LOOK = 0.05  # seconds between two looks at the process
_ROOT = Path(__file__).resolve().parent.parent.parent
_RUN = "import sys; sys.path.insert(0, sys.argv[1]); from pos_app.statements.child import main; main(*sys.argv[2:])"
TOO_LARGE = f"That file is larger than {MOST_BYTES // 1_000_000} MB. {NOTHING_READ} Export fewer days at once."
TOO_SLOW = f"That file could not be read in {SECONDS:.0f} seconds. {NOTHING_READ} Export fewer days at once, or as CSV."
BROKEN = (
    f"That file is damaged, or no file of M-PESA's portal. {NOTHING_READ} Export the statement from M-PESA's portal "
    "again, and do not open or change the file."
)


def read_statement(
    path: Path, now: datetime, *, told: Callable[[int], object] = lambda _: None, cancel: Cancel | None = None
) -> Statement:
    """What a file says. Takes seconds: call it on a thread.

    Args:
        now: UTC; what is said to be later cannot be.
        told: how many rows have been read, now and then.

    Raises:
        BadInput: with words: it is none that can be used.
        Cancelled: somebody has ended it by `cancel`.
    """
    path = path.absolute()
    try:
        if not path.is_file():
            raise BadInput(NOT_READ)
        if path.stat().st_size > MOST_BYTES:
            raise BadInput(TOO_LARGE)
    except OSError:
        raise BadInput(NOT_READ) from None
    with _start(path, now) as process, (cancel or Cancel()).ending_by(process.kill):
        watch = _Watch(process)
        watch.start()
        try:
            statement, refused = _collect(process, told)
        finally:
            process.kill()
            watch.join()
    if statement is None:
        raise BadInput(refused or watch.why or BROKEN)
    return statement


class StatementReader:
    """Fits `sales.ports.StatementFiles`."""

    def read(self, path: Path, now: datetime, told: Callable[[int], object], cancel: Cancel) -> StatementFile:
        """Raises as `read_statement`."""
        statement = read_statement(path, now, told=told, cancel=cancel)
        return StatementFile(statement, digest_of(path))


def digest_of(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal: the same file is known by it.

    Raises:
        BadInput: it cannot be read.
    """
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        raise BadInput(NOT_READ) from None


def _start(path: Path, now: datetime) -> "subprocess.Popen[str]":
    # Isolated: neither the present folder nor a variable decides what is imported there.
    line = [sys.executable, "-I", "-c", _RUN, str(_ROOT), str(path), now.isoformat()]
    return subprocess.Popen(  # noqa: S603 - our own interpreter, our own words
        line,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        encoding="ascii",
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )


def _collect(process: "subprocess.Popen[str]", told: Callable[[int], object]) -> tuple[Statement | None, str]:
    """The statement; or None and why the file was refused, in words, where that was said."""
    assert process.stdout is not None
    collected = Collected()
    try:
        for line in process.stdout:
            collected.take(line)
            told(collected.read)
    except BadInput as refusal:
        return None, refusal.user_text
    except ValueError:  # it was ended within a line
        return None, ""
    return collected.statement, ""


class _Watch(threading.Thread):
    """Ends the process where it takes too much: not every system does that by itself.

    Attributes:
        why: it was ended, in words; empty where it was not.
    """

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        super().__init__(name="statement watch", daemon=True)
        self._process = process
        self._until = time.monotonic() + SECONDS
        self.why = ""

    def run(self) -> None:
        with suppress(psutil.Error):
            seen = psutil.Process(self._process.pid)
            while self._process.poll() is None and not self.why:
                if seen.memory_info().rss > MEMORY:
                    self.why = TOO_MUCH
                elif time.monotonic() > self._until:
                    self.why = TOO_SLOW
                time.sleep(_LOOK)
        if self.why:
            self._process.kill()
