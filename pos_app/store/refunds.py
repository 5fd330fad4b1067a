"""Rows of money that went back."""

from dataclasses import asdict

import sqlalchemy as sa

from pos_app.domain.payment import Source
from pos_app.domain.refund import Refund, RefundStatus
from pos_app.store import tables as t
from pos_app.store.rows import AnyRow, AnySelect, stored

_r = t.refund.c


def add_refund(connection: sa.Connection, payment_id: int, refund: Refund) -> None:
    """Write one; the database refuses what would be more than was paid, and a code that another refund has."""
    connection.execute(t.refund.insert().values(asdict(refund) | {"payment_id": payment_id}))


def refunds_of(payment_id: int) -> AnySelect:
    """Those of a payment, oldest first; `to_refund` reads a row."""
    columns = (_r.at, _r.amount, _r.code, _r.reason, _r.source, _r.status, _r.withdrawn)
    return sa.select(*columns).where(_r.payment_id == payment_id).order_by(_r.id)


def to_refund(row: AnyRow) -> Refund:
    """A row of `refunds_of`."""
    values = dict(row._mapping)
    values |= {"source": stored(Source, values["source"]), "status": stored(RefundStatus, values["status"])}
    return Refund(**values)
