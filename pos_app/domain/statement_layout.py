"""Reading the organisation portal's statement, row by row: whatever stands before its header, its columns in any order.

The layout is nowhere documented: labels and columns are found by name, what cannot be read is named by its line, and a
file that is something else is refused in words.
"""

import re
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from pos_app.domain.statement_cells import (
    Cell,
    Moment,
    MonthFirst,
    read_amount,
    read_moment,
    read_receipt,
    text_of,
)
from pos_app.domain.statement_row import Period, RowKind, Statement, StatementRow, UnreadRow, covered_period
from pos_app.domain.strict import upper
from pos_app.errors import BadInput

MOST_ROWS = 250_000
_MOST_BEFORE = 100  # lines before the header
_MOST_COLUMNS = 200
_KEPT = 300  # characters of a cell's text
NOTHING_READ = "Nothing was compared."
NO_STATEMENT = (
    f"That file is no M-PESA statement: it has no column Receipt No. {NOTHING_READ} In M-PESA's portal for "
    "organisations choose Transaction, Account Statement, Export."
)
PERSONAL = (
    "That file is a personal M-PESA statement, or another list of M-PESA's: it does not say what each payment was and "
    f"who made it. {NOTHING_READ} In M-PESA's portal for organisations choose Transaction, Account Statement, Export."
)
MONTH_FIRST = (
    f"The dates in that file have the month before the day. {NOTHING_READ} Another program has changed the file: "
    "export it from M-PESA's portal again, and do not open it before."
)
_NEEDED = {
    "receiptno": "Receipt No.",
    "completiontime": "Completion Time",
    "transactionstatus": "Transaction Status",
    "paidin": "Paid In",
    "withdrawn": "Withdrawn",
}
_OF_AN_ORGANISATION = ("reasontype", "otherpartyinfo")
_KNOWN = {*_NEEDED, *_OF_AN_ORGANISATION, "details", "linkedtransactionid", "acno", "currency"}
_UNIT = re.compile("(kshs|ksh|kes)$")
_ACCOUNTS = ("merchant account", "utility account")
_PLAIN_WORDS = re.compile("[a-z ()/-]*")
_FEE = re.compile("[a-z /-]*(charges?|fees?|tariff|levy)")
_OWN_ACCOUNTS = re.compile("[a-z -]*account to [a-z -]*(account|settlement)|settlement")
_LABELS = ("shortcode", "account", "dateofreport", "timeperiod")
_FROM_TO = re.compile(" *From (.*[0-9]) +To (.*[0-9]) *", re.IGNORECASE)
_PARTY = re.compile(r" *(\+?[0-9]+(?:[*xX\u2022]+[0-9]*)?) *(?:- *(.*))?")


