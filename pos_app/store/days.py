"""Where the payments of a filter are: ids, stretch by stretch from the beginning of a page, and how many in each.

Days lie one after the other in the ids, but where a clock was wrong. So they are read in the order of their ends, some
more each time, and a stretch ends where no other day begins.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from pos_app.domain.search import Search
from pos_app.store import tables as t
from pos_app.store.shape import SHAPES, Shape, shape_of, values_of
from pos_app.store.tally import of_filters

_d, _c = t.tally_day.c, t.tally.c
_FIRST_DAYS, _MORE = 8, 4  # so many days are read at first, and so many times as many each time after
_WIDER = 4  # times as many payments as in the stretch before
EVER = date.min, date.max


@dataclass(frozen=True, slots=True)
class Stretch:
    """Ids from one to another, the days that may have payments there, and how many a filter leaves at most."""

    first_id: int
    last_id: int
    first_day: date
    last_day: date
    payments: int


@dataclass(frozen=True, slots=True)
class _Day:
    """As seen in the direction of the page: its ids begin at `top` and go down to `bottom`, with the sign turned where
    the oldest come first.
    """

    day: date
    top: int
    bottom: int
    payments: int


def stretches(connection: sa.Connection, search: Search, wanted: int) -> Iterator[Stretch]:
    """All of what a search's filters leave behind the beginning of its page, in its direction; but what is under way.

    Args:
        wanted: so many payments are in the first stretch, and four times as many in each after it, but in the last.
    """
    if search.states and search.states.issubset(t.UNDER_WAY):
        return
    sign = 1 if search.sort.descending else -1
    edge = None if search.after is None or search.sort.by_amount else sign * search.after.id
    held: list[_Day] = []
    count = 0
    days = _days(connection, search, sign, edge)
    day = next(days, None)
    while day:
        held.append(day)
        count += day.payments
        edge = day.top + 1 if edge is None else edge
        day = next(days, None)
        if day and (count < wanted or day.top >= edge - 1):
            continue
        far = day.top if day else min(each.bottom for each in held) - 1
        if count:
            low, high = sorted((sign * (far + 1), sign * (edge - 1)))
            there = [each.day for each in held if each.payments]
            yield Stretch(low, high, min(there), max(there), count)
        edge, wanted = far + 1, wanted * _WIDER
        held = [each for each in held if each.bottom <= far]
        count = sum(each.payments for each in held)


def _days(connection: sa.Connection, search: Search, sign: int, edge: int | None) -> Iterator[_Day]:
    statement, values = _ends_of_days(shape_of(search), sign, edge is not None), values_of(search) | {"edge": edge}
    done, some = 0, _FIRST_DAYS
    while days := connection.execute(statement, values | {"some": some, "done": done}).all():
        yield from (_Day(row[0], row[1], row[2], int(row[3])) for row in days)
        if len(days) < some:
            break
        done, some = done + some, some * _MORE


@lru_cache(SHAPES)
def _ends_of_days(shape: Shape, sign: int, edge: bool) -> sa.Select[Any, Any, Any, Any]:
    top, bottom = (_d.last_id, _d.first_id) if sign > 0 else (-_d.first_id, -_d.last_id)
    begins, ends = _d.day >= sa.bindparam("first"), _d.day <= sa.bindparam("last")
    within = [*([begins] if shape.first else []), *([ends] if shape.last else [])]
    behind = [bottom < sa.bindparam("edge", type_=sa.Integer)] if edge else []
    some = sa.select(_d.day, top.label("top"), bottom.label("bottom")).where(*within, *behind)
    some = some.order_by(top.desc(), _d.day).limit(sa.bindparam("some", type_=sa.Integer))
    days = some.offset(sa.bindparam("done", type_=sa.Integer)).subquery().c
    # Day by day: each cell that is wanted is looked up, where a range of days would have all others beside it.
    cells = sa.select(sa.func.coalesce(sa.func.sum(_c.payments), 0)).where(
        _c.day == days.day, *of_filters(shape, t.tally)
    )
    counted = cells.correlate(days.day.table).scalar_subquery()
    return sa.select(days.day, days.top, days.bottom, counted).order_by(days.top.desc(), days.day)
