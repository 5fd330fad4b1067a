"""The account statement of M-PESA's organisation portal, in the layout of its export."""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from io import BytesIO, StringIO
from typing import Any

from pos_app.domain.kenya_time import NAIROBI, day_start
from pos_app.simulator.record import MoneyRecord, Movement, MovementKind, payer

Cell = str | float
FORMATS = (".csv", ".xlsx")  # how a statement can be had
_TIME = "%d-%m-%Y %H:%M:%S"
_COLUMNS = (
    "Receipt No.", "Completion Time", "Initiation Time", "Details", "Transaction Status", "Paid In", "Withdrawn",
    "Balance", "Balance Confirmed", "Reason Type", "Other Party Info", "Linked Transaction ID", "A/C No.", "Currency",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ShopAccount:
    """Whose statement it is.

    Attributes:
        holder: the shop's registered name.
        short_code: of the paybill, or of the till.
        paybill: whether it is a paybill.
    """

    holder: str
    short_code: str
    paybill: bool

    @property
    def name(self) -> str:
        """What M-PESA calls the account that customers pay to."""
        return "Utility Account" if self.paybill else "Merchant Account"


def statement(record: MoneyRecord, account: ShopAccount, first: datetime, last: datetime) -> list[list[Cell]]:
    """The rows of a statement from one moment to another (any zone), with what stands before them; newest first."""
    if record.forgotten_until:
        first = max(first, record.forgotten_until + timedelta(seconds=1))
    balance = record.balance - sum((each.change - each.fee for each in record.movements()), Decimal(0))
    opening = closing = balance
    rows: list[list[Cell]] = []
    for movement in record.movements():
        balance += movement.change
        row, charge = _row(movement, account, balance), movement.fee
        balance -= movement.fee
        if movement.at < first:
            opening = balance
        elif movement.at <= last:
            rows += [row, *([_fee_row(row, charge, account, balance)] if charge else [])]
        if movement.at <= last:
            closing = balance
    return [*_before(account, first, last, opening, closing), list(_COLUMNS), *reversed(rows)]


def day_statement(record: MoneyRecord, account: ShopAccount, first: date, last: date, ending: str) -> bytes:
    """The export of whole days in the shop.

    Args:
        ending: the format, one of `FORMATS`.
    """
    until = day_start(last + timedelta(days=1)) - timedelta(seconds=1)
    rows = statement(record, account, day_start(first), until)
    return _as_csv(rows) if ending == ".csv" else _as_xlsx(rows)


def _as_csv(rows: Iterable[Sequence[Cell]]) -> bytes:
    """A statement as the portal's CSV."""
    text = StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()


def _as_xlsx(rows: Iterable[Sequence[Cell]]) -> bytes:
    """A statement as the portal's workbook: figures are numbers, times are text."""
    import xlsxwriter  # practice opens without it

    whole = BytesIO()
    book: Any = xlsxwriter.Workbook(whole, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet("transaction")
    for line, row in enumerate(rows):
        for column, cell in enumerate(row):
            (sheet.write_string if isinstance(cell, str) else sheet.write_number)(line, column, cell)
    book.close()
    return whole.getvalue()


def _before(
    account: ShopAccount, first: datetime, last: datetime, opening: Decimal, closing: Decimal
) -> list[list[Cell]]:
    return [
        ["Account Holder:", account.holder],
        ["Short Code:", account.short_code],
        ["Account:", account.name],
        ["Time Period:", "From", _time(first), "To", _time(last)],
        ["Operator:", "Simulator", "Organization:", account.holder],
        ["Opening Balance:", float(opening), "Closing Balance:", float(closing)],
    ]


def _row(movement: Movement, account: ShopAccount, balance: Decimal) -> list[Cell]:
    at, failed = _time(movement.at), movement.kind is MovementKind.FAILED
    incoming = failed or movement.kind is MovementKind.PAYMENT
    return [
        movement.receipt, at, at, _details(movement), "Failed" if failed else "Completed",
        float(movement.amount) if incoming else "", "" if incoming else -float(movement.amount), float(balance),
        "false" if failed else "true", movement.reason, payer(movement.phone) if movement.phone else "",
        movement.linked, movement.account if account.paybill else "", "KES",
    ]  # fmt: skip


def _fee_row(paid: Sequence[Cell], fee: Decimal, account: ShopAccount, balance: Decimal) -> list[Cell]:
    """M-PESA's charge, under the receipt code of the payment."""
    words = "Pay Bill Charge" if account.paybill else "Pay merchant Charge"
    return [*paid[:3], words, "Completed", "", -float(fee), float(balance), "true", words, "", "", "", "KES"]


def _details(movement: Movement) -> str:
    if movement.kind is MovementKind.SWEEP:
        return movement.reason
    if movement.kind is MovementKind.REVERSAL:
        return f"Reversal of {movement.linked}"
    words = f"{movement.reason} from {payer(movement.phone)}"
    return f"{words} Acc. {movement.account}" if movement.account else words


def _time(moment: datetime) -> str:
    return moment.astimezone(NAIROBI).strftime(_TIME)
