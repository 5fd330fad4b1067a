"""Pages are put together whole, or nothing is concluded."""

from datetime import datetime
from decimal import Decimal

import pytest

from pos_app.daraja import pull_pages
from pos_app.daraja.pull_pages import PulledPages
from pos_app.daraja.pull_wire import PulledPage
from pos_app.daraja.wire import TokenRefused
from pos_app.domain.pulled import NotPulled, PulledRow, PullTrouble

QUIET = PulledPage(0, quiet=True)
EMPTY = PulledPage(0)


def page(*numbers: int, swept: int = 0) -> PulledPage:
    rows = tuple(
        PulledRow(receipt=f"UKN{number:07}", said_at=datetime(2026, 11, 23), amount=Decimal(5)) for number in numbers
    )
    return PulledPage(len(rows) + swept, rows)


def taken(*pages: PulledPage | NotPulled | TokenRefused) -> tuple[PulledPages, NotPulled | None, list[int]]:
    """All of them in turn, the trouble of the last, and where each page after began."""
    together, trouble, offsets = PulledPages(), None, []
    for each in pages:
        assert trouble is None
        assert not together.ended
        trouble = together.take(each)
        offsets.append(together.offset)
    return together, trouble, offsets


def test_pages_up_to_an_empty_one() -> None:
    together, trouble, offsets = taken(page(1, 2, swept=1), page(3), EMPTY)
    assert (trouble, together.ended, offsets) == (None, True, [3, 4, 4])
    assert len(together.rows) == 3


def test_nothing_at_all() -> None:
    assert taken(EMPTY)[0].ended
    assert taken(QUIET)[1] == NotPulled(PullTrouble.NO_RECORDS)


@pytest.mark.parametrize("failed", [NotPulled(PullTrouble.FAILED, "HTTP 500"), TokenRefused()])
def test_a_page_that_fails_makes_the_set_incomplete(failed: NotPulled | TokenRefused) -> None:
    _, first, _ = taken(failed)
    assert first is not None
    assert first.trouble in (PullTrouble.FAILED, PullTrouble.CREDENTIALS)
    _, later, _ = taken(page(1), failed)
    assert later is not None
    assert later.trouble is PullTrouble.INCOMPLETE


def test_no_records_behind_a_page_counts_as_the_end_only_where_the_page_is_still_there() -> None:
    together, trouble, offsets = taken(page(1, swept=1), page(2), QUIET, page(2), QUIET)
    assert (trouble, together.ended, offsets) == (None, True, [2, 3, 2, 3, 2])
    assert len(together.rows) == 2


@pytest.mark.parametrize("again", [QUIET, EMPTY, page(3), page(2, swept=1), NotPulled(PullTrouble.FAILED)])
def test_where_it_is_not_the_set_is_incomplete(again: PulledPage | NotPulled) -> None:
    _, trouble, _ = taken(page(1), page(2), QUIET, again)
    assert trouble is not None
    assert trouble.trouble is PullTrouble.INCOMPLETE


def test_where_there_are_more_after_all_it_goes_on() -> None:
    together, trouble, offsets = taken(page(1), QUIET, page(1), page(2), EMPTY)
    assert (trouble, together.ended, offsets) == (None, True, [1, 0, 1, 2, 2])
    assert len(together.rows) == 2


def test_a_page_that_comes_again_and_again_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    _, trouble, _ = taken(page(1), page(1))
    assert trouble == NotPulled(PullTrouble.INCOMPLETE, "page 2: the same page again")
    monkeypatch.setattr(pull_pages, "_MOST_PAGES", 3)
    _, trouble, _ = taken(page(swept=9), page(swept=9), page(swept=9), page(swept=9))
    assert trouble == NotPulled(PullTrouble.INCOMPLETE, "page 4: too many pages")


def test_a_row_that_moved_to_the_next_page_meanwhile_is_borne() -> None:
    together, trouble, _ = taken(page(1, 2), page(2, 3), EMPTY)
    assert (trouble, together.ended) == (None, True)
