"""Writing every payment that a search finds to a file: whole or not at all, however many there are."""

import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import IO, Protocol

from pos_app.domain.payment_record import PaymentRecord
from pos_app.domain.receipt import Mark
from pos_app.domain.search import Search
from pos_app.errors import BadInput, PosError
from pos_app.exports.whole_file import whole_file

FORMATS = {".csv": "CsvFile", ".xlsx": "XlsxFile", ".json": "JsonFile"}  # by the end of the file's name
PAGE = 1_000  # payments in memory at once


class FindsPayments(Protocol):
    """Looks payments up, a page at a time: a `Reader`."""

    def records(self, search: Search) -> list[PaymentRecord]: ...


class PaymentFile(Protocol):
    """A file that payments are written to, one page after the other."""

    def add(self, payments: list[PaymentRecord]) -> None:
        """Write some more, in their order."""
        ...

    def finish(self) -> None:
        """Write what stands behind the last one."""
        ...

    def close(self) -> None:
        """Give the file back, finished or not."""
        ...


class ExportStopped(PosError):
    """Somebody wanted the export to end before it was whole."""


def check_format(path: Path) -> None:
    """Whether a file can be written in the format that its name asks for.

    Raises:
        BadInput: there is no such format.
    """
    if path.suffix.lower() not in FORMATS:
        raise BadInput(f"{path.name[:60]!r} must end in .csv, .xlsx or .json. Nothing was written.")


def export(
    reader: FindsPayments,
    search: Search,
    path: Path,
    mark: Mark,
    *,
    told: Callable[[int], object] = lambda _: None,
    stopped: Callable[[], bool] = lambda: False,
) -> int:
    """Write every payment that a search finds, in its order and beyond its limit, and give their number.

    The file appears whole or not at all; what was there under its name stays until then.

    Args:
        path: its end says the format: one of `FORMATS`.
        mark: stands beside every payment where the money is not real.
        told: how many have been written, after each page.
        stopped: asked before each page whether somebody wants it to end.

    Raises:
        BadInput: the file cannot be written there.
        ExportStopped: as it was wanted.
    """
    check_format(path)
    with whole_file(path) as raw:
        return _write(_pages(reader, search), raw, path, mark, told, stopped)


def _write(
    pages: Iterator[list[PaymentRecord]],
    raw: IO[bytes],
    path: Path,
    mark: Mark,
    told: Callable[[int], object],
    stopped: Callable[[], bool],
) -> int:
    count = 0
    file = _make(path.suffix.lower(), raw, mark)
    try:
        for page in pages:
            _go_on(stopped)
            file.add(page)
            count += len(page)
            told(count)
        file.finish()
        raw.flush()
        os.fsync(raw.fileno())
        _go_on(stopped)
    finally:
        file.close()
    return count


def _go_on(stopped: Callable[[], bool]) -> None:
    if stopped():
        raise ExportStopped("The export was stopped. Nothing was written.")


def _make(end: str, raw: IO[bytes], mark: Mark) -> PaymentFile:
    """The format's own module is loaded when it is wanted."""
    made: PaymentFile = getattr(import_module(f"pos_app.exports.{end[1:]}_file"), FORMATS[end])(raw, mark)
    return made


def _pages(reader: FindsPayments, search: Search) -> Iterator[list[PaymentRecord]]:
    search = replace(search, after=None, limit=PAGE)
    while page := reader.records(search):
        yield page
        search = search.following(page[-1])
