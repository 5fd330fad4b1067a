"""A workbook: numbers are numbers, times are times in the shop, and every text stays the text that it is.

XlsxWriter makes all of it but the rows: cell by cell, which is its only way, those take it three times as long as
finding the payments does. So it makes a workbook with the headings, and the rows are put where they belong in its
sheets.
"""

import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from typing import IO, cast

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from pos_app.domain.kenya_time import NAIROBI
from pos_app.domain.payment import PaymentFacts
from pos_app.domain.receipt import Mark
from pos_app.exports.columns import HEADINGS, Cell, cells

ROWS = 1_048_576  # of a sheet, by the format
BYTES = 2**31 - 2**26  # of a sheet, before another page: more would be packed in a way that not every program reads
_DAY_0, _A_DAY = datetime(1899, 12, 30, tzinfo=NAIROBI), timedelta(days=1)  # of the format, whose days are numbers
_WIDTHS = (18, 19, 24, 14, 10, 10, 24, 14, 14, 24, 32, 12, 16)  # characters
_COLUMNS = tuple(map(xl_col_to_name, range(len(HEADINGS))))
# A sheet as the library writes it, with one time in its second row; how far it reaches, which need not be said, is not
# known before the last row.
_SHEET = re.compile(
    r'(.*)<dimension [^>]*/>(.*)<row r="2"[^>]*><c r="B2" s="(\d+)">.*?</row>(</sheetData>.*)', re.DOTALL
)
# What XML cannot have, or takes for markup, and what spreadsheets would read as such a character.
_SPECIAL = re.compile("[&<>\x00-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9a-fA-F]{4}_)")
_MARKUP = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}


class _Target:
    """The file, as it is packed. A packer that was left where it failed would end the file whenever Python comes to
    clear it away: once it is given up, nothing of that reaches the disk.
    """

    def __init__(self, raw: IO[bytes]) -> None:
        self._raw = raw
        self._given_up_at: int | None = None

    def give_up(self) -> None:
        self._given_up_at = self._raw.tell()

    def write(self, data: bytes) -> int:
        return self._raw.write(data) if self._given_up_at is None else len(data)

    def seek(self, offset: int, whence: int = 0) -> int:
        return self._raw.seek(offset, whence) if self._given_up_at is None else self._given_up_at

    def tell(self) -> int:
        return self._raw.tell() if self._given_up_at is None else self._given_up_at

    def flush(self) -> None:
        if self._given_up_at is None:
            self._raw.flush()


class XlsxFile:
    """Fits `PaymentFile`. Rows are packed page by page, so that memory stays flat; what a sheet has no room for goes on
    in another.
    """

    def __init__(self, raw: IO[bytes], mark: Mark) -> None:
        self._raw, self._target = raw, _Target(raw)
        self._mark = mark
        self._zip = zipfile.ZipFile(cast(IO[bytes], self._target), "w", zipfile.ZIP_DEFLATED)
        self._sheet: IO[bytes] | None = None
        self._sheets, self._row, self._size = 0, ROWS, 0

    def add(self, payments: Iterable[PaymentFacts]) -> None:
        rows: list[str] = []
        for payment in payments:
            if self._row == ROWS or self._size > BYTES:
                self._put(rows)
                self._begin_sheet()
                rows = []
            self._row += 1
            rows.append(self._xml(cells(payment, self._mark)))
        self._put(rows)

    def finish(self) -> None:
        if self._sheet is None:
            self._begin_sheet()
        self._end_sheet()
        for name, content in _workbook(self._sheets).items():
            if name not in self._zip.NameToInfo:
                self._zip.writestr(name, content)
        self._zip.close()

    def close(self) -> None:
        self._target.give_up()
        with suppress(OSError):
            if self._sheet:
                self._sheet.close()
            self._zip.close()
        self._raw.close()

    def _begin_sheet(self) -> None:
        self._end_sheet()
        self._sheets += 1
        name = f"xl/worksheets/sheet{self._sheets}.xml"
        parts = _SHEET.fullmatch(_workbook(self._sheets)[name].decode())
        assert parts, "the library writes sheets otherwise"
        begin, headings, self._time_style, self._end = parts.groups()
        self._sheet = self._zip.open(name, "w")
        self._row, self._size = 1, 0
        self._put([begin, headings])

    def _end_sheet(self) -> None:
        if self._sheet:
            self._put([self._end])
            self._sheet.close()

    def _put(self, parts: list[str]) -> None:
        if self._sheet:  # or there is nothing yet
            self._size += self._sheet.write("".join(parts).encode())

    def _xml(self, row: tuple[Cell, ...]) -> str:
        return f'<row r="{self._row}">{"".join(self._cells(row))}</row>'

    def _cells(self, row: tuple[Cell, ...]) -> Iterator[str]:
        number = self._row
        for column, cell in zip(_COLUMNS, row, strict=True):
            if isinstance(cell, str):
                space = "" if cell == cell.strip() else ' xml:space="preserve"'
                text = _SPECIAL.sub(_escaped, cell)
                yield f'<c r="{column}{number}" t="inlineStr"><is><t{space}>{text}</t></is></c>'
            elif isinstance(cell, datetime):
                yield f'<c r="{column}{number}" s="{self._time_style}"><v>{(cell - _DAY_0) / _A_DAY:.16g}</v></c>'
            elif cell is not None:
                yield f'<c r="{column}{number}"><v>{cell}</v></c>'


def _escaped(special: re.Match[str]) -> str:
    """A special character as the format has it: `_x000D_` for a carriage return."""
    return _MARKUP.get(special[0]) or f"_x{ord(special[0]):04X}_"


def _workbook(sheets: int) -> dict[str, bytes]:
    """The files of a workbook with so many sheets, each with the headings and one time below."""
    packed = io.BytesIO()
    with xlsxwriter.Workbook(packed, {"in_memory": True}) as book:
        bold, time = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        for number in range(1, sheets + 1):
            sheet = book.add_worksheet("Payments" if number == 1 else f"Payments {number}")
            sheet.freeze_panes(1, 0)
            for column, (heading, width) in enumerate(zip(HEADINGS, _WIDTHS, strict=True)):
                sheet.set_column(column, column, width)
                sheet.write_string(0, column, heading, bold)
            sheet.write_number(1, 1, 0, time)
    with zipfile.ZipFile(packed) as files:
        return {name: files.read(name) for name in files.namelist()}
