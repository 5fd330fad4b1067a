"""What holds for every payment that a look-up finds: conditions that leave the choice of the index to whoever asks.

They ask by the values of `shape.values_of`.
"""

from typing import Any

import sqlalchemy as sa

from pos_app.domain.payment import ATTENTION_REMARKS, Remark, State
from pos_app.domain.search import Sort
from pos_app.store import tables as t
from pos_app.store.rows import shop_hour, unkeyed
from pos_app.store.shape import Shape
from pos_app.store.ways import of_post

_p = t.payment.c
_AFTER_ID, _AFTER_AMOUNT = (sa.bindparam(name, type_=sa.Integer) for name in ("after_id", "after_amount"))
Wanted = sa.ColumnElement[bool]


def in_order(sort: Sort, *, key: bool = True) -> tuple[sa.ColumnElement[Any], ...]:
    """What to order payments by.

    Args:
        key: whether an index may lead to them in that order.
    """
    columns = [column if key else unkeyed(column) for column in ((_p.amount, _p.id) if sort.by_amount else (_p.id,))]
    return tuple(column.desc() if sort.descending else column.asc() for column in columns)


def limits_of(shape: Shape) -> list[Wanted]:
    """What holds for every payment that a look-up finds, whatever its text."""
    limits: list[Wanted] = []
    if shape.states:
        limits.append(unkeyed(_p.state).in_(sa.bindparam("states", expanding=True)))
    if shape.attention:
        limits.append(_needs_attention())
    if shape.till:
        limits.append(unkeyed(_p.till) == sa.bindparam("till"))
    if shape.first:
        limits.append(unkeyed(_p.day) >= sa.bindparam("first"))
    if shape.last:
        limits.append(unkeyed(_p.day) <= sa.bindparam("last"))
    return limits + _served(shape) + cut_of(shape) + beside_of(shape)


def beside_of(shape: Shape) -> list[Wanted]:
    """What the running totals do not know."""
    beside: list[Wanted] = []
    if shape.post:
        beside.append(of_post().holds)
    if shape.hour:
        beside.append(shop_hour == sa.bindparam("hour", type_=sa.Integer))
    return beside


def _served(shape: Shape) -> list[Wanted]:
    if not shape.operator:
        return []
    return [_p.operator_id.is_(None) if shape.nobody else _p.operator_id == sa.bindparam("operator")]


def cut_of(shape: Shape) -> list[Wanted]:
    """What holds beside the days, where they are not wanted whole."""
    created = unkeyed(_p.created_at)
    since = [created >= sa.bindparam("since")] if shape.since else []
    return [*since, *([created < sa.bindparam("until")] if shape.until else [])]


def behind(shape: Shape) -> list[Wanted]:
    """What stands behind the beginning of the page."""
    if not shape.after:
        return []
    key: sa.ColumnElement[Any] = sa.tuple_(_p.amount, _p.id) if shape.sort.by_amount else _p.id
    end: sa.ColumnElement[Any] = sa.tuple_(_AFTER_AMOUNT, _AFTER_ID) if shape.sort.by_amount else _AFTER_ID
    return [key < end if shape.sort.descending else key > end]


def parts_behind(shape: Shape) -> list[list[Wanted]]:
    """The rest of one amount, then the other amounts: each a range of the index, which a pair is not on a file."""
    if not shape.after:
        return [[]]
    down = shape.sort.descending
    same = [_p.amount == _AFTER_AMOUNT, _p.id < _AFTER_ID if down else _p.id > _AFTER_ID]
    return [same, [_p.amount < _AFTER_AMOUNT if down else _p.amount > _AFTER_AMOUNT]]


def row_by_row(*wanted: Wanted) -> list[Wanted]:
    """The same conditions, each row looked at for them on a walk in the order of the page.

    A server multiplies how few meet each of several, expects next to none in the end, and reads and sorts a million
    payments for them. Of what it knows nothing about it expects half, and walks.
    """
    return [sa.case((sa.and_(*wanted), sa.true()), else_=sa.false())] if wanted else []


def _needs_attention() -> Wanted:
    """`Payment.needs_attention`, by the indexes of what is open and what is odd."""
    wanted = sa.union(
        sa.select(_p.id).where(t.is_open, _p.state == State.REVIEW.value),
        sa.select(_p.id).where(_p.remark.is_not(None), sa.or_(*map(_unseen, ATTENTION_REMARKS))),
    ).subquery()
    return _p.id.in_(sa.select(wanted.c.id))


def _unseen(remark: Remark) -> Wanted:
    seen = sa.func.coalesce(_p.seen, "")
    return sa.and_(_p.remark.contains(remark.value), sa.not_(seen.contains(remark.value)))
