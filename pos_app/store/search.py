"""Finding payments by what an operator types and chooses, by indexes, a million rows or not.

A page costs what it shows. What filters leave is found through the cells of the running totals, each of which is a part
of an index; what a text means, through the index of its kind. Where both are much, they are held against each other
stretch by stretch from the beginning of the page: in each, the rarer is read and looked at for the other.
"""

from collections.abc import Iterator, Sequence

import sqlalchemy as sa

from pos_app.domain.search import Meaning, Search, Totals, meaning, shown
from pos_app.store import tables as t
from pos_app.store.days import EVER, Stretch, stretches
from pos_app.store.limits import Wanted, behind, beside_of, cut_of, in_order, limits_of, parts_behind
from pos_app.store.rows import came_in, refunded, unkeyed
from pos_app.store.tally import days_of, ids_between, of_filters, totals, totals_of, under_way, whole_days
from pos_app.store.ways import Broad, Ids, broad_ways, narrow_ways, of_post

_p, _c = t.payment.c, t.tally.c
_FEW = 10_000  # payments that filters leave, at most, to be read whole for one page by amount
_ALL = 1_000_000  # rows of the running totals: more than there are
_FIRST_STRETCH = 1_000  # payments that are looked at first; each further stretch has four times as many
_SEEK = 2  # payments can be looked at in the time of one look into an index
_DENSE = 4  # ids for each payment that the days leave, at most, to be read one after the other
Found = tuple[int, int]  # id and amount of a payment


def find(connection: sa.Connection, search: Search) -> list[int]:
    """The ids of a page, in the order of the search."""
    look = _Look(connection, search)
    found = {*(look.with_text(meaning(search.text)) if shown(search.text) else look.without_text())}
    by_amount, down = search.sort.by_amount, search.sort.descending
    order = sorted(found, key=lambda each: (each[1], each[0]) if by_amount else each[:1], reverse=down)
    return [each[0] for each in order[: search.limit]]


def totals_found(connection: sa.Connection, search: Search) -> Totals:
    """Figures of everything that a search finds: by the running totals where it has no text, else from its rows."""
    if not shown(search.text) and not search.attention and whole_days(search) and not beside_of(search):
        return totals(connection, of_filters(search))
    dated = bool(search.since or search.until)
    span = ids_between(connection, *days_of(search.since, search.until)) if dated else None
    if dated and span is None:
        return totals_of({})
    wanted = [*limits_of(search), *_meant(search, span)]
    # All in one statement: which payments those are is what takes the time. Each one's refunds are looked up: a server
    # that takes the payments for few would go through all refunds for each of them.
    sums = sa.func.sum(came_in), sa.func.sum(refunded)
    found = connection.execute(sa.select(_p.state, sa.func.count(), *sums).where(*wanted).group_by(_p.state))
    return totals_of({row[0]: (int(row[1]), int(row[2]), int(row[3])) for row in found})


def _meant(search: Search, span: tuple[int, int] | None) -> list[Wanted]:
    """What holds beside the filters: the text, and the ids between which the days are."""
    within: list[Wanted] = [_p.id.between(*span)] if span else []
    if search.post is not None:
        within.append(_p.id.in_(of_post(search.post).ids))
    if not shown(search.text):
        return within
    meant = meaning(search.text)
    ids = narrow_ways(meant)
    ids += [way.ids.where(way.key.between(*span)) if span else way.ids for way in broad_ways(meant)]
    return [_p.id.in_(sa.union_all(*ids)) if ids else sa.false(), *within]


