"""The column of running payments: always in sight, so that the next customer can be served meanwhile."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QButtonGroup, QScrollArea, QVBoxLayout, QWidget

from pos_app.domain.payment import Payment
from pos_app.ui import words
from pos_app.ui.board import Board
from pos_app.ui.rail_card import RailCard
from pos_app.ui.theme import RING
from pos_app.ui.widgets.labels import Label

WIDTH = 270 + 2 * RING
BAR = 10  # px beside the cards for the scroll bar, so that they keep their width when it comes


class Rail(QWidget):
    """Cards of the board's payments, newest on top.

    Attributes:
        chosen: the id of the payment somebody wants to see.
    """

    chosen = Signal(int)

    def __init__(self, board: Board, route: bool) -> None:
        super().__init__()
        self._board = board
        self._route = route
        self._cards: dict[int, RailCard] = {}
        self._title = Label("In progress", "caption")
        self._nobody = Label(words.NOBODY_PAYS, "small", wrap=True)
        self._group = QButtonGroup(self)
        self._list = QWidget()
        self._list.setObjectName("scrolled")
        self._scroll = QScrollArea()
        self._lay_out()
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
        self._count()

    def mark(self, payment_id: int | None) -> None:
        """Mark the card of the payment that the panel shows, if any."""
        self._group.setExclusive(False)
        for known, card in self._cards.items():
            card.setChecked(known == payment_id)

    @Slot(object)
    def _show(self, payment: Payment) -> None:
        card = self._cards.get(payment.id) or self._insert(payment)
        card.show_payment(payment, self._board.now())
        self._count()

    def _insert(self, payment: Payment) -> RailCard:
        card = RailCard(payment, self._route)
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
        card = self._cards.pop(payment_id, None)
        if card:
            self._column.removeWidget(card)
            card.deleteLater()
            self._count()

    @Slot()
    def _tick(self) -> None:
        now = self._board.now()
        for card in self._cards.values():
            card.tick(now)

    def _count(self) -> None:
        running = sum(card.payment.state.open for card in self._cards.values())
        self._title.setText(f"In progress · {running}" if running else "In progress")
        self._nobody.setVisible(not self._cards)
