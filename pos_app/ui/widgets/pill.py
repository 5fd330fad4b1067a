"""A state in a word, with its icon and colour."""

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from pos_app.domain.payment import Payment
from pos_app.messages import payments as words
from pos_app.ui.style import icons
from pos_app.ui.style.state_style import ColourRole, state_style
from pos_app.ui.style.theme import current_theme, font
from pos_app.ui.widgets import painting

HEIGHT = 26
DOT = "dot"  # instead of an icon's name
_PADDING = 10.0
_ICON = 14.0
_GAP = 5.0


def draw_pill(painter: QPainter, left_middle: QPointF, icon: str | None, text: str, colour: ColourRole) -> None:
    """Paint a pill; for delegates of lists. `DOT` as the icon is a filled circle."""
    colours = current_theme().role(colour)
    width = pill_width(icon, text)
    rect = QRectF(left_middle.x(), left_middle.y() - HEIGHT / 2, width, HEIGHT)
    painting.begin(painter)
    painting.box(painter, rect, fill=colours.ground, border=None, radius=HEIGHT / 2)
    x = rect.left() + _PADDING
    if icon == DOT:
        painter.setBrush(QColor(colours.text))
        painter.drawEllipse(QPointF(x + 5, rect.center().y()), 5, 5)
    elif icon:
        icons.draw(painter, icon, colours.text, QRectF(x, rect.center().y() - _ICON / 2, _ICON, _ICON))
    painter.setFont(_font())
    painter.setPen(QColor(colours.text))
    start = x + _icon_room(icon, text)
    painter.drawText(rect.adjusted(start - rect.left(), 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, text)


def pill_width(icon: str | None, text: str) -> float:
    """How wide a pill will be."""
    return 2 * _PADDING + _icon_room(icon, text) + QFontMetricsF(_font()).horizontalAdvance(text) + 1


def _icon_room(icon: str | None, text: str) -> float:
    if not icon:
        return 0.0
    return (10 if icon == DOT else _ICON) + (_GAP if text else 0)


def _font() -> QFont:
    return font(12.5, QFont.Weight.DemiBold, figures=False)


class Pill(QWidget):
    """A pill as a widget; screen readers hear its words."""

    def __init__(
        self, name: str, text: str = "", colour: ColourRole = ColourRole.NEUTRAL, icon: str | None = None
    ) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._icon, self._text, self._colour = icon, text, colour
        self.setAccessibleName(text)

    @property
    def text(self) -> str:
        """The words that the pill shows."""
        return self._text

    @property
    def colour(self) -> ColourRole:
        """The colour role of the pill."""
        return self._colour

    def show_payment(self, payment: Payment) -> None:
        """Show where a payment stands."""
        style = state_style(payment)
        self.show_words(words.pill_words(payment), style.colour, style.icon)

    def show_words(self, text: str, colour: ColourRole, icon: str | None = None) -> None:
        """Show any words."""
        if (icon, text, colour) != (self._icon, self._text, self._colour):
            self._icon, self._text, self._colour = icon, text, colour
            self.setAccessibleName(text)
            self.updateGeometry()
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(int(pill_width(self._icon, self._text)) + 1, HEIGHT)

    def paintEvent(self, _event: QPaintEvent) -> None:
        rect: QRect = self.rect()
        draw_pill(QPainter(self), QPointF(0, rect.height() / 2), self._icon, self._text, self._colour)
