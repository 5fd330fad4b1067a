"""Finding payments by what an operator types and chooses, by indexes, a million rows or not.

A page costs what it shows. What filters leave is found through the cells of the running totals, each of which is a part
of an index; what a text means, through the index of its kind. Where both are much, they are held against each other
stretch by stretch from the beginning of the page: in each, the rarer is read and looked at for the other.
"""

from collections.abc import Iterator, Sequence

import sqlalchemy as sa

from pos_app.domain.search import Meaning, Search, Totals, meaning, shown
from pos_app.store import page_statements as pages
from pos_app.store import tables as t
from pos_app.store.days import EVER, Stretch, stretches
from pos_app.store.limits import Wanted, beside_of, limits_of
from pos_app.store.rows import came_in, refunded
from pos_app.store.shape import (
    Shape,
    TextShape,
    days_of,
    shape_of,
    text_shape_of,
    text_values_of,
    values_of,
    whole_days,
)
from pos_app.store.tally import ids_between, of_filters, totals, totals_of
from pos_app.store.ways import FEW_NAMES, Broad, Ids, broad_ways, narrow_ways, of_post

_p = t.payment.c
_FEW = 10_000  # payments that filters leave, at most, to be read whole for one page by amount
_FIRST_STRETCH = 1_000  # payments that are looked at first; each further stretch has four times as many
_SEEK = 2  # payments can be looked at in the time of one look into an index
_DENSE = 4  # ids for each payment that the days leave, at most, to be read one after the other
Found = tuple[int, int]  # id and amount of a payment


def find(connection: sa.Connection, search: Search) -> list[int]:
    """The ids of a page, in the order of the search."""
    meant = meaning(search.text) if shown(search.text) else None
    look = _Look(connection, search, meant)
    found = {*(look.with_text(text_shape_of(meant)) if meant else look.without_text())}
    by_amount, down = search.sort.by_amount, search.sort.descending
    order = sorted(found, key=lambda each: (each[1], each[0]) if by_amount else each[:1], reverse=down)
    return [each[0] for each in order[: search.limit]]


def totals_found(connection: sa.Connection, search: Search) -> Totals:
    """Figures of everything that a search finds: by the running totals where it has no text, else from its rows."""
    shape, values = shape_of(search), values_of(search)
    if not shown(search.text) and not search.attention and whole_days(search) and not beside_of(shape):
        return totals(connection, of_filters(shape), values)
    dated = bool(search.since or search.until)
    span = ids_between(connection, *days_of(search.since, search.until)) if dated else None
    if dated and span is None:
        return totals_of({})
    meant = meaning(search.text) if shown(search.text) else None
    wanted = [*limits_of(shape), *_meant(shape, meant, span)]
    # All in one statement: which payments those are is what takes the time. Each one's refunds are looked up: a server
    # that takes the payments for few would go through all refunds for each of them.
    sums = sa.func.sum(came_in), sa.func.sum(refunded)
    statement = sa.select(_p.state, sa.func.count(), *sums).where(*wanted).group_by(_p.state)
    found = connection.execute(statement, values | (text_values_of(meant) if meant else {}))
    return totals_of({row[0]: (int(row[1]), int(row[2]), int(row[3])) for row in found})


def _meant(shape: Shape, meant: Meaning | None, span: tuple[int, int] | None) -> list[Wanted]:
    """What holds beside the filters: the text, and the ids between which the days are."""
    within: list[Wanted] = [_p.id.between(*span)] if span else []
    if shape.post:
        within.append(_p.id.in_(of_post().ids))
    if not meant:
        return within
    text = text_shape_of(meant)
    broad = [way.ids.where(way.key.between(*span)) if span else way.ids for way in broad_ways(text)]
    ids = [*narrow_ways(text), *broad]
    return [_p.id.in_(sa.union_all(*ids)) if ids else sa.false(), *within]


