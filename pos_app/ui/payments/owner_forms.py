"""The forms of the owner and of supervisors, which take the place of a payment's detail."""

from typing import TypeVar

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from pos_app.domain.manual_settlement import allowed_settlements
from pos_app.domain.payment import Payment
from pos_app.sales.till import Till
from pos_app.ui.payments.owner_form import OwnerForm
from pos_app.ui.payments.refund_form import RefundForm
from pos_app.ui.payments.settle_form import SettleForm
from pos_app.ui.payments.withdraw_form import WithdrawForm
from pos_app.ui.tasks import Tasks

Form = TypeVar("Form", bound=OwnerForm)


class OwnerForms(QWidget):
    """One of them at a time, or none. Each is made when it is first needed: that is seldom.

    Signals:
        recorded: the `Payment` as it is after what was decided.
        closed: none is open any more, because it was recorded or cancelled.
    """

    recorded = Signal(object)
    closed = Signal()

    def __init__(self, till: Till, tasks: Tasks, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._till = till
        self._tasks = tasks
        self._settling: SettleForm | None = None
        self._refunding: RefundForm | None = None
        self._withdrawing: WithdrawForm | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self.hide()

    def settle(self, payment: Payment) -> None:
        """Let the owner settle a payment by hand."""
        form = self._settling = self._settling or self._added(SettleForm(self._till, self._tasks))
        self.show()
        form.start(payment, allowed_settlements(payment, self._till.clock.corrected()))

    def refund(self, payment: Payment) -> None:
        """Let the owner record that money of a payment went back."""
        form = self._refunding = self._refunding or self._added(RefundForm(self._till, self._tasks))
        self.show()
        form.start(payment)

    def withdraw(self, payment: Payment) -> None:
        """Let a supervisor or the owner withdraw the access that a payment has given."""
        form = self._withdrawing = self._withdrawing or self._added(WithdrawForm(self._till, self._tasks))
        self.show()
        form.start(payment)

    def renew(self, payment: Payment) -> None:
        """The payment has changed meanwhile; whatever form is open deals with that."""
        for form in self._forms:
            if form.isVisibleTo(self):
                form.renew(payment)

    def leave(self) -> None:
        """Close without a word; no passphrase is kept."""
        for form in self._forms:
            form.leave()
        self.hide()

    @property
    def _forms(self) -> list[OwnerForm]:
        return [form for form in (self._settling, self._refunding, self._withdrawing) if form]

    def _added(self, form: Form) -> Form:
        self._column.addWidget(form)
        form.done.connect(self._tell)
        form.closed.connect(self._close)
        return form

    def _tell(self, payment: Payment) -> None:
        """A form goes with its own answer only: it may be open for another decision by now."""
        self._fold()
        self.recorded.emit(payment)

    def _close(self) -> None:
        self._fold()
        self.closed.emit()

    def _fold(self) -> None:
        if all(form.isHidden() for form in self._forms):
            self.hide()
