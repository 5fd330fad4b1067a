"""Supplements to closes: what a record of M-PESA's said of days that were closed already (rule 23)."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from pos_app.domain.audit import audit_line
from pos_app.domain.operators import Act, Actor
from pos_app.domain.phone import mask_spelt
from pos_app.domain.record_file import RecordSource
from pos_app.domain.statement_comparison import Compared, Comparison, RowOutcome
from pos_app.domain.statement_row import Statement
from pos_app.domain.supplement import (
    CONSENTING,
    NAMED,
    BroughtRow,
    ClosedDays,
    CountsIn,
    Moved,
    Supplement,
    ToldRow,
    ToldSum,
)
from pos_app.sales.ports import Transaction

_MOVES = frozenset({RowOutcome.SETTLES, RowOutcome.REVERSAL})  # what may have brought money into the books, or out


@dataclass(frozen=True, slots=True)
class RecordedFile:
    """A record, all of which is recorded.

    Attributes:
        file_id: of what is kept of it.
        since: when the first of what it tells of was (UTC); None where it tells of nothing.
        found: what it said as a whole.
    """

    file_id: int
    source: RecordSource
    statement: Statement
    found: Comparison
    since: datetime | None


def recorded_file(file_id: int, source: RecordSource, statement: Statement, found: Comparison) -> RecordedFile:
    """A record, looked through before a transaction: it may have a hundred thousand rows."""
    moments = [row.at for row in statement.rows] + [line.at for line in found.lines if line.at]
    return RecordedFile(file_id, source, statement, found, min(moments, default=None))


def write_supplements(transaction: Transaction, record: RecordedFile, actor: Actor, now: datetime) -> None:
    """Write a supplement to each close of whose time the record brought anything, in this transaction.

    Args:
        actor: who recorded it.
        now: UTC.
    """
    others = transaction.take_over(record.file_id, (row.receipt for row in record.statement.rows))
    days = ClosedDays(transaction.closes_after(record.since) if record.since else ())
    if not days or not record.since:
        return
    quiet = {
        number: told
        for number, since, until in days.spans(record.since)
        if (told := transaction.brought_sums(record.file_id, since, until))
    }
    brought = _by_day(transaction, record, days, record.since, quiet)
    _Writing(transaction, record, others, actor, now).write(brought, quiet)


def _by_day(
    transaction: Transaction, record: RecordedFile, days: ClosedDays, since: datetime, quiet: Collection[int]
) -> dict[int, list[BroughtRow]]:
    """What the record brought first and is not `quiet`, by the close in whose time it lies; with what could not be read
    there.
    """
    by_day: defaultdict[int, list[BroughtRow]] = defaultdict(list, {number: [] for number in quiet})
    rows = [*transaction.brought_rows(record.file_id, since, days.end), *_missing(transaction, record, days)]
    for row in rows:
        if number := days.day_of(row.at):
            by_day[number].append(row)
    for line in record.found.lines:
        if line.outcome is RowOutcome.UNREADABLE and line.at and (number := days.day_of(line.at)) in by_day:
            assert number
            by_day[number].append(_line_row(line, line.at))
    return by_day


def _missing(transaction: Transaction, record: RecordedFile, days: ClosedDays) -> Iterator[BroughtRow]:
    """What is paid here in a time of which M-PESA has everything but that; only who says so first says it here."""
    lines = [line for line in record.found.lines if line.row is None and line.outcome is RowOutcome.DIFFERS]
    theirs = {line.payment_id: line for line in lines if line.at and line.payment_id and days.day_of(line.at)}
    source = mask_spelt(record.source.name)  # as the journal has it
    told = transaction.told_by(source, [key for key in theirs if key])
    for key, line in theirs.items():
        if key in told and line.at:
            yield BroughtRow(RowOutcome.DIFFERS, "", line.at, None, key)


def _line_row(line: Compared, at: datetime) -> BroughtRow:
    return BroughtRow(line.outcome, line.receipt, at, int(line.amount * 100) if line.amount else None, None)


class _Writing:
    """Writes the supplements of one record."""

    def __init__(
        self, transaction: Transaction, record: RecordedFile, others: Sequence[int], actor: Actor, now: datetime
    ) -> None:
        self._transaction = transaction
        self._record = record
        self._files = (record.file_id, *others)  # with those that were ended in the middle, whose rows it tells of
        self._actor = actor
        self._now = now
        self._open = transaction.next_close()

    def write(self, by_day: dict[int, list[BroughtRow]], quiet: Mapping[int, Mapping[RowOutcome, ToldSum]]) -> None:
        """One to each close, the first one first."""
        self._quiet = quiet
        named = [row for rows in by_day.values() for row in _differing(rows)]
        self._payments = self._transaction.numbers_of({row.payment_id for row in named if row.payment_id})
        moving = {row.payment_id for row in named if row.payment_id and row.outcome in _MOVES}
        self._moved = self._transaction.moved_since_records(self._files, moving) if moving else []
        for number in sorted(by_day):
            self._add(self._supplement(number, self._transaction.next_part(number), by_day[number]))

    def _add(self, supplement: Supplement) -> None:
        bound = self._transaction.add_supplement(supplement, self._record.source.digest)
        counts = ", ".join(f"{told.rows} {outcome}" for outcome, told in sorted(supplement.told.items()))
        new = f"{supplement.source}: {counts}, bound {bound}"
        subject = f"supplement {supplement.name}"
        self._transaction.add_audit([audit_line(self._actor, Act.STATEMENT, self._now, subject, new)])

    def _supplement(self, number: int, part: int, rows: Sequence[BroughtRow]) -> Supplement:
        covered = self._record.statement.covered
        told_rows = [self._told_row(row) for row in _differing(rows)]
        return Supplement(
            close=number,
            part=part,
            at=self._now,
            source=self._record.source.name,
            since=covered.first if covered else None,
            until=covered.last if covered else None,
            told=self._told(rows) | dict(self._quiet.get(number, {})),
            rows=tuple(told_rows[:NAMED]),
            counts_in=tuple(self._counts_in({row.payment_id for row in rows if row.outcome in _MOVES})),
        )

    def _told(self, rows: Iterable[BroughtRow]) -> dict[RowOutcome, ToldSum]:
        counts: Counter[RowOutcome] = Counter()
        cents: Counter[RowOutcome] = Counter()
        for row in rows:
            counts[row.outcome] += 1
            cents[row.outcome] += self._cents(row)
        return {outcome: ToldSum(count, cents[outcome]) for outcome, count in counts.items()}

    def _cents(self, row: BroughtRow) -> int:
        if row.cents is not None or row.payment_id is None:
            return row.cents or 0
        return self._payments[row.payment_id][1] * 100

    def _told_row(self, row: BroughtRow) -> ToldRow:
        number, ours = self._payments[row.payment_id] if row.payment_id else (None, None)
        return ToldRow(
            outcome=row.outcome, receipt=row.receipt, at=row.at, cents=row.cents, payment=number, ours=ours
        )  # fmt: skip

    def _counts_in(self, payment_ids: Collection[int | None]) -> Iterator[CountsIn]:
        by_close: defaultdict[int, list[Moved]] = defaultdict(list)
        for moved in self._moved:
            if moved.payment_id in payment_ids:
                by_close[self._open if moved.close is None else moved.close].append(moved)
        for close, movements in sorted(by_close.items()):
            payments = len({moved.payment_id for moved in movements})
            received, refunded = sum(each.received for each in movements), sum(each.refunded for each in movements)
            yield CountsIn(close, payments, received, refunded)


def _differing(rows: Iterable[BroughtRow]) -> Iterator[BroughtRow]:
    return (row for row in rows if row.outcome not in CONSENTING)
