"""One payment: what it is, where it stands and why, and what happened to it."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication, QHideEvent, QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from pos_app.domain.manual_settlement import allowed_settlements
from pos_app.domain.payment import NOT_PAID_STATES, JournalLine, Payment, State
from pos_app.domain.refund import refundable
from pos_app.errors import PosError
from pos_app.messages import payments as words
from pos_app.messages.counter import NOT_PAID_NO_RECEIPT
from pos_app.messages.payment_facts import details_text
from pos_app.messages.payment_history import steps
from pos_app.sales.till import Till
from pos_app.ui.payments.owner_forms import OwnerForms
from pos_app.ui.payments.receipt_code_form import CodeForm
from pos_app.ui.payments.summary import PaymentSummary
from pos_app.ui.payments.timeline import Timeline
from pos_app.ui.style.theme import RING
from pos_app.ui.tasks import Lane, Tasks
from pos_app.ui.visits import take_focus
from pos_app.ui.widgets.button_row import ButtonRow
from pos_app.ui.widgets.buttons import Button
from pos_app.ui.widgets.card import Card
from pos_app.ui.widgets.labels import Label
from pos_app.ui.widgets.scrolled import Scrolled

ASKING = "Checking with M-PESA..."
ANSWERED = "This payment has its answer."


class PaymentDetail(Card):
    """The panel beside the list.

    Signals:
        receipt_wanted: the id of the payment whose receipt to show, and `slip_wanted`: whose refund slip.
        again_wanted: the `Payment` to ask for again; that fills the charge form.
        left: Esc; back to the list.
    """

    receipt_wanted = Signal(int)
    slip_wanted = Signal(int)
    again_wanted = Signal(object)
    left = Signal()

    def __init__(self, till: Till, tasks: Tasks, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.setObjectName("paymentDetail")
        self.setAccessibleName("Payment")
        self._till = till
        self._tasks = tasks
        self._payment: Payment | None = None
        self._make_parts()
        self._lay_out()
        self._connect()
        self.show_payment(None)

    @property
    def payment(self) -> Payment | None:
        """The payment that the panel shows."""
        return self._payment

    def show_payment(self, payment: Payment | None) -> None:
        """Show another payment, or the same one changed; its journal follows from a task."""
        before = self._payment
        self._payment = payment
        if before is None or payment is None or before.id != payment.id:
            self._start_afresh()
        elif payment != before:
            self._owner.renew(payment)
        self._show_parts()
        if payment is None:
            return
        if payment != before:
            self._say("")
            self._show_facts(payment)
        self.reload()  # also where only its journal has another line, such as that of a print

    def reload(self) -> None:
        """Read again what is beside it: its journal, whether the same was paid by another payment, and whether its
        phone number is for who stands here.
        """
        payment, reader = self._payment, self._till.reader
        if payment is not None:
            self._tasks.run(
                lambda: (
                    payment,
                    reader.journal(payment.id),
                    reader.paid_of_chain(payment.id) is not None,
                    self._till.audit.may_reveal(),
                ),
                lambda answer: self._show_read(*answer),
                self._show_error,
                owner=self,
            )

    def check_now(self) -> None:
        """Ask M-PESA about it, where it can be asked."""
        payment = self._payment
        if payment is None:
            return
        if not payment.state.open:
            self._say(ANSWERED)
            return
        self._say(ASKING)
        self._tasks.run(
            lambda: self._till.reconciler.check_now(payment.id),
            lambda asked: self._show_checked(payment, asked),
            self._show_error,
            owner=self,
        )

    def want_receipt(self) -> None:
        """Show its receipt, where it has one."""
        if self._payment is not None and self._payment.state is State.PAID:
            self.receipt_wanted.emit(self._payment.id)
        elif self._payment is not None:
            self._say(NOT_PAID_NO_RECEIPT)

    def _want_slip(self) -> None:
        if self._payment is not None:
            self.slip_wanted.emit(self._payment.id)

    def want_again(self) -> None:
        """Ask for it again, where it is known to be unpaid."""
        if self._payment is not None and self._payment.state in NOT_PAID_STATES:
            self.again_wanted.emit(self._payment)

    def focus_first(self) -> None:
        """The focus to the first thing that can be done."""
        buttons = (self._type_code, self._settle, self._check, self._receipt, self._again, self._copy)
        next(button for button in buttons if button.isVisibleTo(self)).setFocus()

    def copy_details(self) -> None:
        """Put its facts on the clipboard, the phone masked."""
        if self._payment is not None:
            QGuiApplication.clipboard().setText(details_text(self._payment, self._timeline.texts))
            self._say("Copied. The phone number is masked.")

    def hideEvent(self, event: QHideEvent) -> None:
        """The page is left: whoever comes next finds neither a passphrase nor a number, and decides anew."""
        super().hideEvent(event)
        if not event.spontaneous():
            self._start_afresh()
            self._show_parts()
            if self._payment is not None:
                self._show_facts(self._payment)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc goes back to the list."""
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def _make_parts(self) -> None:
        self._nothing = Label("Choose a payment to see what happened to it.", "muted", wrap=True)
        self._summary = PaymentSummary()
        self._form = CodeForm()
        self._timeline = Timeline()
        self._words = Label("", "small", wrap=True)
        self._words.setObjectName("detailWords")
        self._check = Button("Check now", name="detailCheck", key="F5")
        self._receipt = Button("Receipt", name="detailReceipt", icon="printer", spoken="Show the receipt")
        self._type_code = Button("Type code from SMS", name="detailTypeCode", icon="pencil")
        self._again = Button("Ask again", name="detailAgain", key="Ctrl R")
        self._copy = Button("Copy details", name="detailCopy")
        self._settle = Button("Owner settles...", name="detailSettle", icon="pencil")
        self._slip = Button("Refund slip", name="detailSlip", icon="printer", spoken="Show the refund slip")
        self._refund = Button("Refund...", name="detailRefund", icon="corner-down-left", spoken="Record a refund")
        self._owner = OwnerForms(self._till, self._tasks)

    def _lay_out(self) -> None:
        edge = self.body.contentsMargins().left() - RING  # the buttons bring their own ring
        self.body.setContentsMargins(edge, edge + RING, edge, edge)
        self.body.addWidget(self._nothing, 1, Qt.AlignmentFlag.AlignTop)
        content = QWidget()
        self._whole = Scrolled(content, "timelineScroll", "What happened, scrolled with the arrow keys")
        self._whole.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.body.addWidget(self._whole, 1)
        box = QVBoxLayout(content)
        box.setContentsMargins(RING, 0, RING, 0)
        box.setSpacing(0)
        box.addWidget(self._summary)
        box.addWidget(self._form)
        box.addSpacing(16)
        box.addWidget(self._timeline, 1)
        self.body.addWidget(self._words)
        self._actions = self._buttons()
        self.body.addSpacing(8)
        self.body.addWidget(self._actions)
        self.body.addWidget(self._owner, 1)

    def _buttons(self) -> QWidget:
        """Which of them are there depends on the state."""
        actions = QWidget()
        row = ButtonRow(self._check, self._receipt, self._again, self._copy)
        back = ButtonRow(self._slip, self._refund)
        column = QVBoxLayout(actions)
        column.setSpacing(4)
        column.setContentsMargins(0, 0, 0, 0)
        for part in (self._type_code, self._settle, back, row):
            column.addWidget(part)
        return actions

    def _connect(self) -> None:
        self._summary.copied.connect(lambda: self._say("Copied."))
        self._summary.number_wanted.connect(self._show_number)
        self._check.clicked.connect(self.check_now)
        self._receipt.clicked.connect(self.want_receipt)
        self._again.clicked.connect(self.want_again)
        self._type_code.clicked.connect(self._open_form)
        self._copy.clicked.connect(self.copy_details)
        self._settle.clicked.connect(lambda: self._open_owner(self._owner.settle))
        self._refund.clicked.connect(lambda: self._open_owner(self._owner.refund))
        self._slip.clicked.connect(self._want_slip)
        self._owner.recorded.connect(self._show_changed)
        self._owner.closed.connect(self._leave_owner)
        self._form.submitted.connect(self._keep_code)
        self._form.cancelled.connect(self._leave_form)

    def _start_afresh(self) -> None:
        self._summary.mask_phone()
        self._form.leave()
        self._owner.leave()
        self._say("")

    def _show_parts(self) -> None:
        for part in (self._whole, self._actions):
            part.setVisible(self._payment is not None and not self._owner.isVisibleTo(self))
        self._nothing.setVisible(self._payment is None)

    def _show_facts(self, payment: Payment) -> None:
        paid = payment.state is State.PAID
        self._summary.show_payment(payment, self._till.callback_expected(payment))
        self._settle.setVisible(bool(allowed_settlements(payment, self._till.clock.corrected())))
        self._check.setVisible(payment.state.open)
        self._check.setEnabled(payment.checkout_request_id is not None)
        self._receipt.setVisible(paid)
        self._slip.setVisible(payment.refunded > 0)
        self._refund.setVisible(refundable(payment) > 0)
        self._again.setVisible(payment.state in NOT_PAID_STATES)
        self._type_code.setVisible(paid and payment.receipt is None and not self._form.isVisibleTo(self))
        if self._form.isVisibleTo(self) and not (paid and payment.receipt is None):
            self._form.leave()

    def _show_read(self, payment: Payment, journal: Sequence[JournalLine], paid_again: bool, reveals: bool) -> None:
        if payment is self._payment:
            self._summary.offer_number(reveals)
            self._again.setVisible(payment.state in NOT_PAID_STATES and not paid_again)
            self._timeline.show_steps(steps(payment, journal), payment.created_at)
            printed = any(line.kind == "printed" for line in journal)
            self._receipt.set_text("Print copy" if printed else "Receipt")

    def _show_number(self, payment: Payment) -> None:
        """Recorded first, then shown."""
        visit = self._summary.visit()
        self._tasks.run(
            lambda: self._till.audit.reveal(payment.number),
            lambda _: self._summary.show_number() if visit() else None,
            lambda error: self._say(error.user_text),
            owner=self,
            lane=Lane.KEEP,
        )

    def _keep_code(self, text: str) -> None:
        payment, here = self._payment, self._form.visit()
        if payment is None:
            return

        def done(typed: Payment) -> None:
            if here():
                self._leave_form()
            self._show_changed(typed)

        self._tasks.run(
            lambda: self._till.receipts.type_code(payment.id, text),
            done,
            lambda error: self._refuse_code(payment, error, here()),
            owner=self,
            lane=Lane.KEEP,
        )

    def _refuse_code(self, payment: Payment, error: PosError, is_open: bool) -> None:
        """Beside what was typed; where that is closed by now, to whoever is there."""
        if is_open:
            self._form.show_error(error.user_text)
        else:
            self._tasks.trouble.emit(f"{payment.number}: {error.user_text}")

    def _open_form(self) -> None:
        self._type_code.hide()
        self._form.start()

    def _leave_form(self) -> None:
        self._form.leave()
        if self._payment is not None:
            self._show_facts(self._payment)
            take_focus(self._copy)

    def _open_owner(self, open_form: Callable[[Payment], None]) -> None:
        if self._payment is not None:
            self._whole.hide()
            self._actions.hide()
            open_form(self._payment)

    def _show_changed(self, payment: Payment) -> None:
        if self._payment is not None and self._payment.id == payment.id:
            self.show_payment(payment)

    def _leave_owner(self) -> None:
        self.show_payment(self._payment)
        take_focus(self._slip if self._slip.isVisibleTo(self) else self._copy)

    def _show_checked(self, payment: Payment, asked: bool) -> None:
        if not asked and self._payment is not None and self._payment.id == payment.id:
            self._say(words.NO_NUMBER)

    def _show_error(self, error: PosError) -> None:
        self._say(error.user_text)

    def _say(self, text: str) -> None:
        self._words.setText(text)
        self._words.setVisible(bool(text))
