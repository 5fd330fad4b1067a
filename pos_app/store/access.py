"""What customers have: access by the lines of their payments, and by hand. Both are read together wherever one is."""

from collections.abc import Callable, Collection
from dataclasses import asdict
from datetime import datetime

import sqlalchemy as sa

from pos_app.domain.access import Held
from pos_app.domain.access_by_hand import NewAccess
from pos_app.domain.withdrawal import ByHand, Given, OfLine
from pos_app.store import tables as t
from pos_app.store.integrity import reading, rows_of
from pos_app.store.parts import Reading, Writing
from pos_app.store.rows import AnyRow

_g, _h, _l = t.grant.c, t.access_by_hand.c, t.payment_line.c
Columns = sa.sql.ColumnCollection[str, sa.Column[object]]
Condition = Callable[[Columns], sa.ColumnElement[bool]]


def counting(*conditions: Condition) -> sa.Subquery:
    """`post_id` and `until` of all access that is not withdrawn and that the conditions hold for.

    Args:
        conditions: on `customer_id`, `post_id`, `until`, which grants and access by hand have alike; each of the two
            is looked up by its own index.
    """
    given = sa.select(_g.post_id, _g.until).where(_g.access.is_(True), *(each(_g) for each in conditions))
    by_hand = sa.select(_h.post_id, _h.until).where(_h.withdrawn_at.is_(None), *(each(_h) for each in conditions))
    return sa.union_all(given, by_hand).subquery("had")


def held_columns(
    customer_id: sa.ColumnElement[int], post_id: sa.ColumnElement[int], *, but: sa.ColumnElement[int] | None = None
) -> tuple[sa.ColumnElement[object], ...]:
    """What a customer has of a post, as three columns that `to_held` reads.

    Args:
        but: the id of a payment that counts as if it had given nothing.
    """
    grant, by_hand = t.grant.alias("held"), t.access_by_hand.alias("by_hand")
    given = sa.and_(grant.c.customer_id == customer_id, grant.c.post_id == post_id, grant.c.access.is_(True))
    if but is not None:
        given = sa.and_(given, grant.c.payment_id != but)
    own = sa.and_(by_hand.c.customer_id == customer_id, by_hand.c.post_id == post_id, by_hand.c.withdrawn_at.is_(None))
    ever = sa.or_(sa.exists().where(given, grant.c.until.is_(None)), sa.exists().where(own, by_hand.c.until.is_(None)))
    ends = (
        sa.select(sa.func.max(each.c.until)).where(holds).scalar_subquery()
        for each, holds in ((grant, given), (by_hand, own))
    )
    return (ever, *ends)


def to_held(for_ever: object, *untils: datetime | None) -> Held | None:
    """What a customer has of a post: whether for ever, and until when, the latest of these; None where none is one."""
    if for_ever:
        return Held(None)
    ends = [until for until in untils if until]
    return Held(max(ends)) if ends else None


class AccessReading(Reading):
    """What is read of customers' access."""

    def held(self, phone: str, post_ids: Collection[int]) -> dict[int, Held]:
        whose = sa.select(t.customer.c.id).where(t.customer.c.phone == phone).scalar_subquery()
        had = counting(lambda of: of.customer_id == whose, lambda of: of.post_id.in_(sorted(post_ids))).c
        ever = sa.func.count().filter(had.until.is_(None))
        statement = sa.select(had.post_id, ever, sa.func.max(had.until)).group_by(had.post_id)
        with reading(self._engine) as connection:
            found = connection.execute(statement)
            rows = rows_of(found, lambda row: (int(row[0]), to_held(row[1], row[2])))
        return {post_id: held for post_id, held in rows if held}

    def access(self, phone: str, post_id: int) -> tuple[int | None, Held | None]:
        whose = t.customer.c
        statement = sa.select(whose.id, *held_columns(whose.id, sa.literal(post_id))).where(whose.phone == phone)
        with reading(self._engine) as connection:
            found = rows_of(connection.execute(statement), lambda row: (int(row[0]), to_held(*row[1:])))
        return found[0] if found else (None, None)


class AccessWriting(Writing):
    """What a write transaction does to customers' access beside the grants of a payment."""

    def given(self, customer_id: int, post_id: int) -> list[Given]:
        own = sa.and_(_l.payment_id == _g.payment_id, _l.line == _g.line)
        starts = sa.func.coalesce(_g.starts_at, _g.granted_at).label("starts_at")
        lines = (
            sa.select(_g.payment_id, _g.line, (_l.days * _l.quantity).label("days"), starts, _g.until)
            .select_from(t.grant.join(t.payment_line, own))
            .where(_g.customer_id == customer_id, _g.post_id == post_id, _g.access.is_(True))
        )
        by_hand = sa.select(_h.id, _h.days, _h.starts_at, _h.until).where(
            _h.customer_id == customer_id, _h.post_id == post_id, _h.withdrawn_at.is_(None)
        )
        found = [_given(OfLine(row.payment_id, row.line), row) for row in self._connection.execute(lines)]
        return found + [_given(ByHand(row.id), row) for row in self._connection.execute(by_hand)]

    def add_access(self, new: NewAccess) -> int:
        return self._insert(t.access_by_hand, **asdict(new))

    def move_access(self, access_id: int, starts_at: datetime, until: datetime | None) -> None:
        self._change_access(access_id, starts_at=starts_at, until=until)

    def withdraw_access(self, access_id: int, at: datetime, reason: str) -> None:
        self._change_access(access_id, withdrawn_at=at, withdrawn_reason=reason)

    def _change_access(self, access_id: int, **values: object) -> None:
        self._connection.execute(t.access_by_hand.update().where(_h.id == access_id).values(values))


def _given(origin: OfLine | ByHand, row: AnyRow) -> Given:
    return Given(origin=origin, days=row.days, starts_at=row.starts_at, until=row.until)
