"""The customers that were found, and the payments of one of them: lists that load as they are scrolled."""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from enum import IntEnum
from typing import Protocol, TypeVar

from PySide6.QtCore import QObject, Signal

from pos_app.domain.customer_record import FoundCustomer
from pos_app.domain.payment import Payment
from pos_app.domain.phone import mask
from pos_app.errors import PosError
from pos_app.messages import payments as words
from pos_app.messages.amounts import cell_words
from pos_app.sales.customer_cards import PAGE
from pos_app.sales.ports import Clock
from pos_app.ui.tasks import Tasks
from pos_app.ui.widgets.list_model import NOWHERE, ListModel
from pos_app.ui.widgets.list_table import Index


class Numbered(Protocol):
    """What a list is made of, newest first: the highest id."""

    @property
    def id(self) -> int: ...


Row = TypeVar("Row", bound=Numbered)
Read = Callable[[int | None], list[Row]]  # so many from before an id, or from the beginning; called on a thread


class PagedModel(ListModel[Row]):
    """Reads a page at a time, in tasks, as far as it is scrolled; an answer to an earlier question is dropped.

    Signals:
        answered: an answer is in the rows.
        failed: the words of what went wrong.
    """

    answered = Signal()
    failed = Signal(str)

    def __init__(
        self,
        headings: Sequence[str],
        text: Callable[[Row, int], str],
        right: Collection[int],
        tasks: Tasks,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(headings, text, right, parent)
        self._tasks = tasks
        self._read: Read[Row] = lambda _before: []
        self._question = 0
        self._asking = False
        self._awaited = False
        self._complete = True

    @property
    def awaited(self) -> bool:
        """Whether the rows are those of an earlier question: the answer to the last one is on its way."""
        return self._awaited

    def ask(self, read: Read[Row]) -> None:
        """Read from the beginning; the rows stay until the answer is here."""
        self._read = read
        self._question += 1
        self._awaited = True
        self._run(None, self.show_rows)

    def show_rows(self, rows: Sequence[Row]) -> None:
        """Take over the first page."""
        self.beginResetModel()
        self._rows = list(rows)
        self._complete = len(rows) < PAGE
        self.endResetModel()

    def continue_with(self, read: Read[Row]) -> None:
        """Where the rest comes from; questions on their way are dropped."""
        self._read = read
        self._question += 1
        self._asking = self._awaited = False

    def canFetchMore(self, parent: Index) -> bool:
        """Whether there may be more, and none are on their way."""
        return not (parent.isValid() or self._complete or self._asking)

    def fetchMore(self, parent: Index) -> None:
        """Read the next page; the view calls this when it is scrolled to the end."""
        if self.canFetchMore(parent) and self._rows:
            self._run(self._rows[-1].id, self._append)

    def _append(self, rows: Sequence[Row]) -> None:
        self._complete = len(rows) < PAGE
        if rows:
            self.beginInsertRows(NOWHERE, len(self._rows), len(self._rows) + len(rows) - 1)
            self._rows += rows
            self.endInsertRows()

    def _run(self, before: int | None, use: Callable[[Sequence[Row]], None]) -> None:
        question, read = self._question, self._read
        self._asking = True

        def done(rows: Sequence[Row]) -> None:
            if question == self._question:
                self._asking = self._awaited = False
                use(rows)
                self.answered.emit()

        def failed(error: PosError) -> None:
            if question == self._question:
                self._asking = self._awaited = False
                self.failed.emit(error.user_text)

        self._tasks.run(lambda: read(before), done, failed, owner=self)


class CustomerColumn(IntEnum):
    """The columns of the customers."""

    PHONE = 0
    NAME = 1


class CustomersModel(PagedModel[FoundCustomer]):
    """Customers, newest first, their numbers masked."""

    def __init__(self, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(("Phone", "Name"), _customer_text, (), tasks, parent)

    def row_of(self, customer_id: int) -> int | None:
        """Where a customer stands, or None."""
        return next((row for row, one in enumerate(self._rows) if one.id == customer_id), None)


class TheirColumn(IntEnum):
    """The columns of a customer's payments."""

    TIME = 0
    POST = 1
    AMOUNT = 2
    STATE = 3


class TheirPaymentsModel(PagedModel[Payment]):
    """The payments of one customer, newest first."""

    def __init__(self, tasks: Tasks, clock: Clock, parent: QObject | None = None) -> None:
        super().__init__(
            ("Time", "Post", "KES", "State"),
            lambda payment, column: _payment_text(payment, column, clock.corrected()),
            (TheirColumn.AMOUNT,),
            tasks,
            parent,
        )


def _customer_text(customer: FoundCustomer, column: int) -> str:
    return mask(customer.phone) if column == CustomerColumn.PHONE else customer.name or ""


def _payment_text(payment: Payment, column: int, now: datetime) -> str:
    match column:
        case TheirColumn.TIME:
            return words.since(payment.created_at, now)
        case TheirColumn.POST:
            return payment.post_title
        case TheirColumn.AMOUNT:
            return cell_words(payment)
        case _:
            return words.pill_words(payment)
