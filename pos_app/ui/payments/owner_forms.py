"""The owner's forms, which take the place of a payment's detail, and what becomes of what they submit."""

from collections.abc import Callable
from functools import partial
from typing import TypeVar

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from pos_app.domain.manual_settlement import allowed_settlements
from pos_app.domain.operators import Act, Need
from pos_app.domain.payment import Payment
from pos_app.errors import PosError
from pos_app.messages.recovery import UNSEEN
from pos_app.sales.till import Till
from pos_app.ui.payments.owner_form import OwnerForm
from pos_app.ui.payments.refund_form import RefundForm
from pos_app.ui.payments.settle_form import SettleForm
from pos_app.ui.recovery.code_dialog import show_code
from pos_app.ui.recovery.forgotten import ForgottenButton
from pos_app.ui.tasks import Lane, Tasks

Form = TypeVar("Form", bound=OwnerForm)


class OwnerForms(QWidget):
    """One of them at a time, or none. Each is made when it is first needed: that is seldom.

    Signals:
        recorded: the `Payment` as it is after what the owner decided.
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
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self.hide()

    def settle(self, payment: Payment) -> None:
        """Let the owner settle a payment by hand."""
        form = self._settling = self._settling or self._added(SettleForm(), self._till.owner.settle)
        self.show()
        form.start(payment, allowed_settlements(payment, self._till.clock.corrected()))
        self._ask_owner(form, Act.SETTLE)

    def refund(self, payment: Payment) -> None:
        """Let the owner record that money of a payment went back."""
        form = self._refunding = self._refunding or self._added(RefundForm(), self._till.owner.refund)
        self.show()
        form.start(payment)
        self._ask_owner(form, Act.REFUND)

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

    def close_forms(self) -> None:
        """Close, and say so."""
        self.leave()
        self.closed.emit()

    @property
    def _forms(self) -> list[OwnerForm]:
        return [form for form in (self._settling, self._refunding) if form]

    def _added(self, form: Form, record: Callable[..., Payment]) -> Form:
        self._column.addWidget(form)
        name = form.objectName().removesuffix("Form")
        form.offer_way_out(ForgottenButton(name, self._tasks, self._till.owner.passphrase.recover))
        form.submitted.connect(partial(self._record, form, record))
        form.cancelled.connect(self.close_forms)
        return form

    def _ask_owner(self, form: OwnerForm, act: Act) -> None:
        here = form.visit()

        def ask(missing: Need) -> None:
            if here():
                form.ask_first(missing is Need.OFF)
                form.ask_passphrase(missing is not Need.NOTHING)

        self._tasks.run(
            partial(self._till.authority.need, act),
            ask,
            lambda error: form.show_error(error.user_text) if here() else None,
            owner=self,
        )

    def _record(
        self,
        form: OwnerForm,
        record: Callable[..., Payment],
        seen: Payment,
        decided: object,
        passphrase: str,
        first: bool,
    ) -> None:
        here = form.visit()

        def told_once(code: str) -> None:
            """On the thread that records; whatever becomes of the decision, the passphrase is chosen."""
            self._tasks.deliver(self._show_code, code)

        self._tasks.run(
            lambda: record(seen, passphrase, decided, first=told_once if first else None),
            lambda payment: self._done(payment, here()),
            lambda error: self._refuse(form if here() else None, seen, error),
            owner=self,
            lane=Lane.KEEP,
        )

    def _done(self, payment: Payment, is_open: bool) -> None:
        """A form goes with its own answer only: it may be open for another decision by now."""
        if is_open:
            self.leave()
        self.recorded.emit(payment)
        if is_open:
            self.closed.emit()

    def _show_code(self, code: str) -> None:
        if self.isVisible():
            show_code(code, self._tasks, self)
        else:  # the page was left meanwhile, and somebody else may stand here
            self._tasks.trouble.emit(UNSEEN)

    def _refuse(self, form: OwnerForm | None, payment: Payment, error: PosError) -> None:
        """Beside what was typed; where that is closed by now, to whoever is there."""
        if form:
            form.show_error(error.user_text)
        else:
            self._tasks.trouble.emit(f"{payment.number}: {error.user_text}")
