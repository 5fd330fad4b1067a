"""What is kept of M-PESA's record: which there were, and their rows."""

from collections.abc import Collection, Sequence
from datetime import datetime

import sqlalchemy as sa

from pos_app.domain.booked import ShopBooks
from pos_app.domain.record_file import RecordFile, RecordOrigin, RecordRow, RecordSource
from pos_app.domain.statement_comparison import RowOutcome
from pos_app.domain.statement_row import Period, RowKind, may_be
from pos_app.store import record_tables as r
from pos_app.store.integrity import reading, rows_of
from pos_app.store.parts import Reading, Writing
from pos_app.store.rows import AnyRow, stored
from pos_app.store.statement import batches, books_of
from pos_app.store.unprompted import mark_reversed

_f, _w = r.record_file.c, r.record_row.c
_KEPT = (
    _w.receipt, _w.kind, _w.incoming, _w.row_key, _w.cents, _w.at, _w.linked, _w.outcome, _w.payment_id, _w.phone,
    _w.name, _w.account,
)  # fmt: skip
_learnt = (
    r.record_row.update()
    .where(
        _w.receipt == sa.bindparam("of_receipt"),
        _w.kind == sa.bindparam("of_kind"),
        _w.incoming == sa.bindparam("of_incoming"),
        _w.row_key == sa.bindparam("of_key"),
    )
    .values({name: sa.bindparam(name) for name in ("outcome", "payment_id", "learnt_by")})
    .values(  # who was taken away comes back by no other record
        {
            name: sa.case((_w.forgotten, ""), else_=sa.bindparam(name, type_=sa.Text))
            for name in ("digits", "phone", "name", "account")
        }
    )
)
_NOBODY = {"digits": "", "phone": "", "name": "", "account": "", "note": "", "forgotten": True}


class MpesaRecordReading(Reading):
    """Part of `SqlReader`."""

    def record_files(self, since: datetime | None = None) -> list[RecordFile]:
        """See `sales.ports.BooksReader`."""
        asked = r.record_file.select().order_by(_f.id)
        if since is not None:
            asked = asked.where(sa.or_(_f.covered_last >= since, _f.at >= since))
        with reading(self._engine) as connection:
            return rows_of(connection.execute(asked), _to_file)

    def record_rows(self, first: datetime, last: datetime) -> list[RecordRow]:
        """See `sales.ports.BooksReader`."""
        asked = sa.select(*_KEPT).where(_w.at.between(first, last)).order_by(_w.at, _w.id)
        with reading(self._engine) as connection:
            return rows_of(connection.execute(asked), _to_row)

    def rows_of_code(self, receipt: str) -> list[RecordRow]:
        """See `sales.ports.BooksReader`."""
        with reading(self._engine) as connection:
            return rows_of(connection.execute(sa.select(*_KEPT).where(_w.receipt == receipt).order_by(_w.id)), _to_row)


