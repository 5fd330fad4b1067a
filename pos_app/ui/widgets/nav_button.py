"""A place in the navigation: icon above word."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy

from pos_app.ui.style import icons
from pos_app.ui.style.state_style import ColourRole
from pos_app.ui.style.theme import RING, current_theme, font
from pos_app.ui.widgets import painting

_WIDTH = 84  # px at the normal text size
_HEIGHT = 62
_LEAST = 44  # where the screen is low and the places are many
_ICON = 20
_BADGE_HEIGHT = 17  # px high at most: what is above the word


def nav_width() -> int:
    """How wide the navigation is, in px."""
    return round(_WIDTH * current_theme().scale)


class NavButton(QAbstractButton):
    """Icon above word, with a count beside the icon; the page one is on has a soft ground."""

    def __init__(self, name: str, text: str, icon: str, key: str) -> None:
        super().__init__()
        self._badge = ""
        self.setText(text)
        self.setObjectName(f"go-{name}")
        self.setAccessibleName(text)
        self.setToolTip(f"{text} ({key})")
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        self._icon = icon

    @property
    def count(self) -> str:
        """The count that it shows; empty where there is none."""
        return self._badge

    def show_count(self, count: str, spoken: str) -> None:
        """Show how much waits there; `spoken` says it to screen readers. Both empty: nothing does."""
        if count != self._badge:
            self._badge = count
            self.setAccessibleName(f"{self.text()}: {spoken}" if spoken else self.text())
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(nav_width() - 1, _HEIGHT + 2 * RING)

    def minimumSizeHint(self) -> QSize:
        return QSize(nav_width() - 1, _LEAST + 2 * RING)

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = current_theme()
        painter = QPainter(self)
        painting.begin(painter)
        rect = painting.inner(self.rect()).adjusted(5, 0, -5, 0)
        if self.hasFocus():
            painting.ring(painter, rect, theme)
        if self.isEnabled() and self.isChecked():
            painting.box(painter, rect, fill=theme.soft, border=None)
        elif self.isEnabled() and self.underMouse():
            painting.box(painter, rect, fill=theme.sunken, border=None)
        ink = theme.primary if self.isChecked() else theme.muted
        if not self.isEnabled():
            ink = theme.resting
        missing = _HEIGHT - rect.height()  # px, of the height that it would like
        top = rect.top() + round(11 - missing / 2)
        middle = round(rect.center().x())
        icons.draw(painter, self._icon, ink, QRectF(QPointF(middle - _ICON / 2, top), QSize(_ICON, _ICON)))
        if self._badge and self.isEnabled():
            self._paint_count(painter, QPointF(middle + 5, max(rect.top(), top - 4)), rect.right() - 2)
        painter.setFont(font(12.5, QFont.Weight.Medium))
        painter.setPen(QColor(ink))
        painter.drawText(
            rect.adjusted(0, 34 - missing * 0.7, 0, -8 + missing / 2), Qt.AlignmentFlag.AlignCenter, self.text()
        )

    def _paint_count(self, painter: QPainter, place: QPointF, right: float) -> None:
        """At the icon's corner, above the word in every text size."""
        colours = current_theme().role(ColourRole.REVIEW)
        written = font(11, QFont.Weight.DemiBold)
        written.setPixelSize(min(written.pixelSize(), _BADGE_HEIGHT - 4))
        width = max(_BADGE_HEIGHT, QFontMetricsF(written).horizontalAdvance(self._badge) + 9)
        badge = QRectF(min(place.x(), right - width), place.y(), width, _BADGE_HEIGHT)
        painting.box(painter, badge, fill=colours.text, border=None, radius=_BADGE_HEIGHT / 2)
        painter.setFont(written)
        painter.setPen(QColor(colours.ground))
        painter.drawText(badge, Qt.AlignmentFlag.AlignCenter, self._badge)
