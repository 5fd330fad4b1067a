"""The head of a panel about one payment: its state large and calm, in its colours."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from pos_app.domain.money import kes
from pos_app.domain.payment import Payment, State
from pos_app.domain.phone import mask
from pos_app.messages import payments as words
from pos_app.messages.amounts import amount_words, shown
from pos_app.ui.style import icons
from pos_app.ui.style.state_style import ColourRole, StateStyle, state_style
from pos_app.ui.style.theme import RING, current_theme
from pos_app.ui.widgets import painting
from pos_app.ui.widgets.labels import Label

_EDGE = 18
_ICON = 30.0


class PaymentHead(QWidget):
    """A tinted box with the state, the amount, the post and the masked phone."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self._style = StateStyle("clock", ColourRole.NEUTRAL)
        self._payment: Payment | None = None
        self._compact = False
        self._state = Label(role="state-large", wrap=True)
        self._amount = Label(role="amount")
        self._number = Label(role="small")
        self._post = Label(role="body", wrap=True)
        self._phone = Label(role="number")
        top = QHBoxLayout()
        top.setSpacing(12)
        top.addSpacing(int(_ICON) + 12)
        top.addWidget(self._state, 1)
        who = QHBoxLayout()
        who.addWidget(self._phone, 1)
        who.addWidget(self._number, 0, Qt.AlignmentFlag.AlignBottom)
        column = QVBoxLayout(self)
        column.setContentsMargins(_EDGE + RING, 16 + RING, _EDGE + RING, 14 + RING)
        column.setSpacing(6)
        column.addLayout(top)
        column.addSpacing(6)
        column.addWidget(self._amount)
        column.addLayout(who)
        column.addWidget(self._post)

    @property
    def words(self) -> str:
        """The state it shows."""
        return self._state.text()

    def show_payment(self, payment: Payment) -> None:
        """Show where the payment stands."""
        self._style = state_style(payment)
        self._state.setText(words.state_words(payment))
        self._payment = payment
        self._size()
        self._amount.setText(kes(shown(payment)))
        self._number.setText(payment.number)
        self._phone.setText(mask(payment.phone))
        self._post.setText(payment.post_title)
        for label in (self._state, self._amount, self._phone, self._number, self._post):
            label.set_colour(self._style.colour)
        self.setAccessibleName(f"{words.state_words(payment)}, {amount_words(payment)}, {payment.post_title}")
        self.update()

    def set_compact(self, compact: bool) -> None:
        """Take less room: smaller words."""
        self._compact = compact
        self._size()

    def _size(self) -> None:
        if self._compact:
            self._state.set_role("title")
        elif self._payment and self._payment.state is State.PAID:
            self._state.set_role("state-huge")
        else:
            self._state.set_role("state-large")

    def paintEvent(self, _event: QPaintEvent) -> None:
        colours = current_theme().role(self._style.colour)
        painter = QPainter(self)
        painting.begin(painter)
        rect = painting.inner(self.rect())
        painting.box(painter, rect, fill=colours.ground, border=None, radius=painting.CARD_RADIUS)
        line = self._state.geometry()
        first = min(line.height(), 44 if self._state.role == "state-huge" else 34)
        top = line.top() + (first - _ICON) / 2
        icons.draw(painter, self._style.icon, colours.text, QRectF(rect.left() + _EDGE, top, _ICON, _ICON))
