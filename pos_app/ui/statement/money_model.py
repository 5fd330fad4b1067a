"""Money without a prompt, row by row; its table."""

from enum import IntEnum

from PySide6.QtCore import QObject, QRectF
from PySide6.QtGui import QFont, QPainter
from PySide6.QtWidgets import QWidget

from pos_app.domain.kenya_time import shop_time
from pos_app.domain.unprompted import Unprompted
from pos_app.messages.unprompted import ALL, amount_words, payer_words, state_of
from pos_app.ui.style.theme import Theme, font, scaled
from pos_app.ui.tasks import Tasks
from pos_app.ui.widgets.list_delegate import ListDelegate, paint_text
from pos_app.ui.widgets.list_table import Index, ListTable
from pos_app.ui.widgets.paged_model import PagedModel


class MoneyColumn(IntEnum):
    """The columns of the table."""

    TIME = 0
    CODE = 1
    AMOUNT = 2
    PAYER = 3
    STATE = 4


_HEADINGS = ("Time", "Code", "KES", "Who paid", "State")
_WIDTHS = {
    MoneyColumn.TIME: 160,
    MoneyColumn.CODE: 130,
    MoneyColumn.AMOUNT: 100,
    MoneyColumn.PAYER: 220,
    MoneyColumn.STATE: 165,
}
_CAN_GO = (MoneyColumn.STATE, MoneyColumn.CODE, MoneyColumn.TIME)
_STRONG = (MoneyColumn.CODE, MoneyColumn.AMOUNT)


class MoneyModel(PagedModel[Unprompted]):
    """Newest first, a page at a time."""

    def __init__(self, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(_HEADINGS, _text, (MoneyColumn.AMOUNT,), tasks, parent)


class _Delegate(ListDelegate):
    """Code and amount stand out; all else is muted."""

    def paint_content(self, painter: QPainter, rect: QRectF, index: Index, theme: Theme) -> None:
        """Paint what stands in a cell."""
        strong = index.column() in _STRONG
        weight = QFont.Weight.Medium if strong else QFont.Weight.Normal
        paint_text(painter, rect, index, font(15, weight), theme.ink if strong else theme.muted)


class MoneyTable(ListTable):
    """The list of it."""

    def __init__(self, model: MoneyModel, parent: QWidget | None = None) -> None:
        super().__init__(model, name="moneyTable", spoken=ALL, main=MoneyColumn.PAYER, parent=parent)
        self.setItemDelegate(_Delegate(self))

    def fit(self) -> None:
        """Who paid has what the others leave."""
        self.fit_columns({column: scaled(width) for column, width in _WIDTHS.items()}, _CAN_GO)


def _text(money: Unprompted, column: int) -> str:
    match column:
        case MoneyColumn.TIME:
            return shop_time(money.at)
        case MoneyColumn.CODE:
            return money.receipt
        case MoneyColumn.AMOUNT:
            return amount_words(money).removeprefix("KES ")
        case MoneyColumn.PAYER:
            return payer_words(money)
        case _:
            return money.number or state_of(money)
