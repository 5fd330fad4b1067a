"""Finding payments by what an operator types and chooses, by indexes, a million rows or not.

A page costs what it shows. Which index leads to it depends on how many payments a filter leaves, which the running
totals tell, and on how many can be meant by a text: what is few is read whole and sorted, what is much is walked in the
order of the page until it is full.
"""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from pos_app.domain.payment import ATTENTION_REMARKS, Remark, State
from pos_app.domain.search import NOBODY, Meaning, Search, Sort, Totals, meaning, shown
from pos_app.store import tables as t
from pos_app.store.rows import shop_hour
from pos_app.store.tally import (
    DaySpan,
    cells_of,
    cut_days,
    days_of,
    page_span,
    spans,
    together,
    totals,
    totals_of,
    whole_days,
)
from pos_app.store.ways import Broad, Ids, broad_ways, narrow_ways, of_post, with_amount

_p = t.payment.c
is_open = _p.state.in_([sa.literal_column(f"'{state}'") for state in t.OPEN_STATES])  # as the index has it
_every_till = _p.till > sa.literal_column("''")  # or a file reads an index of all rather than that of what is open
_FEW = 3_000  # payments that a filter leaves, at most, to be read whole for one page
_ALL = 1_000_000  # rows of the running totals: more than there are
_FIRST_WINDOW = 2_000  # ids; each further one is four times as wide
_MANY_NAMES = 500  # posts: to look each of them up in every window would take longer than to walk
Found = tuple[int, int]  # id and amount of a payment
Wanted = sa.ColumnElement[bool]


def find(connection: sa.Connection, search: Search) -> list[int]:
    """The ids of a page, in the order of the search."""
    look = _Look(connection, search)
    if look.impossible:
        return []
    if not shown(search.text):
        return [found[0] for found in look.without_text()]
    found = {*look.with_text(meaning(search.text))}
    by_amount, down = search.sort.by_amount, search.sort.descending
    order = sorted(found, key=lambda each: (each[1], each[0]) if by_amount else each[:1], reverse=down)
    return [each[0] for each in order[: search.limit]]


def totals_found(connection: sa.Connection, search: Search) -> Totals:
    """Figures of everything that a search finds: by the running totals where it has no text, else from its rows."""
    if not shown(search.text) and not search.attention and whole_days(search) and not _beside(search):
        return totals(connection, cells_of(search))
    span = together(spans(connection, cells_of(search))) if search.since or search.until else None
    if span is None and (search.since or search.until):
        return totals_of({})
    wanted = [*_limits(search), *_meant(search, span)]
    received = sa.func.sum(sa.func.coalesce(_p.amount_paid, _p.amount))
    figures = sa.select(_p.state, sa.func.count(), received).where(*wanted).group_by(_p.state)
    back = sa.select(sa.func.sum(t.refund.c.amount)).select_from(t.refund.join(t.payment))
    rows = connection.execute(figures).all()
    refunded = connection.scalar(back.where(*wanted, _p.state == State.PAID.value)) or 0
    return totals_of({row[0]: (int(row[1]), int(row[2]), int(refunded)) for row in rows})


def _meant(search: Search, span: DaySpan | None) -> list[Wanted]:
    """What holds beside the filters: the text, and the ids between which the days are."""
    within: list[Wanted] = [_p.id.between(span.first_id, span.last_id)] if span else []
    if search.post is not None:
        within.append(_p.id.in_(of_post(search.post).ids))
    if not shown(search.text):
        return within
    meant = meaning(search.text)
    ids = narrow_ways(meant)
    for way in broad_ways(meant):
        key = _p.id if way.key is None else way.key
        ids.append(way.ids.where(key.between(span.first_id, span.last_id)) if span else way.ids)
    if meant.amount is not None:
        ids.append(sa.select(_p.id).where(with_amount(meant.amount), *within))
    return [_p.id.in_(sa.union_all(*ids)) if ids else sa.false(), *within]


def in_order(sort: Sort) -> tuple[sa.ColumnElement[Any], ...]:
    """What to order payments by."""
    columns = (_p.amount, _p.id) if sort.by_amount else (_p.id,)
    return tuple(column.desc() if sort.descending else column.asc() for column in columns)


