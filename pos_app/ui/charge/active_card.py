"""The card of an active payment."""

from datetime import datetime

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from pos_app.domain.payment import PROMPT_LIFE, Payment, State
from pos_app.domain.phone import mask
from pos_app.messages import counter as counter_words
from pos_app.messages import payments as words
from pos_app.messages.amounts import amount_words, shown
from pos_app.ui.style.state_style import state_style
from pos_app.ui.style.theme import RING, current_theme
from pos_app.ui.widgets import painting
from pos_app.ui.widgets.labels import ElidedLabel, Label
from pos_app.ui.widgets.progress import ThinProgress
from pos_app.ui.widgets.state_square import StateSquare


class ActiveCard(QAbstractButton):
    """Who, what, how much, where it stands and what happens next. Click to see more."""

    def __init__(self, payment: Payment, now: datetime, callback_expected: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(f"activeCard{payment.id}")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setCheckable(True)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self._square = StateSquare()
        self._phone = Label(role="number")
        self._amount = Label(role="number")
        self._post = ElidedLabel(role="small")
        self._state = Label(role="state", wrap=True)
        self._note = Label(role="ticking", wrap=True)
        self._progress = ThinProgress()
        for part, name in (
            (self._phone, "cardPhone"),
            (self._amount, "cardAmount"),
            (self._state, "cardState"),
            (self._note, "cardNote"),
            (self._progress, "cardProgress"),
        ):
            part.setObjectName(name)
        self._lay_out()
        self.show_payment(payment, now, callback_expected)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.addWidget(self._phone, 1)
        head.addWidget(self._amount)
        column = QVBoxLayout()
        column.setSpacing(3)
        column.addLayout(head)
        for widget in (self._post, self._state, self._note):
            column.addWidget(widget)
        column.addWidget(self._progress)
        row = QHBoxLayout(self)
        row.setContentsMargins(14 + RING, 13 + RING, 14 + RING, 13 + RING)
        row.setSpacing(11)
        row.addWidget(self._square, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(column, 1)
        for child in self.findChildren(QWidget):
            child.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def show_payment(self, payment: Payment, now: datetime, callback_expected: bool) -> None:
        """Bring everything up to date; texts change in place."""
        self.payment = payment
        self._square.show_payment(payment)
        self._phone.setText(mask(payment.phone))
        self._amount.setText(f"{shown(payment):,}")
        self._post.setText(payment.post_title)
        self._state.setText(counter_words.card_state(payment))
        self._state.set_colour(state_style(payment).colour)
        self.tick(now, callback_expected)
        spoken = (mask(payment.phone), payment.post_title, amount_words(payment), words.state_words(payment))
        self.setAccessibleName(", ".join(spoken))

    def tick(self, now: datetime, callback_expected: bool) -> None:
        """Bring age, countdown and progress up to date."""
        self._note.setText(counter_words.card_note(self.payment, now, callback_expected))
        self._progress.setVisible(self.payment.state is State.PROMPTED)
        self._progress.set_part((now - self.payment.created_at).total_seconds() / PROMPT_LIFE)

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = current_theme()
        painter = QPainter(self)
        painting.begin(painter)
        rect = painting.inner(self.rect())
        painting.shadow(painter, rect, theme)
        if self.hasFocus():
            painting.ring(painter, rect, theme, painting.CARD_RADIUS)
        border = theme.primary if self.isChecked() or self.hasFocus() else theme.line
        painting.box(painter, rect, fill=theme.card, border=border, radius=painting.CARD_RADIUS)
