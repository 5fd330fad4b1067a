"""Buttons: one primary on a page, the rest secondary or quiet."""

import math
from enum import StrEnum

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from pos_app.ui.style import icons
from pos_app.ui.style.theme import RING, Theme, current_theme, font, text_width
from pos_app.ui.widgets import painting
from pos_app.ui.widgets.taps import Taps

_GAP = 10.0
_LEAST_PADDING = 8  # px beside the words, where a button shares a row with others


class Kind(StrEnum):
    """How much a button wants to be pressed."""

    PRIMARY = "primary"  # the one main button of a page
    SECONDARY = "secondary"
    QUIET = "quiet"  # text only, until the mouse is over it
    CHIP = "chip"  # small, one of a row
    KEYPAD = "keypad"
    SECTION = "section"  # one of a column, of which one is checked


class Button(QPushButton):
    """A button with an optional icon and the cap of its key.

    Args:
        text: also what screen readers say, unless `spoken` is given.
        name: its objectName.
        icon: a name for `icons`.
        key: what the key cap shows. The page binds the key itself.
        height: of the visible box; 64 for the main button of a page.
    """

    def __init__(
        self,
        text: str,
        *,
        name: str,
        kind: Kind = Kind.SECONDARY,
        icon: str | None = None,
        key: str | None = None,
        height: int = 48,
        spoken: str | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, parent)
        self.setObjectName(name)
        self.setAccessibleName(spoken or text)
        self.setAutoDefault(False)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self._spoken = spoken
        self._kind = kind
        self._icon_name = icon
        self._key = key
        self._key_shown = True
        self._height = height

    @property
    def key(self) -> str | None:
        """The key whose cap it shows; None where it shows none."""
        return self._key if self._key_shown else None

    @property
    def key_width(self) -> int:
        """What the cap of its key takes, in px, if it is shown."""
        return math.ceil(painting.key_size(self._key).width() + _GAP) if self._key else 0

    def show_key(self, shown: bool) -> None:
        """Leave the cap of its key out, which its tip has then, or show it again."""
        if shown is not self._key_shown:
            self._key_shown = shown
            self.setToolTip("" if shown else self._key or "")
            self.updateGeometry()
            self.update()

    def set_text(self, text: str) -> None:
        """Change its words, for eyes and for screen readers."""
        self.setText(text)
        self.setAccessibleName(self._spoken or text)
        self.updateGeometry()

    def set_kind(self, kind: Kind, key: str | None = None) -> None:
        """Change how much it wants to be pressed, and the cap of its key."""
        self._kind, self._key = kind, key
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return self._size(14 if self.text() and self._kind is not Kind.CHIP else 12)

    def minimumSizeHint(self) -> QSize:
        return self._size(_LEAST_PADDING)

    def _size(self, padding: int) -> QSize:
        return QSize(int(self._content_width()) + 2 * (padding + RING) + 1, self._height + 2 * RING)

    def _type(self) -> tuple[int, QFont.Weight, bool]:
        """Of its words: pixels, weight, and whether all figures have one width."""
        match self._kind:
            case Kind.PRIMARY:
                return 20 if self._height >= 60 else 15, QFont.Weight.DemiBold, False
            case Kind.CHIP:
                return 13, QFont.Weight.Medium, True
            case Kind.KEYPAD:
                return 20, QFont.Weight.Medium, True
            case _:
                return 15, QFont.Weight.Medium, False

    def _font(self) -> QFont:
        pixels, weight, figures = self._type()
        return font(pixels, weight, figures=figures)

    def _width_of(self, words: str) -> float:
        pixels, weight, figures = self._type()
        return text_width(words, pixels, weight, figures=figures)

    def _icon_size(self) -> float:
        return 18.0 if self.text() else 20.0

    def _words(self) -> str:
        """What is painted of its text."""
        return self.text()

    def _content_width(self) -> float:
        parts = [self._width_of(self._words())] if self.text() else []
        if self._icon_name:
            parts.append(self._icon_size())
        if self.key:
            parts.append(painting.key_size(self.key).width())
        return sum(parts) + _GAP * (len(parts) - 1)

    @property
    def counts_each(self) -> bool:
        """Whether quick taps are as many presses, as 3 and 3 of a phone; of those on what leads on the first counts."""
        return self._kind is not Kind.PRIMARY

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Further taps in the same place never press what the first of them brought there."""
        if Taps.counts(self, event, each=self.counts_each):
            super().mousePressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """The second half of a double click is one more tap."""
        self.mousePressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = current_theme()
        painter = QPainter(self)
        painting.begin(painter)
        rect = painting.inner(self.rect())
        if self.hasFocus():
            painting.ring(painter, rect, theme)
        fill, border, ink = self._colours(theme)
        if fill or border:
            painting.box(painter, rect, fill=fill or theme.card, border=border)
        self._paint_content(painter, rect, ink, theme)

    def _colours(self, theme: Theme) -> tuple[str | None, str | None, str]:
        over = self.isEnabled() and (self.underMouse() or self.isDown())
        if not self.isEnabled():  # never faded: what one waits for, such as a countdown, is read
            boxed = self._kind not in (Kind.QUIET, Kind.SECTION)
            return (theme.sunken if boxed else None), (theme.line if boxed else None), theme.resting
        if self._kind is Kind.PRIMARY:
            return (theme.primary_hover if over else theme.primary), None, theme.on_primary
        border = theme.primary if self.hasFocus() else theme.line
        if self._kind is Kind.SECTION and self.isChecked():
            return theme.soft, (theme.primary if self.hasFocus() else None), theme.primary
        if self._kind is Kind.CHIP and self.isChecked():
            return theme.soft, theme.primary, theme.primary
        if self._kind in (Kind.QUIET, Kind.SECTION):
            return (theme.sunken if over else None), (theme.primary if self.hasFocus() else None), theme.muted
        return (theme.sunken if over else theme.card), border, theme.ink

    def _paint_content(self, painter: QPainter, rect: QRectF, ink: str, theme: Theme) -> None:
        x = rect.center().x() - self._content_width() / 2
        if self._kind is Kind.SECTION:
            x = rect.left() + _GAP + 2
        if self._icon_name:
            size = self._icon_size()
            icons.draw(painter, self._icon_name, ink, QRectF(x, rect.center().y() - size / 2, size, size))
            x += size + _GAP
        if self.text():
            painter.setFont(self._font())
            painter.setPen(QColor(ink))
            width = self._width_of(self._words())
            painter.drawText(
                QRectF(x, rect.top(), width + 2, rect.height()), Qt.AlignmentFlag.AlignVCenter, self._words()
            )
            x += width + _GAP
        if self.key:
            primary = self._kind is Kind.PRIMARY
            at = QPointF(round(x), round(rect.center().y() - painting.key_size(self.key).height() / 2))
            painting.key(
                painter,
                at,
                self.key,
                fill=None if primary else theme.sunken,
                line=ink if primary else theme.line,
                ink=ink if primary else theme.muted,
            )
