"""The payments that matter at the counter now: the open ones of this till, and those just finished."""

from datetime import datetime, timedelta

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from pos_app.domain.payment import Payment
from pos_app.sales.till import Till
from pos_app.ui.tasks import Tasks
from pos_app.ui.till_events import TillEvents

KEEP = timedelta(minutes=5)  # how long a finished payment stays in sight
TICK = 1_000  # ms


class ActivePayments(QObject):
    """Knows the newest version of each payment on it.

    Attributes:
        loaded: what the last run left open is there again, perhaps thousands of payments at once.
        changed: a `Payment` that is active and new, or not as it was.
        gone: the id of a payment that left it.
        ticked: each second while there are any, for ages and countdowns.
    """

    KEEP = KEEP
    loaded = Signal()
    changed = Signal(object)
    gone = Signal(int)
    ticked = Signal()

    def __init__(self, till: Till, tasks: Tasks, events: TillEvents, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._till = till
        self._tasks = tasks
        self._payments: dict[int, Payment] = {}
        self._open = 0
        self._timer = QTimer(self)
        self._timer.setObjectName("tick")
        self._timer.setInterval(TICK)
        self._timer.timeout.connect(self._tick)
        events.payment_changed.connect(self.on_payment_changed)

    def load(self) -> None:
        """Bring back what the last run left open."""
        self._tasks.run(self.read_open, self._take_up)

    def belongs(self, payment: Payment) -> bool:
        """Whether it is one of those that are shown here: this till's own."""
        return payment.till == self._till.name

    def read_open(self) -> list[Payment]:
        """Those that are open, the newest first. Waits for the database."""
        return self._till.reader.open_payments(self._till.name)

    def now(self) -> datetime:
        """The till's time, UTC."""
        return self._till.clock.corrected()

    def callback_expected(self, payment: Payment) -> bool:
        """Whether M-PESA's own word about this payment can still come."""
        return self._till.callback_expected(payment)

    def payment(self, payment_id: int) -> Payment | None:
        """The newest version of an active payment."""
        return self._payments.get(payment_id)

    @property
    def open_count(self) -> int:
        """How many payments are open."""
        return self._open

    def __len__(self) -> int:
        """How many payments are on it."""
        return len(self._payments)

    def payments(self) -> list[Payment]:
        """All active payments, newest first."""
        return sorted(self._payments.values(), key=lambda payment: -payment.id)

    def newest(self, payment: Payment) -> Payment:
        """The payment, or its newer version where there is one here."""
        known = self._payments.get(payment.id)
        return known if known and known.version > payment.version else payment

    @Slot(object)
    def on_payment_changed(self, payment: Payment) -> None:
        """A payment changed, or is new. Results of tasks can overtake what is published: the older one is dropped."""
        known = self._payments.get(payment.id)
        if not self.belongs(payment) or payment == known or (known and known.version > payment.version):
            return
        if not self.in_sight(payment):
            self._drop(payment.id)
            return
        self._put(payment)
        self.changed.emit(payment)

    def _put(self, payment: Payment) -> None:
        known = self._payments.get(payment.id)
        self._open += payment.state.open - (known is not None and known.state.open)
        self._payments[payment.id] = payment
        if not self._timer.isActive():
            self._timer.start()

    def _take_up(self, payments: list[Payment]) -> None:
        """Add payments that an earlier run left open, newest first; a newer version that is known already stays."""
        for payment in reversed(payments):
            if self.newest(payment) is payment:
                self._put(payment)
        self.loaded.emit()

    def in_sight(self, payment: Payment) -> bool:
        """Whether it is open, or ended just now."""
        return payment.state.open or payment.closed_at is None or self.now() - payment.closed_at < self.KEEP

    def _drop(self, payment_id: int) -> None:
        known = self._payments.pop(payment_id, None)
        if known:
            self._open -= known.state.open
            self.gone.emit(payment_id)

    @Slot()
    def _tick(self) -> None:
        for payment in [payment for payment in self._payments.values() if not self.in_sight(payment)]:
            self._drop(payment.id)
        if not self._payments:
            self._timer.stop()
        self.ticked.emit()
