"""What M-PESA's statement is compared with: the payments of its time, and whatever holds one of its codes."""

from collections.abc import Collection, Iterator
from datetime import datetime
from itertools import islice
from typing import TypeVar

import sqlalchemy as sa

from pos_app.domain.booked import Booked, BookedRefund, ShopBooks, is_by_hand
from pos_app.domain.cancelling import Cancel
from pos_app.domain.payment import Remark, Source, State, read_reason
from pos_app.domain.reference import PostReference, SaleReference
from pos_app.domain.statement_comparison import RowOutcome
from pos_app.domain.statement_row import RowKind
from pos_app.errors import BadInput
from pos_app.store import record_tables as r
from pos_app.store import tables as t
from pos_app.store.cancelling import cancellable
from pos_app.store.integrity import all_rows, reading
from pos_app.store.parts import Reading
from pos_app.store.rows import AnyRow, stored, stored_remarks

_p, _l, _r, _w = t.payment.c, t.payment_line.c, t.refund.c, r.record_row.c
_more = t.payment_line.alias("more")
_AT_ONCE = 900  # codes in one question
T = TypeVar("T")
_undoes = _w.kind == RowKind.REVERSAL.value
_told = sa.select(_w.receipt, _w.cents, _w.outcome).where(
    _w.kind == RowKind.PAYMENT.value, _w.incoming, _w.payment_id.is_(None)
)
_select_booked = sa.select(
    _p.id, t.customer.c.phone, _p.amount, _p.amount_paid, _p.state, _p.reason, _p.remark, _p.receipt, _p.receipt_by,
    _p.customer_id, _p.created_at, _p.completed_at, _l.post_id, _l.quantity, _more.c.line.label("second"),
).select_from(
    t.payment.join(t.customer)
    .outerjoin(t.payment_line, sa.and_(_l.payment_id == _p.id, _l.line == 1))
    .outerjoin(_more, sa.and_(_more.c.payment_id == _p.id, _more.c.line == 2))
)  # fmt: skip


class StatementReading(Reading):
    """Part of `SqlReader`. Each question goes by an index: what a million payments cost is what is asked for."""

    def books(
        self, since: datetime, until: datetime, codes: Collection[str], cancel: Cancel | None = None
    ) -> ShopBooks:
        """See `sales.ports.BooksReader`."""
        with reading(self._engine) as connection, cancellable(connection, cancel):
            return books_of(connection, since, until, codes)


def books_of(connection: sa.Connection, since: datetime, until: datetime, codes: Collection[str]) -> ShopBooks:
    """The same over a connection that is open."""
    opened = _select_booked.where(_p.created_at.between(since, until))
    payments = {row.id: _to_booked(row) for row in all_rows(connection.execute(opened))}
    bound = sa.select(_w.bound_id).where(_w.at.between(since, until), _w.bound_id.is_not(None))
    rows = all_rows(connection.execute(_select_booked.where(_p.id.in_(bound))))
    payments |= {row.id: _to_booked(row) for row in rows}  # by when their money came, whenever that was bound
    held = {payment.receipt for payment in payments.values()}
    others = [code for code in sorted(codes) if code not in held]
    for some in batches(iter(others)):
        rows = all_rows(connection.execute(_select_booked.where(_p.receipt.in_(some))))
        payments |= {row.id: _to_booked(row) for row in rows}
    refunds = [
        BookedRefund(row.payment_id, row.code, row.amount)
        for some in batches(iter(others))
        for row in connection.execute(sa.select(_r.payment_id, _r.code, _r.amount).where(_r.code.in_(some)))
    ]
    undone = [
        code
        for some in batches(iter(sorted(codes)))
        for code in connection.scalars(sa.select(_w.linked).where(_w.linked.in_(some), _w.linked != "", _undoes))
    ]
    told = {
        row.receipt: (row.cents, row.outcome == RowOutcome.DIFFERS.value)
        for some in batches(iter(others))
        for row in connection.execute(_told.where(_w.receipt.in_(some)))
    }
    return ShopBooks(tuple(payments.values()), tuple(refunds), frozenset(undone), told)


def batches(codes: Iterator[T]) -> Iterator[list[T]]:
    """A few at a time, so that a question about them does not become too long."""
    while some := list(islice(codes, _AT_ONCE)):
        yield some


def _to_booked(row: AnyRow) -> Booked:
    state, bound = stored(State, row.state), Remark.BOUND in stored_remarks(row.remark)
    return Booked(
        id=row.id,
        phone=row.phone,
        amount=row.amount,
        received=row.amount if row.amount_paid is None else row.amount_paid,
        state=state,
        by_hand=is_by_hand(
            state,
            by_owner=read_reason(state, row.reason).by_owner,
            code_lost=Remark.CODE_LOST.value in (row.remark or ""),
        ),
        receipt=row.receipt,
        receipt_by=stored(Source, row.receipt_by) if row.receipt_by else None,
        reference=_reference(row),
        pushed_at=row.completed_at if bound and row.completed_at else row.created_at,
        bound=bound,
    )


def _reference(row: AnyRow) -> str:
    """What the push was for, as `domain.reference` says it; empty where no push can have said so."""
    single = row.second is None and row.quantity == 1
    try:
        return (PostReference(row.post_id, row.customer_id) if single else SaleReference(row.id)).text()
    except BadInput:
        return ""
