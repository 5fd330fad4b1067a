"""The active payments where there is no room for cards: how many stand where, and what needs a look."""

from collections import Counter, defaultdict

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QAbstractButton, QVBoxLayout, QWidget

from pos_app.domain.kenya_time import duration
from pos_app.domain.payment import Payment
from pos_app.messages import counter as counter_words
from pos_app.messages import payments as words
from pos_app.ui.charge.active_payments import ActivePayments
from pos_app.ui.charge.other_payments import OtherPayments
from pos_app.ui.charge.totals_card import NOT_READ
from pos_app.ui.style import icons
from pos_app.ui.style.state_style import ColourRole, StateStyle, state_style
from pos_app.ui.style.theme import RING, current_theme, font
from pos_app.ui.widgets import painting
from pos_app.ui.widgets.labels import Label

WIDTH = 64 + 2 * RING
_HEIGHT = 60 + 2 * RING
_SOON = 50  # ms
_SMALLEST = 9.0  # px at the normal text size
_COLOURS = (ColourRole.SENDING, ColourRole.WAITING, ColourRole.UNSURE, ColourRole.PAID, ColourRole.FAILED)
_ELSEWHERE = StateStyle("users", ColourRole.NEUTRAL)
_TO_LOOK_AT = StateStyle("search-check", ColourRole.REVIEW)


class _Count(QAbstractButton):
    """How many payments are of one kind: icon, count, and a word below it; there only where there are any."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(f"count-{name}")
        self.setAccessibleName(f"{name}: none")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFixedSize(WIDTH, _HEIGHT)
        self._style: StateStyle | None = None
        self._count = self._below = ""
        self.hide()

    def show_count(self, style: StateStyle, count: str, below: str, spoken: str) -> None:
        """Show a count in the look of its payments."""
        self._style, self._count, self._below = style, count, below
        self.setAccessibleName(spoken)
        self.setToolTip(spoken)
        self.setVisible(True)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self._style is None:
            return
        theme = current_theme()
        colours = theme.role(self._style.colour)
        painter = QPainter(self)
        painting.begin(painter)
        rect = painting.inner(self.rect())
        if self.hasFocus():
            painting.ring(painter, rect, theme)
        painting.box(painter, rect, fill=colours.ground, border=theme.primary if self.hasFocus() else None)
        place = QRectF(QPointF(rect.left() + 9, rect.top() + 11), QSize(18, 18))
        icons.draw(painter, self._style.icon, colours.text, place)
        painter.setPen(QColor(colours.text))
        self._write(painter, rect.adjusted(28, 8, -4, -rect.height() / 2 + 2), self._count, 18, QFont.Weight.DemiBold)
        self._write(painter, rect.adjusted(2, 33, -2, -5), self._below, 12.5, QFont.Weight.Normal)

    def _write(self, painter: QPainter, room: QRectF, text: str, size: float, weight: QFont.Weight) -> None:
        """Write it smaller rather than cut: a count may have three characters, and the text may be large."""
        written = font(size, weight)
        while size > _SMALLEST and QFontMetricsF(written).horizontalAdvance(text) > room.width():
            size -= 0.5
            written = font(size, weight)
        painter.setFont(written)
        painter.drawText(room, Qt.AlignmentFlag.AlignCenter, text)


class ActiveCounts(QWidget):
    """Counts by state, and how many need a look; each click shows another payment of that kind.

    Attributes:
        chosen: the id of the payment somebody wants to see.
        attention_wanted: the person wants to see what needs a look.
        other_chosen: a `Payment` of another till that somebody wants to see.
    """

    other_chosen = Signal(object)
    chosen = Signal(int)
    attention_wanted = Signal()

    def __init__(self, active: ActivePayments) -> None:
        super().__init__()
        self._active = active
        self._turn: Counter[ColourRole] = Counter()
        self._other_turn = 0
        self._counts = {colour: _Count(colour) for colour in _COLOURS}
        self._attention = _Count("attention")
        self._attention.clicked.connect(self.attention_wanted)
        self._others: OtherPayments | None = None
        self._elsewhere = _Count("otherTills")
        self._elsewhere.clicked.connect(self._choose_other)
        self._total = Label(NOT_READ, "number")
        self._total.setObjectName("todayCount")
        self._total.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.setFixedWidth(WIDTH)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        for colour, count in self._counts.items():
            count.clicked.connect(lambda _=False, colour=colour: self._choose(colour))
            column.addWidget(count)
        column.addWidget(self._attention)
        column.addWidget(self._elsewhere)
        column.addStretch(1)
        self._today = Label("Today", "small")
        self._today.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self._today)
        column.addWidget(self._total)
        self._soon = QTimer(self, singleShot=True, interval=_SOON)
        self._soon.timeout.connect(self._refresh)
        for signal in (active.loaded, active.changed, active.gone):
            signal.connect(self._refresh_soon)
        active.ticked.connect(self._refresh)
        self._refresh()

    def show_paid(self, count: int | None) -> None:
        """How many payments were paid today; None: that is not for who stands here."""
        self._total.setText(NOT_READ if count is None else f"{count:,}")
        self._total.setAccessibleName("" if count is None else f"Today {count} payments")
        for label in (self._today, self._total):
            label.setHidden(count is None)

    def show_attention(self, count: int) -> None:
        """How many payments need a look, of whatever day; nothing is shown for none."""
        if count:
            spoken = counter_words.to_check(count)
            self._attention.show_count(_TO_LOOK_AT, counter_words.attention_count(count), "to check", spoken)
        else:
            self._attention.hide()

    def show_others(self, others: OtherPayments) -> None:
        """Count the payments of other tills, too."""
        self._others = others
        for signal in (others.loaded, others.changed, others.gone):
            signal.connect(self._refresh_soon)
        self._refresh()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._refresh()

    @Slot()
    def _refresh_soon(self) -> None:
        """Many changes in a row are one look."""
        if not self._soon.isActive():
            self._soon.start()

    @Slot()
    def _refresh(self) -> None:
        if not self.isVisible():
            return
        now, groups = self._active.now(), defaultdict(list)
        for payment in self._active.payments():
            groups[state_style(payment).colour].append(payment)
        for colour, count in self._counts.items():
            payments = groups[colour]
            if payments:
                age = duration((now - payments[-1].created_at).total_seconds())
                spoken = f"{len(payments)} {words.pill_words(payments[0])}, oldest {age}"
                count.show_count(state_style(payments[0]), str(len(payments)), age, spoken)
            else:
                count.hide()
        self._count_others()

    def _count_others(self) -> None:
        if self._others is not None and len(self._others):
            many = len(self._others)
            self._elsewhere.show_count(_ELSEWHERE, str(many), "others", counter_words.at_other_tills(many))
        else:
            self._elsewhere.hide()

    @Slot()
    def _choose_other(self) -> None:
        payments = self._others.payments() if self._others else []
        if payments:
            self.other_chosen.emit(payments[self._other_turn % len(payments)])
            self._other_turn += 1

    def _of(self, colour: ColourRole) -> list[Payment]:
        return [payment for payment in self._active.payments() if state_style(payment).colour is colour]

    def _choose(self, colour: ColourRole) -> None:
        payments = self._of(colour)
        if payments:
            self.chosen.emit(payments[self._turn[colour] % len(payments)].id)
            self._turn[colour] += 1
