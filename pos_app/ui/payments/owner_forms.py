"""The forms of the owner and of supervisors, which take the place of a payment's detail."""

from pos_app.domain.manual_settlement import allowed_settlements
from pos_app.domain.payment import Payment
from pos_app.ui.payments.owner_form import OwnerForm
from pos_app.ui.payments.refund_form import RefundForm
from pos_app.ui.payments.settle_form import SettleForm
from pos_app.ui.payments.undo_form import UndoForm
from pos_app.ui.payments.withdraw_form import WithdrawForm
from pos_app.ui.recovery.placed_forms import PlacedForms


class OwnerForms(PlacedForms):
    """What they give is the `Payment` as it is after what was decided."""

    def settle(self, payment: Payment) -> None:
        """Let the owner settle a payment by hand."""
        self.place(SettleForm).start(payment, allowed_settlements(payment, self._till.clock.corrected()))

    def refund(self, payment: Payment) -> None:
        """Let the owner record that money of a payment went back."""
        self.place(RefundForm).start(payment)

    def withdraw(self, payment: Payment) -> None:
        """Let a supervisor or the owner withdraw the access that a payment has given."""
        self.place(WithdrawForm).start(payment)

    def unbind(self, payment: Payment) -> None:
        """Let a supervisor or the owner take back which money a payment was said to be paid by."""
        self.place(UndoForm).start(payment)

    def renew(self, payment: Payment) -> None:
        """The payment has changed meanwhile; whatever form is open deals with that."""
        for form in self._made.values():
            if form.isVisibleTo(self) and isinstance(form, OwnerForm):
                form.renew(payment)
