"""Cards of one kind of active payments, under one heading with their true count."""

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QVBoxLayout

from pos_app.domain.payment import Payment
from pos_app.messages import counter as words
from pos_app.ui.charge.active_card import ActiveCard
from pos_app.ui.charge.active_payments import ActivePayments
from pos_app.ui.style.theme import RING
from pos_app.ui.widgets.labels import Label


class ActiveGroup(QObject):
    """Keeps the cards of its newest payments, newest on top, and says how many more there are.

    A card is filled when it is made: no payment has to change before it can be read.

    Args:
        name: begins the objectNames of its heading (`nameTitle`) and of its count of more (`nameMore`).
        heading: what these payments have in common.
        active: what they and their time are asked of.

    Attributes:
        most: cards at most; the rest is counted.
        title: the heading with the count; it belongs to the layout of whoever made the group.
        column: the layout of the cards.
        chosen: the id of a payment whose card was clicked.
    """

    chosen = Signal(int)

    def __init__(self, name: str, heading: str, active: ActivePayments, most: int) -> None:
        super().__init__()
        self._heading, self._active, self.most = heading, active, most
        self._marked: int | None = None
        self.cards: dict[int, ActiveCard] = {}
        self.title = Label(heading, "caption")
        self.title.setObjectName(f"{name}Title")
        self.more = Label("", "small", wrap=True)
        self.more.setObjectName(f"{name}More")
        self.column = QVBoxLayout()
        self.column.setSpacing(6)
        self.column.addWidget(self.more)
        for label in (self.title, self.more):
            label.setContentsMargins(RING, 0, RING, 0)
        self.show_all([], {})

    def release(self, payments: list[Payment]) -> dict[int, ActiveCard]:
        """Let the cards go that are not of the newest of these (newest first); gives them by the payment's id."""
        gone = self.cards.keys() - {payment.id for payment in payments[: self.most]}
        for payment_id in gone:
            self.column.removeWidget(self.cards[payment_id])
        return {payment_id: self.cards.pop(payment_id) for payment_id in gone}

    def show_all(self, payments: list[Payment], spare: dict[int, ActiveCard]) -> None:
        """Have cards for the newest of these.

        Args:
            payments: newest first.
            spare: cards that no group has; those that fit are taken out of it, so that one keeps its focus.
        """
        for place, payment in enumerate(payments[: self.most]):
            if payment.id not in self.cards:
                self._insert(place, spare.pop(payment.id) if payment.id in spare else self._make(payment))
            self.renew(payment)
        count = len(payments)
        self.title.setText(f"{self._heading} · {count:,}" if count else self._heading)
        more = count - len(self.cards)
        self.more.setText(words.more_payments(more))
        self.more.setVisible(more > 0)

    def renew(self, payment: Payment) -> None:
        """A payment changed: its card does, if it has one."""
        card = self.cards.get(payment.id)
        if card and card.payment is not payment:
            card.show_payment(payment, self._active.now(), self._active.callback_expected(payment))

    def mark(self, payment_id: int | None) -> None:
        """Mark the card of the payment that the panel shows, if it is here."""
        self._marked = payment_id
        for known, card in self.cards.items():
            card.setChecked(known == payment_id)

    def tick(self) -> None:
        """Bring the ages on the cards up to date."""
        now = self._active.now()
        for card in self.cards.values():
            card.tick(now, self._active.callback_expected(card.payment))

    def _make(self, payment: Payment) -> ActiveCard:
        card = ActiveCard(payment, self._active.now(), self._active.callback_expected(payment))
        card.clicked.connect(lambda: self._click(card))  # both groups answer alike, whichever has it by then
        return card

    def _insert(self, place: int, card: ActiveCard) -> None:
        card.setChecked(card.payment.id == self._marked)
        self.cards[card.payment.id] = card
        self.column.insertWidget(place, card)
        card.show()  # now: what it takes of the column counts at once

    def _click(self, card: ActiveCard) -> None:
        card.setChecked(card.payment.id == self._marked)  # the mark says what the panel shows
        self.chosen.emit(card.payment.id)