class MpesaRecordWriting(Writing):
    """Part of `SqlTransaction`."""

    def books(self, since: datetime, until: datetime, codes: Collection[str]) -> ShopBooks:
        """See `sales.ports.BooksReader`."""
        self.flush()
        return books_of(self._connection, since, until, codes)

    def record_file(self, digest: str) -> int | None:
        """The id of a record that was begun before."""
        found: int | None = self._connection.scalar(sa.select(_f.id).where(_f.digest == digest))
        return found

    def add_record_file(self, file: RecordFile) -> int:
        """Write one down; gives its id."""
        return self._insert(
            r.record_file,
            digest=file.source.digest,
            origin=file.source.origin.value,
            at=file.at,
            operator_id=file.operator_id,
            owner=file.owner,
            short_code=file.short_code,
            period_first=file.period.first if file.period else None,
            period_last=file.period.last if file.period else None,
            covered_first=file.covered.first if file.covered else None,
            covered_last=file.covered.last if file.covered else None,
            rows=file.rows,
            **{name: file.counts.get(RowOutcome(name), 0) for name in r.RECORD_COUNTS},
        )

    def end_record_file(self, file_id: int, at: datetime) -> bool:
        """All of it is recorded; when that was for the first time stays. Whether this was that time."""
        unended = r.record_file.update().where(_f.id == file_id, _f.ended_at.is_(None))
        return self._connection.execute(unended.values(ended_at=at)).rowcount == 1

    def kept_rows(self, receipts: Collection[str]) -> list[RecordRow]:
        """The rows with these receipt codes, and those that undo what has one of them."""
        rows: dict[tuple[object, ...], RecordRow] = {}
        for some in batches(iter(sorted(receipts))):
            for which in (_w.receipt.in_(some), sa.and_(_w.linked.in_(some), _w.linked != "")):
                found = map(_to_row, self._connection.execute(sa.select(*_KEPT).where(which)))
                rows |= {row.identity: row for row in found}
        return list(rows.values())

    def keep_rows(self, file_id: int, new: Sequence[RecordRow], learnt: Sequence[RecordRow]) -> None:
        """Add rows; write of others what they turned out to be."""
        if new:
            self._connection.execute(
                r.record_row.insert(),
                [
                    _named(row)
                    | {"file_id": file_id, "receipt": row.receipt, "kind": row.kind.value, "incoming": row.incoming}
                    | {"row_key": row.key, "cents": row.cents, "at": row.at, "linked": row.linked}
                    for row in new
                ],
            )
        if learnt:
            self._connection.execute(
                _learnt,
                [
                    _named(row)
                    | {"of_receipt": row.receipt, "of_kind": row.kind.value, "of_incoming": row.incoming}
                    | {"of_key": row.key, "learnt_by": file_id}
                    for row in learnt
                ],
            )
        moved = {code for row in new for code in (row.receipt, row.linked) if code and row.kind is not RowKind.FEE}
        for some in batches(iter(sorted(moved))):
            mark_reversed(self._connection, some)

    def forget_payers(self, before: datetime) -> None:
        """Take away who the other party of rows was that were completed before a moment (UTC)."""
        old = r.record_row.update().where(_w.at < before)
        self._connection.execute(old.where(_w.digits != "").values(_NOBODY))
        self._connection.execute(old.where(_w.note != "").values(note=""))

    def _forget_payer(self, msisdn: str) -> None:
        """The same of all rows that may be this customer's."""
        ends = sa.select(_w.id, _w.phone).where(_w.digits == msisdn[-3:], _w.digits != "")
        theirs = [row.id for row in self._connection.execute(ends) if may_be(row.phone, msisdn)]
        for some in batches(iter(theirs)):
            self._connection.execute(r.record_row.update().where(_w.id.in_(some)).values(_NOBODY))


def _named(row: RecordRow) -> dict[str, object]:
    return {
        "outcome": row.outcome.value,
        "payment_id": row.payment_id,
        "digits": row.digits,
        "phone": row.phone,
        "name": row.name,
        "account": row.account,
    }


def _to_row(row: AnyRow) -> RecordRow:
    return RecordRow(
        receipt=row.receipt,
        kind=stored(RowKind, row.kind),
        incoming=row.incoming,
        key=row.row_key,
        cents=row.cents,
        at=row.at,
        linked=row.linked,
        outcome=stored(RowOutcome, row.outcome),
        payment_id=row.payment_id,
        phone=row.phone,
        name=row.name,
        account=row.account,
    )


def _to_file(row: AnyRow) -> RecordFile:
    values = row._mapping
    return RecordFile(
        source=RecordSource(origin=stored(RecordOrigin, row.origin), digest=row.digest),
        at=row.at,
        operator_id=row.operator_id,
        owner=row.owner,
        short_code=row.short_code,
        period=_period(row.period_first, row.period_last),
        covered=_period(row.covered_first, row.covered_last),
        rows=values["rows"],
        counts={RowOutcome(name): values[name] for name in r.RECORD_COUNTS},
        ended_at=row.ended_at,
    )


def _period(first: datetime | None, last: datetime | None) -> Period | None:
    return Period(first, last) if first and last else None
