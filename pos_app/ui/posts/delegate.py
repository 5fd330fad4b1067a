"""How a post looks in a row."""

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QFont, QPainter

from pos_app.ui.posts.model import PostColumn
from pos_app.ui.style.state_style import ColourRole
from pos_app.ui.style.theme import Theme, font
from pos_app.ui.widgets import painting
from pos_app.ui.widgets.list_delegate import ListDelegate, paint_text
from pos_app.ui.widgets.list_model import ROW_ROLE
from pos_app.ui.widgets.list_table import Index
from pos_app.ui.widgets.pill import draw_pill


class PostDelegate(ListDelegate):
    """The favourite key is a key cap, on and off a pill; what is off is muted."""

    def paint_content(self, painter: QPainter, rect: QRectF, index: Index, theme: Theme) -> None:
        """Paint what stands in a cell."""
        post, text = index.data(ROW_ROLE), str(index.data())
        middle = QPointF(rect.left(), rect.center().y())
        match index.column():
            case PostColumn.KEY:
                if text:
                    top = middle - QPointF(0, painting.key_size(text).height() / 2)
                    painting.begin(painter)
                    painting.key(painter, top, text, fill=theme.sunken, line=theme.line, ink=theme.muted)
            case PostColumn.ACTIVE:
                colour, icon = (ColourRole.PAID, "check") if post.active else (ColourRole.NEUTRAL, "x")
                draw_pill(painter, middle, icon, text, colour)
            case PostColumn.NAME | PostColumn.PRICE:
                weight = QFont.Weight.Medium if index.column() == PostColumn.NAME else QFont.Weight.DemiBold
                paint_text(painter, rect, index, font(15, weight), theme.ink if post.active else theme.muted)
            case _:
                paint_text(painter, rect, index, font(15), theme.muted)
