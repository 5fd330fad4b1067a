"""A record cut into parts that are recorded one after the other, each in a transaction of its own.

What a row can be is decided by what lies within minutes of it, so that a part is compared again by itself, with the
books as they are then: what has come meanwhile counts (rule 22).
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from pos_app.domain.statement_comparison import Comparison, RowOutcome
from pos_app.domain.statement_match import AFTER, BEFORE
from pos_app.domain.statement_record import put_together
from pos_app.domain.statement_row import RowKind, Statement, StatementRow

ROWS = 200  # in one part, at most
ACTS = 20  # payments that change in one part, at most
_AROUND = BEFORE + AFTER + timedelta(minutes=1)  # how far from a row what decides about it may lie
_ACTS = frozenset({RowOutcome.FILLS, RowOutcome.SETTLES, RowOutcome.DIFFERS, RowOutcome.REVERSAL})


@dataclass(frozen=True, slots=True)
class Part:
    """Some rows, by time.

    Attributes:
        keys: of the rows that are recorded now.
        around: these, and what may be meant instead.
        since, until: when payments that may be meant were pushed (UTC).
    """

    keys: frozenset[tuple[object, ...]]
    around: Statement
    since: datetime
    until: datetime

    @property
    def codes(self) -> set[str]:
        """Those that payments and refunds may hold."""
        return {code for row in self.around.rows for code in (row.receipt, row.linked) if code}


def parts(statement: Statement, found: Comparison, most: int = ROWS) -> Iterator[Part]:
    """The parts of a statement, the earliest first.

    Args:
        found: what it said as a whole.
        most: rows in one part.
    """
    record = put_together([statement])
    acting = {line.row.key for line in found.lines if line.row and line.outcome in _ACTS}
    undoing: defaultdict[str, list[StatementRow]] = defaultdict(list)
    for row in record.rows:
        if row.kind is RowKind.REVERSAL:
            undoing[row.linked].append(row)
    for some in _cut(record.rows, acting, most):
        begin = bisect_left(record.rows, some[0].at - _AROUND, key=_at)
        end = bisect_right(record.rows, some[-1].at + _AROUND, key=_at)
        near = record.rows[begin:end]
        there = {row.key: row for row in near}
        there |= {undone.key: undone for row in near for undone in undoing.get(row.receipt, ())}
        rows = tuple(sorted(there.values(), key=_at))
        around = replace(statement, rows=rows, unreadable=record.unread)
        until = max(row.latest for row in some) + BEFORE
        yield Part(frozenset(row.key for row in some), around, some[0].at - AFTER, until)


def _cut(rows: Sequence[StatementRow], acting: set[tuple[object, ...]], most: int) -> Iterator[list[StatementRow]]:
    some: list[StatementRow] = []
    acts = 0
    for row in rows:
        some.append(row)
        acts += row.key in acting
        if len(some) == most or acts == ACTS:
            yield some
            some, acts = [], 0
    if some:
        yield some


def _at(row: StatementRow) -> datetime:
    return row.at
