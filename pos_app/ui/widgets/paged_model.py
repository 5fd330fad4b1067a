"""A list that is read a page at a time, as far as it is scrolled."""

from collections.abc import Callable, Collection, Sequence
from typing import Generic

from PySide6.QtCore import QObject, Signal

from pos_app.errors import PosError
from pos_app.ui.tasks import Tasks
from pos_app.ui.widgets.list_model import NOWHERE, ListModel, Row
from pos_app.ui.widgets.list_table import Index

PAGE = 100  # rows


class PagedModel(ListModel[Row], Generic[Row]):
    """Reads in tasks; an answer to an earlier question is dropped.

    Args:
        page: how many rows one reading gives at most.

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
        page: int = PAGE,
    ) -> None:
        super().__init__(headings, text, right, parent)
        self._tasks = tasks
        self._page = page
        self._read: Callable[[Row | None], Sequence[Row]] = lambda _last: []
        self._question = 0
        self._asking = False
        self._awaited = False
        self._complete = True

    @property
    def awaited(self) -> bool:
        """Whether the rows are those of an earlier question: the answer to the last one is on its way."""
        return self._awaited

    def ask(self, read: Callable[[Row | None], Sequence[Row]]) -> None:
        """Read from the beginning; the rows stay until the answer is here.

        Args:
            read: gives a page behind a row, or from the beginning; called on a thread.
        """
        self._read = read
        self._question += 1
        self._awaited = True
        self._run(None, self.show_rows)

    def show_rows(self, rows: Sequence[Row]) -> None:
        """Take over the first page."""
        self.beginResetModel()
        self._rows = list(rows)
        self._complete = len(rows) < self._page
        self.endResetModel()

    def continue_with(self, read: Callable[[Row | None], Sequence[Row]]) -> None:
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
            self._run(self._rows[-1], self._append)

    def _append(self, rows: Sequence[Row]) -> None:
        self._complete = len(rows) < self._page
        if rows:
            self.beginInsertRows(NOWHERE, len(self._rows), len(self._rows) + len(rows) - 1)
            self._rows += rows
            self.endInsertRows()

    def _run(self, last: Row | None, use: Callable[[Sequence[Row]], None]) -> None:
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

        self._tasks.run(lambda: read(last), done, failed, owner=self)
