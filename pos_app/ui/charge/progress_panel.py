"""A payment on its way: where it is, what to tell the customer, and how to serve the next one meanwhile."""

from datetime import datetime

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from pos_app.domain.payment import PROMPT_LIFE, Payment, State
from pos_app.domain.receipt import Shop
from pos_app.messages import counter as counter_words
from pos_app.messages import payments as words
from pos_app.ui.style.state_style import ColourRole
from pos_app.ui.style.theme import RING
from pos_app.ui.widgets.button_row import ButtonRow
from pos_app.ui.widgets.buttons import Button, Kind
from pos_app.ui.widgets.labels import Label
from pos_app.ui.widgets.notice import Notice
from pos_app.ui.widgets.payment_head import PaymentHead
from pos_app.ui.widgets.progress import ThinProgress
from pos_app.ui.widgets.scrolled import BAR, Scrolled
from pos_app.ui.widgets.steps import Steps

_SAID_FOR = 8_000  # ms; then what to tell the customer has its room again
_STEPS = ("Saved", "Sent to M-PESA", "On the phone", "Paid")


class ProgressPanel(QWidget):
    """Shows a payment that is `requested` or `prompted`.

    Attributes:
        check_wanted: ask M-PESA now about this payment (its id).
        next_wanted: serve the next customer; the payment goes on, and its result may still come here.
        stop_wanted: leave the payment among those in progress for good (its id). Nothing is cancelled at M-PESA.
    """

    check_wanted = Signal(int)
    next_wanted = Signal()
    stop_wanted = Signal(int)

    def __init__(self, shop: Shop, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shop = shop
        self._payment: Payment | None = None
        self._head = PaymentHead("progressHead")
        self._steps = Steps(_STEPS)
        self._steps.setObjectName("progressSteps")
        self._progress = ThinProgress()
        self._tell = Label(role="body", wrap=True)
        self._tell.setObjectName("progressTell")
        self._following = Label(role="ticking", wrap=True)
        self._notice = Notice("progressNotice", ColourRole.WAITING, "info")
        self._said = QTimer(self, singleShot=True, interval=_SAID_FOR)
        self._said.setObjectName("saidTimer")
        self._check = Button("Check now", name="checkNow", key="F5")
        self._next = Button("Next customer", name="serveNext", key="Esc", spoken="Serve next customer")
        self._stop = Button("Stop waiting...", name="stopWaiting", kind=Kind.QUIET, height=44)
        self._really = Button("Keep it under In progress", name="stopWaitingNow", height=44)
        self._buttons = ButtonRow(self._check, self._next)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        caption = Label("Tell the customer", "caption")
        trouble = Label(counter_words.TROUBLE_ON_PHONE, "small", wrap=True)
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, BAR, 0)
        page.setSpacing(6)
        self._notice.column.addWidget(self._really)
        page.addWidget(self._notice)
        page.addWidget(self._buttons)
        content = QWidget()  # what needs somebody comes first: a small screen scrolls the rest away
        self._scrolled = Scrolled(content, "progressScroll", "Payment in progress")
        page.insertWidget(0, self._scrolled, 1)  # last, so that Tab leads to the buttons before "Stop waiting"
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self._head)
        column.addWidget(caption)
        column.addWidget(self._tell)
        column.addWidget(trouble)
        column.addSpacing(4)
        column.addWidget(self._steps)
        column.addWidget(self._progress)
        column.addWidget(self._following)
        column.addStretch(1)
        column.addWidget(self._stop)
        for widget in (self._progress, caption, self._tell, trouble, self._following):
            widget.setContentsMargins(RING, 0, RING, 0)

    def _connect(self) -> None:
        self._said.timeout.connect(self._notice.hide)
        self._check.clicked.connect(self._want_check)
        self._next.clicked.connect(self.next_wanted)
        self._stop.clicked.connect(self._explain_stop)
        self._really.clicked.connect(self._want_stop)

    def show_payment(self, payment: Payment, now: datetime, callback_expected: bool) -> None:
        """Show it as it is; another payment starts afresh."""
        if self._payment is None or self._payment.id != payment.id:
            self._notice.hide()
            self._stop.show()
        self._payment = payment
        self._head.show_payment(payment)
        self._tell.setText(counter_words.tell_customer(self._shop, payment.amount))
        self._check.setEnabled(payment.query_id is not None)
        self.tick(now, callback_expected)

    def set_compact(self, compact: bool) -> None:
        """Take less room: a smaller head, the steps in one row, no progress bar, one row of buttons."""
        self._buttons.set_low(compact)
        self._head.set_compact(compact)
        self._steps.set_compact(compact)
        self._progress.setVisible(not compact)

    def scroll_to_top(self) -> None:
        """Show the beginning, where not all of it has room."""
        self._scrolled.scroll_to_top()

    def tick(self, now: datetime, callback_expected: bool) -> None:
        """Bring the steps, the progress and the countdown up to date."""
        payment = self._payment
        if payment is None:
            return
        prompted = payment.state is State.PROMPTED
        note = counter_words.waited(payment, now) if prompted else words.age(payment, now)
        self._steps.show_step(2 if prompted else 1, note)
        self._progress.set_part((now - payment.created_at).total_seconds() / PROMPT_LIFE)
        self._following.setText(words.next_words(payment, now, callback_expected))

    def set_message(self, text: str) -> None:
        """Something to know about this payment, for a while; whoever was about to stop waiting presses that again."""
        self._notice.set_message(text)
        self._really.hide()
        self._stop.show()
        self._said.start()
        self._notice.show()

    @Slot()
    def _explain_stop(self) -> None:
        self._said.stop()
        self._notice.set_message(counter_words.STOP_WAITING)
        self._really.show()
        self._notice.show()
        self._really.setFocus()  # hiding the button that has it would send it anywhere
        self._stop.hide()

    @Slot()
    def _want_check(self) -> None:
        if self._payment:
            self.check_wanted.emit(self._payment.id)

    @Slot()
    def _want_stop(self) -> None:
        if self._payment:
            self.stop_wanted.emit(self._payment.id)
