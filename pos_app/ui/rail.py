"""The column of running payments: always in sight, so that the next customer can be served meanwhile."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QButtonGroup, QScrollArea, QVBoxLayout, QWidget

from pos_app.domain.payment import Payment
from pos_app.ui import words
from pos_app.ui.board import Board
from pos_app.ui.rail_card import RailCard
from pos_app.ui.theme import RING
from pos_app.ui.widgets.labels import Label

SHOWN = 50  # cards: a shop has a handful, and thousands of widgets would hold the window up
WIDTH = 270 + 2 * RING
BAR = 10  # px beside the cards for the scroll bar, so that they keep their width when it comes


class Rail(QWidget):
    """Cards of the board's newest payments, newest on top, and how many more there are.

    Attributes:
        chosen: the id of the payment somebody wants to see.
    """

    chosen = Signal(int)

    def __init__(self, board: Board) -> None:
        super().__init__()
        self._board = board
        self._cards: dict[int, RailCard] = {}
        self._title = Label("In progress", "caption")
        self._nobody = Label(words.NOBODY_PAYS, "small", wrap=True)
        self._more = Label("", "small", wrap=True)
        self._group = QButtonGroup(self)
        self._list = QWidget()
        self._list.setObjectName("scrolled")
        self._scroll = QScrollArea()
        self._lay_out()
        board.loaded.connect(self._fill)
        board.changed.connect(self._show)
        board.gone.connect(self._remove)
        board.ticked.connect(self._tick)

    def _lay_out(self) -> None:
        self._column = QVBoxLayout(self._list)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(6)
        self._column.addStretch(1)
        self._list.setFixedWidth(WIDTH)
        self._scroll.setFixedWidth(WIDTH + BAR)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setWidget(self._list)
        self._scroll.setWidgetResizable(True)
        self._scroll.setObjectName("railScroll")
        self._scroll.setAccessibleName("Payments in progress")
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # its cards take the focus
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        for label in (self._title, self._nobody):
            label.setContentsMargins(RING, 0, RING, 0)
            column.addWidget(label)
        column.addWidget(self._scroll, 1)
        self._more.setContentsMargins(RING, 0, RING, 0)
        column.addWidget(self._more)
        self._count()

    def mark(self, payment_id: int | None) -> None:
        """Mark the card of the payment that the panel shows, if any."""
        self._group.setExclusive(False)
        for known, card in self._cards.items():
            card.setChecked(known == payment_id)

    @Slot(object)
    def _show(self, payment: Payment) -> None:
        card = self._cards.get(payment.id)
        if card is None and (len(self._cards) < SHOWN or payment.id > min(self._cards)):
            card = self._insert(payment)
            if len(self._cards) > SHOWN:
                self._take_out(min(self._cards))
        if card:
            card.show_payment(payment, self._board.now(), self._board.will_hear(payment))
        self._count()

    @Slot()
    def _fill(self) -> None:
        """Cards for the newest that have none, as far as they go."""
        if len(self._cards) < min(SHOWN, len(self._board)):
            for payment in reversed(self._board.payments()[:SHOWN]):
                if payment.id not in self._cards:
                    self._insert(payment)
        self._count()

    def _insert(self, payment: Payment) -> RailCard:
        card = RailCard(payment)
        card.clicked.connect(lambda: self.chosen.emit(payment.id))
        self._group.addButton(card)
        place = sum(known > payment.id for known in self._cards)
        self._cards[payment.id] = card
        bar = self._scroll.verticalScrollBar()
        scrolled = bar.value()
        self._column.insertWidget(place, card)
        if scrolled:  # what is in sight stays where it is
            self._column.activate()
            self._list.resize(self._list.width(), self._list.sizeHint().height())
            bar.setValue(scrolled + card.sizeHint().height() + self._column.spacing())
        return card

    @Slot(int)
    def _remove(self, payment_id: int) -> None:
        if payment_id in self._cards:
            self._take_out(payment_id)
            self._fill()
        self._count()

    def _take_out(self, payment_id: int) -> None:
        card = self._cards.pop(payment_id)
        self._column.removeWidget(card)
        card.hide()
        card.deleteLater()

    @Slot()
    def _tick(self) -> None:
        now = self._board.now()
        for card in self._cards.values():
            card.tick(now, self._board.will_hear(card.payment))

    def _count(self) -> None:
        running, more = self._board.open_count, len(self._board) - len(self._cards)
        self._title.setText(f"In progress · {running:,}" if running else "In progress")
        self._more.setText(f"and {more:,} more: Payments (F6)")
        self._more.setVisible(more > 0)
        self._nobody.setVisible(not self._cards)
