"""A panel on the ground."""

from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from pos_app.ui.style.theme import RING, current_theme
from pos_app.ui.widgets import painting


class Card(QFrame):
    """A rounded panel with a thin border; `body` is its layout."""

    def __init__(self, padding: int = 20, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.body = QVBoxLayout(self)
        edge = padding + RING
        self.body.setContentsMargins(edge, edge, edge, edge)
        self.body.setSpacing(0)

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = current_theme()
        painter = QPainter(self)
        painting.begin(painter)
        rect = painting.inner(self.rect())
        painting.shadow(painter, rect, theme)
        painting.box(painter, rect, fill=theme.card, border=theme.line, radius=painting.CARD_RADIUS)
