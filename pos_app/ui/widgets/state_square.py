"""The small square with a state's icon, at the left of a card."""

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from pos_app.domain.payment import Payment
from pos_app.ui.style import icons
from pos_app.ui.style.state_style import ColourRole, StateStyle, state_style
from pos_app.ui.style.theme import current_theme
from pos_app.ui.widgets import painting


class StateSquare(QWidget):
    """A square in the colours of a state, with its icon."""

    def __init__(self, side: int = 36) -> None:
        super().__init__()
        self._side = side
        self._style = StateStyle("clock", ColourRole.NEUTRAL)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_payment(self, payment: Payment) -> None:
        """Show where a payment stands."""
        self.show_style(state_style(payment))

    def show_style(self, style: StateStyle) -> None:
        """Show any icon in the colours of its state style."""
        self._style = style
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._side, self._side)

    def paintEvent(self, _event: QPaintEvent) -> None:
        colours = current_theme().role(self._style.colour)
        painter = QPainter(self)
        painting.begin(painter)
        rect = QRectF(self.rect())
        painting.box(painter, rect, fill=colours.ground, border=None, radius=self._side / 4)
        size = round(self._side * 0.5)
        icons.draw(
            painter,
            self._style.icon,
            colours.text,
            QRectF(0, 0, size, size).translated(rect.center().x() - size / 2, rect.center().y() - size / 2),
        )
