"""A workbook: numbers are numbers, times are times in the shop, and every text stays the text that it is.

Written row by row into the packed file itself (ECMA-376, SpreadsheetML): no second copy of what it tells lies on the
disk meanwhile, and a million rows cost no more memory than some hundred.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from typing import IO
from zipfile import ZIP_DEFLATED, ZipFile

from pos_app.domain.kenya_time import NAIROBI
from pos_app.domain.payment import PaymentFacts
from pos_app.domain.receipt import Mark
from pos_app.exports import xlsx_parts as parts
from pos_app.exports.columns import HEADINGS, Cell, cells

ROWS = 1_048_576  # of a sheet, by the format
_WIDTHS = (18, 19, 24, 14, 10, 10, 24, 14, 14, 24, 32, 12, 16)  # characters
_LETTERS = "ABCDEFGHIJKLM"
_PACKED = 3  # half of the time of zlib's usual 6, for a file that is an eighth larger
_DAY_0 = datetime(1899, 12, 31)
_LEAP_DAY = 1  # 29 February 1900, which spreadsheets count
_SPECIAL = re.compile("[&<>]|_x")
_LIKE_ESCAPED = re.compile("_(?=x[0-9a-fA-F]{4}_)")
_NO_CHARACTER = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]")  # of XML


class XlsxFile:
    """Fits `PaymentFile`; what a sheet has no room for goes on in another."""

    def __init__(self, raw: IO[bytes], mark: Mark) -> None:
        self._raw, self._mark = raw, mark
        self._book = ZipFile(raw, "w", ZIP_DEFLATED, compresslevel=_PACKED)
        self._sheets = 0
        self._sheet: IO[bytes] | None = None
        self._row = ROWS  # the last one that was written: there is no room before the first sheet

    def add(self, payments: Iterable[PaymentFacts]) -> None:
        rows: list[str] = []
        for payment in payments:
            if self._row >= ROWS:
                self._write(rows)
                rows.clear()
                self._next_sheet()
            self._row += 1
            rows.append(_row(self._row, cells(payment, self._mark)))
        self._write(rows)

    def finish(self) -> None:
        if not self._sheets:
            self._next_sheet()
        self._end_sheet()
        names = ["Payments", *(f"Payments {number}" for number in range(2, self._sheets + 1))]
        self._write_parts(parts.last(names))
        self._book.close()

    def close(self) -> None:
        with suppress(OSError):  # where it was not finished, nobody keeps it
            if self._sheet:
                self._sheet.close()
        with suppress(OSError):
            self._book.close()
        self._raw.close()

    def _next_sheet(self) -> None:
        if self._sheets:
            self._end_sheet()
        else:
            self._write_parts(parts.FIRST)
        self._sheets += 1
        self._sheet = self._book.open(parts.sheet_name(self._sheets), "w", force_zip64=True)
        heading = "".join(_text_cell(f'{letter}1" s="1', text) for letter, text in zip(_LETTERS, HEADINGS, strict=True))
        begin = parts.sheet_begin(_WIDTHS, selected=self._sheets == 1)
        self._write([begin, f'<row r="1">{heading}</row>'])
        self._row = 1

    def _end_sheet(self) -> None:
        self._write([parts.SHEET_END])
        if self._sheet:
            self._sheet.close()

    def _write(self, texts: Iterable[str]) -> None:
        if self._sheet:
            self._sheet.write("".join(texts).encode())

    def _write_parts(self, texts: Mapping[str, str]) -> None:
        for name, text in texts.items():
            self._book.writestr(name, text)


def _row(number: int, values: Iterable[Cell]) -> str:
    return f'<row r="{number}">{"".join(_cells(number, values))}</row>'


def _cells(number: int, values: Iterable[Cell]) -> Iterator[str]:
    for letter, value in zip(_LETTERS, values, strict=True):
        if isinstance(value, str):
            yield _text_cell(f"{letter}{number}", value)
        elif isinstance(value, datetime):
            yield f'<c r="{letter}{number}" s="2"><v>{_days(value):.16G}</v></c>'
        elif value is not None:
            yield f'<c r="{letter}{number}"><v>{value}</v></c>'


def _text_cell(place: str, text: str) -> str:
    """Never a formula, whatever it begins with: the cell says that it is a text."""
    plain = text.isprintable() and text == text.strip(" ") and not _SPECIAL.search(text)
    return f'<c r="{place}" t="inlineStr"><is>{f"<t>{text}</t>" if plain else _escaped(text)}</is></c>'


def _escaped(text: str) -> str:
    """What XML would take for its own, and what it cannot have: `_x000D_`, as spreadsheets read it."""
    kept = ' xml:space="preserve"' if text != text.strip() else ""
    text = _LIKE_ESCAPED.sub("_x005F_", text)
    text = _NO_CHARACTER.sub(lambda found: f"_x{ord(found[0]):04X}_", text)
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return f"<t{kept}>{text}</t>"


def _days(moment: datetime) -> float:
    """A time as spreadsheets count, in the shop."""
    since = moment.astimezone(NAIROBI).replace(tzinfo=None) - _DAY_0
    return since.days + (since.seconds + since.microseconds / 1e6) / 86_400 + _LEAP_DAY
