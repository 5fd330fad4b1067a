"""A day as files: the report as a table, what a tax entry needs line by line, and JSON for programs."""

import csv
import io
import os
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import IO

from pos_app.domain.day import DayClose, DayReport, Sale
from pos_app.domain.day_json import item_json, report_json
from pos_app.domain.kenya_time import NAIROBI
from pos_app.domain.receipt import Mark
from pos_app.errors import BadInput
from pos_app.exports.csv_file import safe
from pos_app.exports.payment_json import iso
from pos_app.exports.whole_file import whole_file
from pos_app.messages import day as words
from pos_app.messages.window import MARKS

Row = tuple[str | int | None, ...]
_REPORT = ("Part", "Name", "How many", "KES asked", "KES paid", "KES refunded", "KES net", "Note", "")
_TAX = ("Date", "Receipt", "Item", "Quantity", "Unit price", "Total", "M-PESA code", "")
_PARTS = {"posts": "Post", "operators": "Operator", "hours": "Hour"}
_BESIDE = "Paid beside the prices"
_REFUND = "Refund"


def day_json(report: DayReport, close: DayClose | None, environment: str) -> dict[str, object]:
    """A report or a close for programs; times are ISO 8601 UTC, missing is null."""
    return {
        "kind": "close" if close else "calendar" if report.after is None else "open",
        "number": close.number if close else report.number,
        "closed_at": iso(close.at) if close else None,
        "till": (close.till or None) if close else None,
        "operator": close.operator if close else None,
        "owner": close.owner if close else None,
        "environment": environment,
        **report_json(report),
        "since": iso(report.since) if report.since else None,
        "until": iso(report.until),
        "open": [item_json(item) | {"opened_at": iso(item.opened_at)} for item in report.open],
    }


def write_report(path: Path, report: DayReport, close: DayClose | None, mark: Mark) -> None:
    """Write a report as a CSV file that any spreadsheet opens.

    Raises:
        BadInput: its name does not end in .csv, or it cannot be written there.
    """
    _write(path, _REPORT, (row + (None,) * (len(_REPORT) - 1 - len(row)) for row in _report_rows(report, close)), mark)


def write_sales(path: Path, sales: Iterable[list[Sale]], mark: Mark) -> None:
    """Write what a tax entry needs of a close as a CSV file, a line for each line that was sold or given back.

    Raises:
        BadInput: as `write_report`.
    """
    _write(path, _TAX, (_sale_row(sale) for page in sales for sale in page), mark)


def check_csv(path: Path) -> None:
    """Whether the name of a file says that it is CSV. Raises BadInput."""
    if path.suffix.lower() != ".csv":
        raise BadInput(f"{path.name[:60]!r} must end in .csv. Nothing was written.")


def _write(path: Path, headings: Row, rows: Iterable[Row], mark: Mark) -> None:
    check_csv(path)
    with whole_file(path) as raw:
        text = io.TextIOWrapper(raw, encoding="utf-8-sig", newline="")  # the mark by which Excel knows it
        writer = csv.writer(text)
        writer.writerow(headings)
        writer.writerows([_cell(cell) for cell in (*row, MARKS.get(mark))] for row in rows)
        text.flush()
        _sync(raw)
        text.detach()


def _sync(raw: IO[bytes]) -> None:
    raw.flush()
    os.fsync(raw.fileno())


def _cell(cell: str | int | None) -> str | int:
    return safe(cell) if isinstance(cell, str) else "" if cell is None else cell


def _report_rows(report: DayReport, close: DayClose | None) -> Iterator[Row]:
    yield "Report", words.heading(report, close), None, None, None, None, None, words.since_words(report)
    yield "Report", "until", None, None, None, None, None, _shop(report.until)
    if close:
        yield "Report", "closed", None, None, None, None, None, words.closed_words(close)
    for note in words.notes(report):
        yield "Report", "note", None, None, None, None, None, note
    for head in report.heads:
        yield "Report", "last line of a till", None, None, None, None, None, head
    figures = report.figures
    yield "Total", "Asked", figures.payments, figures.asked
    yield "Total", "Paid", figures.paid, None, figures.received
    yield "Total", "of which late", figures.late, None, figures.late_received
    yield "Total", "Refunded, reversed", figures.refunds, None, None, figures.refunded
    yield "Total", "Not paid", figures.not_paid, figures.not_paid_asked
    yield "Total", "Not sure", figures.unsure, figures.unsure_asked
    yield "Total", "Sent back, never counted as paid", None, None, None, figures.returned
    yield "Total", "Net", None, None, None, None, figures.net
    for kind, part in _PARTS.items():
        for group in getattr(report, kind):
            name = words.group_name(group, kind)
            yield part, name, group.paid, group.asked, group.received, group.refunded, group.net
    yield "Carried over", "together", report.open_count, report.open_amount
    for item in report.open:
        note = f"{words.item_words(item)}; waits {words.age_words(item, report)}"
        yield "Carried over", item.number, None, item.amount, None, None, None, note


def _sale_row(sale: Sale) -> Row:
    item = sale.item or (_REFUND if sale.refund else _BESIDE)
    return _shop(sale.at), sale.receipt, item, sale.quantity, sale.price, sale.total, sale.code


def _shop(moment: datetime) -> str:
    return f"{moment.astimezone(NAIROBI):%Y-%m-%d %H:%M:%S}"