class _Look:
    """One page of one search."""

    def __init__(self, connection: sa.Connection, search: Search) -> None:
        self._connection = connection
        self._search = search
        self._cells = cells_of(search)
        self._filtered = bool(search.states or search.till or search.operator is not None)
        self._parts = spans(connection, self._cells) if self._cells else []
        self._span = together(self._parts)
        self.impossible = bool(self._cells) and self._span is None
        self._after = search.after.id if search.after else None
        self._limits = [*_limits(search), *_after(search)]
        self._beside_cells = [*_served(search), *_cut(search), *_beside(search), *_after(search)]

    def without_text(self) -> list[Found]:
        """What the filters leave."""
        search, span = self._search, self._span
        if search.attention:
            return self._page(*self._limits)
        if search.post is not None:
            return self._by_way(of_post(search.post))
        if search.sort.by_amount:
            if span and span.payments <= 6 * _FEW:
                return self._within(span)
            return self._walk()
        if not self._filtered:
            return self._walk()
        if search.hour is not None:
            return self._by_cells(sa.true())
        page = self._page_span(search.limit)
        return self._within(page) if page else []

    def with_text(self, meant: Meaning) -> Iterator[Found]:
        """What is meant in any way, perhaps twice, and more than a page of it."""
        ids = narrow_ways(meant)
        if self._few_left():
            holds = [way.holds for way in broad_ways(meant)]
            if meant.amount is not None:
                holds.append(with_amount(meant.amount))
            if holds:
                held = sa.or_(*holds)
                yield from self._among(held)
        else:
            for way in broad_ways(meant):
                if self._at_most(way.some, way.few):
                    ids.append(way.ids)
                else:
                    yield from self._much(way)
            if meant.amount is not None:
                yield from self._page(*self._limits, self._ids_within(_p.id), with_amount(meant.amount))
        if ids:
            yield from self._page(_p.id.in_(sa.union_all(*ids)), *self._limits)

    def _among(self, held: Wanted) -> list[Found]:
        """Of the few that the filters leave, those that this holds for."""
        if self._span is None or self._search.attention:
            return self._page(*self._limits, held)
        return self._within(self._span, held)

    def _few_left(self) -> bool:
        return self._search.attention or (self._span is not None and self._span.payments <= _FEW)

    def _at_most(self, ids: Ids, limit: int) -> bool:
        some = ids.limit(limit + 1).subquery()
        return int(self._connection.scalar(sa.select(sa.func.count()).select_from(some)) or 0) <= limit

    def _by_way(self, way: Broad) -> list[Found]:
        if self._few_left():
            return self._among(way.holds)
        if self._at_most(way.some, way.few):
            return self._page(_p.id.in_(way.ids), *self._limits)
        return self._much(way)

    def _much(self, way: Broad) -> list[Found]:
        if self._search.sort.by_amount:
            return self._walk(way.holds)
        if way.key is not None and self._at_most(way.names, _MANY_NAMES):
            return self._by_windows(way.ids, way.key)
        return self._by_cells(way.holds) if self._sparse() else self._walk(way.holds)

    def _sparse(self) -> bool:
        """Whether most of the ids between are of payments that the filters leave out."""
        span = self._span
        return self._filtered and span is not None and 4 * span.payments < span.last_id - span.first_id

    def _by_cells(self, held: Wanted) -> list[Found]:
        """Through what the filters leave, from the beginning of the page, ever further until it is full."""
        found: list[Found] = []
        wanted, span = 8 * self._search.limit, None
        while len(found) < self._search.limit and (further := self._page_span(wanted)) and further != span:
            span, wanted = further, 8 * wanted
            found = self._within(span, held)
        return found

    def _page_span(self, wanted: int) -> DaySpan | None:
        """Where the first so many that the filters leave surely are."""
        down, cut = self._search.sort.descending, cut_days(self._search)
        return page_span(self._parts, self._after, descending=down, wanted=wanted, cut=cut)

    def _by_windows(self, ids: Ids, key: sa.ColumnElement[int]) -> list[Found]:
        """Through the ids, from the beginning of the page, in ever wider steps until it is full."""
        found: list[Found] = []
        for low, high in self._windows():
            found += self._page(_p.id.in_(ids.where(key.between(low, high))), *self._limits)
            if len(found) >= self._search.limit:
                break
        return found

    def _windows(self) -> Iterator[tuple[int, int]]:
        first, last = self._ends()
        width = _FIRST_WINDOW
        while first <= last:
            if self._search.sort.descending:
                yield max(first, last - width + 1), last
                last -= width
            else:
                yield first, min(last, first + width - 1)
                first += width
            width *= 4

    def _ends(self) -> tuple[int, int]:
        """The ids between which the page lies."""
        if self._span:
            first, last = self._span.first_id, self._span.last_id
        else:
            first, last = 1, int(self._connection.scalar(sa.select(sa.func.max(_p.id))) or 0)
        if self._after is not None:
            if self._search.sort.descending:
                last = min(last, self._after - 1)
            else:
                first = max(first, self._after + 1)
        return first, last

    def _walk(self, *wanted: Wanted) -> list[Found]:
        """In the order of the page, until it is full."""
        if not self._search.sort.by_amount:
            return self._page(*wanted, *self._limits, self._ids_within(_p.id))
        found: list[Found] = []
        for part in _parts_after(self._search):
            found += self._page(*wanted, *self._limits, *part, self._ids_within(_unkeyed(_p.id)))
            if len(found) >= self._search.limit:
                break
        return found[: self._search.limit]

    def _ids_within(self, key: sa.ColumnElement[int]) -> Wanted:
        return key.between(self._span.first_id, self._span.last_id) if self._span else sa.true()

    def _within(self, span: DaySpan, *wanted: Wanted) -> list[Found]:
        """A page of what lies in a span, by the index that has a filter's days, tills and states together."""
        ids = _p.id.between(span.first_id, span.last_id)
        if not self._filtered:
            return self._page(ids, *self._limits, *wanted)
        c = t.tally.c
        cell = sa.select(c.day, c.till, c.state).distinct()
        cell = cell.where(*self._cells, c.day.between(span.first_day, span.last_day), c.payments > 0)
        # Its limit, which it never comes to, lets it be worked out first, whatever is thought of the tables' sizes.
        cells = cell.limit(_ALL).subquery()
        there = sa.and_(_p.day == cells.c.day, _p.till == cells.c.till, _p.state == cells.c.state)
        found = sa.select(_p.id, _p.amount).select_from(cells.join(t.payment, there))
        return self._first(found.where(ids, *self._beside_cells, *wanted))

    def _page(self, *wanted: Wanted) -> list[Found]:
        return self._first(sa.select(_p.id, _p.amount).where(*wanted))

    def _first(self, found: sa.Select[int, int]) -> list[Found]:
        rows = self._connection.execute(found.order_by(*in_order(self._search.sort)).limit(self._search.limit)).all()
        return [(int(row[0]), int(row[1])) for row in rows]


