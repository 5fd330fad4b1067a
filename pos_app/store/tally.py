"""Running totals: a row for each day, till, operator and state, kept by triggers in the transaction of each change.

They answer how many and how much without a look at the payments, and where in a million those of a filter are. What is
under way would pass through them within minutes, so it is counted as it stands.
"""

from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import Any

import sqlalchemy as sa

from pos_app.domain.payment import State
from pos_app.domain.search import Totals
from pos_app.store import tables as t
from pos_app.store.rows import came_in, refunded, unkeyed
from pos_app.store.shape import Shape, Values

_p, _d = t.payment.c, t.tally_day.c
_AFTER_ALL = 2**31  # ids
_cell = _p.day, _p.till, t.served_by.label("operator_id"), _p.state
under_way = sa.and_(t.is_open, sa.not_(t.is_counted))  # as its index has it
_one = sa.literal_column("1", sa.Integer)
_none = sa.literal_column("0", sa.Integer)  # nothing went back of what has not come in
# Cells of a day, a till, an operator and a state with their figures: what is under way, each by itself, with the rest.
cells = sa.union_all(
    t.tally.select(),
    sa.select(*map(unkeyed, _cell), _one, _p.amount, came_in, _none).where(under_way),
).subquery("cells")
_c = cells.c


def of_filters(shape: Shape, cell: sa.FromClause = cells) -> list[sa.ColumnElement[bool]]:
    """What holds for the cells of the payments that a look-up is about, its text and its page left aside.

    Args:
        cell: `cells`, or `tables.tally` for those that are not under way alone.
    """
    c = cell.c
    limits: list[sa.ColumnElement[bool]] = []
    if shape.first:
        limits.append(c.day >= sa.bindparam("first"))
    if shape.last:
        limits.append(c.day <= sa.bindparam("last"))
    if shape.till:
        limits.append(c.till == sa.bindparam("till"))
    if shape.operator:
        limits.append(c.operator_id == sa.bindparam("operator"))
    if shape.states:
        limits.append(c.state.in_(sa.bindparam("states", expanding=True)))
    return limits


def ids_between(connection: sa.Connection, first: date | None, last: date | None) -> tuple[int, int] | None:
    """The ids between which the payments of some days are, both ends included; None where there is none on them."""
    ends = _ends(first is not None, last is not None)
    low, high = connection.execute(ends, {"first": first, "last": last}).one()
    return None if low is None else (int(low), int(high))


@cache
def _ends(first: bool, last: bool) -> sa.Select[Any, Any]:
    others = sa.select(unkeyed(_p.day), _p.id, _p.id).where(under_way)
    day = sa.union_all(t.tally_day.select(), others).subquery()
    begins = [day.c.day >= sa.bindparam("first")] if first else []
    within = [*begins, *([day.c.day <= sa.bindparam("last")] if last else [])]
    return sa.select(sa.func.min(day.c.first_id), sa.func.max(day.c.last_id)).where(*within)


def totals(connection: sa.Connection, wanted: Sequence[sa.ColumnElement[bool]], values: Values | None = None) -> Totals:
    """Figures of the payments of those `cells` that this holds for; `values`: what that asks by."""
    figures = sa.func.sum(_c.payments), sa.func.sum(_c.received), sa.func.sum(_c.refunded)
    rows = connection.execute(sa.select(_c.state, *figures).where(*wanted).group_by(_c.state), values).all()
    return totals_of({row[0]: (int(row[1]), int(row[2]), int(row[3])) for row in rows})


def totals_of(figures: dict[str, tuple[int, int, int]]) -> Totals:
    """Figures from how many stand in each state, what came in (KES) and what went back of it."""
    count = {state: figures.get(state.value, (0, 0, 0))[0] for state in State}
    _, received, refunded = figures.get(State.PAID.value, (0, 0, 0))
    return Totals(
        payments=sum(count.values()),
        paid=count[State.PAID],
        paid_amount=received - refunded,
        refunded=refunded,
        unsure=count[State.UNKNOWN],
        review=count[State.REVIEW],
    )


_figures = sa.func.sum(_p.amount), sa.func.sum(came_in), sa.func.sum(refunded)
_counted = sa.select(*_cell, sa.func.count(), *_figures).where(t.is_counted).group_by(*_cell[:2], t.served_by, _p.state)
_beside_its_day = (
    sa.select(_p.day).outerjoin_from(t.payment, t.tally_day, _d.day == _p.day).where(t.is_counted).group_by(_p.day)
).having(
    sa.or_(
        sa.func.min(_p.id) < sa.func.coalesce(sa.func.max(_d.first_id), _AFTER_ALL),
        sa.func.max(_p.id) > sa.func.coalesce(sa.func.max(_d.last_id), 0),
    )
)


def wrong_days(connection: sa.Connection) -> list[date]:
    """The days whose running totals are not those of the payments, or that lie elsewhere; reads them all."""
    rows = {tuple(row) for row in connection.execute(_counted)}
    kept = t.tally.c
    figures = kept.payments, kept.asked, kept.received, kept.refunded
    told = connection.execute(t.tally.select().where(sa.or_(*(figure != 0 for figure in figures))))
    wrong = {tuple(row) for row in told}.symmetric_difference(rows)
    return sorted({*(row[0] for row in wrong), *connection.scalars(_beside_its_day)})
