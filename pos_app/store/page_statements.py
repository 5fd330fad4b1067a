"""The statements that bring a page of payments, made once for each shape of a look-up; each gives ids and amounts."""

from functools import lru_cache

import sqlalchemy as sa

from pos_app.store import tables as t
from pos_app.store.limits import Wanted, behind, beside_of, cut_of, in_order, limits_of, parts_behind, row_by_row
from pos_app.store.rows import unkeyed
from pos_app.store.shape import SHAPES, Shape, TextShape
from pos_app.store.tally import of_filters, under_way
from pos_app.store.ways import Broad, Ids, narrow_ways

_p, _c = t.payment.c, t.tally.c
_ALL = 1_000_000  # rows of the running totals: more than there are
_within_ids = _p.id.between(sa.bindparam("low"), sa.bindparam("high"))
Page = sa.Select[int, int]
last_id = sa.select(sa.func.max(_p.id))


@lru_cache(SHAPES)
def all_of(shape: Shape, way: Broad | None = None) -> Page:
    """What the filters leave, of one meaning; walked through in the order of the page."""
    return _page(shape, *limits_of(shape), *behind(shape), *_holding(way))


@lru_cache(SHAPES)
def narrow(shape: Shape, text: TextShape) -> Page | None:
    """What a text means in a way that few can be meant in; None where it cannot be meant so."""
    ids = narrow_ways(text)
    return _few(shape, _p.id.in_(sa.union_all(*ids))) if ids else None


@lru_cache(SHAPES)
def all_known(shape: Shape, way: Broad) -> Page:
    """What has a meaning, by the index that knows all that filters ask for."""
    assert way.all_known is not None
    there = sa.select(_p.id, _p.amount).where(way.all_known, *limits_of(shape), *behind(shape))
    return _first(shape, there, by_index=False)


@lru_cache(SHAPES)
def with_meaning(shape: Shape, way: Broad) -> Page:
    """What has a meaning, read whole."""
    return _few(shape, _p.id.in_(way.ids))


@lru_cache(SHAPES)
def with_meaning_within(shape: Shape, way: Broad) -> Page:
    """What has a meaning, from one id (`low`) to another (`high`)."""
    return _page(shape, _p.id.in_(_ids_within(way)), *limits_of(shape), *behind(shape))


@lru_cache(SHAPES)
def within(shape: Shape, way: Broad | None) -> Page:
    """What the filters leave from one id (`low`) to another (`high`), of one meaning: one after the other."""
    return _page(shape, _within_ids, *limits_of(shape), *behind(shape), *_holding(way))


@lru_cache(SHAPES)
def within_cells(shape: Shape, way: Broad | None) -> Page:
    """The same, on some days (`low_day` to `high_day`), by the index that has a cell's payments together."""
    cell = sa.select(_c.day, _c.till, _c.operator_id, _c.state)
    days = _c.day.between(sa.bindparam("low_day"), sa.bindparam("high_day"))
    # Its limit, which it never comes to, lets it be worked out first, whatever is thought of the tables' sizes.
    c = cell.where(*of_filters(shape, t.tally), days, _c.payments > 0).limit(_ALL).subquery()
    there = sa.and_(
        _p.day == c.c.day,
        _p.till == c.c.till,
        t.served_by == unkeyed(c.c.operator_id),  # of no kind, as what an index has of an expression
        _p.state == c.c.state,
        t.is_counted,
    )
    found = sa.select(_p.id, _p.amount).select_from(c.join(t.payment, there))
    beside = [*cut_of(shape), *beside_of(shape), *behind(shape)]
    return _first(shape, found.where(_within_ids, *beside, *_holding(way)), by_index=False)


@lru_cache(SHAPES)
def by_amount(shape: Shape, way: Broad | None) -> tuple[Page, ...]:
    """What the filters leave, of one meaning, in the order of amounts: one part behind the other."""
    wanted = [*row_by_row(*limits_of(shape), *_holding(way)), *behind(shape)]
    return tuple(_page(shape, *wanted, *part) for part in parts_behind(shape))


@lru_cache(SHAPES)
def those_under_way(shape: Shape, way: Broad | None, before: bool) -> Page:
    """What the running totals leave out; `before`: as far as it stands before an id (`end`) on the page."""
    end = sa.bindparam("end", type_=sa.Integer)
    beside = [_p.id > end if shape.sort.descending else _p.id < end] if before else []
    return _page(shape, under_way, *beside, *limits_of(shape), *behind(shape), *_holding(way))


@lru_cache(SHAPES)
def names_of(way: Broad) -> Ids:
    """How many names have a meaning, up to `most`."""
    return _up_to(way.names)


@lru_cache(SHAPES)
def first_names(way: Broad) -> Ids:
    """The names that have a meaning, `most` at most."""
    return way.names.limit(sa.bindparam("most", type_=sa.Integer))


@lru_cache(SHAPES)
def meant(way: Broad) -> Ids:
    """How many payments have a meaning, some twice, up to `most`."""
    return _up_to(way.ids)


@lru_cache(SHAPES)
def meant_within(way: Broad) -> Ids:
    """The same from one id (`low`) to another (`high`)."""
    return _up_to(_ids_within(way))


def _ids_within(way: Broad) -> Ids:
    return way.ids.where(way.key.between(sa.bindparam("low"), sa.bindparam("high")))


def _up_to(ids: Ids) -> Ids:
    return sa.select(sa.func.count()).select_from(ids.limit(sa.bindparam("most", type_=sa.Integer)).subquery())


def _holding(way: Broad | None) -> list[Wanted]:
    return [way.holds] if way else []


def _few(shape: Shape, there: Wanted) -> Page:
    """So few that they are read and sorted: a server would rather walk through all amounts until it has met enough."""
    found = sa.select(_p.id, _p.amount).where(there, *limits_of(shape), *behind(shape))
    return _first(shape, found, by_index=not shape.sort.by_amount)


def _page(shape: Shape, *wanted: Wanted) -> Page:
    return _first(shape, sa.select(_p.id, _p.amount).where(*wanted))


def _first(shape: Shape, found: Page, *, by_index: bool = True) -> Page:
    order = in_order(shape.sort, key=by_index)
    return found.order_by(*order).limit(sa.bindparam("limit", type_=sa.Integer))
