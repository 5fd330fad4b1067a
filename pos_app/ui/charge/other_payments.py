"""The payments that other tills of the shop have on their way: to be seen here, and nothing else."""

from datetime import timedelta

from PySide6.QtCore import QObject

from pos_app.domain.payment import Payment, State
from pos_app.sales.till import Till
from pos_app.ui.charge.active_payments import ActivePayments
from pos_app.ui.tasks import Tasks
from pos_app.ui.till_events import TillEvents

KEEP = timedelta(seconds=30)  # how long a finished payment of another till stays in sight


class OtherPayments(ActivePayments):
    """As `ActivePayments`, of every till but this one. What needs a look is on the list of those to check instead."""

    KEEP = KEEP

    def __init__(self, till: Till, tasks: Tasks, events: TillEvents, parent: QObject | None = None) -> None:
        super().__init__(till, tasks, events, parent)
        self._reader = till.reader
        self._here = till.name

    def belongs(self, payment: Payment) -> bool:
        """Whether it is another till's."""
        return payment.till != self._here

    def read_open(self) -> list[Payment]:
        """Those that are on their way, the newest first. Waits for the database."""
        others = [name for name in self._reader.tills() if name != self._here]
        found = [payment for name in others for payment in self._reader.open_payments(name) if self.in_sight(payment)]
        return sorted(found, key=lambda payment: -payment.id)

    def in_sight(self, payment: Payment) -> bool:
        """Whether it is on its way, or just over."""
        return payment.state is not State.REVIEW and super().in_sight(payment)
