"""The tables of a day, their columns as the room allows."""

from PySide6.QtCore import QRectF
from PySide6.QtGui import QFont, QFontMetricsF, QPainter

from pos_app.ui.day.model import (
    FIGURES,
    CarriedColumn,
    CarriedModel,
    DayColumn,
    DayModel,
    LaterColumn,
    LaterModel,
)
from pos_app.ui.style.theme import Theme, font, scaled
from pos_app.ui.widgets.list_delegate import ListDelegate, paint_text
from pos_app.ui.widgets.list_table import CELL_LEFT, CELL_RIGHT, Index, ListTable

_LONGEST = "999,999,999"
_NAME = 130  # px at the normal text size
_NUMBER, _WHY, _AGE = "K1-20261123-12345", "Waiting for PIN", "47 h 59 min"
_HEADING, _HEADING_ROOM = 13, 26  # px of its text, and around it
_GROUPS_GO = (DayColumn.RECEIVED, DayColumn.PAID, DayColumn.REFUNDED, DayColumn.ASKED)
_CODE, _MONEY = "MQMQMQMQMQ", "KES 999,999.50"
_LATER_GO = (LaterColumn.PAYMENT, LaterColumn.OURS)
_CARRIED_GO = (CarriedColumn.AGE, CarriedColumn.AMOUNT)


class _DayDelegate(ListDelegate):
    """What a row is about is bold, and so is its last figure; all else is muted."""

    def paint_content(self, painter: QPainter, rect: QRectF, index: Index, theme: Theme) -> None:
        """Paint what stands in a cell."""
        last = index.model().columnCount() - 1
        strong = index.column() in (0, last)
        paint_text(painter, rect, index, _font(index.column(), last), theme.ink if strong else theme.muted)


class DayTable(ListTable):
    """The groups of a day."""

    def __init__(self, model: DayModel) -> None:
        super().__init__(model, name="dayTable", spoken="The day", main=DayColumn.NAME)
        self.setItemDelegate(_DayDelegate(self))

    def fit(self) -> None:
        """The name has what the figures leave."""
        widths: dict[int, int] = {DayColumn.NAME: scaled(_NAME)}
        widths |= {column: _figure(heading, column) for column, heading in enumerate(FIGURES, DayColumn.PAID)}
        self.fit_columns(widths, _GROUPS_GO)


class CarriedTable(ListTable):
    """What is carried over; Enter leads to the payment."""

    def __init__(self, model: CarriedModel) -> None:
        super().__init__(model, name="dayCarried", spoken="Carried over", main=CarriedColumn.WHY)
        self.setItemDelegate(_DayDelegate(self))

    def fit(self) -> None:
        """The reason has what the rest leaves."""
        widths: dict[int, int] = {
            CarriedColumn.NUMBER: _room(_NUMBER, CarriedColumn.NUMBER),
            CarriedColumn.WHY: _room(_WHY, CarriedColumn.WHY),
            CarriedColumn.AGE: _room(_AGE, CarriedColumn.AGE),
            CarriedColumn.AMOUNT: _figure("KES asked", CarriedColumn.AMOUNT),
        }
        self.fit_columns(widths, _CARRIED_GO)


class LaterTable(ListTable):
    """What M-PESA's record said later; Enter leads to the payment where one is meant."""

    def __init__(self, model: LaterModel) -> None:
        super().__init__(model, name="dayLater", spoken="M-PESA's record of it", main=LaterColumn.WHAT)
        self.setItemDelegate(_DayDelegate(self))

    def fit(self) -> None:
        """What it is has what the rest leaves."""
        longest = (_CODE, "Code filled in", _NUMBER, _MONEY, _MONEY)
        widths = {int(column): _room(longest[column], column, LaterColumn.THEIRS) for column in LaterColumn}
        self.fit_columns(widths, _LATER_GO)


def _room(longest: str, column: int, last: int = CarriedColumn.AMOUNT) -> int:
    width = QFontMetricsF(_font(column, last)).horizontalAdvance(longest)
    return int(width) + CELL_LEFT + CELL_RIGHT + 1


def _figure(heading: str, column: int) -> int:
    figure = QFontMetricsF(_font(column, column)).horizontalAdvance(_LONGEST) + CELL_LEFT + CELL_RIGHT
    bold = font(_HEADING, QFont.Weight.DemiBold)
    return int(max(figure, QFontMetricsF(bold).horizontalAdvance(heading) + _HEADING_ROOM)) + 1


def _font(column: int, last: int) -> QFont:
    if column == last:
        return font(15, QFont.Weight.DemiBold)
    return font(15, QFont.Weight.Medium) if column == 0 else font(15)
