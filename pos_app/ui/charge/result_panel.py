"""What became of a payment: what happened, did money move, what to do now.

Nothing here sends a prompt: "Ask again" only fills the charge form (rule 13).
"""

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from pos_app.domain.kenya_time import duration
from pos_app.domain.payment import NOT_PAID_STATES, Payment, State
from pos_app.domain.transitions import Substate, substate
from pos_app.messages import payments as words
from pos_app.messages.remarks import remarks_words
from pos_app.ui.charge.receipt_code import ReceiptCode
from pos_app.ui.style.state_style import ColourRole
from pos_app.ui.style.theme import RING
from pos_app.ui.widgets.button_row import ButtonRow
from pos_app.ui.widgets.buttons import Button, Kind
from pos_app.ui.widgets.labels import Label
from pos_app.ui.widgets.notice import Notice
from pos_app.ui.widgets.payment_head import PaymentHead
from pos_app.ui.widgets.scrolled import BAR, Scrolled


class ResultPanel(QWidget):
    """Shows a payment that is finished, not sure, or needs checking.

    Attributes:
        new_wanted: back to an empty charge.
        again_wanted: ask this customer again (the `Payment`).
        receipt_wanted: the receipt of this payment (its id).
        check_wanted: ask M-PESA now about this payment (its id).

    Args:
        wait_left: seconds until a payment may be asked for again.
    """

    new_wanted = Signal()
    again_wanted = Signal(object)
    receipt_wanted = Signal(int)
    check_wanted = Signal(int)

    def __init__(self, wait_left: Callable[[Payment], float], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._wait_left = wait_left
        self.payment: Payment | None = None
        self._asking = False
        self._head = PaymentHead("resultHead")
        self._code = ReceiptCode()
        self._lines = [Label(role="strong", wrap=True), Label(role="body", wrap=True), Label(role="body", wrap=True)]
        for label, name in zip(self._lines, ("resultHappened", "resultMoney", "resultAdvice"), strict=True):
            label.setObjectName(name)
        self._remarks = Label(role="body", wrap=True)
        self._remarks.setObjectName("resultRemarks")
        self._following = Label(role="ticking", wrap=True)
        self._small = Label(role="small", wrap=True)
        self._notice = Notice("resultNotice", ColourRole.WAITING, "info")
        self._check = Button("Check now", name="checkResult", key="F5")
        self._again = Button("Ask again", name="askAgain", key="Ctrl R")
        self._receipt = Button("Receipt", name="showReceipt", icon="printer", key="F9")
        self._new = Button("New charge", name="newCharge", kind=Kind.PRIMARY, key="Esc", height=52)
        self._buttons = ButtonRow(self._check, self._receipt, self._new, column=True)
        self._lay_out()
        self.set_compact(False)
        self._connect()

    def set_compact(self, compact: bool) -> None:
        """Take less room: a smaller head, less between the parts, one row of buttons."""
        self._head.set_compact(compact)
        self._column.setSpacing(4 if compact else 10)
        self._buttons.set_low(compact)

    def _lay_out(self) -> None:
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, BAR, 0)
        page.setSpacing(4)
        content = QWidget()  # what needs somebody comes first: a small screen scrolls the rest away
        self._scrolled = Scrolled(content, "resultScroll", "Result of the payment")
        page.addWidget(self._scrolled, 1)
        self._column = column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._head)
        for part in (*self._lines, self._code, self._remarks, self._following, self._small):
            column.addWidget(part)
        for label in (*self._lines, self._remarks, self._following, self._small):
            label.setContentsMargins(RING, 0, RING, 0)
        column.addStretch(1)
        page.addWidget(self._notice)
        page.addWidget(self._again)
        page.addWidget(self._buttons)

    def _connect(self) -> None:
        self._new.clicked.connect(self.new_wanted)
        self._again.clicked.connect(self._want_again)
        self._receipt.clicked.connect(self._want_receipt)
        self._check.clicked.connect(self._want_check)

    def show_payment(self, payment: Payment, now: datetime, callback_expected: bool) -> None:
        """Show how a payment ended."""
        if self.payment is None or self.payment.id != payment.id or self.payment.state is not payment.state:
            self._notice.hide()
            self._asking = False
        self.payment = payment
        self._head.show_payment(payment)
        self._show_code(payment, callback_expected)
        said = (words.happened(payment), words.money_moved(payment), words.advice(payment))
        for label, text in zip(self._lines, said, strict=True):
            label.setText(text)
            label.setVisible(bool(text))
        remarks = remarks_words(payment)
        self._remarks.setText("\n".join(remarks))
        self._remarks.setVisible(bool(remarks))
        self._check.setVisible(payment.state.open)
        self._check.setEnabled(payment.query_id is not None)
        self._receipt.setVisible(payment.state is State.PAID)
        self._again.setVisible(payment.state in NOT_PAID_STATES)
        self.tick(now, callback_expected)

    def _show_code(self, payment: Payment, callback_expected: bool) -> None:
        paid = payment.state is State.PAID
        self._code.setVisible(paid)
        if paid:
            self._code.show_code(words.code_or_why_not(payment, callback_expected), words.access_given(payment))

    def scroll_to_top(self) -> None:
        """Show the beginning, where not all of it has room."""
        self._scrolled.scroll_to_top()

    def tick(self, now: datetime, callback_expected: bool) -> None:
        """Bring the age and the countdown to asking again up to date."""
        payment = self.payment
        if payment is None:
            return
        asking = payment.state.open and substate(payment) is not Substate.HELD
        following = words.next_words(payment, now, callback_expected) if asking else ""
        if self._notice.isVisibleTo(self) and self._notice.words == following:
            following = ""  # said once
        self._following.setText(following)
        self._following.setVisible(bool(following))
        since = words.since(payment.closed_at or payment.created_at, now)
        since = f"Since {since} ({words.age(payment, now)})" if payment.state.open else f"At {since}"
        self._small.setText(" · ".join(part for part in (since, words.code_words(payment)) if part))
        self._tick_again(payment)

    def _tick_again(self, payment: Payment) -> None:
        """Asking again waits until the last prompt surely cannot be answered any more."""
        left = self._wait_left(payment)
        self._again.setEnabled(left <= 0 and not self._asking)
        if self._asking:
            self._again.set_text("Checking with M-PESA...")
        else:
            self._again.set_text(f"Ask again in {duration(left + 0.999)}" if left > 0 else "Ask again")

    def set_message(self, text: str) -> None:
        """Something to know about this payment, such as why it may not be asked for again."""
        self._notice.set_message(text)
        self._notice.show()

    def end_asking(self, payment: Payment) -> None:
        """It is known whether this payment may be asked for again."""
        if self.waits_to_ask(payment):
            self._asking = False
            self._tick_again(payment)

    def waits_to_ask(self, payment: Payment) -> bool:
        """Whether somebody pressed "Ask again" for this payment, and it has stood here ever since."""
        return self._asking and self.payment is not None and self.payment.id == payment.id

    def hideEvent(self, event: QHideEvent) -> None:
        """Whoever leaves it serves somebody else: an answer that comes later fills no form."""
        super().hideEvent(event)
        if self.payment and not event.spontaneous():  # a window that is only put away leaves nothing
            self.end_asking(self.payment)

    def press_again(self) -> None:
        """Press "Ask again", where it is offered (its key)."""
        if self._again.isVisible() and self._again.isEnabled():
            self._want_again()

    @Slot()
    def _want_again(self) -> None:
        if self.payment:
            self._asking = True
            self._again.setEnabled(False)
            self._again.set_text("Checking with M-PESA...")
            self.again_wanted.emit(self.payment)

    @Slot()
    def _want_receipt(self) -> None:
        if self.payment:
            self.receipt_wanted.emit(self.payment.id)

    @Slot()
    def _want_check(self) -> None:
        if self.payment:
            self.check_wanted.emit(self.payment.id)
