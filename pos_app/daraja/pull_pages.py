"""The pages of Pull Transactions, put together: all of them, or nothing is concluded."""

from enum import Enum

from pos_app.daraja.pull_wire import PulledPage
from pos_app.daraja.wire import TokenRefused
from pos_app.domain.pulled import NotPulled, PulledRow, PullTrouble

_MOST_PAGES = 500


class _Doubt(Enum):
    """What is asked for, where "no records" stood behind a page."""

    NONE = 0
    LAST_PAGE = 1
    BEHIND_IT = 2


class PulledPages:
    """The pages of one set, as they come: all of them, or the set cannot be used.

    "No records" behind a page may be the end, or M-PESA lets the shop ask no more: the last page is asked for again,
    and what is behind it, before it counts as the end.

    Attributes:
        ended: the last page came.
    """

    def __init__(self) -> None:
        self._rows: list[PulledRow] = []
        self._receipts: set[str] = set()
        self._last = PulledPage(0)
        self._asked = 0
        self._count = 0
        self._doubt = _Doubt.NONE
        self.ended = False

    @property
    def offset(self) -> int:
        """Where the next page begins."""
        return self._count - (self._last.count if self._doubt is _Doubt.LAST_PAGE else 0)

    @property
    def rows(self) -> tuple[PulledRow, ...]:
        """All that somebody paid."""
        return tuple(self._rows)

    def take(self, page: PulledPage | NotPulled | TokenRefused) -> NotPulled | None:
        """The next page; gives why the set cannot be used, where it cannot."""
        self._asked += 1
        if isinstance(page, TokenRefused):
            page = NotPulled(PullTrouble.CREDENTIALS, "access token refused")
        if isinstance(page, NotPulled):
            return self._incomplete(page.detail) if self._asked > 1 else page
        if page.quiet and not self._count:
            return NotPulled(PullTrouble.NO_RECORDS)
        if self._asked > _MOST_PAGES:
            return self._incomplete("too many pages")
        if page.quiet:
            return self._end_in_doubt()
        return self._same_again(page) if self._doubt is _Doubt.LAST_PAGE else self._add(page)

    def _end_in_doubt(self) -> NotPulled | None:
        if self._doubt is _Doubt.LAST_PAGE:
            return self._incomplete("no records, where there were some")
        self.ended = self._doubt is _Doubt.BEHIND_IT
        self._doubt = _Doubt.LAST_PAGE
        return None

    def _same_again(self, page: PulledPage) -> NotPulled | None:
        self._doubt = _Doubt.BEHIND_IT
        return None if _codes(page) == _codes(self._last) else self._incomplete("another page than before")

    def _add(self, page: PulledPage) -> NotPulled | None:
        fresh = {row.receipt for row in page.rows} - self._receipts
        if page.rows and not fresh:
            return self._incomplete("the same page again")
        self.ended = page.count == 0
        self._doubt, self._last = _Doubt.NONE, page
        self._count += page.count
        self._rows += page.rows
        self._receipts |= fresh
        return None

    def _incomplete(self, why: str) -> NotPulled:
        return NotPulled(PullTrouble.INCOMPLETE, f"page {self._asked}: {why}")


def _codes(page: PulledPage) -> tuple[int, list[str]]:
    return page.count, [row.receipt for row in page.rows]