class _Look:
    """One page of one search."""

    def __init__(self, connection: sa.Connection, search: Search, meant: Meaning | None) -> None:
        self._connection = connection
        self._search = search
        self._shape = shape_of(search)
        self._values = values_of(search) | (text_values_of(meant) if meant else {})
        self._told: list[Stretch] = []
        self._untold = self._all_stretches()

    def without_text(self) -> list[Found]:
        """What the filters leave."""
        search = self._search
        if search.attention or (not self._shape.filtered and not search.sort.by_amount and search.post is None):
            return self._rows(pages.all_of(self._shape))
        if search.post is not None:
            return self._by_way(of_post())
        if search.sort.by_amount:
            return self._by_amount()
        found: list[Found] = []
        for stretch in stretches(self._connection, search, search.limit):
            found += self._within(stretch)
            if len(found) >= search.limit:
                break
        return found + self._under_way(found=found)

    def with_text(self, text: TextShape) -> Iterator[Found]:
        """What is meant in any way, perhaps twice, and more than a page of it."""
        narrow = pages.narrow(self._shape, text)
        if narrow is not None:
            yield from self._rows(narrow)
        for way in broad_ways(text):
            yield from self._by_way(way)

    def _by_way(self, way: Broad) -> list[Found]:
        if self._search.attention:
            return self._rows(pages.all_of(self._shape, way))
        if way.of_these is not None:
            some = self._connection.scalars(pages.first_names(way), self._values | {"most": FEW_NAMES + 1}).all()
            if len(some) <= FEW_NAMES:
                self._values["posts"] = some
                return self._by_names(way.of_these, len(some))
        return self._by_names(way, self._count(pages.names_of(way), self._many_names(way)))

    def _many_names(self, way: Broad) -> int:
        return way.many_names(filtered=self._shape.filtered)

    def _by_names(self, way: Broad, names: int) -> list[Found]:
        if not names:
            return []
        if names < self._many_names(way):  # else many payments are meant, and to count them all names would be read
            if way.all_known is not None:
                return self._rows(pages.all_known(self._shape, way))
            many = _FEW if self._search.sort.by_amount else way.many  # no stretch ends a walk by amounts
            if self._count(pages.meant(way), many) < many:
                return self._rows(pages.with_meaning(self._shape, way))
        if self._search.sort.by_amount:
            return self._by_amount(way)
        return self._held_against(way, names)

    def _held_against(self, way: Broad, names: int) -> list[Found]:
        """Stretch by stretch, whichever is less there: what has this meaning, or what the filters leave."""
        found: list[Found] = []
        for stretch in self._stretches():
            few = stretch.payments // _SEEK - names
            ends = {"low": stretch.first_id, "high": stretch.last_id}
            there = self._count(pages.meant_within(way), few, **ends) if few > 0 else few
            if there < few:
                found += self._rows(pages.with_meaning_within(self._shape, way), **ends) if there else []
            else:
                found += self._within(stretch, way)
            if len(found) >= self._search.limit:
                break
        return found + (self._under_way(way, found=found) if self._shape.filtered else [])

    def _stretches(self) -> Iterator[Stretch]:
        """Counted once, whichever meaning is held against them."""
        yield from self._told
        for stretch in self._untold:
            self._told.append(stretch)
            yield stretch

    def _all_stretches(self) -> Iterator[Stretch]:
        if self._shape.filtered:
            yield from stretches(self._connection, self._search, _FIRST_STRETCH)
            return
        after, down, width = self._search.after, self._search.sort.descending, _FIRST_STRETCH
        first, last = 1, int(self._connection.scalar(pages.last_id) or 0)
        if after:
            first, last = (first, min(last, after.id - 1)) if down else (after.id + 1, last)
        while first <= last:
            low, high = (max(first, last - width + 1), last) if down else (first, min(last, first + width - 1))
            yield Stretch(low, high, *EVER, high - low + 1)
            first, last = (first, low - 1) if down else (high + 1, last)
            width *= 4

    def _by_amount(self, way: Broad | None = None) -> list[Found]:
        """All that filters leave where that is little, else in the order of the page, until it is full."""
        if self._shape.filtered:
            left = stretches(self._connection, self._search, _FEW)
            first = next(left, None)
            if first is None or (first.payments <= _FEW and next(left, None) is None):
                return self._under_way(way) + (self._within(first, way) if first else [])
        found: list[Found] = []
        for part in pages.by_amount(self._shape, way):
            found += self._rows(part)
            if len(found) >= self._search.limit:
                break
        return found

    def _under_way(self, way: Broad | None = None, *, found: Sequence[Found] = ()) -> list[Found]:
        """Of what the running totals leave out; it may be older than what is `found`, by ids, and fills no page."""
        search = self._search
        if search.states and search.states.isdisjoint(t.UNDER_WAY):
            return []
        full = len(found) >= search.limit
        end = sorted((each[0] for each in found), reverse=search.sort.descending)[search.limit - 1] if full else None
        return self._rows(pages.those_under_way(self._shape, way, full), end=end)

    def _within(self, stretch: Stretch, way: Broad | None = None) -> list[Found]:
        """A page of what lies in a stretch, by the index that has a cell's payments together where that is less."""
        shape = self._shape
        of_cells = shape.till or shape.states or shape.operator
        dense = stretch.last_id - stretch.first_id < _DENSE * stretch.payments
        one_by_one = not shape.filtered or (dense and not of_cells)
        statement = pages.within(shape, way) if one_by_one else pages.within_cells(shape, way)
        days = {"low_day": stretch.first_day, "high_day": stretch.last_day}
        return self._rows(statement, low=stretch.first_id, high=stretch.last_id, **days)

    def _count(self, ids: Ids, most: int, **more: object) -> int:
        return int(self._connection.scalar(ids, {**self._values, "most": most, **more}) or 0)

    def _rows(self, page: pages.Page, **more: object) -> list[Found]:
        rows = self._connection.execute(page, {**self._values, **more}).all()
        return [(int(row[0]), int(row[1])) for row in rows]
