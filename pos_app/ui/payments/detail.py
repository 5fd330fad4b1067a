"""One payment: what it is, where it stands and why, and what happened to it."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication, QHideEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QVBoxLayout, QWidget

from pos_app.domain.note import Note
from pos_app.domain.payment import NOT_PAID_STATES, JournalLine, Payment, State
from pos_app.domain.payment_event import EventKind
from pos_app.errors import PosError
from pos_app.messages import payments as words
from pos_app.messages.counter import NOT_PAID_NO_RECEIPT
from pos_app.messages.payment_facts import details_text
from pos_app.messages.payment_history import steps
from pos_app.sales.till import Till
from pos_app.ui.payments.actions import PaymentActions
from pos_app.ui.payments.evidence import EvidenceFold
from pos_app.ui.payments.owner_forms import OwnerForms
from pos_app.ui.payments.summary import PaymentSummary
from pos_app.ui.payments.timeline import Timeline
from pos_app.ui.payments.typed_forms import TypedForms
from pos_app.ui.style.theme import RING, scaled
from pos_app.ui.tasks import Lane, Tasks
from pos_app.ui.visits import take_focus
from pos_app.ui.widgets.buttons import Button, Kind
from pos_app.ui.widgets.card import Card
from pos_app.ui.widgets.labels import Label
from pos_app.ui.widgets.scrolled import Scrolled

ASKING = "Checking with M-PESA..."
ANSWERED = "This payment has its answer."
_BESIDE = 640  # px at the normal text size, from which on what happened stands beside what the payment is


class PaymentDetail(Card):
    """The panel beside the list.

    Signals:
        receipt_wanted: the id of the payment whose receipt to show, and `slip_wanted`: whose refund slip.
        again_wanted: the `Payment` to ask for again; that fills the charge form.
        changed: the `Payment` as another till has left it.
        left: Esc; back to the list.
    """

    receipt_wanted = Signal(int)
    slip_wanted = Signal(int)
    again_wanted = Signal(object)
    changed = Signal(object)
    left = Signal()

    def __init__(self, till: Till, tasks: Tasks, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.setObjectName("paymentDetail")
        self.setAccessibleName("Payment")
        self._till = till
        self._tasks = tasks
        self._payment: Payment | None = None
        self._decides: tuple[Button, Payment] | None = None  # what opened the owner's form, and the payment it is about
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
            self._evidence.fold()
        elif payment != before:
            self._owner.renew(payment)
            self._typed.renew(payment)
        self._show_parts()
        if payment is None:
            return
        if payment != before:
            self._say("")
            self._show_facts(payment)
        self.reload()  # also where only its journal has another line, such as that of a print

    def reload(self) -> None:
        """Read it again, which another till may have changed, and what is beside it: its journal and notes, whether the
        same was paid by another payment, and whether its phone number is for who stands here.
        """
        payment, reader = self._payment, self._till.reader
        if payment is not None:
            self._tasks.run(
                lambda: (
                    payment,
                    reader.payment(payment.id),
                    reader.journal(payment.id),
                    reader.payment_notes(payment.id),
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
        self._actions.first().setFocus()

    def show_opened(self, opened: bool, to: str = "") -> None:
        """Whether it has the room of the list, too, and so a way back: to the list, or to the page with this title."""
        self._back.set_text(f"Back to {to or 'the list'}")
        self._back.setVisible(opened)
        self._arrange()

    def copy_details(self) -> None:
        """Put its facts, what happened and what came on the clipboard, phone numbers masked."""
        if self._payment is not None:
            parts = details_text(self._payment, self._timeline.texts), self._evidence.text
            QGuiApplication.clipboard().setText("\n\n".join(part for part in parts if part))
            self._say("Copied. Phone numbers are masked.")

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is room, what happened stands beside what it is."""
        super().resizeEvent(event)
        self._arrange()

    def hideEvent(self, event: QHideEvent) -> None:
        """The page is left: whoever comes next finds neither a passphrase nor a number, and decides anew."""
        super().hideEvent(event)
        if not event.spontaneous():
            self._start_afresh()
            self._summary.offer_number(False)
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
        self._back = Button("Back to the list", name="detailBack", kind=Kind.QUIET, key="Esc", height=44)
        self._summary = PaymentSummary()
        self._typed = TypedForms(self._till, self._tasks)
        self._timeline = Timeline()
        self._evidence = EvidenceFold()
        self._words = Label("", "small", wrap=True)
        self._words.setObjectName("detailWords")
        self._actions = PaymentActions()
        self._owner = OwnerForms(self._till, self._tasks)

    def _lay_out(self) -> None:
        edge = self.body.contentsMargins().left() - RING  # the buttons bring their own ring
        self.body.setContentsMargins(edge, edge + RING, edge, edge)
        self.body.addWidget(self._nothing, 1, Qt.AlignmentFlag.AlignTop)
        self.body.addWidget(self._back, 0, Qt.AlignmentFlag.AlignLeft)
        self._back.hide()
        content = QWidget()
        self._whole = Scrolled(content, "timelineScroll", "What happened, scrolled with the arrow keys")
        self._whole.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.body.addWidget(self._whole, 1)
        self._columns = QBoxLayout(QBoxLayout.Direction.TopToBottom, content)
        self._columns.setContentsMargins(RING, 0, RING, 0)
        self._columns.setSpacing(16)
        facts, happened = QVBoxLayout(), QVBoxLayout()
        for column, parts in ((facts, (self._summary, self._typed)), (happened, (self._timeline, self._evidence))):
            column.setSpacing(0)
            for part in parts:
                column.addWidget(part)
            column.addStretch(1)
            self._columns.addLayout(column)
        self._columns.setStretch(1, 1)
        self.body.addWidget(self._words)
        self.body.addSpacing(8)
        self.body.addWidget(self._actions)
        self.body.addWidget(self._owner, 1)

    def _arrange(self) -> None:
        beside = self.width() >= scaled(_BESIDE)
        direction = QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom
        if direction is not self._columns.direction():
            self._columns.setDirection(direction)
            self._columns.setSpacing(32 if beside else 16)
            self._columns.setStretch(0, 1 if beside else 0)

    def _connect(self) -> None:
        actions = self._actions
        self._summary.copied.connect(lambda: self._say("Copied."))
        self._summary.number_wanted.connect(self._show_number)
        self._back.clicked.connect(self.left)
        self._evidence.unfolded.connect(lambda: self._whole.show_soon(self._evidence))
        actions.check.clicked.connect(self.check_now)
        actions.receipt.clicked.connect(self.want_receipt)
        actions.again.clicked.connect(self.want_again)
        actions.type_code.clicked.connect(lambda: self._open_typed(self._typed.type_code))
        actions.note.clicked.connect(lambda: self._open_typed(self._typed.write_note))
        actions.copy.clicked.connect(self.copy_details)
        for button, open_form in (
            (actions.settle, self._owner.settle),
            (actions.refund, self._owner.refund),
            (actions.withdraw, self._owner.withdraw),
            (actions.unbind, self._owner.unbind),
        ):
            button.clicked.connect(partial(self._open_owner, button, open_form))
        actions.slip.clicked.connect(self._want_slip)
        self._owner.done.connect(self._show_changed)
        self._owner.closed.connect(self._leave_owner)
        self._typed.kept.connect(self._show_kept)
        self._typed.closed.connect(self._leave_typed)

    def _start_afresh(self) -> None:
        self._summary.mask_phone()
        self._typed.leave()
        self._owner.leave()
        self._say("")

    def _show_parts(self) -> None:
        whole = self._payment is not None and not self._owner.isVisibleTo(self)
        self._whole.setVisible(whole)
        self._actions.setVisible(whole and not self._typed.opened)  # with very large text a form needs their room
        self._nothing.setVisible(self._payment is None)

    def _show_facts(self, payment: Payment) -> None:
        self._summary.show_payment(payment, self._till.callback_expected(payment))
        now, typed = self._till.clock.corrected(), self._typed
        self._actions.show_for(payment, now, typing_code=typed.types_code, has_note=typed.has_note(payment))

    def _show_read(
        self,
        payment: Payment,
        now: Payment | None,
        journal: Sequence[JournalLine],
        notes: Sequence[Note],
        paid_again: bool,
        reveals: bool,
    ) -> None:
        if payment is not self._payment:
            return
        if now is not None and now.version > payment.version:
            self.changed.emit(now)  # comes back as it is now, to be read with what is beside it
        else:
            self._summary.offer_number(reveals)
            self._actions.again.setVisible(payment.state in NOT_PAID_STATES and not paid_again)
            self._timeline.show_steps(steps(payment, journal, notes), payment.created_at)
            self._evidence.show_evidence(payment, journal)
            self._actions.show_printed(any(line.event_kind is EventKind.PRINTED for line in journal))

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

    def _open_typed(self, open_form: Callable[[Payment], None]) -> None:
        if self._payment is not None:
            open_form(self._payment)
            self._show_parts()
            self._show_facts(self._payment)
            self._whole.show_soon(self._typed)

    def _leave_typed(self) -> None:
        self._show_parts()
        if self._payment is not None:
            self._show_facts(self._payment)
            take_focus(self._actions.note)

    def _show_kept(self, changed: Payment | None) -> None:
        if changed is not None:
            self._show_changed(changed)
        else:
            self.reload()

    def _open_owner(self, button: Button, open_form: Callable[[Payment], None]) -> None:
        if self._payment is not None:
            self._decides = (button, self._payment)
            self._whole.hide()
            self._actions.hide()
            open_form(self._payment)

    def _show_changed(self, payment: Payment) -> None:
        if self._payment is not None and self._payment.id == payment.id:
            self.show_payment(payment)

    def _leave_owner(self) -> None:
        """The focus goes back to what opened the form; where something was decided, to what comes next. Whatever an
        Enter presses there moves nothing.
        """
        self.show_payment(self._payment)
        button, seen = self._decides or (self._actions.copy, None)
        left = button if seen is self._payment else self._actions.slip
        take_focus(next((each for each in (left, self._actions.note) if not each.isHidden()), self._actions.copy))

    def _show_checked(self, payment: Payment, asked: bool) -> None:
        if not asked and self._payment is not None and self._payment.id == payment.id:
            self._say(words.NO_NUMBER)

    def _show_error(self, error: PosError) -> None:
        self._say(error.user_text)

    def _say(self, text: str) -> None:
        self._words.setText(text)
        self._words.setVisible(bool(text))
