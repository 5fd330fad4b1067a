"""What the process that opens a file tells the till: lines of JSON, so that nothing in them can be executed."""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from pos_app.domain.statement_layout import NOTHING_READ
from pos_app.domain.statement_row import Period, RowKind, Statement, StatementRow, UnreadRow
from pos_app.errors import BadInput

AnyRow = StatementRow | UnreadRow
Write = Callable[[str], object]
NOT_READ = f"That file cannot be read. {NOTHING_READ} See whether it is still there."
TOO_MUCH = (
    f"That file takes more memory than a statement has. {NOTHING_READ} Export the statement for fewer days at once, or "
    "as CSV."
)


def some_rows(rows: Sequence[AnyRow]) -> str:
    """A line with rows of a statement."""
    return _line("rows", [_row(row) if isinstance(row, StatementRow) else _unreadable(row) for row in rows])


def refused(words: str) -> str:
    """The line behind which nothing comes: the file is none that can be used, and why."""
    return _line("refused", words)


def ended(statement: Statement) -> str:
    """The last line of a file that could be read: the statement without its rows."""
    return _line("ended", [statement.short_code, _period(statement.period), _period(statement.covered)])


class Collected:
    """What has come so far.

    Attributes:
        statement: the whole; None until the last line came.
    """

    def __init__(self) -> None:
        self._rows: list[StatementRow] = []
        self._unreadable: list[UnreadRow] = []
        self.statement: Statement | None = None

    @property
    def read(self) -> int:
        """How many rows came so far."""
        return len(self._rows) + len(self._unreadable)

    def take(self, line: str) -> None:
        """The next line.

        Raises:
            BadInput: the file was refused, in its words.
            ValueError: it is no such line.
        """
        kind, said = json.loads(line)
        if kind == "refused":
            raise BadInput(str(said))
        if kind == "rows":
            for values in said:
                if len(values) == _UNREADABLE:
                    self._unreadable.append(_to_unreadable(values))
                else:
                    self._rows.append(_to_row(values))
        else:
            short_code, period, covered = said
            end = Statement(short_code=short_code, period=_to_period(period), covered=_to_period(covered))
            self.statement = replace(end, rows=tuple(self._rows), unreadable=tuple(self._unreadable))


_UNREADABLE = 7  # values; a row that could be read has more


def _line(kind: str, said: object) -> str:
    return json.dumps([kind, said], separators=(",", ":")) + "\n"


def _row(row: StatementRow) -> list[object]:
    return [
        row.line, row.receipt, int(row.at.timestamp()), row.within, row.kind.value, str(row.amount), row.incoming,
        row.details, row.reason, row.phone, row.name, row.linked, row.account,
    ]  # fmt: skip


def _to_row(values: list[Any]) -> StatementRow:
    line, receipt, at, within, kind, amount, incoming, details, reason, phone, name, linked, account = values
    return StatementRow(
        line=line,
        receipt=receipt,
        at=datetime.fromtimestamp(at, UTC),
        within=within,
        kind=RowKind(kind),
        amount=Decimal(amount),
        incoming=incoming,
        details=details,
        reason=reason,
        phone=phone,
        name=name,
        linked=linked,
        account=account,
    )


def _unreadable(row: UnreadRow) -> list[object]:
    at = int(row.at.timestamp()) if row.at else None
    amount = None if row.amount is None else str(row.amount)
    return [row.line, row.fault, row.receipt, at, row.within, amount, row.phone]


def _to_unreadable(values: list[Any]) -> UnreadRow:
    line, fault, receipt, at, within, amount, phone = values
    return UnreadRow(
        line=line,
        fault=fault,
        receipt=receipt,
        at=None if at is None else datetime.fromtimestamp(at, UTC),
        within=within,
        amount=None if amount is None else Decimal(amount),
        phone=phone,
    )


def _period(period: Period | None) -> list[float] | None:
    return [period.first.timestamp(), period.last.timestamp()] if period else None


def _to_period(values: list[float] | None) -> Period | None:
    return Period(*(datetime.fromtimestamp(value, UTC) for value in values)) if values else None
