"""The payments that a look-up found, loaded a page at a time and held near what is seen."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from enum import IntEnum

from PySide6.QtCore import QObject, Signal

from pos_app.domain.kenya_time import shop_day
from pos_app.domain.payment import Payment
from pos_app.domain.phone import mask
from pos_app.domain.search import PageEnd, Search, Sort
from pos_app.errors import PosError
from pos_app.messages import payments as words
from pos_app.messages.amounts import cell_words
from pos_app.messages.payment_facts import short_number
from pos_app.sales.ports import Clock, Reader
from pos_app.ui.payments.pages import Gap, Pages
from pos_app.ui.tasks import Tasks
from pos_app.ui.widgets.list_model import NOWHERE, ListModel
from pos_app.ui.widgets.list_table import Index


class PaymentColumn(IntEnum):
    """The columns of the table."""

    TIME = 0
    NUMBER = 1
    POST = 2
    PHONE = 3
    AMOUNT = 4
    STATE = 5
    CODE = 6


HEADINGS = ("Time", "No", "Post", "Phone", "KES", "State", "Code")
SORTED = {  # by which columns, and which way first
    PaymentColumn.TIME: (Sort.NEWEST, Sort.OLDEST),
    PaymentColumn.AMOUNT: (Sort.HIGHEST, Sort.LOWEST),
}
_AHEAD = 50  # rows before the end at which more are asked for, so that nobody waits for them


class PaymentsModel(ListModel[Payment]):
    """Asks the reader in a task, a page at a time, and holds only the pages near what is seen: a million payments cost
    no more than some hundred. Rows that were let go stand empty until they are asked for again.

    Signals:
        answered: an answer of the reader is in the rows.
        failed: the words of what went wrong.
    """

    answered = Signal()
    failed = Signal(str)

    def __init__(self, reader: Reader, tasks: Tasks, clock: Clock, parent: QObject | None = None) -> None:
        super().__init__(
            HEADINGS, lambda payment, column: _text(payment, column, clock.corrected()), (PaymentColumn.AMOUNT,), parent
        )
        self._clock = clock
        self._reader = reader
        self._tasks = tasks
        self._search = Search()
        self._pages = Pages()
        self._question = 0  # counts the look-ups, so that an answer to an older one is dropped
        self._asking = False
        self._answered = self._search  # whose rows these are, or whose failure was told
        self._meanwhile: list[Payment] = []
        self._seen: tuple[int, ...] = ()
        self._ended = True

    @property
    def awaited(self) -> bool:
        """Whether the rows are those of another look-up: the answer to the last one is on its way."""
        return self._answered != self._search

    @property
    def complete(self) -> bool:
        """Whether every payment that matches is held."""
        return self._ended and self._pages.whole

    @property
    def payments(self) -> tuple[Payment, ...]:
        """The payments that are held, in the order of the rows."""
        return tuple(self._pages.held())

    def reaches_another_year(self) -> bool:
        """Whether any that is held was opened in another year than this one, in the shop."""
        opened = [payment.created_at for payment in self.payments]
        this_year = shop_day(self._clock.corrected()).year
        return any(shop_day(moment).year != this_year for moment in (min(opened), max(opened))) if opened else False

    def row_at(self, row: int) -> Payment | None:
        """What stands in a row; None where there is no such row, or until it is asked for again."""
        return self._pages.at(row)

    def rowCount(self, parent: Index = NOWHERE) -> int:
        """How many rows there are."""
        return 0 if parent.isValid() else len(self._pages)

    def row_of(self, payment: Payment) -> int | None:
        """Where a payment stands, or None."""
        return self._pages.row_of(payment)

    def find(self, search: Search) -> None:
        """Look up; the rows stay until the answer is here, and an answer to an earlier look-up is dropped."""
        self._search = search
        self._question += 1
        self._ask(search, self._replace)

    def look_at(self, first: int, last: int, current: int) -> None:
        """These rows are seen, and one is current: they are held, those far from them are let go."""
        self._seen = (first, last, current)
        self._pages.keep(self._seen)
        if last >= len(self._pages) - _AHEAD:
            self.fetchMore(NOWHERE)
        self._ask_for_seen()

    def show_change(self, payment: Payment) -> None:
        """A payment changed: its row changes in place; one that is new to the list is looked up and added."""
        row = self.row_of(payment)
        if row is not None:
            self._set_row(row, payment)
        if self._asking:
            self._meanwhile.append(payment)  # the answer on its way may have been read before the change
        elif row is None:
            self._ask_for_new(payment)

    def canFetchMore(self, parent: Index) -> bool:
        """Whether more payments match and none are on their way."""
        return not (parent.isValid() or self._ended or self._asking)

    def fetchMore(self, parent: Index) -> None:
        """Load the next page; the view calls this when it is scrolled to the end."""
        last = self._pages.last
        if self.canFetchMore(parent) and last:
            self._ask(replace(self._search, after=last), self._append)

    def _ask(self, search: Search, use: Callable[[list[Payment]], None]) -> None:
        question = self._question
        self._asking = True

        def done(payments: list[Payment]) -> None:
            if question != self._question:
                return
            self._answered = self._search
            use(payments)  # still asking: whoever hears of the rows must not ask for what follows them
            if question == self._question:
                self._asking = False
            self._catch_up()
            self.answered.emit()

        def failed(error: PosError) -> None:
            if question == self._question:
                self._asking = False
                self._answered = self._search
                self.failed.emit(error.user_text)

        self._tasks.run(lambda: self._reader.search(search), done, failed, owner=self)

    def _catch_up(self) -> None:
        """Show what changed while an answer was on its way, look up what is new to the list, and what is seen now."""
        changed, self._meanwhile = self._meanwhile, []
        for payment in changed:
            self.show_change(payment)
        self._ask_for_seen()

    def _ask_for_seen(self) -> None:
        """What is seen and was let go comes again, a page at a time."""
        page = None if self._asking else self._pages.missing(self._seen)
        if page is not None:
            above, last, count = self._pages.bounds(page)
            search = replace(self._search, after=above, limit=count + self._search.limit)
            self._ask(search, lambda payments: self._restore(page, last, payments, search.limit))

    def _ask_for_new(self, payment: Payment) -> None:
        """What has come where this one would stand, if that matches."""
        gap = self._pages.gap_of(payment)
        if gap is not None and (gap.after is not None or self._ended):
            self._ask(replace(self._search, after=gap.before), lambda payments: self._fill(gap, payments))

    def _replace(self, payments: list[Payment]) -> None:
        self.beginResetModel()
        self._pages = Pages(self._search.sort, payments)
        self._ended = len(payments) < self._search.limit
        self._seen = ()
        self.endResetModel()

    def _append(self, payments: list[Payment]) -> None:
        self._ended = len(payments) < self._search.limit
        if payments:
            self.beginInsertRows(NOWHERE, len(self._pages), len(self._pages) + len(payments) - 1)
            self._pages.append(payments)
            self.endInsertRows()

    def _fill(self, gap: Gap, payments: list[Payment]) -> None:
        """Take over what is new without losing anybody's place in the list."""
        new = [payment for payment in payments if self._pages.comes_before(payment, gap.after)]
        if gap.after is None:
            self._ended = len(payments) < self._search.limit
        elif new and len(new) == self._search.limit:  # and more of them may lie behind: no hole is left
            self._start_again(gap, payments)
            return
        if new:
            self.beginInsertRows(NOWHERE, gap.row, gap.row + len(new) - 1)
            self._pages.insert(gap.row, new)
            self.endInsertRows()

    def _start_again(self, gap: Gap, payments: list[Payment]) -> None:
        if gap.before is None:
            self._replace(payments)
        else:
            self.find(self._search)

    def _restore(self, page: int, last: PageEnd, payments: list[Payment], limit: int) -> None:
        """Rows that were let go are here again; meanwhile some may have come, and some match no more."""
        behind = next((at for at, one in enumerate(payments) if not self._pages.reaches(one, last)), None)
        if behind is None and len(payments) == limit:
            self.find(self._search)
            return
        rows, count = payments[:behind], self._pages.bounds(page)[2]
        first = self._pages.start_of(page)
        if len(rows) > count:
            self.beginInsertRows(NOWHERE, first + count, first + len(rows) - 1)
            self._pages.resize(page, len(rows))
            self.endInsertRows()
        elif len(rows) < count:
            self.beginRemoveRows(NOWHERE, first + len(rows), first + count - 1)
            self._pages.resize(page, len(rows))
            self.endRemoveRows()
        if rows:
            self._pages.restore(page, rows)
            self._tell_rows(first, first + len(rows) - 1)

    def _set_row(self, row: int, payment: Payment) -> None:
        known = self._pages.at(row)
        if known is not None and payment.version >= known.version:
            self._pages.set(row, payment)
            self._tell_rows(row, row)

    def _tell_rows(self, first: int, last: int) -> None:
        self.dataChanged.emit(self.index(first, 0), self.index(last, len(PaymentColumn) - 1))


def _text(payment: Payment, column: int, now: datetime) -> str:
    match column:
        case PaymentColumn.TIME:
            return words.since(payment.created_at, now)
        case PaymentColumn.NUMBER:
            return short_number(payment.number)
        case PaymentColumn.POST:
            return payment.post_title
        case PaymentColumn.PHONE:
            return mask(payment.phone)
        case PaymentColumn.AMOUNT:
            return cell_words(payment)
        case PaymentColumn.STATE:
            return words.pill_words(payment)
        case _:
            return payment.receipt or ""
