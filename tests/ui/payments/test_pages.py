"""The rows of a look-up as pages: what is held, what was let go, and where a new one belongs."""

from collections.abc import Callable, Iterable

import pytest

from pos_app.domain.payment import Payment
from pos_app.domain.search import PageEnd, Sort
from pos_app.ui.payments.pages import Gap, Pages, end_of

Make = Callable[..., Payment]


@pytest.fixture
def make(make_payment: Make) -> Make:
    return lambda number, amount=250: make_payment(id=number, amount=amount)


@pytest.fixture
def pages(make: Make) -> Pages:
    """Ten pages of ten, newest first: 200, 198 ... 2."""
    made = Pages()
    for page in range(10):
        made.append([make(200 - 20 * page - 2 * row) for row in range(10)])
    return made


def held(pages: Pages) -> list[int]:
    return [payment.id for payment in pages.held()]


def all_rows(pages: Pages) -> list[int | None]:
    rows = (pages.at(row) for row in range(len(pages)))
    return [payment.id if payment else None for payment in rows]


def test_every_row_has_its_payment(pages: Pages, make: Make) -> None:
    assert all_rows(pages) == list(range(200, 0, -2))
    assert pages.whole
    assert (pages.at(-1), pages.at(100)) == (None, None)
    assert pages.row_of(make(100)) == 50
    assert pages.row_of(make(101)) is None
    assert pages.last == PageEnd(2, 250)
    assert Pages().last is None


def test_what_is_far_from_what_is_seen_is_let_go(pages: Pages, make: Make) -> None:
    pages.keep((45, 49, 3))
    assert held(pages) == [*range(200, 140, -2), *range(160, 80, -2)][:30] + list(range(140, 60, -2))
    assert len(pages) == 100
    assert not pages.whole
    assert (pages.at(99), pages.row_of(make(2)), pages.row_of(make(4))) == (None, None, None)
    assert pages.missing((45, 49, 3)) is None
    assert pages.missing((99, 3)) == 9
    assert pages.missing((-1, 500)) is None


def test_what_was_let_go_is_asked_for_by_where_it_began_and_ended(pages: Pages, make: Make) -> None:
    pages.keep((0,))
    assert pages.bounds(5) == (end_of(make(102)), end_of(make(82)), 10)
    pages.restore(5, [make(number) for number in range(100, 81, -2)])
    assert pages.row_of(make(100)) == 50
    assert all_rows(pages)[49:61] == [None, *range(100, 81, -2), None]


@pytest.mark.parametrize("rows", [[], [100], [101, *range(100, 81, -2)]])
def test_meanwhile_more_or_fewer_of_them_match(pages: Pages, make: Make, rows: Iterable[int]) -> None:
    pages.keep((0,))
    expected = len(list(rows))
    pages.resize(5, expected)
    if expected:
        pages.restore(5, [make(number) for number in rows])
    assert len(pages) == 90 + expected
    assert pages.start_of(5) == 50
    assert all_rows(pages)[50 : 50 + expected] == list(rows)


@pytest.mark.parametrize(
    ("number", "row", "above", "below"),
    [(201, 0, None, 200), (199, 1, 200, 198), (181, 10, 182, 180), (1, 100, 2, None)],
)
def test_a_new_one_belongs_between_two(
    pages: Pages, make: Make, number: int, row: int, above: int | None, below: int | None
) -> None:
    places = [None if one is None else end_of(make(one)) for one in (above, below)]
    assert pages.gap_of(make(number)) == Gap(row, *places)
    pages.insert(row, [make(number)])
    assert all_rows(pages) == sorted([*range(200, 0, -2), number], reverse=True)
    assert pages.row_of(make(number)) == row


def test_a_new_one_into_nothing(make: Make) -> None:
    pages = Pages()
    assert pages.gap_of(make(1)) == Gap(0, None, None)
    pages.append([])
    pages.insert(0, [make(1)])
    assert all_rows(pages) == [1]


def test_a_new_one_beside_what_was_let_go(pages: Pages, make: Make) -> None:
    """At the edge of a page its place is known; within it is not."""
    pages.keep((99,))
    assert pages.gap_of(make(199)) is None
    assert pages.gap_of(make(200)) is None
    top, edge = make(201), make(181)
    assert pages.gap_of(top) == Gap(0, None, end_of(make(200)))
    pages.insert(0, [top])
    gap = pages.gap_of(edge)
    assert gap == Gap(11, end_of(make(182)), end_of(make(180)))
    pages.insert(11, [edge])
    assert (len(pages), pages.at(0), pages.at(11), pages.at(12)) == (102, top, edge, None)


@pytest.mark.parametrize("sort", Sort)
def test_each_order_has_its_places(make: Make, sort: Sort) -> None:
    amounts = {1: 50, 2: 250, 3: 50, 5: 20}
    ways = {
        Sort.NEWEST: [5, 3, 2, 1],
        Sort.OLDEST: [1, 2, 3, 5],
        Sort.HIGHEST: [2, 3, 1, 5],
        Sort.LOWEST: [5, 1, 3, 2],
    }
    pages = Pages(sort, [make(number, amounts[number]) for number in ways[sort]])
    assert [pages.row_of(make(number, amounts[number])) for number in ways[sort]] == [0, 1, 2, 3]
    new = make(4, 50)
    gap = pages.gap_of(new)
    assert gap is not None
    pages.insert(gap.row, [new])
    more = {
        Sort.NEWEST: [5, 4, 3, 2, 1],
        Sort.OLDEST: [1, 2, 3, 4, 5],
        Sort.HIGHEST: [2, 4, 3, 1, 5],
        Sort.LOWEST: [5, 1, 3, 4, 2],
    }
    assert all_rows(pages) == more[sort]


def test_another_version_takes_its_row(pages: Pages, make: Make) -> None:
    other = make(100)
    pages.set(50, other)
    assert pages.at(50) is other
