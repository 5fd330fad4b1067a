"""The frame that says, on every screen, that no real money moves here."""

from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from pos_app.domain.receipt import Mark
from pos_app.ui.style.state_style import MARKS
from pos_app.ui.style.theme import current_theme

_WIDTH = 3


class EnvironmentFrame(QWidget):
    """Holds the whole window; where the money is played with or for testing, with a frame round it."""

    def __init__(self, content: QWidget, mark: Mark) -> None:
        super().__init__()
        self._mark = mark
        edge = _WIDTH if mark else 0
        column = QVBoxLayout(self)
        column.setContentsMargins(edge, edge, edge, edge)
        column.addWidget(content)

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self._mark:
            theme = current_theme()
            colour = theme.frame if self._mark is Mark.PRACTICE else theme.role(MARKS[self._mark]).text
            QPainter(self).fillRect(self.rect(), QColor(colour))
