"""Painting that controls share: boxes, focus rings, key caps.

Every hand-painted box keeps `RING` pixels free on all sides for its focus ring and shadow, so layouts that hold
such boxes put 8 px between them to show 14.
"""

from PySide6.QtCore import QPointF, QRect, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen

from pos_app.ui.style.theme import RING, Theme, font, text_width

CONTROL_RADIUS = 11.0
CARD_RADIUS = 14.0
_KEY_PADDING = 7.0
_KEY_HEIGHT = 20.0
_KEY_TYPE = (11, QFont.Weight.DemiBold)


def inner(rect: QRect) -> QRectF:
    """The visible box of a control with this rectangle."""
    return QRectF(rect).adjusted(RING, RING, -RING, -RING)


def begin(painter: QPainter) -> None:
    """Let the painter smooth edges."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)


def box(painter: QPainter, rect: QRectF, *, fill: str, border: str | None, radius: float = CONTROL_RADIUS) -> None:
    """A rounded box with a one-pixel border inside its edge."""
    painter.setPen(Qt.PenStyle.NoPen if border is None else QPen(QColor(border), 1))
    painter.setBrush(QColor(fill))
    shrink = 0.0 if border is None else 0.5
    painter.drawRoundedRect(rect.adjusted(shrink, shrink, -shrink, -shrink), radius, radius)


def ring(painter: QPainter, rect: QRectF, theme: Theme, radius: float = CONTROL_RADIUS) -> None:
    """The focus ring, round the outside of a box."""
    half = RING / 2
    painter.setPen(QPen(QColor(theme.ring), RING))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(rect.adjusted(-half, -half, half, half), radius + half, radius + half)


def shadow(painter: QPainter, rect: QRectF, theme: Theme, radius: float = CARD_RADIUS) -> None:
    """A hint of depth below a card that is painted over it next; none in the dark."""
    if theme.dark:
        return
    painter.save()
    # Only the foot is seen: what lies below the whole card took a fifth of the time of painting a window.
    painter.setClipRect(rect.adjusted(0, rect.height() - radius, 0, 2))
    painter.setPen(Qt.PenStyle.NoPen)
    for offset, alpha in ((1.0, 10), (2.0, 5)):
        painter.setBrush(QColor(20, 24, 31, alpha))
        painter.drawRoundedRect(rect.translated(0, offset), radius, radius)
    painter.restore()


def key_size(text: str) -> QSizeF:
    """The size of a key cap."""
    width = text_width(text, *_KEY_TYPE) + 2 * _KEY_PADDING
    return QSizeF(max(width, _KEY_HEIGHT), _KEY_HEIGHT)


def key(painter: QPainter, at: QPointF, text: str, *, fill: str | None, line: str, ink: str) -> None:
    """A key cap with its top left corner at a point."""
    rect = QRectF(at, key_size(text))
    painter.setPen(QPen(QColor(line), 1))
    painter.setBrush(QColor(fill) if fill else Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), 4.5, 4.5)
    painter.setFont(_key_font())
    painter.setPen(QColor(ink))
    painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, text)


def _key_font() -> QFont:
    return font(*_KEY_TYPE)