class StatementLayout:
    """Reads one file: `feed` for each of its rows, then `finish`.

    Args:
        now: UTC; nothing was completed later, and `made_at`: when the file was made, at the latest.
    """

    def __init__(self, now: datetime, made_at: datetime) -> None:
        self._now = now
        self._made_at = min(made_at, now)
        self._columns: dict[str, int] = {}
        self._before = 0
        self._labels: dict[str, Cell] = {}
        self._period: Period | None = None
        self._span: Period | None = None
        self.read = 0  # rows so far

    def feed(self, line: int, cells: Sequence[Cell]) -> StatementRow | UnreadRow | None:
        """The next row of the file; None where it is nothing but layout.

        Args:
            line: of the file, counted from 1.

        Raises:
            BadInput: it is a file of another kind, or too large.
        """
        if self._columns and _has_figures(_at(cells, self._columns["completiontime"])):
            return self._row(line, cells)  # nearly all: nothing else has to be looked at
        if not any(cells):
            return None
        if any(_folded(cell) == "receiptno" for cell in cells[:_MOST_COLUMNS]):
            self._header(cells)
        elif not self._columns:
            self._label(cells)
        else:
            return self._row(line, cells)
        return None

    def finish(self, *, full: bool) -> Statement:
        """The statement without its rows.

        Args:
            full: the sheet has no room for another row.

        Raises:
            BadInput: it is a file of another kind.
        """
        if not self._columns:
            raise BadInput(NO_STATEMENT)
        cut = self._span if full else None
        covered = covered_period(self._period, self._made_at, cut)
        return Statement(short_code=self._short_code(), period=self._period, covered=covered)

    def _header(self, cells: Sequence[Cell]) -> None:
        names = [_folded(cell) for cell in cells[:_MOST_COLUMNS]]
        twice = {name for name in names if name in _KNOWN and names.count(name) > 1}
        if twice:
            raise BadInput(f"A column of that file stands there twice. {NOTHING_READ} Export it again.")
        missing = [words for name, words in _NEEDED.items() if name not in names]
        if missing:
            raise BadInput(f"That statement has no column {', '.join(missing)}. {NOTHING_READ} Export it again.")
        if not all(name in names for name in _OF_AN_ORGANISATION):
            raise BadInput(PERSONAL)
        self._columns = {name: place for place, name in enumerate(names) if name in _KNOWN}
        self._check_account()

    def _label(self, cells: Sequence[Cell]) -> None:
        """Something before the header: `Short Code:` and what stands behind it."""
        self._before += 1
        if self._before > _MOST_BEFORE:
            raise BadInput(NO_STATEMENT)
        filled = [part for cell in cells[:_MOST_COLUMNS] if cell != "" for part in _split(cell)]
        names = [_folded(cell) for cell in filled]
        for place, name in enumerate(names[:-1]):
            if name in _LABELS:
                self._labels.setdefault(name, filled[place + 1])
        if "timeperiod" in names and "from" in names[:-1] and "to" in names[:-1]:
            first, last = (filled[names.index(word) + 1] for word in ("from", "to"))
            self._period = _period(first, last)

    def _check_account(self) -> None:
        account = text_of(self._labels.get("account", "")).strip().lower()
        if account and account not in _ACCOUNTS:
            raise BadInput(
                f"That is the statement of another account of the short code: {account[:40]}. {NOTHING_READ} "
                "Customers' money comes to the Merchant Account of a till, and to the Utility Account of a paybill."
            )
        try:
            made = read_moment(self._labels.get("dateofreport", ""))
        except MonthFirst:
            raise BadInput(MONTH_FIRST) from None
        if made:
            self._made_at = min(self._made_at, made.at)

    def _short_code(self) -> str:
        said = text_of(self._labels.get("shortcode", "")).strip()
        if not re.fullmatch("[0-9]{4,10}", said):
            raise BadInput(
                f"That file does not say whose short code it is of. {NOTHING_READ} Export the statement of the account "
                "again, and change nothing in it."
            )
        return said

    def _row(self, line: int, cells: Sequence[Cell]) -> StatementRow | UnreadRow:
        if self.read >= MOST_ROWS:
            raise BadInput(
                f"That file has more than {MOST_ROWS:,} rows. {NOTHING_READ} Export the statement for fewer days at "
                "once."
            )
        self.read += 1
        row = _RowReader(line, self._columns, cells, self._now).read()
        if isinstance(row, StatementRow):
            span = self._span or Period(row.at, row.at)
            self._span = Period(min(span.first, row.at), max(span.last, row.at))
        return row


