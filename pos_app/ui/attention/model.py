"""The rows of what needs a person. Those that stay keep their place while others come and go."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import IntEnum

from PySide6.QtCore import QObject

from pos_app.domain.attention import Concern, Waiting
from pos_app.domain.operators import Act, Need
from pos_app.domain.phone import mask
from pos_app.domain.refund import due_back
from pos_app.messages import attention as words
from pos_app.messages.amounts import cell_words
from pos_app.messages.payment_facts import short_number
from pos_app.ui.widgets.list_model import NOWHERE, ListModel


class AttentionColumn(IntEnum):
    """The columns of the table."""

    WHAT = 0
    NUMBER = 1
    PHONE = 2
    AMOUNT = 3
    AGE = 4
    STEP = 5


_HEADINGS = ("What", "No", "Phone", "KES", "Waits", "Next step")


class AttentionModel(ListModel[Waiting]):
    """A row for each thing, in the order in which they were found."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(_HEADINGS, self._cell, (AttentionColumn.AMOUNT,), parent)
        self._now = datetime.min
        self._needs: Mapping[Act, Need] = {}

    @property
    def needs(self) -> Mapping[Act, Need]:
        """What is missing before who stands here may do what."""
        return self._needs

    def show_needs(self, needs: Mapping[Act, Need]) -> None:
        """Take over who may do what."""
        self._needs = needs
        self._tell_all()

    def show_items(self, items: Sequence[Waiting], now: datetime) -> None:
        """Take over what was found at a moment (UTC): rows go and come, and no other one moves in the list."""
        self._now = now
        if not self._rows:
            self._fill(items)
            return
        wanted = {item.key: item for item in items}
        for row in range(len(self._rows) - 1, -1, -1):
            if self._rows[row].key not in wanted:
                self.beginRemoveRows(NOWHERE, row, row)
                del self._rows[row]
                self.endRemoveRows()
        for row, item in enumerate(items):
            if row < len(self._rows) and self._rows[row].key == item.key:
                self._rows[row] = item
            else:
                self.beginInsertRows(NOWHERE, row, row)
                self._rows.insert(row, item)
                self.endInsertRows()
        self._tell_all()

    def _fill(self, items: Sequence[Waiting]) -> None:
        """All at once: perhaps a hundred came while nothing was there."""
        if items:
            self.beginInsertRows(NOWHERE, 0, len(items) - 1)
            self._rows = list(items)
            self.endInsertRows()

    def _tell_all(self) -> None:
        if self._rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._rows) - 1, len(AttentionColumn) - 1))

    def _cell(self, item: Waiting, column: int) -> str:
        payment = item.payment
        match column:
            case AttentionColumn.WHAT:
                return words.name_of(item)
            case AttentionColumn.NUMBER:
                return short_number(payment.number) if payment else ""
            case AttentionColumn.PHONE:
                return mask(payment.phone) if payment else ""
            case AttentionColumn.AMOUNT:
                due = item.concern is Concern.REFUND_DUE
                return (f"{due_back(payment):,}" if due else cell_words(payment)) if payment else ""
            case AttentionColumn.AGE:
                return words.age_words(item, self._now)
            case _:
                return words.step_words(item, self._needs)
