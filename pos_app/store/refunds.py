"""Rows of money that went back."""

from dataclasses import asdict

import sqlalchemy as sa

from pos_app.domain.payment import Source
from pos_app.domain.refund import RecordedReversal, Refund, RefundStatus
from pos_app.domain.statement_row import RowKind
from pos_app.errors import Clash
from pos_app.store import record_tables as r
from pos_app.store import tables as t
from pos_app.store.parts import Writing
from pos_app.store.rows import AnyRow, AnySelect, stored

_r, _w, _p = t.refund.c, r.record_row.c, t.payment.c


class RefundsWriting(Writing):
    """Part of `SqlTransaction`."""

    def refunds(self, payment_id: int) -> list[Refund]:
        self.flush()
        return [to_refund(row) for row in self._connection.execute(refunds_of(payment_id))]

    def add_refund(self, payment_id: int, refund: Refund) -> None:
        """The database refuses what would be more than was paid, and a code that another refund has."""
        self._connection.execute(t.refund.insert().values(asdict(refund) | {"payment_id": payment_id}))

    def take_back_refund(self, payment_id: int, code: str) -> None:
        """The database counts it out; what M-PESA's record has of it is of the payment whose code that undoes."""
        theirs = _r.payment_id == payment_id, _r.code == code
        taken = t.refund.update().where(*theirs).values(
            status=RefundStatus.TAKEN_BACK.value, code=None, taken_code=code
        )  # fmt: skip
        if self._connection.execute(taken).rowcount != 1:
            raise Clash
        holder = sa.select(_p.id).where(_p.receipt == _w.linked, _w.linked != "").scalar_subquery()
        rows = r.record_row.update().where(_w.receipt == code, _w.kind == RowKind.REVERSAL.value)
        self._connection.execute(rows.values(payment_id=holder))

    def recorded_reversal(self, code: str) -> RecordedReversal | None:
        back = _w.receipt == code, _w.kind == RowKind.REVERSAL.value, _w.incoming.is_(False)
        row = self._connection.execute(sa.select(_w.linked, _w.cents).where(*back).order_by(_w.id)).first()
        return RecordedReversal(row.linked, row.cents) if row else None

    def pass_refund(self, of: int, code: str, to: int) -> None:
        """The database refuses it unless M-PESA has given the first one's code away, and counts it in both."""
        theirs = _r.payment_id == of, _r.code == code
        whose = sa.select(sa.func.count(sa.distinct(_p.customer_id))).where(_p.id.in_((of, to)))
        if (
            self._connection.scalar(whose) != 1
        ):  # what was written about one customer must not stay behind with another (rule 21)
            self._connection.execute(t.refund.update().where(*theirs).values(reason=""))
        self._connection.execute(t.refund.update().where(*theirs).values(payment_id=to, withdrawn=False))
        rows = r.record_row.update().where(_w.receipt == code, _w.payment_id == of, _w.kind == RowKind.REVERSAL.value)
        self._connection.execute(rows.values(payment_id=to))


def refunds_of(payment_id: int) -> AnySelect:
    """Those of a payment that count, oldest first; `to_refund` reads a row."""
    columns = (_r.at, _r.amount, _r.code, _r.reason, _r.source, _r.status, _r.withdrawn)
    return sa.select(*columns).where(_r.payment_id == payment_id, t.counts_back).order_by(_r.id)


def to_refund(row: AnyRow) -> Refund:
    """A row of `refunds_of`."""
    values = dict(row._mapping)
    values |= {"source": stored(Source, values["source"]), "status": stored(RefundStatus, values["status"])}
    return Refund(**values)
