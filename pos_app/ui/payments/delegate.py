"""How a payment looks in a row."""

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QFont, QFontMetricsF, QPainter

from pos_app.ui.payments.model import PaymentColumn
from pos_app.ui.style.state_style import state_style
from pos_app.ui.style.theme import Theme, font
from pos_app.ui.widgets.list_delegate import ListDelegate, paint_text
from pos_app.ui.widgets.list_model import ROW_ROLE
from pos_app.ui.widgets.list_table import CELL_LEFT, CELL_RIGHT, Index
from pos_app.ui.widgets.pill import draw_pill, pill_width

_MUTED = (PaymentColumn.TIME, PaymentColumn.NUMBER, PaymentColumn.CODE)


def cell_width(column: int, text: str) -> int:
    """How wide a column must be for a text; see `ListTable.fit_columns`."""
    if column == PaymentColumn.STATE:
        return int(pill_width("check", text)) + CELL_LEFT + CELL_RIGHT
    return int(QFontMetricsF(_font(column)).horizontalAdvance(text)) + CELL_LEFT + CELL_RIGHT + 1


class PaymentDelegate(ListDelegate):
    """The state is a pill, the amount is bold, what only identifies is muted."""

    def paint_content(self, painter: QPainter, rect: QRectF, index: Index, theme: Theme) -> None:
        """Paint what stands in a cell; nothing until a row that was let go is here again."""
        if index.data(ROW_ROLE) is None:
            return
        if index.column() == PaymentColumn.STATE:
            style = state_style(index.data(ROW_ROLE))
            draw_pill(painter, QPointF(rect.left(), rect.center().y()), style.icon, str(index.data()), style.colour)
        else:
            colour = theme.muted if index.column() in _MUTED else theme.ink
            # Of two figures, what M-PESA has is the one that counts.
            short = f"{index.data(ROW_ROLE).received:,}" if index.column() == PaymentColumn.AMOUNT else ""
            paint_text(painter, rect, index, _font(index.column()), colour, short)


def _font(column: int) -> QFont:
    match column:
        case PaymentColumn.AMOUNT:
            return font(15, QFont.Weight.DemiBold)
        case PaymentColumn.POST:
            return font(15, QFont.Weight.Medium)
        case PaymentColumn.CODE:
            return font(13)
        case _:
            return font(15)
