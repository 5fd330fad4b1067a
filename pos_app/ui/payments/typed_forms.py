"""What is typed about a payment beside what the owner decides: the code from the SMS, and notes."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from pos_app.domain.payment import Payment, State
from pos_app.sales.till import Till
from pos_app.ui.tasks import Tasks
from pos_app.ui.text_form import TextForm
from pos_app.ui.widgets.fields import Field
from pos_app.ui.widgets.text_area import TextArea

_NOT_PROOF = (
    "Code from the customer's SMS. It is kept beside the payment and proves nothing: M-PESA's own code follows."
)
_STAYS = "Your note stays with this payment, with your name and the time. It moves nothing. Phone numbers are masked."


class TypedForms(QWidget):
    """One of two small forms, or none.

    Signals:
        kept: it is saved; the `Payment` where that has changed by it, else None.
        closed: none is open any more, because it was kept or cancelled.
    """

    kept = Signal(object)
    closed = Signal()

    def __init__(self, till: Till, tasks: Tasks) -> None:
        super().__init__()
        self._till = till
        field = Field(name="codeField", spoken="M-PESA code from the SMS", placeholder="UKN4X7Q2ZT", height=44)
        field.edit.setMaxLength(20)
        self._code = TextForm(tasks, self._who, "code", "the typed code", _NOT_PROOF, field)
        area = TextArea(name="noteField", spoken="Note about this payment", placeholder="What happened?")
        self._note = TextForm(tasks, self._who, "note", "the note", _STAYS, area)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        for form in (self._code, self._note):
            box.addWidget(form)
            form.kept.connect(self.kept)
            form.closed.connect(self.closed)

    @property
    def types_code(self) -> bool:
        """Whether the code from the SMS is being typed."""
        return self._code.isVisibleTo(self)

    @property
    def opened(self) -> bool:
        """Whether one of them is open."""
        return self.types_code or self._note.isVisibleTo(self)

    def type_code(self, payment: Payment) -> None:
        """Let somebody type the code from the SMS."""
        self.leave()
        self._code.start(lambda text: self._till.receipts.type_code(payment.id, text), payment.number, payment.id)

    def write_note(self, payment: Payment) -> None:
        """Let somebody write a note."""
        self.leave()
        self._note.start(lambda text: self._till.notes.about_payment(payment, text), payment.number, payment.id)

    def has_note(self, payment: Payment) -> bool:
        """Whether who stands here has begun a note about a payment."""
        return self._note.has_draft(payment.id)

    def renew(self, payment: Payment) -> None:
        """The payment has changed meanwhile: a code that M-PESA has told needs no typing."""
        if self.types_code and not (payment.state is State.PAID and payment.receipt is None):
            self._code.leave()

    def leave(self) -> None:
        """Close without a word; what was begun is there again when the form is."""
        for form in (self._code, self._note):
            form.leave()

    def _who(self) -> int | None:
        return self._till.authority.shift.operator_id