class _RowReader:
    """Reads one row."""

    def __init__(self, line: int, columns: dict[str, int], cells: Sequence[Cell], now: datetime) -> None:
        self._line = line
        self._cells = {name: _at(cells, place) for name, place in columns.items()}
        self._now = now
        self._details, self._reason = self._text("details"), self._text("reasontype")
        self._linked = read_receipt(self._cells.get("linkedtransactionid", ""))

    def read(self) -> StatementRow | UnreadRow:
        """The row, or what can be read of it. Raises BadInput where the whole file is to be refused."""
        cells = self._cells
        receipt, moment = read_receipt(cells["receiptno"]), self._moment()
        paid_in, withdrawn = read_amount(cells["paidin"]), read_amount(cells["withdrawn"])
        completed = self._text("transactionstatus").lower() == "completed"
        phone, name = _party(self._text("otherpartyinfo"))
        fault = self._fault(receipt, moment, paid_in, withdrawn, completed=completed)
        if fault or moment is None or paid_in is None or withdrawn is None:
            money = completed and (receipt or moment) and not (paid_in == 0 and withdrawn)
            return UnreadRow(
                line=self._line,
                fault=fault,
                receipt=receipt,
                at=moment.at if moment else None,
                within=moment.within if moment else 0,
                amount=(paid_in if paid_in and paid_in > 0 else None) if money else Decimal(0),
                phone=phone,
            )
        incoming = paid_in > 0
        return StatementRow(
            line=self._line,
            receipt=receipt,
            at=moment.at,
            within=moment.within,
            kind=self._kind(incoming=incoming) if completed else RowKind.NOT_MOVED,
            amount=(paid_in or abs(withdrawn)) if completed else Decimal(0),
            incoming=incoming,
            details=self._details,
            reason=self._reason,
            phone=phone,
            name=name,
            linked=self._linked,
            account=self._text("acno"),
        )

    def _text(self, column: str) -> str:
        return text_of(self._cells.get(column, "")).strip()[:_KEPT]

    def _moment(self) -> Moment | None:
        try:
            moment = read_moment(self._cells["completiontime"])
        except MonthFirst:
            raise BadInput(MONTH_FIRST) from None
        return moment if moment is None or moment.at <= self._now else None

    def _fault(
        self,
        receipt: str,
        moment: Moment | None,
        paid_in: Decimal | None,
        withdrawn: Decimal | None,
        *,
        completed: bool,
    ) -> str:
        """What cannot be read, in words; empty where nothing is wrong."""
        if not receipt:
            return "no receipt code"
        if moment is None:
            return "no completion time that can be"
        if paid_in is None or withdrawn is None:
            return "an amount that is none"
        if paid_in < 0:
            return "Paid In is below 0"
        if paid_in and withdrawn:
            return "money that came in and went out at once"
        if completed and not paid_in and not withdrawn:
            return "no amount"
        return "" if self._text("currency").upper() in ("", "KES") else "another currency"

    def _kind(self, *, incoming: bool) -> RowKind:
        """What a completed row is. What a payer can type (names, A/C No.) stands in the details of money that came in,
        so only words that are M-PESA's own are believed there.
        """
        reason, details = self._reason.lower(), self._details.lower()
        own = details if _PLAIN_WORDS.fullmatch(details) else ""
        if _FEE.fullmatch(reason) or _FEE.fullmatch(own):
            return RowKind.FEE
        if "revers" in reason or (not incoming and ("revers" in details or self._linked)):
            return RowKind.REVERSAL
        if not incoming or _OWN_ACCOUNTS.fullmatch(reason) or _OWN_ACCOUNTS.fullmatch(own):
            return RowKind.SWEEP
        return RowKind.PAYMENT


def _has_figures(cell: Cell) -> bool:
    return not isinstance(cell, str) or cell[:1].isdecimal()


def _at(cells: Sequence[Cell], place: int) -> Cell:
    return cells[place] if place < len(cells) else ""


def _party(said: str) -> tuple[str, str]:
    """Number and name of the other party."""
    found = _PARTY.fullmatch(said)
    return (found[1], (found[2] or "").strip()) if found else ("", said)


def _folded(cell: Cell) -> str:
    """The name of a column or label, however it is spelled: `Receipt No.` and `RECEIPT NO` are one."""
    if not isinstance(cell, str) or len(cell) > _KEPT:
        return ""
    return _UNIT.sub("", re.sub("[^a-z]", "", upper(cell).lower()))


def _split(cell: Cell) -> list[Cell]:
    """Label and value, where both stand in one cell: `Short Code: 3700001`."""
    if not isinstance(cell, str) or len(cell) > _KEPT:
        return [cell]
    label, colon, value = cell.partition(":")
    if not colon or not value.strip() or _folded(label) not in _LABELS:
        return [cell]
    ends = _FROM_TO.fullmatch(value)
    return [label, "From", ends[1], "To", ends[2]] if ends else [label, value.strip()]


def _period(first: Cell, last: Cell) -> Period | None:
    """From one to another; where they are days, from the beginning of the one to the end of the other."""
    try:
        begin, end = read_moment(_with_clock(first, "00:00:00")), read_moment(_with_clock(last, "23:59:59"))
    except MonthFirst:
        raise BadInput(MONTH_FIRST) from None
    return Period(begin.at, end.at) if begin and end and begin.at < end.at else None


def _with_clock(cell: Cell, clock: str) -> Cell:
    return f"{cell.strip()} {clock}" if isinstance(cell, str) and ":" not in cell else cell
