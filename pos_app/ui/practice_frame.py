"""The frame that says, on every screen, that no money moves here."""

from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from pos_app.ui.theme import current_theme

_WIDTH = 3


class PracticeFrame(QWidget):
    """Holds the whole window; in practice with a frame round it."""

    def __init__(self, content: QWidget, practice: bool) -> None:
        super().__init__()
        self._practice = practice
        edge = _WIDTH if practice else 0
        column = QVBoxLayout(self)
        column.setContentsMargins(edge, edge, edge, edge)
        column.addWidget(content)

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self._practice:
            QPainter(self).fillRect(self.rect(), QColor(current_theme().frame))
