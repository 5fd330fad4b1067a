"""What was taken today, and what a person should look at."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from pos_app.domain.money import kes
from pos_app.domain.search import Totals
from pos_app.messages.counter import to_check
from pos_app.ui.widgets.buttons import Button
from pos_app.ui.widgets.card import Card
from pos_app.ui.widgets.labels import Label

NOT_READ = "–"  # until the figures are read: a zero would be one


class TotalsCard(Card):
    """The card at the foot of the active payments.

    Attributes:
        attention_wanted: the person wants to see what needs a look.
    """

    attention_wanted = Signal()

    def __init__(self) -> None:
        super().__init__(padding=16)
        self.setObjectName("totals")
        self._amount = Label(NOT_READ, "figure")
        self._amount.setObjectName("todayAmount")
        self._count = Label(NOT_READ, "figure")
        self._figures = QWidget()
        grid = QGridLayout(self._figures)
        grid.setContentsMargins(0, 0, 0, 8)
        grid.setVerticalSpacing(4)
        right = Qt.AlignmentFlag.AlignRight
        grid.addWidget(Label("Today", "small"), 0, 0)
        grid.addWidget(Label("Payments", "small"), 0, 1, right)
        grid.addWidget(self._amount, 1, 0)
        grid.addWidget(self._count, 1, 1, right)
        self.body.addWidget(self._figures)
        self._attention = Button(to_check(0), name="attention", icon="circle-alert", height=44)
        self._attention.clicked.connect(self.attention_wanted)
        self._attention.hide()
        self.body.addWidget(self._attention)

    def show_totals(self, totals: Totals | None) -> None:
        """Show the figures of the shop's day; None: they are not for who stands here."""
        self._amount.setText(kes(totals.paid_amount) if totals else NOT_READ)
        self._count.setText(f"{totals.paid:,}" if totals else NOT_READ)
        spoken = f"Today {kes(totals.paid_amount)} in {totals.paid} payments" if totals else ""
        self.setAccessibleName(spoken)
        self._figures.setVisible(totals is not None)
        self._fold()

    def show_attention(self, count: int) -> None:
        """How many payments a person should look at; nothing is shown for none."""
        self._attention.setVisible(count > 0)
        self._attention.set_text(to_check(count))
        self._fold()

    def _fold(self) -> None:
        """An empty card would be a riddle."""
        self.setHidden(self._figures.isHidden() and self._attention.isHidden())
