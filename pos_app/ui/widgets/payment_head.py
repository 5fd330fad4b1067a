"""The head of a panel about one payment: its state large and calm, in its colours."""

from PySide6.QtCore import QRectF
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
from pos_app.ui.widgets.flow import FlowLayout
from pos_app.ui.widgets.labels import Label
from pos_app.ui.widgets.name_label import NameLabel

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
        self._post = NameLabel(role="body")
        self._phone = Label(role="number")
        top = QHBoxLayout()
        top.setSpacing(12)
        top.addSpacing(int(_ICON) + 12)
        top.addWidget(self._state, 1)
        self._column = QVBoxLayout(self)
        self._column.addLayout(top)
        about = (self._amount, self._phone, self._number, self._post)
        self._column.addLayout(FlowLayout(*about, spacing=12, rows_apart=2))

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
        around = 6 if self._compact else 15
        self._column.setContentsMargins(_EDGE + RING, around + RING, _EDGE + RING, around + RING)
        self._column.setSpacing(4 if self._compact else 8)
        payment = self._payment
        paid = payment is not None and payment.state is State.PAID and not payment.refund_due  # more words than a word
        smaller, larger = ("state-large", "state-huge") if paid else ("title", "state-large")
        self._state.set_role(smaller if self._compact else larger)

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
