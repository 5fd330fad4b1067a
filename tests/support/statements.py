"""M-PESA's statement in every layout that was met, made up: nobody in it exists."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import xlsxwriter
import xlwt

from pos_app.domain.kenya_time import NAIROBI

Cell = str | float | datetime
SHORT_CODE = "3700001"
MORNING = datetime(2026, 11, 23, 6, 4, 11, tzinfo=NAIROBI).astimezone(UTC)
AFTER = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)  # when the shop looks at the day
PAYER = "070****366 - AMINA **** OTIENO"
COLUMNS = (
    "Receipt No.", "Completion Time", "Initiation Time", "Details", "Transaction Status", "Paid In", "Withdrawn",
    "Balance", "Balance Confirmed", "Reason Type", "Other Party Info", "Linked Transaction ID", "A/C No.", "Currency",
)  # fmt: skip


@dataclass(frozen=True)
class Entry:
    """A row as the portal means it; amounts in KES, money out below 0, times in UTC."""

    receipt: str = "UKN7H7OI90"
    at: datetime = MORNING
    amount: float = 100.0
    details: str = "Merchant Payment"
    reason: str = "Pay Merchant"
    party: str = PAYER
    status: str = "Completed"
    linked: str = ""
    account: str = ""
    currency: str = "KES"


@dataclass(frozen=True)
class Layout:
    """How a file is laid out.

    Attributes:
        before: lines in front of the header.
        time: the format of times; None: real dates.
        numbers: real numbers, or text; `commas`: text with thousands commas.
        negative: whether money out has a minus.
    """

    before: tuple[tuple[Cell, ...], ...]
    columns: tuple[str, ...] = COLUMNS
    time: str | None = "%d-%m-%Y %H:%M:%S"
    numbers: bool = False
    commas: bool = False
    negative: bool = True

    def grid(self, entries: Sequence[Entry]) -> list[list[Cell]]:
        """The file, row by row."""
        rows = [[self._cells(entry)[column] for column in self.columns] for entry in entries]
        return [*map(list, self.before), list(self.columns), *rows]

    def _cells(self, entry: Entry) -> dict[str, Cell]:
        moment = self._time(entry.at)
        cells: dict[str, Cell] = {
            "Receipt No.": entry.receipt,
            "Completion Time": moment,
            "Initiation Time": moment,
            "Details": entry.details,
            "Transaction Status": entry.status,
            "Paid In": self._amount(entry.amount) if entry.amount > 0 else "",
            "Withdrawn": self._amount(entry.amount if self.negative else -entry.amount) if entry.amount < 0 else "",
            "Balance": self._amount(1000.0),
            "Balance Confirmed": "true",
            "Reason Type": entry.reason,
            "Other Party Info": entry.party,
            "Linked Transaction ID": entry.linked,
            "A/C No.": entry.account,
            "Currency": entry.currency,
        }
        return {column: cells.get(column, "more") for column in self.columns}

    def _time(self, at: datetime) -> Cell:
        there = at.astimezone(NAIROBI).replace(tzinfo=None)
        return there if self.time is None else there.strftime(self.time)

    def _amount(self, amount: float) -> Cell:
        if self.numbers:
            return amount
        return f"{amount:,.2f}" if self.commas else str(amount)


def before(
    account: str = "Merchant Account", short_code: str = SHORT_CODE, day: str = "23-11-2026"
) -> tuple[tuple[Cell, ...], ...]:
    """What stands in front of the header, for one day."""
    return (
        ("Account Holder:", "MAMA NJERI SHOP"),
        ("Short Code:", short_code),
        ("Account:", account),
        ("Time Period:", "From", f"{day} 00:00:00", "To", f"{day} 23:59:59"),
        ("Operator:", "Njeri", "Organization:", "MAMA NJERI SHOP"),
        ("Opening Balance:", "0.0", "Closing Balance:", "8530.0"),
    )


TILL = Layout(before())
_FEW = (("Organization Name:", "MAMA NJERI SHOP"), before()[1], ("Time Period: From 23-11-2026 To 23-11-2026",))
_MANY: tuple[tuple[Cell, ...], ...] = (
    ("", ""),
    *before("Utility Account")[:4],
    ("Operator:", "Njeri", "Organization:", "MAMA NJERI SHOP", "Date of Report:", "24-11-2026 07:00:00"),
    ("Opening Balance:", 0.0, "Closing Balance:", 8530.0, "Total Paid In:", 9000.0, "Total Withdrawn:", -470.0),
    (),
    ("Charges are those of the tariff.",),
    (),
    ("",),
)
LAYOUTS = {
    "till 2026": TILL,
    "thirteen columns": replace(TILL, columns=COLUMNS[:-1]),
    "three lines before": replace(TILL, before=_FEW),
    "eleven lines before": replace(TILL, before=_MANY),
    "slashes": replace(TILL, time="%d/%m/%Y %H:%M:%S"),
    "year first": replace(TILL, time="%Y-%m-%d %H:%M:%S"),
    "thousands commas": replace(TILL, commas=True),
    "withdrawn above 0": replace(TILL, negative=False),
    "other order": replace(TILL, columns=(*reversed(COLUMNS), "Remarks")),
    "real dates and numbers": replace(TILL, time=None, numbers=True),
}
NO_SECONDS = replace(TILL, time="%d/%m/%Y %H:%M")

PAYMENT = Entry()
FEE = replace(PAYMENT, details="Pay merchant Charge", reason="Pay merchant Charge", amount=-0.55, party="")
SWEEP = Entry(
    receipt="UKNSZ4CQV5",
    at=MORNING + timedelta(hours=17),
    details="Merchant Account to Organization Settlement Account",
    reason="Merchant Account to Organization Settlement Account",
    amount=-8429.45,
    party="",
)
REVERSAL = Entry(
    receipt="UKN8REV111",
    at=MORNING + timedelta(hours=2),
    details="Reversal of merchant payment",
    reason="Merchant Payment Reversal",
    amount=-1250.0,
    linked="UKN1AAAA22",
)
FAILED = replace(PAYMENT, receipt="UKN9FAIL11", status="Failed")
DAY = (SWEEP, REVERSAL, FAILED, replace(PAYMENT, receipt="UKN1AAAA22", amount=1250.0), FEE, PAYMENT)  # newest first


def write(path: Path, grid: Sequence[Sequence[Cell]]) -> Path:
    """Write a grid in the format that the file's name ends with; gives the path."""
    {".csv": _csv, ".xlsx": _xlsx, ".xls": _xls}[path.suffix](path, grid)
    return path


def _csv(path: Path, grid: Sequence[Sequence[Cell]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(grid)


def _xlsx(path: Path, grid: Sequence[Sequence[Cell]]) -> None:
    with xlsxwriter.Workbook(path, {"default_date_format": "dd-mm-yyyy hh:mm:ss"}) as book:
        sheet = book.add_worksheet("transaction")
        for line, row in enumerate(grid):
            sheet.write_row(line, 0, row)


def _xls(path: Path, grid: Sequence[Sequence[Cell]]) -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("transaction")
    moment = xlwt.easyxf(num_format_str="DD-MM-YYYY HH:MM:SS")
    for line, row in enumerate(grid):
        for column, cell in enumerate(row):
            sheet.write(line, column, cell, *([moment] if isinstance(cell, datetime) else []))
    book.save(str(path))