def _unkeyed(column: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    """The same column, but nothing to look rows up by: something else leads to them in the order of the page."""
    return sa.func.coalesce(column, column, type_=column.type)


def _limits(search: Search) -> list[Wanted]:
    """What holds for every payment that the search finds, whatever its text."""
    limits: list[Wanted] = []
    if search.states:
        limits.append(_unkeyed(_p.state).in_(sorted(search.states)))
    if search.attention:
        limits.append(_needs_attention())
    if search.till:
        limits.append(_unkeyed(_p.till) == search.till)
    first, last = days_of(search.since, search.until)
    if first:
        limits.append(_unkeyed(_p.day) >= first)
    if last:
        limits.append(_unkeyed(_p.day) <= last)
    return limits + _served(search) + _cut(search) + _beside(search)


def _beside(search: Search) -> list[Wanted]:
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


def _cut(search: Search) -> list[Wanted]:
    """What holds beside the days, where they are not wanted whole."""
    if whole_days(search):
        return []
    since, until = search.since, search.until
    created = _unkeyed(_p.created_at)
    return [*([created >= since] if since else []), *([created < until] if until else [])]


def _after(search: Search) -> list[Wanted]:
    if search.after is None:
        return []
    key: sa.ColumnElement[Any] = sa.tuple_(_p.amount, _p.id) if search.sort.by_amount else _p.id
    end = sa.tuple_(search.after.amount, search.after.id) if search.sort.by_amount else search.after.id
    return [key < end if search.sort.descending else key > end]


def _parts_after(search: Search) -> list[list[Wanted]]:
    """The rest of one amount, then the other amounts: each a range of the index, which a pair is not on a file."""
    after, down = search.after, search.sort.descending
    if after is None:
        return [[]]
    same = [_p.amount == after.amount, _p.id < after.id if down else _p.id > after.id]
    return [same, [_p.amount < after.amount if down else _p.amount > after.amount]]


def _needs_attention() -> Wanted:
    """`Payment.needs_attention`, by the indexes of what is open and what is odd."""
    wanted = sa.union(
        sa.select(_p.id).where(is_open, _p.state == State.REVIEW.value, _every_till),
        sa.select(_p.id).where(_p.remark.is_not(None), sa.or_(*map(_unseen, ATTENTION_REMARKS))),
    ).subquery()
    return _p.id.in_(sa.select(wanted.c.id))


def _unseen(remark: Remark) -> Wanted:
    seen = sa.func.coalesce(_p.seen, "")
    return sa.and_(_p.remark.contains(remark.value), sa.not_(seen.contains(remark.value)))
