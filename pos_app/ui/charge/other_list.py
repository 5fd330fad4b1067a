"""The payments of other tills, small and below this till's own: whose each is stands first."""

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from pos_app.domain.payment import Payment
from pos_app.domain.phone import mask
from pos_app.messages import counter as words
from pos_app.messages import payments as payment_words
from pos_app.messages.amounts import amount_words, shown
from pos_app.ui.charge.other_payments import OtherPayments
from pos_app.ui.style.state_style import state_style
from pos_app.ui.style.theme import RING, current_theme
from pos_app.ui.widgets import painting
from pos_app.ui.widgets.labels import ElidedLabel, Label

MOST = 8  # rows; the rest is counted
_GAP = 4  # px between two of them


class OtherRow(QAbstractButton):
    """A payment of another till, in two lines. Click to look at it among all payments."""

    def __init__(self) -> None:
        super().__init__()
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self._till = Label(role="strong")
        self._phone = Label(role="number")
        self._amount = Label(role="number")
        self._state = ElidedLabel(role="small")
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._till)
        head.addWidget(self._phone, 1)
        head.addWidget(self._amount)
        self._column = column = QVBoxLayout(self)
        column.setContentsMargins(14 + RING, 6 + RING, 14 + RING, 6 + RING)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self._state)
        for child in self.findChildren(QWidget):
            child.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def show_payment(self, payment: Payment) -> None:
        """Bring everything up to date."""
        self.payment = payment
        self.setObjectName(f"otherRow{payment.id}")
        self._till.setText(payment.till)
        self._phone.setText(mask(payment.phone))
        self._amount.setText(f"{shown(payment):,}")
        self._state.setText(words.card_state(payment))
        self._state.set_colour(state_style(payment).colour)
        spoken = (mask(payment.phone), payment.post_title, amount_words(payment), payment_words.state_words(payment))
        self.setAccessibleName(", ".join((words.at_till(payment.till), *spoken)))

    def sizeHint(self) -> QSize:
        return self._column.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = current_theme()
        painter = QPainter(self)
        painting.begin(painter)
        rect = painting.inner(self.rect())
        if self.hasFocus():
            painting.ring(painter, rect, theme, painting.CARD_RADIUS)
        border = theme.primary if self.hasFocus() else theme.line
        painting.box(painter, rect, fill=theme.sunken, border=border, radius=painting.CARD_RADIUS)


class OtherList(QWidget):
    """The newest payments of other tills; nothing where there are none.

    Attributes:
        chosen: a `Payment` that somebody wants to see.
    """

    chosen = Signal(object)

    def __init__(self, others: OtherPayments, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("otherTills")
        self._others = others
        self._room: int | None = None
        self._title = Label("", "caption")
        self._title.setObjectName("otherTillsTitle")
        self._more = Label("", "small", wrap=True)
        self._more.setObjectName("otherTillsMore")
        self._rows = [OtherRow() for _ in range(MOST)]
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(_GAP)
        column.addWidget(self._title)
        for row in self._rows:
            row.clicked.connect(lambda _=False, row=row: self.chosen.emit(row.payment))
            column.addWidget(row)
        column.addWidget(self._more)
        for label in (self._title, self._more):
            label.setContentsMargins(RING, 0, RING, 0)
        for signal in (others.loaded, others.changed, others.gone):
            signal.connect(self.refresh)
        self.refresh()

    def fit(self, room: int) -> None:
        """Show as many as there is room for: so many px of height. One at least, and the rest is counted."""
        if room != self._room:
            self._room = room
            self.refresh()

    def _shown(self, many: int) -> int:
        """How many of so many payments there is room for."""
        if self._room is None:
            return min(MOST, many)
        row = self._rows[0].sizeHint().height() + _GAP
        room = self._room - self._title.sizeHint().height()
        if many <= max(0, min(MOST, room // row)):
            return many
        return max(1, min(MOST, (room - self._more.heightForWidth(self.width()) - _GAP) // row))

    @Slot()
    def refresh(self) -> None:
        """Show the newest."""
        payments = self._others.payments()
        shown = self._shown(len(payments))
        self._title.setText(words.at_other_tills(len(payments)))
        for place, row in enumerate(self._rows):
            there = place < shown
            if there:
                row.show_payment(payments[place])
            row.setVisible(there)
        more = len(payments) - shown
        self._more.setText(words.more_payments(more))
        self._more.setVisible(more > 0)
        self.setVisible(bool(payments))
