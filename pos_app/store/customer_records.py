"""One customer whole, and the list in which they are found: everything by an index."""

from datetime import datetime

import sqlalchemy as sa

from pos_app.domain.customer_record import FoundCustomer, GivenAccess
from pos_app.domain.payment import Payment
from pos_app.domain.search import Meaning, meaning, shown
from pos_app.domain.withdrawal import ByHand, OfLine
from pos_app.store import tables as t
from pos_app.store.customers import has_ending
from pos_app.store.integrity import all_rows, reading, rows_of
from pos_app.store.parts import Reading
from pos_app.store.rows import AnyRow, newest_payments, to_payments
from pos_app.store.shape import Values, words_of
from pos_app.store.ways import customers_named, is_named

_c, _p, _g, _h, _l = t.customer.c, t.payment.c, t.grant.c, t.access_by_hand.c, t.payment_line.c
FEW_CUSTOMERS = 2_000  # whose names begin so, and who are read whole for one page
_found = sa.select(_c.id, _c.phone, _c.name)
_own_line = sa.and_(_l.payment_id == _g.payment_id, _l.line == _g.line)
_of_lines = (
    sa.select(
        _g.payment_id,
        _g.line,
        _p.number,
        _g.post_id,
        t.post.c.title,
        (_l.days * _l.quantity).label("days"),
        _g.granted_at.label("given_at"),
        sa.func.coalesce(_g.starts_at, _g.granted_at).label("starts_at"),
        _g.until,
        _g.withdrawn_at,
    )
    .select_from(
        t.grant.join(t.payment).join(t.payment_line, sa.and_(_l.payment_id == _g.payment_id, _l.line == _g.line))
    )
    .join(t.post, t.post.c.id == _g.post_id)
)
_by_hand = (
    sa.select(
        _h.id.label("access_id"),
        _h.post_id,
        t.post.c.title,
        _h.days,
        _h.given_at,
        _h.starts_at,
        _h.until,
        _h.withdrawn_at,
        _h.reason,
        _h.withdrawn_reason,
        t.operator.c.name.label("operator"),
    )
    .select_from(t.access_by_hand.join(t.post))
    .outerjoin(t.operator, t.operator.c.id == _h.operator_id)
)


class CustomerRecordsReading(Reading):
    """What is read of customers one by one."""

    def find_customers(self, text: str, before_id: int | None, limit: int) -> list[FoundCustomer]:
        statement = _found.where(_c.id < before_id) if before_id is not None else _found
        meant = meaning(text)
        words = words_of(meant.words)
        with reading(self._engine) as connection:
            if shown(text):
                statement = statement.where(_meant_by(connection, meant, words))
            return rows_of(connection.execute(statement.order_by(_c.id.desc()).limit(limit), words), _to_found)

    def found_customer(self, customer_id: int) -> FoundCustomer | None:
        return self._only(_c.id == customer_id)

    def customer_with(self, phone: str) -> FoundCustomer | None:
        return self._only(_c.phone == phone)

    def _only(self, condition: sa.ColumnElement[bool]) -> FoundCustomer | None:
        with reading(self._engine) as connection:
            rows = rows_of(connection.execute(_found.where(condition)), _to_found)
        return rows[0] if rows else None

    def given_access(self, customer_id: int, lasting_at: datetime | None = None) -> list[GivenAccess]:
        lines = _of_lines.where(
            _g.customer_id == customer_id, sa.or_(_g.access.is_(True), _g.withdrawn_at.is_not(None))
        )
        by_hand = _by_hand.where(_h.customer_id == customer_id)
        if lasting_at is not None:
            lines = lines.where(_g.access.is_(True), sa.or_(_g.until.is_(None), _g.until > lasting_at))
            by_hand = by_hand.where(_h.withdrawn_at.is_(None), sa.or_(_h.until.is_(None), _h.until > lasting_at))
        with reading(self._engine) as connection:
            found = rows_of(connection.execute(lines), _of_line) + rows_of(connection.execute(by_hand), _of_hand)
        return sorted(found, key=lambda each: (each.given_at, each.origin))

    def customer_payments(self, customer_id: int, before_id: int | None, limit: int) -> list[Payment]:
        older = [_p.id < before_id] if before_id is not None else []
        statement = newest_payments(_p.customer_id == customer_id, *older, limit=limit)
        with reading(self._engine) as connection:
            return to_payments(all_rows(connection.execute(statement)))


def _meant_by(connection: sa.Connection, meant: Meaning, words: Values) -> sa.ColumnElement[bool]:
    """What holds for the customers that a text means, each way by its own index.

    A beginning that many names have is looked for in each customer, the newest first: the first page of them is near.
    """
    ways = []
    if meant.phones:
        ways.append(sa.select(_c.id).where(_c.phone.in_(meant.phones)))
    if meant.phone_end:
        ways.append(sa.select(_c.id).where(has_ending(meant.phone_end)))
    if meant.words:
        named = customers_named(len(meant.words))
        some = connection.scalar(sa.select(sa.func.count()).select_from(named.limit(FEW_CUSTOMERS).subquery()), words)
        if some == FEW_CUSTOMERS and not ways:
            return is_named(_c.id, len(meant.words))
        ways.append(named)
    return _c.id.in_(sa.select(sa.union(*ways).subquery().c[0])) if ways else sa.false()


def _to_found(row: AnyRow) -> FoundCustomer:
    return FoundCustomer(row.id, row.phone, row.name)


def _of_line(row: AnyRow) -> GivenAccess:
    values = dict(row._mapping)
    return GivenAccess(origin=OfLine(values.pop("payment_id"), values.pop("line")), **values)


def _of_hand(row: AnyRow) -> GivenAccess:
    values = dict(row._mapping)
    return GivenAccess(origin=ByHand(values.pop("access_id")), number=None, **values)