class _Look:
    """One page of one search."""

    def __init__(self, connection: sa.Connection, search: Search) -> None:
        self._connection = connection
        self._search = search
        self._filters = of_filters(search, t.tally)
        self._limits = [*limits_of(search), *behind(search)]
        self._told: list[Stretch] = []
        self._untold = self._all_stretches()

    def without_text(self) -> list[Found]:
        """What the filters leave."""
        search = self._search
        if search.attention or (not self._filters and not search.sort.by_amount and search.post is None):
            return self._page(*self._limits)
        if search.post is not None:
            return self._by_way(of_post(search.post))
        if search.sort.by_amount:
            return self._by_amount()
        found: list[Found] = []
        for stretch in stretches(self._connection, search, search.limit):
            found += self._within(stretch)
            if len(found) >= search.limit:
                break
        return found + self._under_way(found=found)

    def with_text(self, meant: Meaning) -> Iterator[Found]:
        """What is meant in any way, perhaps twice, and more than a page of it."""
        if ids := narrow_ways(meant):
            yield from self._page(_p.id.in_(sa.union_all(*ids)), *self._limits)
        for way in broad_ways(meant):
            yield from self._by_way(way)

    def _by_way(self, way: Broad) -> list[Found]:
        if self._search.attention:
            return self._page(*self._limits, way.holds)
        names = self._up_to(way.many_names, way.names)
        if not names:
            return []
        if way.all_known is not None and names < way.many_names:
            there = sa.select(_p.id, _p.amount).where(way.all_known, *self._limits)
            return self._first(there, by_index=False)
        many = _FEW if self._search.sort.by_amount else way.many  # no stretch ends a walk by amounts
        if self._up_to(many, way.ids) < many:
            return self._page(_p.id.in_(way.ids), *self._limits)
        if self._search.sort.by_amount:
            return self._by_amount(way.holds)
        return self._held_against(way, names)

    def _up_to(self, limit: int, ids: Ids) -> int:
        some = ids.limit(limit).subquery()
        return int(self._connection.scalar(sa.select(sa.func.count()).select_from(some)) or 0)

    def _held_against(self, way: Broad, names: int) -> list[Found]:
        """Stretch by stretch, whichever is less there: what has this meaning, or what the filters leave."""
        found: list[Found] = []
        for stretch in self._stretches():
            few = stretch.payments // _SEEK - names
            ids = way.ids.where(way.key.between(stretch.first_id, stretch.last_id))
            there = self._up_to(few, ids) if few > 0 else few
            if there < few:
                found += self._page(_p.id.in_(ids), *self._limits) if there else []
            else:
                found += self._within(stretch, way.holds)
            if len(found) >= self._search.limit:
                break
        return found + (self._under_way(way.holds, found=found) if self._filters else [])

    def _stretches(self) -> Iterator[Stretch]:
        """Counted once, whichever meaning is held against them."""
        yield from self._told
        for stretch in self._untold:
            self._told.append(stretch)
            yield stretch

    def _all_stretches(self) -> Iterator[Stretch]:
        if self._filters:
            yield from stretches(self._connection, self._search, _FIRST_STRETCH)
            return
        after, down, width = self._search.after, self._search.sort.descending, _FIRST_STRETCH
        first, last = 1, int(self._connection.scalar(sa.select(sa.func.max(_p.id))) or 0)
        if after:
            first, last = (first, min(last, after.id - 1)) if down else (after.id + 1, last)
        while first <= last:
            low, high = (max(first, last - width + 1), last) if down else (first, min(last, first + width - 1))
            yield Stretch(low, high, *EVER, high - low + 1)
            first, last = (first, low - 1) if down else (high + 1, last)
            width *= 4

    def _by_amount(self, *wanted: Wanted) -> list[Found]:
        """All that filters leave where that is little, else in the order of the page, until it is full."""
        if self._filters:
            left = stretches(self._connection, self._search, _FEW)
            first = next(left, None)
            if first is None or (first.payments <= _FEW and next(left, None) is None):
                return self._under_way(*wanted) + (self._within(first, *wanted) if first else [])
        found: list[Found] = []
        for part in parts_behind(self._search):
            found += self._page(*wanted, *self._limits, *part)
            if len(found) >= self._search.limit:
                break
        return found

    def _under_way(self, *wanted: Wanted, found: Sequence[Found] = ()) -> list[Found]:
        """Of what the running totals leave out; it may be older than what is `found`, by ids, and fills no page."""
        search = self._search
        if search.states and search.states.isdisjoint(t.UNDER_WAY):
            return []
        beside: list[Wanted] = []
        if len(found) >= search.limit:
            down = search.sort.descending
            end = sorted((each[0] for each in found), reverse=down)[search.limit - 1]
            beside = [_p.id > end if down else _p.id < end, *behind(search)]
        return self._page(under_way, *beside, *self._limits, *wanted)

    def _within(self, stretch: Stretch, *wanted: Wanted) -> list[Found]:
        """A page of what lies in a stretch, by the index that has a cell's payments together."""
        search = self._search
        of_cells = search.till or search.states or search.operator is not None
        dense = stretch.last_id - stretch.first_id < _DENSE * stretch.payments
        if not self._filters or (dense and not of_cells):
            return self._page(_p.id.between(stretch.first_id, stretch.last_id), *self._limits, *wanted)
        cell = sa.select(_c.day, _c.till, _c.operator_id, _c.state)
        cell = cell.where(*self._filters, _c.day.between(stretch.first_day, stretch.last_day), _c.payments > 0)
        # Its limit, which it never comes to, lets it be worked out first, whatever is thought of the tables' sizes.
        c = cell.limit(_ALL).subquery()
        there = sa.and_(
            _p.day == c.c.day,
            _p.till == c.c.till,
            t.served_by == unkeyed(c.c.operator_id),  # of no kind, as what an index has of an expression
            _p.state == c.c.state,
            t.is_counted,
        )
        found = sa.select(_p.id, _p.amount).select_from(c.join(t.payment, there))
        ids = _p.id.between(stretch.first_id, stretch.last_id)
        beside = [*cut_of(search), *beside_of(search), *behind(search)]
        return self._first(found.where(ids, *beside, *wanted), by_index=False)

    def _page(self, *wanted: Wanted) -> list[Found]:
        return self._first(sa.select(_p.id, _p.amount).where(*wanted))

    def _first(self, found: sa.Select[int, int], *, by_index: bool = True) -> list[Found]:
        order = in_order(self._search.sort, key=by_index)
        rows = self._connection.execute(found.order_by(*order).limit(self._search.limit)).all()
        return [(int(row[0]), int(row[1])) for row in rows]
