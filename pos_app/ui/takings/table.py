"""The table of takings, its columns as the room allows."""

from PySide6.QtCore import QRectF, Signal
from PySide6.QtGui import QFont, QFontMetricsF, QPainter
from PySide6.QtWidgets import QWidget

from pos_app.ui.style.theme import Theme, font, scaled
from pos_app.ui.takings.model import FIGURES, TakingColumn, TakingsModel
from pos_app.ui.widgets.list_delegate import ListDelegate, paint_text
from pos_app.ui.widgets.list_table import CELL_LEFT, CELL_RIGHT, Index, ListTable

_LONGEST = "999,999,999"
_NAME = 130  # px at the normal text size
_HEADING = 13  # px of its text
_HEADING_ROOM = 26  # px around it
_CAN_GO = (TakingColumn.PAID, TakingColumn.RECEIVED, TakingColumn.REFUNDED, TakingColumn.ASKED, TakingColumn.PAYMENTS)


class TakingDelegate(ListDelegate):
    """The net is bold, and so is the name; all else is muted."""

    def paint_content(self, painter: QPainter, rect: QRectF, index: Index, theme: Theme) -> None:
        """Paint what stands in a cell."""
        strong = index.column() in (TakingColumn.NAME, TakingColumn.NET)
        paint_text(painter, rect, index, _font(index.column()), theme.ink if strong else theme.muted)


class TakingsTable(ListTable):
    """The groups of the takings.

    Signals:
        current_changed: the row that is now current; -1 where there is none.
    """

    current_changed = Signal(int)

    def __init__(self, model: TakingsModel, parent: QWidget | None = None) -> None:
        super().__init__(model, name="takingsTable", spoken="Takings", main=TakingColumn.NAME, parent=parent)
        self.setItemDelegate(TakingDelegate(self))

    def currentChanged(self, current: Index, previous: Index) -> None:
        """Tell which row is current now."""
        super().currentChanged(current, previous)
        self.current_changed.emit(current.row())

    def fit(self) -> None:
        """The name has what the figures leave."""
        widths: dict[int, int] = {TakingColumn.NAME: scaled(_NAME)}
        for column, heading in enumerate(FIGURES, TakingColumn.PAYMENTS):
            figure = QFontMetricsF(_font(column)).horizontalAdvance(_LONGEST) + CELL_LEFT + CELL_RIGHT
            bold = font(_HEADING, QFont.Weight.DemiBold)
            widths[column] = int(max(figure, QFontMetricsF(bold).horizontalAdvance(heading) + _HEADING_ROOM)) + 1
        self.fit_columns(widths, _CAN_GO)


def _font(column: int) -> QFont:
    if column == TakingColumn.NET:
        return font(15, QFont.Weight.DemiBold)
    return font(15, QFont.Weight.Medium) if column == TakingColumn.NAME else font(15)
