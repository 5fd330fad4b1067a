"""What is typed about a payment beside what the owner decides: the code from the SMS, and notes."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from pos_app.domain.payment import Payment, State
from pos_app.errors import PosError
from pos_app.sales.till import Till
from pos_app.ui.payments.text_form import TextForm, code_form, note_form
from pos_app.ui.tasks import Lane, Tasks


class TypedForms(QWidget):
    """One of two small forms, or none, and what becomes of what they submit.

    Signals:
        kept: it is saved; the `Payment` where that has changed by it, else None.
        closed: none is open any more, because it was kept or cancelled.
    """

    kept = Signal(object)
    closed = Signal()

    def __init__(self, till: Till, tasks: Tasks) -> None:
        super().__init__()
        self._till = till
        self._tasks = tasks
        self._payment: Payment | None = None
        self._code, self._note = code_form(), note_form()
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        for form, keep in ((self._code, self._keep_code), (self._note, self._keep_note)):
            box.addWidget(form)
            form.submitted.connect(partial(self._submit, form, keep))
            form.cancelled.connect(self._close)
        self.leave()

    @property
    def types_code(self) -> bool:
        """Whether the code from the SMS is being typed."""
        return self._code.isVisibleTo(self)

    def type_code(self, payment: Payment) -> None:
        """Let somebody type the code from the SMS."""
        self._open(self._code, payment)

    def write_note(self, payment: Payment) -> None:
        """Let somebody write a note."""
        self._open(self._note, payment)

    def renew(self, payment: Payment) -> None:
        """The payment has changed meanwhile: a code that M-PESA has told needs no typing."""
        if self.types_code and not (payment.state is State.PAID and payment.receipt is None):
            self._code.leave()

    def leave(self) -> None:
        """Close without a word, and keep nothing."""
        for form in (self._code, self._note):
            form.leave()

    def _open(self, form: TextForm, payment: Payment) -> None:
        self.leave()
        self._payment = payment
        form.start()

    def _close(self) -> None:
        self.leave()
        self.closed.emit()

    def _keep_code(self, payment: Payment, text: str) -> Payment:
        return self._till.receipts.type_code(payment.id, text)

    def _keep_note(self, payment: Payment, text: str) -> None:
        self._till.notes.about_payment(payment, text)

    def _submit(self, form: TextForm, keep: Callable[[Payment, str], Payment | None], text: str) -> None:
        payment, here = self._payment, form.visit()
        if payment is None:
            return

        def done(changed: Payment | None) -> None:
            if here():
                self._close()
            self.kept.emit(changed)

        self._tasks.run(
            partial(keep, payment, text),
            done,
            lambda error: self._refuse(form if here() else None, payment, error),
            owner=self,
            lane=Lane.KEEP,
        )

    def _refuse(self, form: TextForm | None, payment: Payment, error: PosError) -> None:
        """Beside what was typed; where that is closed by now, to whoever is there."""
        if form:
            form.show_error(error.user_text)
        else:
            self._tasks.trouble.emit(f"{payment.number}: {error.user_text}")
