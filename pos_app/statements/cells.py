"""The rows of a file, whatever kind of file it is: told by what is in it, never by its name.

Nothing of a file is executed or fetched: a spreadsheet's formulas have the value that was saved beside them.
"""

import codecs
import csv
import io
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, load_workbook

from pos_app.domain.statement_cells import Cell
from pos_app.domain.statement_layout import NOTHING_READ
from pos_app.errors import BadInput

MOST_UNPACKED = 400_000_000  # bytes of an .xlsx; a statement of 100,000 rows has some 60 million
FULL_XLS = 65_536  # rows of a sheet of the old kind; no other one has room for what M-PESA leaves out
_HEAD = 4_096
_CHUNK = 1_000_000
_ZIP, _OLE, _PDF = b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_HEADER = "receipt no"
_EXPORT_AGAIN = f"{NOTHING_READ} Export the statement from M-PESA's portal again, and do not open or change the file."

EMPTY = f"That file is empty. {_EXPORT_AGAIN}"
DAMAGED = f"That file is damaged, or no file of M-PESA's portal. {_EXPORT_AGAIN}"
WEB_PAGE = f"That file is a web page with another name: the portal was not signed in any more, perhaps. {_EXPORT_AGAIN}"
PDF = f"That file is a PDF, which cannot be compared. {NOTHING_READ} Export the statement as Excel or CSV."
PASSWORD = f"That file asks for a password. {_EXPORT_AGAIN}"
TOO_LARGE = f"That file unpacks to far more than a statement has. {_EXPORT_AGAIN}"

Line = tuple[int, Sequence[Cell]]


@dataclass(frozen=True, slots=True)
class FileRows:
    """The rows of a file.

    Attributes:
        lines: each with its line in the file, counted from 1.
        full: asked behind the last one, whether a sheet had no room for another.
    """

    lines: Iterator[Line]
    full: Callable[[], bool] = lambda: False


def open_rows(path: Path) -> FileRows:
    """The rows of a file.

    Raises:
        BadInput: with words, also while the rows are read: it is none that a statement can be in.
        OSError: it cannot be read.
    """
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if not head.strip(b"\0 \r\n\t"):
        raise BadInput(EMPTY)
    if head.startswith(_PDF):
        raise BadInput(PDF)
    if head.startswith((_ZIP, _OLE)):
        return _of_spreadsheet(path, old=head.startswith(_OLE))
    encoding = _encoding(path, head)
    if head.decode(encoding, "ignore").lstrip("\ufeff \r\n\t").startswith("<"):
        raise BadInput(WEB_PAGE)
    return FileRows(_of_text(path, encoding))


def _of_spreadsheet(path: Path, *, old: bool) -> FileRows:
    if old:
        _refuse_encrypted(path)
    else:
        _refuse_bomb(path)
    sizes: list[int] = []
    return FileRows(_of_sheets(path, sizes), lambda: old and any(size >= FULL_XLS for size in sizes))


def _refuse_encrypted(path: Path) -> None:
    """An .xlsx with a password is in a file of the old kind."""
    with path.open("rb") as file:
        before = b""
        while chunk := file.read(_CHUNK):
            if _ENCRYPTED in before + chunk:
                raise BadInput(PASSWORD)
            before = chunk[-len(_ENCRYPTED) :]


def _refuse_bomb(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as packed:
            unpacked = sum(each.file_size for each in packed.infolist())
    except (zipfile.BadZipFile, NotImplementedError, ValueError):
        raise BadInput(DAMAGED) from None
    if unpacked > MOST_UNPACKED:
        raise BadInput(TOO_LARGE)


def _of_sheets(path: Path, sizes: list[int]) -> Iterator[Line]:
    """The rows of all sheets, one after the other."""
    try:
        with load_workbook(path) as book:
            yield from _of_book(book, sizes)
    except PasswordError:
        raise BadInput(PASSWORD) from None
    except (CalamineError, UnicodeError, ValueError):
        raise BadInput(DAMAGED) from None


def _of_book(book: CalamineWorkbook, sizes: list[int]) -> Iterator[Line]:
    before = 0
    for name in book.sheet_names:
        sheet = book.get_sheet_by_name(name)
        if sheet.end is None:  # an empty one
            continue
        height = sheet.end[0] + 1
        sizes.append(height)
        for line, row in enumerate(sheet.iter_rows(), before + 1):
            yield line, [_cell(value) for value in row]
        before += height


def _cell(value: object) -> Cell:
    """A spreadsheet's cell as a statement's."""
    if isinstance(value, str | datetime):
        return value
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return float(value)
    return datetime.combine(value, time()) if isinstance(value, date) else str(value)


def _encoding(path: Path, head: bytes) -> str:
    """UTF-16 where it is marked, UTF-8 where all of it is, else what Windows writes. Raises BadInput: it is no text."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    decoder, utf8 = codecs.getincrementaldecoder("utf-8")(), True
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            if b"\0" in chunk:
                raise BadInput(DAMAGED)
            try:
                utf8 = utf8 and decoder.decode(chunk) is not None
            except UnicodeDecodeError:
                utf8 = False
    return "utf-8-sig" if utf8 else "cp1252"


def _of_text(path: Path, encoding: str) -> Iterator[Line]:
    delimiter = _delimiter(path, encoding)
    begun = False
    try:
        with path.open(encoding=encoding, errors="replace", newline="") as file:
            lines = csv.reader(file, delimiter=delimiter)
            for row in lines:
                if begun and any("\n" in cell for cell in row):
                    raise BadInput(
                        f"Line {lines.line_num} of that file is damaged: a quote is not closed. {_EXPORT_AGAIN}"
                    )
                begun = begun or any(_HEADER in cell.lower() for cell in row)
                yield lines.line_num, row
    except csv.Error:
        raise BadInput(DAMAGED) from None


def _delimiter(path: Path, encoding: str) -> str:
    """What parts the columns: of the header, which has no such sign otherwise."""
    with path.open(encoding=encoding, errors="replace") as file:
        text: io.TextIOWrapper = file
        for _ in range(200):
            line = text.readline(100_000)
            if _HEADER in line.lower():
                return max(",;\t", key=line.count)
            if not line:
                break
    return ","
