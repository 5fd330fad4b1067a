"""The window that the customer sees: one amount and what to do, as large as the screen allows."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import NamedTuple

from PySide6.QtCore import QEvent, QRectF, Qt, QTimer, Slot
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QHideEvent, QKeyEvent, QPainter, QPaintEvent, QPen, QShowEvent
from PySide6.QtWidgets import QApplication, QWidget

from pos_app.domain.receipt import Mark, Shop
from pos_app.messages.customer_display import MARKS, CustomerView, DisplayKind
from pos_app.messages.payments import clock_time
from pos_app.ui.style import icons, state_style
from pos_app.ui.style.state_style import ColourRole
from pos_app.ui.style.theme import FAMILY, Theme, current_theme
from pos_app.ui.widgets import painting

_TICK = 1_000  # ms: the clock is looked at, and painted when it says another minute
_WRAP = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignCenter
_ICONS = {DisplayKind.WAITING: "smartphone", DisplayKind.PAID: "check"}
_EDGE = 0.06  # of the width, left and right
_SMALLEST = 8.0  # px of letters


class _Text(NamedTuple):
    """Words in a band of the window: its top and height as parts of the height, the letters at most as large."""

    words: str
    top: float
    height: float
    letters: float
    weight: QFont.Weight
    colour: str


class DisplayWindow(QWidget):
    """Never takes the keyboard: what is typed while it is in front goes to the till.

    Args:
        now: the till's time, UTC.
        till: the till's window.

    Attributes:
        shop: whose display it is.
    """

    def __init__(self, shop: Shop, now: Callable[[], datetime], till: QWidget) -> None:
        flags = Qt.WindowType
        super().__init__(None, flags.Window | flags.FramelessWindowHint | flags.WindowDoesNotAcceptFocus)
        self.setObjectName("customerDisplay")
        self.setWindowTitle(shop.name)
        self.setAccessibleName("Customer display")
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setCursor(Qt.CursorShape.BlankCursor)
        self.shop = shop
        self._now = now
        self._till = till
        self._view: CustomerView | None = None
        self._time = ""
        self._clock = QTimer(self, interval=_TICK)
        self._clock.setObjectName("displayClock")
        self._clock.timeout.connect(self._tick)

    @property
    def words(self) -> list[str]:
        """What stands there, from above."""
        return [text.words for text in self._texts(current_theme()) if text.words]

    def show_view(self, view: CustomerView | None) -> None:
        """Show what a customer may see; None: nobody is served, so the shop's name and the time."""
        self._view = view
        self._tick()
        self.update()

    @Slot()
    def _tick(self) -> None:
        time = clock_time(self._now())
        if time != self._time:
            self._time = time
            self.update()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._tick()
        self._clock.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._clock.stop()

    def event(self, event: QEvent) -> bool:
        """Where the system makes it the active window all the same, the till is that again."""
        if event.type() == QEvent.Type.WindowActivate and self._till.isVisible():
            self._till.activateWindow()
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """A key that came here was meant for the till."""
        QApplication.sendEvent(self._till.focusWidget() or self._till, event)

    # --- painting --------------------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = current_theme()
        painter = QPainter(self)
        painting.begin(painter)
        painter.fillRect(self.rect(), QColor(self._ground(theme)))
        for text in self._texts(theme):
            self._paint_text(painter, text)
        self._paint_icon(painter, theme)
        if self.shop.mark:
            self._paint_frame(painter, theme)

    def _texts(self, theme: Theme) -> Sequence[_Text]:
        bold, normal = QFont.Weight.DemiBold, QFont.Weight.Normal
        mark = _Text(MARKS.get(self.shop.mark, ""), 0.03, 0.07, 0.038, bold, self._mark_colour(theme))
        view = self._view
        if view is None:
            name = _Text(self.shop.name, 0.26, 0.28, 0.13, bold, theme.ink)
            return mark, name, _Text(self._time, 0.58, 0.18, 0.14, normal, theme.muted)
        ink = theme.role(ColourRole.PAID).text if view.kind is DisplayKind.PAID else theme.ink
        large = 0.15 if view.kind in (DisplayKind.PAID, DisplayKind.SUM) else 0.085
        return (
            mark,
            _Text(view.amount, 0.24, 0.24, 0.2, bold, ink),
            _Text(view.swahili, 0.5, 0.22, large, bold, ink),
            _Text(view.english, 0.73, 0.2, large * 0.8, normal, ink),
        )

    def _ground(self, theme: Theme) -> str:
        paid = self._view is not None and self._view.kind is DisplayKind.PAID
        return theme.role(ColourRole.PAID).ground if paid else theme.card

    def _mark_colour(self, theme: Theme) -> str:
        mark = self.shop.mark
        return theme.role(state_style.MARKS[mark]).text if mark else theme.muted

    def _paint_text(self, painter: QPainter, text: _Text) -> None:
        edge = self.width() * _EDGE
        box = QRectF(edge, self.height() * text.top, self.width() - 2 * edge, self.height() * text.height)
        painter.setFont(_fitting(text, box, self.height()))
        painter.setPen(QColor(text.colour))
        painter.drawText(box, int(_WRAP), _unbroken(text.words))

    def _paint_icon(self, painter: QPainter, theme: Theme) -> None:
        name = _ICONS.get(self._view.kind) if self._view else None
        if name is None:
            return
        size = round(self.height() * 0.12)
        place = QRectF((self.width() - size) / 2, self.height() * 0.115, size, size)
        role = ColourRole.PAID if name == "check" else ColourRole.WAITING
        icons.draw(painter, name, theme.role(role).text, place)

    def _paint_frame(self, painter: QPainter, theme: Theme) -> None:
        wide = max(3, self.height() // 100)
        colour = theme.frame if self.shop.mark is Mark.PRACTICE else self._mark_colour(theme)
        painter.setPen(QPen(QColor(colour), wide))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(QRectF(self.rect()).adjusted(wide / 2, wide / 2, -wide / 2, -wide / 2))


def _unbroken(words: str) -> str:
    """No line ends within an amount, M-PESA's name or a mark, nor before the digits of a phone."""
    for text in ("KES ", " ..", " · "):
        words = words.replace(text, text.replace(" ", "\N{NO-BREAK SPACE}"))
    return words.replace("M-PESA", "M-\N{WORD JOINER}PESA")


def _fitting(text: _Text, box: QRectF, height: int) -> QFont:
    """The largest letters, up to those that are wanted, with which all of it stands in the box, no word cut."""
    words, letters = _unbroken(text.words), height * text.letters
    while True:
        font = QFont(FAMILY)
        font.setPixelSize(max(1, round(letters)))
        font.setWeight(text.weight)
        metrics = QFontMetricsF(font)
        needed = metrics.boundingRect(box, int(_WRAP), words)
        widest = max((metrics.horizontalAdvance(word) for word in words.split(" ")), default=0.0)
        fits = needed.height() <= box.height() and max(needed.width(), widest) <= box.width()
        if fits or letters <= _SMALLEST:
            return font
        letters *= 0.95
