"""The rows of a look-up as pages: those near what is seen are held, of the others only where they begin and end."""

from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import NamedTuple

from pos_app.domain.payment import Payment
from pos_app.domain.search import PageEnd, Sort


class Gap(NamedTuple):
    """Where a payment that is not in the rows would stand.

    Attributes:
        row: its number there.
        before: the place of the payment above it; None at the top.
        after: the place of the one below it; None at the end.
    """

    row: int
    before: PageEnd | None
    after: PageEnd | None


@dataclass(slots=True)
class _Page:
    """One page. `rows` is None where they were let go: they can be asked for again, from `first` to `last`."""

    first: PageEnd
    last: PageEnd
    count: int
    rows: list[Payment] | None


class Pages:
    """Rows in the order of a look-up. A million of them cost what some hundred do: the others are asked for again."""

    def __init__(self, sort: Sort = Sort.NEWEST, rows: Sequence[Payment] = ()) -> None:
        self._sort = sort
        self._pages: list[_Page] = []
        self._starts = [0]  # the row at which each page begins, and how many there are in all
        self.append(rows)

    def __len__(self) -> int:
        return self._starts[-1]

    @property
    def whole(self) -> bool:
        """Whether every row is held."""
        return all(page.rows is not None for page in self._pages)

    @property
    def last(self) -> PageEnd | None:
        """Where the last row stands."""
        return self._pages[-1].last if self._pages else None

    def held(self) -> Iterator[Payment]:
        """The payments that are held, in their order."""
        for page in self._pages:
            yield from page.rows or ()

    def at(self, row: int) -> Payment | None:
        """The payment of a row; None where it was let go, or where there is no such row."""
        if not 0 <= row < len(self):
            return None
        page = self.page_of(row)
        rows = self._pages[page].rows
        return rows[row - self._starts[page]] if rows is not None else None

    def row_of(self, payment: Payment) -> int | None:
        """Where a payment stands, as far as that is held."""
        row = self._place_of(end_of(payment))
        found = self.at(row) if row is not None else None
        return row if found is not None and found.id == payment.id else None

    def gap_of(self, payment: Payment) -> Gap | None:
        """Where one that is not in the rows would stand; None where that was let go."""
        place = end_of(payment)
        row = self._place_of(place)
        if row is None:
            return None
        page = bisect_right(self._starts, row) - 1
        above = self._pages[page - 1].last if row == self._starts[page] and page else None
        if above is None and row:
            above = end_of(self._sure(row - 1))
        if row == len(self):
            return Gap(row, above, None)
        below = self._pages[page].first if row == self._starts[page] else end_of(self._sure(row))
        return Gap(row, above, below)

    def comes_before(self, payment: Payment, place: PageEnd | None) -> bool:
        """Whether a payment stands before a place; None is the end."""
        return place is None or self._key(end_of(payment)) < self._key(place)

    def reaches(self, payment: Payment, place: PageEnd) -> bool:
        """Whether a payment stands at a place or before it."""
        return self._key(end_of(payment)) <= self._key(place)

    def set(self, row: int, payment: Payment) -> None:
        """Another version of the payment of a row that is held."""
        page = self.page_of(row)
        rows = self._pages[page].rows
        assert rows is not None
        rows[row - self._starts[page]] = payment

    def append(self, rows: Sequence[Payment]) -> None:
        """One more page at the end."""
        if rows:
            self._pages.append(_page(list(rows)))
            self._starts.append(len(self) + len(rows))

    def insert(self, row: int, payments: Sequence[Payment]) -> None:
        """Add payments where a `Gap` said that they stand."""
        page = min(bisect_right(self._starts, row), len(self._pages)) - 1
        if page > 0 and row == self._starts[page] and self._pages[page].rows is None:
            page -= 1  # at the edge of a page that was let go, its neighbour takes them
        rows = self._pages[page].rows if self._pages else None
        if rows is None:
            self._pages.insert(page + 1 if row else 0, _page(list(payments)))
        else:
            at = row - self._starts[page]
            self._pages[page] = _page([*rows[:at], *payments, *rows[at:]])
        self._count()

    def keep(self, rows: Iterable[int]) -> None:
        """Let every page go but those of these rows and their neighbours."""
        near = {self.page_of(row) + beside for row in rows if 0 <= row < len(self) for beside in (-2, -1, 0, 1, 2)}
        for number, page in enumerate(self._pages):
            if number not in near:
                page.rows = None

    def missing(self, rows: Collection[int]) -> int | None:
        """The first page of these rows that was let go."""
        pages = (self.page_of(row) for row in rows if 0 <= row < len(self))
        return next((page for page in sorted(set(pages)) if self._pages[page].rows is None), None)

    def page_of(self, row: int) -> int:
        """The number of the page in which a row stands."""
        return bisect_right(self._starts, row) - 1

    def bounds(self, page: int) -> tuple[PageEnd | None, PageEnd, int]:
        """What to ask a page's rows by: the place of the row above it, that of its last row, and how many they were."""
        above = self._pages[page - 1].last if page else None
        return above, self._pages[page].last, self._pages[page].count

    def start_of(self, page: int) -> int:
        """The first row of a page."""
        return self._starts[page]

    def resize(self, page: int, count: int) -> None:
        """A page that was let go has more or fewer rows by now; one without any is gone."""
        self._pages[page].count = count
        if not count:
            del self._pages[page]
        self._count()

    def restore(self, page: int, rows: Sequence[Payment]) -> None:
        """Hold the rows of a page again, as many as it has."""
        self._pages[page] = _page(list(rows))

    def _place_of(self, place: PageEnd) -> int | None:
        """The first row that does not stand before a place; None where that was let go."""
        key = self._key(place)
        number = bisect_right(self._pages, key, key=lambda page: self._key(page.first)) - 1
        if number < 0:
            return 0
        page = self._pages[number]
        if key > self._key(page.last):
            return self._starts[number + 1]
        if page.rows is None:
            return None
        behind = bisect_right(page.rows, key, key=lambda payment: self._key(end_of(payment)))
        known = behind and self._key(end_of(page.rows[behind - 1])) == key
        return self._starts[number] + behind - (1 if known else 0)

    def _key(self, place: PageEnd) -> tuple[int, int]:
        """Grows along the rows."""
        way = -1 if self._sort.descending else 1
        return (way * place.amount if self._sort.by_amount else 0), way * place.id

    def _sure(self, row: int) -> Payment:
        payment = self.at(row)
        assert payment is not None
        return payment

    def _count(self) -> None:
        self._starts = [0, *accumulate(page.count for page in self._pages)]


def end_of(payment: Payment) -> PageEnd:
    """Where a payment stands in any order."""
    return PageEnd(payment.id, payment.amount)


def _page(rows: list[Payment]) -> _Page:
    return _Page(end_of(rows[0]), end_of(rows[-1]), len(rows), rows)
