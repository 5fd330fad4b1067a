"""Rows of money that went back, and of the access that other payments of the same customer give."""

from dataclasses import asdict

import sqlalchemy as sa

from pos_app.domain.payment import Source
from pos_app.domain.refund import Refund, RefundStatus
from pos_app.domain.withdrawal import Given
from pos_app.store import tables as t
from pos_app.store.rows import AnyRow, AnySelect, stored

_r, _g, _l = t.refund.c, t.grant.c, t.payment_line.c


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


def given_to(connection: sa.Connection, customer_id: int, post_id: int) -> list[Given]:
    """All access to a post that a customer was given, over or not, less what was withdrawn."""
    own = sa.and_(_l.payment_id == _g.payment_id, _l.line == _g.line)
    statement = (
        sa.select(
            _g.payment_id,
            _g.line,
            (_l.days * _l.quantity).label("days"),
            sa.func.coalesce(_g.starts_at, _g.granted_at).label("starts_at"),
            _g.until,
        )
        .select_from(t.grant.join(t.payment_line, own))
        .where(_g.customer_id == customer_id, _g.post_id == post_id, _g.access.is_(True))
    )
    return [Given(**row._mapping) for row in connection.execute(statement)]
