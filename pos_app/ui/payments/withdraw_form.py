"""A supervisor or the owner withdraws the access that a payment has given."""

from pos_app.domain.operators import Act
from pos_app.domain.payment import Payment
from pos_app.messages.access import withdraws_words
from pos_app.sales.till import Till
from pos_app.ui.payments.owner_form import OwnerForm
from pos_app.ui.tasks import Tasks


class WithdrawForm(OwnerForm):
    """What ends, and why; submits the reason."""

    def __init__(self, till: Till, tasks: Tasks) -> None:
        super().__init__(
            till,
            tasks,
            Act.ACCESS,
            prefix="withdraw",
            spoken="Withdraw access",
            button="Withdraw",
            hint="Why it ends",
            record=till.access.withdraw_of,
        )
        self._place((self._means,), (), ())

    def start(self, payment: Payment) -> None:
        """Empty, about this payment."""
        self._begin_about(payment, ())
        self._means.setText(withdraws_words(payment, self._till.clock.corrected()))
        self._why.setFocus()

    def _decision(self) -> str:
        return self._why.edit.text()
