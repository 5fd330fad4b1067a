"""The left column of the charge page: the active payments and the day's figures, or counts where it is narrow."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from pos_app.domain.payment import Payment
from pos_app.domain.search import Totals
from pos_app.ui.charge.active_counts import ActiveCounts
from pos_app.ui.charge.active_list import BAR, WIDTH, ActiveList
from pos_app.ui.charge.active_payments import ActivePayments
from pos_app.ui.charge.other_list import OtherList
from pos_app.ui.charge.other_payments import OtherPayments
from pos_app.ui.charge.totals_card import TotalsCard
from pos_app.ui.style.theme import scaled


class ActiveColumn(QWidget):
    """The active payments with the day's figures below them, always in sight.

    Attributes:
        chosen: the id of the payment somebody wants to see.
        attention_chosen: a `Payment` that needs a look.
        other_chosen: a `Payment` of another till that somebody wants to see.
    """

    chosen = Signal(int)
    attention_chosen = Signal(object)
    other_chosen = Signal(object)

    def __init__(self, active: ActivePayments, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._attention: list[Payment] = []
        self._turn = 0
        self._others: OtherList | None = None
        self._active = active
        self._list = ActiveList(active)
        self._totals = TotalsCard()
        self._counts = ActiveCounts(active)
        self._counts.setObjectName("activeCounts")
        self._wide = QWidget()
        self._wide.setObjectName("activeCards")
        self._column = QVBoxLayout(self._wide)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)
        self._column.addWidget(self._list, 1)
        self._column.addWidget(self._totals)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._wide)
        row.addWidget(self._counts)
        self._counts.hide()
        self._fit()
        self._list.chosen.connect(self.chosen)
        self._counts.chosen.connect(self.chosen)
        self._totals.attention_wanted.connect(self._next_attention)
        self._counts.attention_wanted.connect(self._next_attention)

    def changeEvent(self, event: QEvent) -> None:
        """Another text size needs another width."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._fit()

    def _fit(self) -> None:
        width = scaled(WIDTH)
        self._wide.setFixedWidth(width + BAR)
        self._totals.setFixedWidth(width)
        self._list.set_width(width)
        if self._others:
            self._others.setFixedWidth(width)
            self._fit_others()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_others()

    @Slot()
    def _fit_others(self) -> None:
        """Other tills' payments have the room that this till's own do not need, and half of it all where they would."""
        if self._others:
            room = self.height() - self._totals.sizeHint().height() - 2 * self._column.spacing()
            self._others.fit(room - min(self._list.wanted(), room // 2))

    def show_others(self, others: OtherPayments) -> None:
        """Show the payments of other tills, too, below this till's own."""
        self._others = OtherList(others, self._wide)
        self._column.insertWidget(1, self._others)
        self._others.chosen.connect(self.other_chosen)
        self._counts.show_others(others)
        self._counts.other_chosen.connect(self.other_chosen)
        for signal in (self._active.loaded, self._active.changed, self._active.gone):
            signal.connect(self._fit_others)
        self._fit()

    def set_narrow(self, narrow: bool) -> None:
        """Show cards, or only counts where the window is `narrow`."""
        self._wide.setVisible(not narrow)
        self._counts.setVisible(narrow)

    def mark(self, payment_id: int | None) -> None:
        """Mark the payment that the panel shows."""
        self._list.mark(payment_id)

    @Slot(object)
    def show_totals(self, totals: Totals | None) -> None:
        """Show the figures of the day; None: they are not for who stands here."""
        self._totals.show_totals(totals)
        self._counts.show_paid(totals.paid if totals else None)

    @Slot(object)
    def show_attention(self, payments: Sequence[Payment]) -> None:
        """Take the payments that a person should look at."""
        self._attention = list(payments)
        self._totals.show_attention(len(self._attention))
        self._counts.show_attention(len(self._attention))

    @Slot()
    def _next_attention(self) -> None:
        """Each click shows the next one."""
        if self._attention:
            self.attention_chosen.emit(self._attention[self._turn % len(self._attention)])
            self._turn += 1
