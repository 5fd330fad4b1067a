"""A thin bar that fills from the left."""

from PySide6.QtCore import QRectF, QSizeF
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from pos_app.ui.style.state_style import ColourRole
from pos_app.ui.style.theme import current_theme
from pos_app.ui.widgets import painting

_HEIGHT = 4
_ABOVE = 5  # px of air


class ThinProgress(QWidget):
    """Shows how much of the customer's time is over; what it means is said in words beside it."""

    def __init__(self, colour: ColourRole = ColourRole.WAITING) -> None:
        super().__init__()
        self._colour = colour
        self._part = 0.0
        self.setFixedHeight(_HEIGHT + _ABOVE)

    def set_part(self, part: float) -> None:
        """Set how much is done, from 0 to 1."""
        self._part = min(1.0, max(0.0, part))
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = current_theme()
        painter = QPainter(self)
        painting.begin(painter)
        rect = QRectF(self.contentsRect()).adjusted(0, _ABOVE, 0, 0)
        painting.box(painter, rect, fill=theme.line, border=None, radius=_HEIGHT / 2)
        done = QRectF(rect.topLeft(), QSizeF(max(float(_HEIGHT), rect.width() * self._part), _HEIGHT))
        painting.box(painter, done, fill=theme.role(self._colour).text, border=None, radius=_HEIGHT / 2)
