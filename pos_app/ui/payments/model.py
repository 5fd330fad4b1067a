"""The payments that a look-up found, newest first, loaded a page at a time."""

from bisect import bisect_left
from collections.abc import Callable
from datetime import datetime
from enum import IntEnum

from PySide6.QtCore import QObject, Signal

from pos_app.domain.payment import Payment
from pos_app.domain.phone import mask
from pos_app.domain.search import Search
from pos_app.errors import PosError
from pos_app.messages import payments as words
from pos_app.messages.amounts import cell_words
from pos_app.sales.ports import Clock, Reader
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


class PaymentsModel(ListModel[Payment]):
    """Asks the reader in a task and keeps only what was scrolled to, so a million payments cost no more than few.

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
        self._reader = reader
        self._tasks = tasks
        self._search = Search()
        self._question = 0  # counts the look-ups, so that an answer to an older one is dropped
        self._asking = False
        self._meanwhile: list[Payment] = []
        self._complete = True

    @property
    def complete(self) -> bool:
        """Whether every payment that matches is in the rows."""
        return self._complete

    @property
    def payments(self) -> tuple[Payment, ...]:
        """The payments that are loaded, in the order of the rows."""
        return tuple(self._rows)

    def find(self, search: Search) -> None:
        """Look up; the rows stay until the answer is here, and an answer to an earlier look-up is dropped."""
        self._search = search
        self._question += 1
        self._ask(search, self._replace)

    def show_change(self, payment: Payment) -> None:
        """A payment changed: its row changes in place; one that is new to the list is looked up and added."""
        row = self.row_of(payment.id)
        if row is not None:
            self._set_row(row, payment)
        if self._asking:
            self._meanwhile.append(payment)  # the answer on its way may have been read before the change
        elif row is None:
            self._ask(self._search, self._merge)

    def row_of(self, payment_id: int) -> int | None:
        """Where a payment stands, or None."""
        row = self._place(payment_id)
        return row if row < len(self._rows) and self._rows[row].id == payment_id else None

    def canFetchMore(self, parent: Index) -> bool:
        """Whether older payments match and none are on their way."""
        return not (parent.isValid() or self._complete or self._asking)

    def fetchMore(self, parent: Index) -> None:
        """Load the next page; the view calls this when it is scrolled to the end."""
        if self.canFetchMore(parent) and self._rows:
            self._ask(self._search.following(self._rows[-1]), self._append)

    def _ask(self, search: Search, use: Callable[[list[Payment]], None]) -> None:
        question = self._question
        self._asking = True

        def done(payments: list[Payment]) -> None:
            if question != self._question:
                return
            self._asking = False
            use(payments)
            self._catch_up()
            self.answered.emit()

        def failed(error: PosError) -> None:
            if question == self._question:
                self._asking = False
                self.failed.emit(error.user_text)

        self._tasks.run(lambda: self._reader.search(search), done, failed, owner=self)

    def _catch_up(self) -> None:
        """Show what changed while an answer was on its way; one more look-up finds all that are new to the list."""
        changed, self._meanwhile = self._meanwhile, []
        rows = [(self.row_of(payment.id), payment) for payment in changed]
        for row, payment in rows:
            if row is not None:
                self._set_row(row, payment)
        if any(row is None for row, _ in rows):
            self._ask(self._search, self._merge)

    def _replace(self, payments: list[Payment]) -> None:
        self.beginResetModel()
        self._rows = payments
        self._complete = len(payments) < self._search.limit
        self.endResetModel()

    def _append(self, payments: list[Payment]) -> None:
        self._complete = len(payments) < self._search.limit
        if payments:
            self.beginInsertRows(NOWHERE, len(self._rows), len(self._rows) + len(payments) - 1)
            self._rows += payments
            self.endInsertRows()

    def _merge(self, payments: list[Payment]) -> None:
        """Take over the newest page without losing anybody's place in the list."""
        gap = not self._rows or (len(payments) == self._search.limit and payments[-1].id > self._rows[0].id)
        if gap:
            self._replace(payments)
            return
        for payment in payments:
            row = self._place(payment.id)
            if row < len(self._rows) and self._rows[row].id == payment.id:
                self._set_row(row, payment)
            else:
                self.beginInsertRows(NOWHERE, row, row)
                self._rows.insert(row, payment)
                self.endInsertRows()

    def _set_row(self, row: int, payment: Payment) -> None:
        if payment.version >= self._rows[row].version:
            self._rows[row] = payment
            self.dataChanged.emit(self.index(row, 0), self.index(row, len(PaymentColumn) - 1))

    def _place(self, payment_id: int) -> int:
        return bisect_left(self._rows, -payment_id, key=lambda payment: -payment.id)


def short_number(number: str) -> str:
    """`A-0042` for `A-20261123-0042`: enough in a list that shows the time beside it."""
    parts = number.split("-")
    return f"{parts[0]}-{parts[-1]}" if len(parts) == 3 else number


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
