"""How a row of a list is painted: calm text, a hairline below, the selection in soft green."""

from abc import abstractmethod

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from pos_app.ui.style.theme import Theme, current_theme
from pos_app.ui.widgets.list_table import ROW_HEIGHT, Index, ListTable


class ListDelegate(QStyledItemDelegate):
    """Paints the ground of a cell of its table; what stands in it is the subclass's."""

    def __init__(self, table: ListTable) -> None:
        super().__init__(table)
        self._table = table

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        """Rows are tall enough to be touched."""
        return QSize(80, ROW_HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one cell."""
        theme = current_theme()
        rect = QRectF(option.rect)
        painter.save()
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, QColor(theme.soft))
        painter.setPen(QColor(theme.line))
        painter.drawLine(rect.bottomLeft() - QPointF(0, 0.5), rect.bottomRight() - QPointF(0, 0.5))
        left, right = self._table.padding(index.column())
        self.paint_content(painter, rect.adjusted(left, 0, -right, 0), index, theme)
        painter.restore()

    @abstractmethod
    def paint_content(self, painter: QPainter, rect: QRectF, index: Index, theme: Theme) -> None:
        """Paint what stands in a cell."""


def paint_text(painter: QPainter, rect: QRectF, index: Index, font: QFont, colour: str, short: str = "") -> None:
    """The cell's text in one line, aligned as its model says; names with the same beginning differ.

    Args:
        short: what stands there instead, where the text has no room.
    """
    painter.setFont(font)
    painter.setPen(QColor(colour))
    metrics, text = painter.fontMetrics(), str(index.data())
    if short and metrics.horizontalAdvance(text) > int(rect.width()):
        text = short
    shown = metrics.elidedText(text, Qt.TextElideMode.ElideMiddle, int(rect.width()))
    painter.drawText(rect, index.data(Qt.ItemDataRole.TextAlignmentRole), shown)
