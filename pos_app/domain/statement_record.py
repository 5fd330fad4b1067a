"""What M-PESA's record has of a time, put together from one or more statements, whatever their order and overlap."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from pos_app.domain.statement_row import Period, RowKind, Statement, StatementRow, UnreadRow, visible_digits

_TOUCHING = timedelta(seconds=1)  # between the end of one day and the beginning of the next, as the portal has them
CONTRADICTION = "the same receipt code twice, with different figures"


@dataclass(frozen=True, slots=True)
class MpesaRecord:
    """Everything that statements say together, each row once.

    Attributes:
        rows: whose money moved.
        unread: what cannot be read, and what contradicts itself.
        covered: of these times (UTC) all is in it; they do not touch each other.
    """

    rows: tuple[StatementRow, ...]
    unread: tuple[UnreadRow, ...]
    covered: tuple[Period, ...]

    def covers(self, first: datetime, last: datetime) -> bool:
        """Whether all of this time is covered."""
        return any(period.holds(first, last) for period in self.covered)


def put_together(statements: Iterable[Statement]) -> MpesaRecord:
    """What they say together: the same file twice says nothing more, and their order does not matter."""
    same: defaultdict[tuple[object, ...], list[StatementRow]] = defaultdict(list)
    unread: set[UnreadRow] = set()
    periods: list[Period] = []
    for statement in statements:
        for row in statement.rows:
            if row.kind is not RowKind.NOT_MOVED:
                same[row.key].append(row)
        unread.update(statement.unreadable)
        periods += [statement.covered] if statement.covered else []
    rows: list[StatementRow] = []
    for told in same.values():
        if _agree(told):
            rows.append(min(told, key=_best))
        else:
            unread.add(_contradiction(told))
    return MpesaRecord(
        rows=tuple(sorted(rows, key=_order)),
        unread=tuple(sorted(unread, key=lambda row: (row.line, repr(row)))),
        covered=tuple(_joined(periods)),
    )


def _agree(told: Sequence[StatementRow]) -> bool:
    if len(told) == 1:
        return True
    together = max(row.at for row in told) <= min(row.latest for row in told)
    return together and len({row.amount for row in told}) == 1


def _best(row: StatementRow) -> tuple[object, ...]:
    """The one that says most: with its seconds, with the most digits."""
    return (row.within, -visible_digits(row.phone), *_order(row))


def _order(row: StatementRow) -> tuple[object, ...]:
    return (row.at, row.receipt, row.kind, row.amount, row.incoming, row.details, row.phone, row.reason, row.linked,
            row.account, row.name, row.line)  # fmt: skip


def _contradiction(told: Sequence[StatementRow]) -> UnreadRow:
    first = min(told, key=lambda row: row.line)
    return UnreadRow(line=first.line, fault=CONTRADICTION, receipt=first.receipt)


def _joined(periods: Iterable[Period]) -> Iterable[Period]:
    """The same times, where they overlap or touch as one."""
    joined: list[Period] = []
    for period in sorted(periods, key=lambda each: each.first):
        if joined and period.first <= joined[-1].last + _TOUCHING:
            joined[-1] = replace(joined[-1], last=max(joined[-1].last, period.last))
        else:
            joined.append(period)
    return joined
