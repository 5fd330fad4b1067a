"""Supplements to closes: what they are made of, and that they are written once (rule 23)."""

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime

import sqlalchemy as sa

from pos_app.domain.close_sum import supplement_sum
from pos_app.domain.payment_event import EventKind
from pos_app.domain.statement_comparison import RowOutcome
from pos_app.domain.supplement import (
    CONSENTING,
    BroughtRow,
    Moved,
    Supplement,
    ToldSum,
    read_supplement,
    supplement_name,
    supplement_text,
)
from pos_app.store import tables as t
from pos_app.store.integrity import reading, rows_of
from pos_app.store.links import LinkWriting
from pos_app.store.parts import Reading
from pos_app.store.record_tables import record_file, record_row
from pos_app.store.rows import stored
from pos_app.store.statement import batches

_z, _s, _m, _p, _e = t.day_close.c, t.close_supplement.c, t.movement.c, t.payment.c, t.payment_event.c
_w, _f = record_row.c, record_file.c
_CONSENTING = sorted(outcome.value for outcome in CONSENTING)
_teller = sa.func.coalesce(_w.learnt_by, _w.file_id)  # the record that tells of a row


class SupplementReading(Reading):
    """Part of `SqlReader`."""

    def supplements(self, first: int, last: int) -> list[Supplement]:
        with reading(self._engine) as connection:
            return supplements_of(connection, first, last)


class SupplementWriting(LinkWriting):
    """Part of `SqlTransaction`."""

    def closes_after(self, at: datetime) -> list[tuple[int, datetime]]:
        """Number and time of the closes that were closed after a moment, by number."""
        closes = sa.select(_z.number, _z.at).where(_z.at > at).order_by(_z.number)
        return [(row.number, row.at) for row in self._connection.execute(closes)]

    def brought_rows(self, file_id: int, since: datetime, until: datetime) -> list[BroughtRow]:
        """The rows of a time that a record was the last to bring, or to tell of another way, by time, but for what asks
        nobody for a look; `until` is not in it.
        """
        within = _w.at >= since, _w.at < until, _teller == file_id, _w.outcome.not_in(_CONSENTING)
        rows = sa.select(_w.outcome, _w.receipt, _w.at, _w.cents, _w.payment_id).where(*within).order_by(_w.at, _w.id)
        return [
            BroughtRow(stored(RowOutcome, row.outcome), row.receipt, row.at, row.cents, row.payment_id)
            for row in self._connection.execute(rows)
        ]

    def brought_sums(self, file_id: int, since: datetime, until: datetime) -> dict[RowOutcome, ToldSum]:
        """The same of what asks nobody for a look, by outcome: that may be a hundred thousand rows."""
        within = _w.at >= since, _w.at < until, _teller == file_id, _w.outcome.in_(_CONSENTING)
        sums = sa.select(_w.outcome, sa.func.count(), sa.func.sum(_w.cents)).where(*within).group_by(_w.outcome)
        return {
            stored(RowOutcome, outcome): ToldSum(int(rows), int(cents))
            for outcome, rows, cents in self._connection.execute(sums)
        }

    def take_over(self, file_id: int, receipts: Iterable[str]) -> list[int]:
        """Rows that a record has, too, of one whose recording was ended in the middle: it tells of them."""
        others = sa.select(_f.id).where(_f.ended_at.is_(None), _f.id != file_id)
        unended = list(self._connection.scalars(others))
        if not unended:
            return []
        told: set[int] = set()
        for some in batches(iter(sorted(set(receipts)))):  # by the index of the codes, however many rows there are
            theirs = _w.receipt.in_(some), _teller.in_(unended)
            told |= set(self._connection.scalars(sa.select(_teller).where(*theirs).distinct()))
            self._connection.execute(record_row.update().where(*theirs).values(learnt_by=file_id))
        return sorted(told)

    def told_by(self, source: str, payment_ids: Collection[int]) -> set[int]:
        """Of which of these payments a record was the first that differs."""
        self.flush()
        differs = EventKind.RECORD_DIFFERS
        said = _e.source == differs.source, _e.kind == differs.what, _e.detail == source
        found: set[int] = set()
        for some in batches(iter(sorted(payment_ids))):
            found |= set(self._connection.scalars(sa.select(_e.payment_id).where(_e.payment_id.in_(some), *said)))
        return found

    def moved_since_records(self, file_ids: Collection[int], payment_ids: Collection[int]) -> list[Moved]:
        """What moved of these payments since the first of some records was begun to be recorded."""
        begun = sa.select(sa.func.min(_f.at)).where(_f.id.in_(file_ids)).scalar_subquery()
        moved = sa.select(_m.payment_id, _m.close_number, _m.received, _m.refunded).where(_m.at >= begun)
        wanted = set(payment_ids)
        return [Moved(*row) for row in self._connection.execute(moved.order_by(_m.id)) if row[0] in wanted]

    def numbers_of(self, payment_ids: Collection[int]) -> dict[int, tuple[str, int]]:
        """The number of each of these payments, and what the till has of it, KES."""
        amount = sa.func.coalesce(_p.amount_paid, _p.amount)
        found: dict[int, tuple[str, int]] = {}
        for some in batches(iter(sorted(payment_ids))):
            asked = sa.select(_p.id, _p.number, amount).where(_p.id.in_(some))
            found |= {key: (number, ours) for key, number, ours in self._connection.execute(asked)}
        return found

    def next_part(self, close: int) -> int:
        """The number that the next supplement of a close has."""
        last = self._connection.scalar(sa.select(sa.func.max(_s.part)).where(_s.close_number == close))
        return int(last or 0) + 1

    def add_supplement(self, supplement: Supplement, digest: str) -> str:
        """Write one down; gives what binds it to the audit."""
        said = supplement.close, supplement.part, digest, supplement_text(supplement)
        values = dict(zip(("close_number", "part", "digest", "report"), said, strict=True))
        self._connection.execute(t.close_supplement.insert().values(values))
        return supplement_sum(*said)


def supplements_of(connection: sa.Connection, first: int, last: int) -> list[Supplement]:
    """The supplements of the closes of some numbers, in their order."""
    wanted = sa.select(_s.report).where(_s.close_number.between(first, last)).order_by(_s.close_number, _s.part)
    return [stored(read_supplement, report) for report in rows_of(connection.execute(wanted), lambda row: row.report)]


def sums_of_supplements(connection: sa.Connection) -> Iterator[tuple[str, str]]:
    """Of each its name, and what binds it to the audit."""
    for row in connection.execute(sa.select(_s.close_number, _s.part, _s.digest, _s.report)):
        yield supplement_name(row.close_number, row.part), supplement_sum(*row)
