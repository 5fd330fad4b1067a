"""A supervisor or the owner takes back which money without a prompt a payment was said to be paid by."""

from pos_app.domain.operators import Act
from pos_app.domain.payment import Payment
from pos_app.messages.unprompted import UNDOES
from pos_app.sales.passphrase import ToldOnce
from pos_app.sales.till import Till
from pos_app.ui.payments.owner_form import OwnerForm
from pos_app.ui.tasks import Tasks


class UndoForm(OwnerForm):
    """Why; submits the reason."""

    def __init__(self, till: Till, tasks: Tasks) -> None:
        def unbind(seen: Payment, passphrase: str, why: str, *, first: ToldOnce | None) -> Payment:
            return till.binding.unbind(seen, why, passphrase, first=first)

        super().__init__(
            till,
            tasks,
            Act.BIND,
            prefix="undo",
            spoken="Undo the bind",
            button="Undo",
            hint="Whose money it is",
            record=unbind,
        )
        self._means.setText(UNDOES)
        self._place((self._means,), (), ())

    def start(self, payment: Payment) -> None:
        """Empty, about this payment."""
        self._begin_about(payment, ())
        self._why.setFocus()

    def _decision(self) -> str:
        return self._why.edit.text()
