"""The active payments where there is no room for cards: how many stand where."""

from collections import Counter, defaultdict

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QAbstractButton, QVBoxLayout, QWidget

from pos_app.domain.kenya_time import duration
from pos_app.domain.payment import Payment
from pos_app.messages import payments as words
from pos_app.ui.charge.active_payments import ActivePayments
from pos_app.ui.charge.totals_card import NOT_READ
from pos_app.ui.style import icons
from pos_app.ui.style.state_style import ColourRole, state_style
from pos_app.ui.style.theme import RING, current_theme, font
from pos_app.ui.widgets import painting
from pos_app.ui.widgets.labels import Label

WIDTH = 64 + 2 * RING
_HEIGHT = 60 + 2 * RING
_SOON = 50  # ms
_COLOURS = (
    ColourRole.SENDING,
    ColourRole.WAITING,
    ColourRole.UNSURE,
    ColourRole.REVIEW,
    ColourRole.PAID,
    ColourRole.FAILED,
)


class _Count(QAbstractButton):
    """One colour of states: icon, count, and the age of the oldest payment."""

    def __init__(self, colour: ColourRole) -> None:
        super().__init__()
        self.setObjectName(f"count-{colour}")
        self.setAccessibleName(f"{colour}: none")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFixedSize(WIDTH, _HEIGHT)
        self._payments: list[Payment] = []
        self._age = ""

    def show_payments(self, payments: list[Payment], age: str) -> None:
        """Count these payments, newest first; `age` is the oldest one's."""
        self._payments, self._age = payments, age
        self.setVisible(bool(payments))
        if payments:
            self.setAccessibleName(f"{len(payments)} {words.pill_words(payments[0])}, oldest {age}")
            self.setToolTip(self.accessibleName())
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        if not self._payments:
            return
        theme = current_theme()
        style = state_style(self._payments[0])
        colours = theme.role(style.colour)
        painter = QPainter(self)
        painting.begin(painter)
        rect = painting.inner(self.rect())
        if self.hasFocus():
            painting.ring(painter, rect, theme)
        painting.box(painter, rect, fill=colours.ground, border=theme.primary if self.hasFocus() else None)
        icons.draw(painter, style.icon, colours.text, QRectF(QPointF(rect.left() + 12, rect.top() + 11), QSize(18, 18)))
        painter.setPen(QColor(colours.text))
        painter.setFont(font(18, QFont.Weight.DemiBold))
        count = rect.adjusted(34, 8, -8, -rect.height() / 2 + 2)
        painter.drawText(count, Qt.AlignmentFlag.AlignCenter, str(len(self._payments)))
        painter.setFont(font(12.5))
        painter.drawText(rect.adjusted(2, 33, -2, -5), Qt.AlignmentFlag.AlignCenter, self._age)


class ActiveCounts(QWidget):
    """Counts by state; each click shows another payment of that kind.

    Attributes:
        chosen: the id of the payment somebody wants to see.
    """

    chosen = Signal(int)

    def __init__(self, active: ActivePayments) -> None:
        super().__init__()
        self._active = active
        self._turn: Counter[ColourRole] = Counter()
        self._counts = {colour: _Count(colour) for colour in _COLOURS}
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
        column.addStretch(1)
        today = Label("Today", "small")
        today.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(today)
        column.addWidget(self._total)
        self._soon = QTimer(self, singleShot=True, interval=_SOON)
        self._soon.timeout.connect(self._refresh)
        for signal in (active.loaded, active.changed, active.gone):
            signal.connect(self._refresh_soon)
        active.ticked.connect(self._refresh)
        self._refresh()

    def show_paid(self, count: int) -> None:
        """How many payments were paid today."""
        self._total.setText(f"{count:,}")
        self._total.setAccessibleName(f"Today {count} payments")

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
            age = duration((now - payments[-1].created_at).total_seconds()) if payments else ""
            count.show_payments(payments, age)

    def _of(self, colour: ColourRole) -> list[Payment]:
        return [payment for payment in self._active.payments() if state_style(payment).colour is colour]

    def _choose(self, colour: ColourRole) -> None:
        payments = self._of(colour)
        if payments:
            self.chosen.emit(payments[self._turn[colour] % len(payments)].id)
            self._turn[colour] += 1
