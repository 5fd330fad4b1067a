"""Payments as a CSV file, for a spreadsheet. Phones are masked in it."""

import csv
import io
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from pos_app.domain.kenya_time import NAIROBI
from pos_app.domain.payment import Payment, State
from pos_app.domain.phone import mask
from pos_app.domain.receipt import Mark
from pos_app.domain.search import Search
from pos_app.errors import BadInput
from pos_app.messages import payments as words
from pos_app.messages import window as window_words
from pos_app.private_files import create
from pos_app.sales.ports import Reader

HEADINGS = (
    "Number",
    "Time",
    "Post",
    "Phone",
    "KES asked",
    "KES paid",
    "State",
    "M-PESA code",
    "Code from SMS",
    "",
    "Lines",
    "KES refunded",
    "Served by",
)
_PAGE = 500
_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what makes a spreadsheet calculate a cell instead of showing it


def export(reader: Reader, search: Search, path: Path, mark: Mark) -> int:
    """Write every payment that matches, newest first, and give their number.

    The file appears whole or not at all.

    Raises:
        BadInput: the file cannot be written there.
    """
    part = path.with_name(path.name + ".part")
    count = 0
    try:
        part.unlink(missing_ok=True)  # of a program that was killed
        with create(part) as raw, io.TextIOWrapper(raw, encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(HEADINGS)
            for payment in _all(reader, search):
                writer.writerow(safe(cell) for cell in _cells(payment, mark))
                count += 1
        part.replace(path)
    except OSError:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise BadInput("The file could not be written there. Choose another folder.") from None
    return count


def safe(cell: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _all(reader: Reader, search: Search) -> Iterator[Payment]:
    search = replace(search, after=None, limit=_PAGE)
    while page := reader.search(search):
        yield from page
        search = search.following(page[-1])


def _cells(payment: Payment, mark: Mark) -> tuple[str, ...]:
    return (
        payment.number,
        f"{payment.created_at.astimezone(NAIROBI):%Y-%m-%d %H:%M:%S}",
        payment.post_title,
        mask(payment.phone, "xxx"),
        str(payment.amount),
        str(payment.received) if payment.state is State.PAID or payment.amount_paid is not None else "",
        words.state_words(payment),
        payment.receipt or "",
        payment.receipt_typed or "",
        window_words.MARKS.get(mark, ""),
        "; ".join(f"{line.quantity} x {line.title} at {line.price}" for line in payment.lines),
        str(payment.refunded),
        payment.operator or "",
    )
