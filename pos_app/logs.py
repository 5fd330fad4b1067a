"""The log: one line for each step of a payment, in a file for each day, without secrets or full phone numbers."""

import logging
import os
import re
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import date, datetime
from logging.handlers import TimedRotatingFileHandler
from pathlib import Path
from types import TracebackType

from pos_app.domain.phone import mask_in
from pos_app.errors import PosError

KEEP_DAYS = 30
_NAME = "kaunta.log"
_FORMAT = "%(asctime)s %(levelname)-7s %(message)s [%(name)s, %(threadName)s]"  # what people look for comes first
_CONTROL = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]")
_log = logging.getLogger(__name__)
_MOST = 2_000_000  # bytes of a day that are read, its end: more than ten thousand lines


class MaskingFormatter(logging.Formatter):
    """Hides phone numbers, also in tracebacks: the last line of defence, not the first."""

    def format(self, record: logging.LogRecord) -> str:
        """The line as it is written."""
        return mask_in(super().format(record))

    def formatMessage(self, record: logging.LogRecord) -> str:
        """One line for one message: whatever a message quotes must not look like a line of its own."""
        return _CONTROL.sub("\N{REPLACEMENT CHARACTER}", super().formatMessage(record))


class _DayFile(TimedRotatingFileHandler):
    """A log that cannot be written, as on a full disk, harms nobody and says nothing."""

    def handleError(self, record: logging.LogRecord) -> None:
        """Python would print a traceback for each line."""

    def close(self) -> None:
        """What it still holds is lost where the disk does not take it."""
        with suppress(OSError):
            super().close()


def set_up(folder: Path) -> logging.Handler:
    """Log to `kaunta.log` in the folder, rotated at midnight. Give what this returns to `take_down` at the end.

    Where the file cannot be opened there is no log: what the till has to say is not kept back by that.
    """
    try:
        file: logging.Handler = _DayFile(folder / _NAME, when="midnight", backupCount=KEEP_DAYS, encoding="utf-8")
    except OSError:
        file = logging.NullHandler()
    file.setFormatter(MaskingFormatter(_FORMAT))
    root = logging.getLogger()
    root.setLevel(logging.INFO)
    root.addHandler(file)
    for chatty in ("httpx", "httpcore", "asyncio", "pyngrok", "alembic"):
        logging.getLogger(chatty).setLevel(logging.WARNING)  # httpx logs each URL at INFO
    return file


def take_down(handler: logging.Handler) -> None:
    """Log no more to this file."""
    logging.getLogger().removeHandler(handler)
    handler.close()


@contextmanager
def uncaught_logged(tell: Callable[[], object] = lambda: None) -> Iterator[None]:
    """What nobody catches, on a thread or in a slot of the window, stands in the log too.

    Args:
        tell: called after it was logged, on whatever thread it came up.
    """
    of_threads, of_main = threading.excepthook, sys.excepthook

    def in_thread(fault: threading.ExceptHookArgs) -> None:
        if fault.exc_value:
            _log.error("a thread ended by a fault", exc_info=fault.exc_value)
            tell()
        of_threads(fault)

    def in_main(kind: type[BaseException], value: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, Exception):  # not the end of the program
            _log.error("a fault in the window", exc_info=(kind, value, trace))
            tell()
        of_main(kind, value, trace)

    threading.excepthook, sys.excepthook = in_thread, in_main
    try:
        yield
    finally:
        if threading.excepthook is in_thread:
            threading.excepthook = of_threads
        if sys.excepthook is in_main:
            sys.excepthook = of_main


def log_fault(folder: Path) -> bool:
    """Log the exception that is being handled in the file of a folder, whether or not it is open in this program.

    Returns:
        Whether it stands there.
    """
    record = logging.LogRecord(__name__, logging.ERROR, __file__, 0, "a fault in the till", (), sys.exc_info())
    text = MaskingFormatter(_FORMAT).format(record)
    try:
        with (folder / _NAME).open("a", encoding="utf-8", errors="replace") as file:
            file.write(f"{text}\n")
    except OSError:
        return False
    return True


def days(folder: Path) -> dict[date, Path]:
    """The days there is a log of, newest first, each with its file."""
    found: dict[date, Path] = {}
    for path in folder.glob(f"{_NAME}.*"):
        try:
            found[date.fromisoformat(path.suffix[1:])] = path
        except ValueError:
            continue
    current = folder / _NAME
    if current.is_file():  # rotated when the first line of another day is written, so it may be an older day's
        found[datetime.fromtimestamp(current.stat().st_mtime).astimezone().date()] = current
    return dict(sorted(found.items(), reverse=True))


def read(path: Path) -> list[str]:
    """The lines of a day's file, oldest first; of a very long day its end.

    Raises:
        PosError: it cannot be read.
    """
    try:
        with path.open("rb") as file:
            file.seek(0, os.SEEK_END)
            start = max(0, file.tell() - _MOST)
            file.seek(start)
            lines = file.read(_MOST).decode("utf-8", errors="replace").splitlines()
    except OSError:
        raise PosError("The log cannot be read just now. Payments are not affected. Try again.") from None
    return lines[1:] if start else lines  # the first is not whole


def last_lines(folder: Path, count: int) -> list[str]:
    """The newest lines of all days, oldest first.

    Raises:
        PosError: a file cannot be read.
    """
    lines: list[str] = []
    for path in days(folder).values():
        lines = read(path)[-(count - len(lines)) :] + lines
        if len(lines) >= count:
            break
    return lines
