"""Customers: what one has and bought, and who has a phone that ends in some digits; each by an index."""

from datetime import datetime

import sqlalchemy as sa

from pos_app.domain.customer import Customer, KnownPhone, Possession
from pos_app.domain.payment import Payment, State
from pos_app.store import tables as t
from pos_app.store.integrity import all_rows, rows_of
from pos_app.store.rows import newest_payments, to_payments

_c, _p, _g = t.customer.c, t.payment.c, t.grant.c
_last_paid = (
    sa.select(_p.id)
    .where(_p.customer_id == _c.id, _p.state == State.PAID.value)
    .order_by(_p.id.desc())
    .limit(1)
    .scalar_subquery()
)


def has_ending(digits: str) -> sa.ColumnElement[bool]:
    """What holds for the customers whose phone ends in these digits; four and more of them go by an index."""
    ends = _c.phone.endswith(digits, autoescape=True)
    return ends if len(digits) < t.PHONE_END else sa.and_(t.phone_end == digits[-t.PHONE_END :], ends)


def customers_ending(connection: sa.Connection, digits: str, limit: int) -> list[KnownPhone]:
    """Those who have paid before, the one who paid last comes first."""
    found = sa.select(_c.phone, _c.name, _last_paid.label("paid")).where(has_ending(digits)).subquery()
    paid = found.select().where(found.c.paid.is_not(None)).order_by(found.c.paid.desc()).limit(limit)
    return rows_of(connection.execute(paid), lambda row: KnownPhone(row.phone, row.name))


def name_customer(connection: sa.Connection, phone: str, name: str | None) -> int | None:
    """Write the name of who has this phone, None to take it away; gives their id, None where nobody was asked at it."""
    named: int | None = connection.scalar(
        t.customer.update().where(_c.phone == phone).values(name=name).returning(_c.id)
    )
    return named


def customer(connection: sa.Connection, phone: str, at: datetime, sales: int) -> Customer | None:
    """Who has this phone, with what they have at a moment (UTC) and so many sales; None where there is nobody."""
    known = connection.execute(sa.select(_c.id, _c.name).where(_c.phone == phone)).first()
    if known is None:
        return None
    return Customer(
        phone=phone,
        name=known.name,
        has=_has(connection, known.id, at),
        sales=_sales(connection, known.id, sales),
    )


def _sales(connection: sa.Connection, customer_id: int, limit: int) -> tuple[Payment, ...]:
    paid = newest_payments(_p.customer_id == customer_id, _p.state == State.PAID.value, limit=limit)
    return tuple(to_payments(all_rows(connection.execute(paid))))


def _has(connection: sa.Connection, customer_id: int, at: datetime) -> tuple[Possession, ...]:
    lasting = sa.or_(_g.until.is_(None), _g.until > at)
    until = sa.func.max(_g.until)
    ever = sa.func.count().filter(_g.until.is_(None))
    statement = (
        sa.select(t.post.c.title, ever, until)
        .select_from(t.grant.join(t.post))
        .where(_g.customer_id == customer_id, _g.access.is_(True), lasting)
        .group_by(t.post.c.id, t.post.c.title)
        .order_by(sa.case((ever > 0, 1), else_=0), until, t.post.c.id)
    )
    found = rows_of(connection.execute(statement), lambda row: Possession(row[0], None if row[1] else row[2]))
    return tuple(found)
