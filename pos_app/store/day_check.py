"""Whether the movements are those of the payments, and the closes those of the movements; reads them all."""

from typing import Any

import sqlalchemy as sa

from pos_app.domain.cancelling import Cancel
from pos_app.domain.payment import State
from pos_app.store import tables as t
from pos_app.store.cancelling import cancellable
from pos_app.store.integrity import reading
from pos_app.store.parts import Reading

_p, _m, _z = t.payment.c, t.movement.c, t.day_close.c
_MONEY = (_m.paid, _m.received, _m.refunds, _m.refunded, _m.returned)


def _sum(value: sa.ColumnElement[int]) -> sa.ColumnElement[int]:
    return sa.func.coalesce(sa.func.sum(value), 0)


_is_paid = _p.state == State.PAID.value
_went = (
    sa.select(t.refund.c.payment_id, sa.func.count().label("times"), _sum(t.refund.c.amount).label("amount"))
    .where(t.counts_back)
    .group_by(t.refund.c.payment_id)
    .subquery()
)
_by_payment = sa.select(_m.payment_id, *(_sum(column).label(column.name) for column in _MONEY))
_told = _by_payment.group_by(_m.payment_id).subquery()


def _if_paid(value: sa.ColumnElement[Any] | int, other: sa.ColumnElement[Any] | int = 0) -> sa.ColumnElement[Any]:
    return sa.case((_is_paid, value), else_=other)


_back = sa.func.coalesce(_went.c.amount, 0)
_counts = {
    "paid": _if_paid(1),
    "received": _if_paid(sa.func.coalesce(_p.amount_paid, _p.amount)),
    "refunds": _if_paid(sa.func.coalesce(_went.c.times, 0)),
    "refunded": _if_paid(_back),
    "returned": _if_paid(0, _back),
}
_wrong_payments = (
    sa.select(_p.id)
    .select_from(t.payment.outerjoin(_told, _told.c.payment_id == _p.id).outerjoin(_went, _went.c.payment_id == _p.id))
    .where(sa.or_(*(sa.func.coalesce(_told.c[name], 0) != counts for name, counts in _counts.items())))
    .order_by(_p.id)
)
_of_close = sa.select(_m.close_number, *(_sum(_m[name]).label(name) for name in ("received", "refunded", "returned")))
_added_up = _of_close.group_by(_m.close_number).subquery()
_wrong_closes = (
    sa.select(_z.number)
    .select_from(t.day_close.outerjoin(_added_up, _added_up.c.close_number == _z.number))
    .where(
        sa.or_(
            *(sa.func.coalesce(_added_up.c[name], 0) != _z[name] for name in ("received", "refunded", "returned"))
        )
    )
    .order_by(_z.number)
)  # fmt: skip


class DayChecks(Reading):
    """Part of `SqlReader`."""

    def wrong_movements(self, cancel: Cancel | None = None) -> list[int]:
        with reading(self._engine) as connection, cancellable(connection, cancel):
            return list(connection.scalars(_wrong_payments))

    def wrong_closes(self, cancel: Cancel | None = None) -> list[int]:
        with reading(self._engine) as connection, cancellable(connection, cancel):
            return list(connection.scalars(_wrong_closes))
