"""The last page: a real payment of one shilling to the owner's own phone, shown live."""

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtGui import QHideEvent, QKeyEvent, QShowEvent

from pos_app.domain.callback_route import RouteState, RouteStatus
from pos_app.domain.payment import Payment, State
from pos_app.domain.phone import parse_phone
from pos_app.errors import PosError
from pos_app.messages import payments as words
from pos_app.messages.counter import TOO_FAST
from pos_app.sales.test_payment import AMOUNT, TITLE, Trial
from pos_app.sales.till import Till
from pos_app.ui.settings.section import Section
from pos_app.ui.settings.service import TillService
from pos_app.ui.style.theme import RING
from pos_app.ui.tasks import Lane, Tasks
from pos_app.ui.till_events import TillEvents
from pos_app.ui.widgets.buttons import Button, Kind
from pos_app.ui.widgets.enter import ENTER
from pos_app.ui.widgets.key_watch import Haste, KeyWatch
from pos_app.ui.widgets.labels import Label
from pos_app.ui.widgets.payment_head import PaymentHead
from pos_app.ui.widgets.phone_field import PhoneField

TICK = 1_000  # ms
OPENING = "Opening the till..."
NOT_OPEN = "The till is not open. Go back to mend it, or finish and come back to it later."
CONNECTING = "The till is open and waits until results can come back. A moment..."
SCANNED = "A scan asks nobody. Type your own phone number here."
READY = "The till is open. Type your own number, then look at your phone."


