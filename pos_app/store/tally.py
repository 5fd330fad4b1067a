"""Running totals: a row for each day, till, operator and state, kept by triggers in the transaction of each change.

They answer how many and how much without a look at the payments, and where in a million those of a state, an operator
or a till are.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa

from pos_app.domain.kenya_time import day_start, shop_day
from pos_app.domain.payment import State
from pos_app.domain.search import Search, Totals
from pos_app.store import tables as t

_c, _p = t.tally.c, t.payment.c
_there = _c.payments > 0
_TICK = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class DaySpan:
    """Where payments are: of so many, none is outside of these days and these ids."""

    first_day: date
    last_day: date
    first_id: int
    last_id: int
    payments: int


def days_of(since: datetime | None, until: datetime | None) -> tuple[date | None, date | None]:
    """The first and the last day of the shop between two moments (UTC); None where it is open on that side."""
    return since and shop_day(since), until and shop_day(until - _TICK)


def whole_days(search: Search) -> bool:
    """Whether its time begins and ends with days of the shop, so that the running totals know it."""
    return not cut_days(search)


def cut_days(search: Search) -> set[date]:
    """The days that its time has a part of only."""
    first, last = days_of(search.since, search.until)
    cut = {first} if search.since and first and search.since != day_start(first) else set()
    if search.until and last and search.until != day_start(shop_day(search.until)):
        cut.add(last)
    return cut


def cells_of(search: Search) -> list[sa.ColumnElement[bool]]:
    """What holds for the running totals of the payments that a search is about, its text and its page left aside."""
    first, last = days_of(search.since, search.until)
    limits: list[sa.ColumnElement[bool]] = []
    if first:
        limits.append(_c.day >= first)
    if last:
        limits.append(_c.day <= last)
    if search.till:
        limits.append(_c.till == search.till)
    if search.operator is not None:
        limits.append(_c.operator_id == search.operator)
    if search.states:
        limits.append(_c.state.in_(sorted(search.states)))
    return limits


def spans(connection: sa.Connection, cells: Sequence[sa.ColumnElement[bool]]) -> list[DaySpan]:
    """Day by day, in no order; days without such a payment are left out."""
    statement = (
        sa.select(_c.day, _c.day, sa.func.min(_c.first_id), sa.func.max(_c.last_id), sa.func.sum(_c.payments))
        .where(_there, *cells)
        .group_by(_c.day)
    )
    return [DaySpan(*row) for row in connection.execute(statement)]


def together(parts: Sequence[DaySpan]) -> DaySpan | None:
    """One span over all of these; None where there are none."""
    if not parts:
        return None
    return DaySpan(
        min(part.first_day for part in parts),
        max(part.last_day for part in parts),
        min(part.first_id for part in parts),
        max(part.last_id for part in parts),
        sum(part.payments for part in parts),
    )


def page_span(
    parts: Sequence[DaySpan], after: int | None, *, descending: bool, wanted: int, cut: Collection[date] = ()
) -> DaySpan | None:
    """The least that surely holds the first so many payments of these days, or all that there are.

    Args:
        parts: days, as `spans` gives them.
        after: the id behind which the page begins, in its direction.
        cut: days of which only a part is wanted: they are looked at, and not counted on.
    """
    sign = -1 if descending else 1
    ends = [sorted((sign * part.first_id, sign * part.last_id)) for part in parts]
    begin = None if after is None else sign * after
    far, found = None, 0
    for (low, high), part in sorted(zip(ends, parts, strict=True), key=lambda each: each[0]):
        if part.first_day in cut or (begin is not None and low <= begin):
            continue  # some of it, or all, may stand beside the page
        far = high if far is None else max(far, high)
        found += part.payments
        if found >= wanted:
            break
    enough = found >= wanted
    touched = [
        part
        for (low, high), part in zip(ends, parts, strict=True)
        if (begin is None or high > begin) and (not enough or far is None or low <= far)
    ]
    span = together(touched)
    if span is None or not enough or far is None:
        return span
    first, last = (-far, span.last_id) if descending else (span.first_id, far)
    return DaySpan(span.first_day, span.last_day, first, last, span.payments)


def totals(connection: sa.Connection, cells: Sequence[sa.ColumnElement[bool]]) -> Totals:
    """Figures of the payments of these cells."""
    statement = sa.select(_c.state, sa.func.sum(_c.payments), sa.func.sum(_c.received), sa.func.sum(_c.refunded)).where(
        *cells
    )
    rows = connection.execute(statement.group_by(_c.state)).all()
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


_served_by = sa.func.coalesce(_p.operator_id, sa.literal_column("0"))
_back = sa.select(sa.func.coalesce(sa.func.sum(t.refund.c.amount), 0)).where(t.refund.c.payment_id == _p.id)
_counted = sa.select(
    _p.day,
    _p.till,
    _served_by.label("operator_id"),
    _p.state,
    sa.func.count().label("payments"),
    sa.func.sum(_p.amount).label("asked"),
    sa.func.sum(sa.func.coalesce(_p.amount_paid, _p.amount)).label("received"),
    sa.func.sum(_back.scalar_subquery()).label("refunded"),
).group_by(_p.day, _p.till, _served_by, _p.state)


def wrong_days(connection: sa.Connection) -> list[date]:
    """The days whose running totals are not those of the payments; reads them all."""
    figures = _c.payments, _c.asked, _c.received, _c.refunded
    told = sa.select(_c.day, _c.till, _c.operator_id, _c.state, *figures)
    told = told.where(sa.or_(*(figure != 0 for figure in figures)))
    rows = [tuple(row) for row in connection.execute(_counted)]
    wrong = {tuple(row) for row in connection.execute(told)}.symmetric_difference(rows)
    return sorted({row[0] for row in wrong})
