"""The figures of each group as a table: the same numbers as in the picture."""

from enum import IntEnum

from PySide6.QtCore import QObject, Qt

from pos_app.domain.takings import By, Key, Taking, Takings
from pos_app.messages.takings import HEADINGS, group_words
from pos_app.ui.widgets.list_model import ListModel


class TakingColumn(IntEnum):
    """The columns of the table."""

    NAME = 0
    PAYMENTS = 1
    PAID = 2
    ASKED = 3
    RECEIVED = 4
    REFUNDED = 5
    NET = 6


FIGURES = ("Payments", "Paid", "KES asked", "KES paid", "Refunded", "KES net")
_FIRST_FIGURE = int(TakingColumn.PAYMENTS)


class TakingsModel(ListModel[Taking]):
    """A row for each group, in the order of the takings."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(("", *FIGURES), self._cell, range(_FIRST_FIGURE, len(TakingColumn)), parent)
        self._by = By.DAY

    def show_takings(self, takings: Takings | None) -> None:
        """Take over the groups; None: nothing is shown."""
        self.beginResetModel()
        self._rows = list(takings.groups) if takings else []
        self._by = takings.by if takings else self._by
        self._headings = (HEADINGS[self._by], *FIGURES)
        self.endResetModel()
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, 0)

    def row_of(self, key: Key) -> int | None:
        """Where a group stands, or None."""
        return next((row for row, group in enumerate(self._rows) if group.key == key), None)

    def name_of(self, group: Taking) -> str:
        """What a group is called."""
        return group_words(self._by, group)

    def _cell(self, group: Taking, column: int) -> str:
        if column == TakingColumn.NAME:
            return self.name_of(group)
        figures = (group.payments, group.paid, group.asked, group.received, group.refunded, group.net)
        figure = figures[column - _FIRST_FIGURE]
        of_no_payment = not group.payments and column in (TakingColumn.PAYMENTS, TakingColumn.PAID, TakingColumn.ASKED)
        return "" if of_no_payment else f"{figure:,}"
