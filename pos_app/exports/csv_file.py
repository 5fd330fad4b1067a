"""A CSV file that any spreadsheet opens, and in which no cell calculates."""

import csv
import io
from collections.abc import Iterable
from datetime import datetime
from typing import IO

from pos_app.domain.kenya_time import NAIROBI
from pos_app.domain.payment import PaymentFacts
from pos_app.domain.receipt import Mark
from pos_app.exports.columns import HEADINGS, Cell, cells

# What makes a spreadsheet calculate a cell instead of showing it; the last ones are the wide forms of the first.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_TO_SECONDS = len("2026-11-24 14:03:00")


class CsvFile:
    """Fits `PaymentFile`: UTF-8 with the mark by which Excel knows it, times as in the shop."""

    def __init__(self, raw: IO[bytes], mark: Mark) -> None:
        self._mark = mark
        self._text = io.TextIOWrapper(raw, encoding="utf-8-sig", newline="", write_through=False)
        self._writer = csv.writer(self._text)
        self._writer.writerow(HEADINGS)

    def add(self, payments: Iterable[PaymentFacts]) -> None:
        self._writer.writerows([_text(cell) for cell in cells(payment, self._mark)] for payment in payments)

    def finish(self) -> None:
        self._text.flush()

    def close(self) -> None:
        self._text.close()


def safe(cell: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _text(cell: Cell) -> str | int:
    if isinstance(cell, str):
        return safe(cell)
    if isinstance(cell, datetime):
        return cell.astimezone(NAIROBI).isoformat(" ", "seconds")[:_TO_SECONDS]
    return "" if cell is None else cell