class PaymentTestSection(Section):
    """Opens the till, asks, and follows the payment. Nothing is to be kept: one may finish at any time.

    Signals:
        arrived: the shilling has; there is nothing more to do here.
    """

    arrived = Signal()

    TITLE = "Pay one shilling yourself"
    LEAD = (
        "Type your own phone number and pay. When it says Paid, everything from this till to M-PESA and back works. "
        "The shilling goes to your own shop."
    )

    def __init__(self, service: TillService, tasks: Tasks) -> None:
        super().__init__("testPaymentSection", tasks)
        self._service = service
        self._till: Till | None = None
        self._visit = 0  # a till that opens for an earlier one is being closed already
        self._payment: Payment | None = None
        self._watch: KeyWatch | None = None  # while the page is seen
        self._events = TillEvents(self)
        self._timer = QTimer(self, interval=TICK)
        self._status = self.add_note("")
        self._phone = PhoneField()
        self._ask = Button(f"Ask for KES {AMOUNT}", name="askTrial", kind=Kind.PRIMARY, height=52)
        self._check = Button("Check now", name="checkTrial")
        self._head = PaymentHead("trialHead")
        self._said = Label(role="body", wrap=True)
        self._following = Label(role="ticking", wrap=True)
        self._lay_out()
        self._phone.edit.returnPressed.connect(self.ask)
        self._ask.clicked.connect(self.ask)
        self._check.clicked.connect(self._check_now)
        self._timer.timeout.connect(self._tick)
        self._events.payment_changed.connect(self._changed)
        self._events.route_changed.connect(self._show_route)
        self._show_parts()

    @property
    def paid(self) -> bool:
        """Whether the shilling has arrived."""
        return self._payment is not None and self._payment.state is State.PAID

    def _lay_out(self) -> None:
        self.add("Your phone", self._phone)
        for widget in (self._ask, self._head, self._said, self._following, self._check):
            self.column.addWidget(widget)
        for label in (self._said, self._following):
            label.setContentsMargins(RING, 4, RING, 4)
        self.column.addStretch(1)

    def load(self) -> None:
        if self._till is None:
            visit = self._visit
            self.show_error("")
            self._status.setText(OPENING)
            self._phone.setFocus()
            self.run(self._service.open, lambda till: self._use(till) if visit == self._visit else None, Lane.TILL)

    def _use(self, till: Till) -> None:
        self._till = till
        till.ledger.subscribe(self._events.payment_changed.emit)
        till.route.subscribe(self._events.route_changed.emit)
        self._show_parts()

    def keep(self) -> None:
        """Nothing to keep."""
        self.kept.emit()

    def show_error(self, text: str) -> None:
        super().show_error(text)
        if text and self._till is None:
            self._status.setText(NOT_OPEN)

    def leave(self) -> None:
        """The till is being closed, by whoever goes back to change something."""
        self._visit += 1
        self._till = None
        self._timer.stop()
        self._show_parts()

    def showEvent(self, event: QShowEvent) -> None:
        """Here a phone is asked: from now on a scanner is told from a person."""
        super().showEvent(event)
        if not event.spontaneous() and self._watch is None:
            self._watch = KeyWatch(self.window(), self._take)
            self._watch.scanned.connect(lambda _: self.show_error(SCANNED))

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if not event.spontaneous() and self._watch is not None:
            self._watch.deleteLater()
            self._watch = None

    def _take(self, event: QKeyEvent, haste: Haste | None) -> bool:
        """An Enter as fast as a scanner's asks nobody (rule 14)."""
        if haste is None or event.key() not in ENTER or not self._phone.edit.hasFocus():
            return False
        self.show_error(TOO_FAST)
        return True

    @Slot()
    def ask(self) -> None:
        """Send the prompt, once."""
        if self._till is None or self.paid or not self._ask.isEnabled():
            return
        trial, phone = Trial(self._till.catalogue, self._till.checkout), self._phone.text()
        self.show_error("")
        self._ask.setEnabled(False)
        self.tasks.run(lambda: trial.charge(parse_phone(phone)), self._changed, self._refused, lane=Lane.CHARGE)

    def _refused(self, error: PosError) -> None:
        self._ask.setEnabled(True)
        self.show_error(error.user_text)

    @Slot(object)
    def _changed(self, payment: Payment) -> None:
        known = self._payment
        if payment.post_title != TITLE or (known and (known.id, known.version) >= (payment.id, payment.version)):
            return
        self._payment = payment
        self._timer.start()
        self._show_parts()
        if self.paid:
            self.arrived.emit()

    @Slot(object)
    def _show_route(self, status: RouteStatus) -> None:
        """The shilling shall come back on the way that was chosen: it is not sent before that is known to be open."""
        if self._till is None:
            return
        self._status.setText(CONNECTING if status.state is RouteState.OPENING else f"{READY} {status.words}".strip())
        self._show_parts()

    def _show_parts(self) -> None:
        payment, till = self._payment, self._till
        opened = till is not None and till.route.status.state is not RouteState.OPENING
        waiting = payment is not None and payment.state.open
        for part in (self._head, self._said):
            part.setVisible(payment is not None)
        self._following.setVisible(payment is not None and not self.paid)
        self._ask.setVisible(not self.paid)
        self._ask.setEnabled(opened and not waiting and not self.paid)
        self._phone.setEnabled(not self.paid)
        self._status.setVisible(not self.paid)
        self._check.setVisible(waiting)
        if payment:
            self._head.show_payment(payment)
            self._said.setText(_said(payment))
            self._tick()

    @Slot()
    def _tick(self) -> None:
        if self._payment is None or self._till is None:
            return
        expected = self._till.callback_expected(self._payment)
        self._following.setText(words.next_words(self._payment, self._till.clock.corrected(), expected))
        if not self._payment.state.open:
            self._timer.stop()

    @Slot()
    def _check_now(self) -> None:
        till, payment = self._till, self._payment
        if till and payment:
            self.tasks.run(lambda: till.reconciler.check_now(payment.id), failed=self._refused)


def _said(payment: Payment) -> str:
    """What happened, did money move, what to do now."""
    if payment.state is State.PAID:
        code = f" M-PESA's code is {payment.receipt}." if payment.receipt else ""
        return f"{words.happened(payment)}{code} The till works: finish, and start to sell."
    said = (words.happened(payment), words.money_moved(payment), words.advice(payment))
    return " ".join(part for part in said if part)
