"""What holds for every payment that a search finds: conditions that leave the choice of the index to whoever asks."""

from typing import Any

import sqlalchemy as sa

from pos_app.domain.payment import ATTENTION_REMARKS, Remark, State
from pos_app.domain.search import NOBODY, Search, Sort
from pos_app.store import tables as t
from pos_app.store.rows import shop_hour, unkeyed
from pos_app.store.tally import days_of, whole_days
from pos_app.store.ways import of_post

_p = t.payment.c
Wanted = sa.ColumnElement[bool]


def in_order(sort: Sort, *, key: bool = True) -> tuple[sa.ColumnElement[Any], ...]:
    """What to order payments by.

    Args:
        key: whether an index may lead to them in that order.
    """
    columns = [column if key else unkeyed(column) for column in ((_p.amount, _p.id) if sort.by_amount else (_p.id,))]
    return tuple(column.desc() if sort.descending else column.asc() for column in columns)


def limits_of(search: Search) -> list[Wanted]:
    """What holds for every payment that the search finds, whatever its text."""
    limits: list[Wanted] = []
    if search.states:
        limits.append(unkeyed(_p.state).in_(sorted(search.states)))
    if search.attention:
        limits.append(_needs_attention())
    if search.till:
        limits.append(unkeyed(_p.till) == search.till)
    first, last = days_of(search.since, search.until)
    if first:
        limits.append(unkeyed(_p.day) >= first)
    if last:
        limits.append(unkeyed(_p.day) <= last)
    return limits + _served(search) + cut_of(search) + beside_of(search)


def beside_of(search: Search) -> list[Wanted]:
    """What the running totals do not know."""
    beside: list[Wanted] = []
    if search.post is not None:
        beside.append(of_post(search.post).holds)
    if search.hour is not None:
        beside.append(shop_hour == search.hour)
    return beside


def _served(search: Search) -> list[Wanted]:
    if search.operator is None:
        return []
    return [_p.operator_id.is_(None) if search.operator == NOBODY else _p.operator_id == search.operator]


def cut_of(search: Search) -> list[Wanted]:
    """What holds beside the days, where they are not wanted whole."""
    if whole_days(search):
        return []
    since, until = search.since, search.until
    created = unkeyed(_p.created_at)
    return [*([created >= since] if since else []), *([created < until] if until else [])]


def behind(search: Search) -> list[Wanted]:
    """What stands behind the beginning of the page."""
    if search.after is None:
        return []
    key: sa.ColumnElement[Any] = sa.tuple_(_p.amount, _p.id) if search.sort.by_amount else _p.id
    end = sa.tuple_(search.after.amount, search.after.id) if search.sort.by_amount else search.after.id
    return [key < end if search.sort.descending else key > end]


def parts_behind(search: Search) -> list[list[Wanted]]:
    """The rest of one amount, then the other amounts: each a range of the index, which a pair is not on a file."""
    after, down = search.after, search.sort.descending
    if after is None:
        return [[]]
    same = [_p.amount == after.amount, _p.id < after.id if down else _p.id > after.id]
    return [same, [_p.amount < after.amount if down else _p.amount > after.amount]]


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
