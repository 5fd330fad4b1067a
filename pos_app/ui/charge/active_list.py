"""The column of running payments: always in sight, so that the next customer can be served meanwhile."""

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from pos_app.domain.payment import Payment
from pos_app.messages import counter as words
from pos_app.ui.charge.active_card import ActiveCard
from pos_app.ui.charge.active_group import ActiveGroup
from pos_app.ui.charge.active_payments import ActivePayments
from pos_app.ui.style.theme import RING
from pos_app.ui.widgets.labels import Label

STEP = 12  # cards that are made in one event, where many come at once: all of them would hold the window up
SHOWN = 50  # cards of each group: a shop has a handful, and thousands of widgets would hold the window up
WIDTH = 270 + 2 * RING  # px at the normal text size
BAR = 10  # px beside the cards for the scroll bar, so that they keep their width when it comes


class ActiveList(QWidget):
    """Cards of the active payments in two groups: those that are open, and below them those just finished.

    Attributes:
        chosen: the id of the payment somebody wants to see.
    """

    chosen = Signal(int)

    def __init__(self, active: ActivePayments) -> None:
        super().__init__()
        self._active = active
        self._open = ActiveGroup("inProgress", "In progress", active, SHOWN)
        self._done = ActiveGroup("justFinished", "Just finished", active, SHOWN)
        self._groups = (self._open, self._done)
        self._nobody = Label(words.NOBODY_PAYS, "small", wrap=True)
        self._nobody.setObjectName("nobodyPays")
        self._list = QWidget()
        self._list.setObjectName("scrolled")
        self._scroll = QScrollArea()
        self._counts = (0, 0)  # of active payments when both groups were brought up to date
        self._lay_out()
        self.set_width(WIDTH)
        active.changed.connect(self._change)
        active.loaded.connect(self._begin)
        active.gone.connect(self._refresh)
        active.ticked.connect(self._tick)
        for group in self._groups:
            group.chosen.connect(self.chosen)
        self._refresh()

    def _lay_out(self) -> None:
        self._column = QVBoxLayout(self._list)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(6)
        self._column.addLayout(self._open.column)
        self._column.addWidget(self._done.title)
        self._column.addLayout(self._done.column)
        self._column.addStretch(1)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setWidget(self._list)
        self._scroll.setWidgetResizable(True)
        self._scroll.setObjectName("activeScroll")
        self._scroll.setAccessibleName("Payments in progress, and those just finished")
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # its cards take the focus
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        self._nobody.setContentsMargins(RING, 0, RING, 0)
        column.addWidget(self._open.title)
        column.addWidget(self._nobody)
        column.addWidget(self._scroll, 1)

    def set_width(self, width: int) -> None:
        """Set how wide the cards are, in px."""
        self._list.setFixedWidth(width)
        self._scroll.setFixedWidth(width + BAR)

    def wanted(self) -> int:
        """How many px of height would show all of it."""
        above = self._nobody if self._nobody.isVisibleTo(self) else None
        heights = [part.sizeHint().height() for part in (self._open.title, above, self._list) if part]
        return sum(heights) + 6 * len(heights)

    def mark(self, payment_id: int | None) -> None:
        """Mark the card of the payment that the panel shows, if any."""
        for group in self._groups:
            group.mark(payment_id)

    @Slot(object)
    def _change(self, payment: Payment) -> None:
        """One payment changed: mostly only its card does, which costs the same however many payments there are."""
        same_group = self._counts == (len(self._active), self._active.open_count)
        if same_group:
            (self._open if payment.state.open else self._done).renew(payment)
        else:
            self._refresh()

    @Slot()
    def _begin(self) -> None:
        """Perhaps thousands came at once: the newest have their cards now, and more of them with each event."""
        self._allow(STEP)

    def _allow(self, most: int) -> None:
        for group in self._groups:
            group.most = min(most, SHOWN)
        self._refresh()
        if most < min(SHOWN, len(self._active)):
            QTimer.singleShot(0, self, lambda: self._allow(most + STEP))
        else:
            for group in self._groups:
                group.most = SHOWN

    @Slot()
    def _refresh(self) -> None:
        """Bring both groups up to date with the active payments."""
        self._counts = (len(self._active), self._active.open_count)
        both: tuple[list[Payment], list[Payment]] = ([], [])
        for payment in self._active.payments():
            both[0 if payment.state.open else 1].append(payment)
        with self._held_still():
            spare: dict[int, ActiveCard] = {}
            for group, payments in zip(self._groups, both, strict=True):
                spare |= group.release(payments)
            for group, payments in zip(self._groups, both, strict=True):
                group.show_all(payments, spare)
            for card in spare.values():
                card.hide()
                card.deleteLater()
            self._done.title.setVisible(bool(both[1]))
            self._nobody.setVisible(not both[0])

    @contextmanager
    def _held_still(self) -> Iterator[None]:
        """What somebody has scrolled to stays where it is, whatever comes and goes above it."""
        bar = self._scroll.verticalScrollBar()
        before = self._places()
        yield
        if not bar.value():
            return
        self._column.activate()
        height = self._column.totalHeightForWidth(self._list.width())
        self._list.resize(self._list.width(), max(height, self._scroll.viewport().height()))
        after = self._places()
        kept = next((card for card, y in before.items() if y >= bar.value() and card in after), None)
        if kept:
            bar.setValue(bar.value() + after[kept] - before[kept])

    def _places(self) -> dict[ActiveCard, int]:
        """Where each card is in the list, from top to bottom."""
        cards = [card for group in self._groups for card in group.cards.values()]
        return {card: card.y() for card in sorted(cards, key=QWidget.y)}

    @Slot()
    def _tick(self) -> None:
        for group in self._groups:
            group.tick()
