"""Customers: what one has and bought, and who has a phone that ends in some digits; each by an index."""

from datetime import datetime

import sqlalchemy as sa

from pos_app.domain.customer import Customer, KnownPhone, Possession
from pos_app.domain.payment import Payment, State
from pos_app.store import tables as t
from pos_app.store.access import counting
from pos_app.store.integrity import all_rows, reading, rows_of
from pos_app.store.parts import Reading, Writing
from pos_app.store.rows import newest_payments, to_payments
from pos_app.store.words import add_customer_words

_c, _p = t.customer.c, t.payment.c
_by_phone = sa.select(_c.id).where(_c.phone == sa.bindparam("phone"))
_last_paid = (
    sa.select(_p.id)
    .where(_p.customer_id == _c.id, _p.state == State.PAID.value)
    .order_by(_p.id.desc())
    .limit(1)
    .scalar_subquery()
)


def has_ending(digits: str) -> sa.ColumnElement[bool]:
    """What holds for the customers whose phone ends in these digits; three and more of them go by an index."""
    ends = _c.phone.endswith(digits, autoescape=True)
    return ends if len(digits) < t.PHONE_END else sa.and_(t.phone_end == digits[-t.PHONE_END :], ends)


class CustomersReading(Reading):
    """What is read of customers."""

    def customers_ending(self, digits: str, limit: int) -> list[KnownPhone]:
        found = sa.select(_c.phone, _c.name, _last_paid.label("paid")).where(has_ending(digits)).subquery()
        paid = found.select().where(found.c.paid.is_not(None)).order_by(found.c.paid.desc()).limit(limit)
        with reading(self._engine) as connection:
            return rows_of(connection.execute(paid), lambda row: KnownPhone(row.phone, row.name))

    def customer(self, phone: str, at: datetime, sales: int) -> Customer | None:
        with reading(self._engine) as connection:
            known = connection.execute(sa.select(_c.id, _c.name).where(_c.phone == phone)).first()
            if known is None:
                return None
            return Customer(
                phone=phone,
                name=known.name,
                has=_has(connection, known.id, at),
                sales=_sales(connection, known.id, sales),
            )


class CustomersWriting(Writing):
    """What a write transaction does to customers."""

    def customer_id(self, phone: str) -> int | None:
        found: int | None = self._connection.scalar(_by_phone, {"phone": phone})
        return found

    def known_customer(self, phone: str) -> int:
        found = self.customer_id(phone)
        return found if found is not None else self._insert(t.customer, phone=phone)

    def name_customer(self, phone: str, name: str | None) -> int | None:
        named: int | None = self._connection.scalar(
            t.customer.update().where(_c.phone == phone).values(name=name).returning(_c.id)
        )
        if named is not None:
            add_customer_words(self._connection, named, name)
        return named


def _sales(connection: sa.Connection, customer_id: int, limit: int) -> tuple[Payment, ...]:
    paid = newest_payments(_p.customer_id == customer_id, _p.state == State.PAID.value, limit=limit)
    return tuple(to_payments(all_rows(connection.execute(paid))))


def _has(connection: sa.Connection, customer_id: int, at: datetime) -> tuple[Possession, ...]:
    had = counting(lambda of: of.customer_id == customer_id, lambda of: sa.or_(of.until.is_(None), of.until > at))
    until = sa.func.max(had.c.until)
    ever = sa.func.count().filter(had.c.until.is_(None))
    statement = (
        sa.select(t.post.c.title, ever, until)
        .select_from(had.join(t.post, t.post.c.id == had.c.post_id))
        .group_by(t.post.c.id, t.post.c.title)
        .order_by(sa.case((ever > 0, 1), else_=0), until, t.post.c.id)
    )
    found = rows_of(connection.execute(statement), lambda row: Possession(row[0], None if row[1] else row[2]))
    return tuple(found)
