"""The owner settles a payment by hand: what is decided, why, and the passphrase that says who decides."""

from collections.abc import Sequence

from pos_app.domain.manual_settlement import needs_statement
from pos_app.domain.money import kes
from pos_app.domain.operators import Act
from pos_app.domain.payment import Payment, State
from pos_app.domain.payment_event import Settlement
from pos_app.domain.receipt import typed_code
from pos_app.domain.statement import TIME_SHAPE, statement_amount
from pos_app.errors import BadInput
from pos_app.sales.owner import Decision
from pos_app.sales.till import Till
from pos_app.ui.payments.owner_form import OwnerForm
from pos_app.ui.tasks import Tasks
from pos_app.ui.widgets.choice_button import ChoiceButton
from pos_app.ui.widgets.fields import Field
from pos_app.ui.widgets.labels import caption

PAID, NOT_PAID = "It counts as paid", "It counts as not paid"
_CHOICES = {
    PAID: Settlement.PAID,
    NOT_PAID: Settlement.DECLINED,
    "Close without an answer": Settlement.CLOSED,
    "Given back in cash": Settlement.REFUNDED,
    "Both were meant": Settlement.BOTH_MEANT,
    "I have looked at it": Settlement.SEEN,
}
_MEANS = {
    Settlement.PAID: "The customer gets the post. Take the code from the M-PESA statement, not from an SMS.",
    Settlement.DECLINED: "The customer gets nothing. Give back whatever the statement shows, then record the refund.",
    Settlement.CLOSED: "It is closed without an answer, and the customer gets nothing. Should M-PESA still say paid, "
    "it becomes paid by itself.",
    Settlement.REFUNDED: "The customer has the money of this second payment back in cash and gets nothing more for it. "
    "What M-PESA has stays in the figures. If it went back by M-PESA, record a refund instead.",
    Settlement.BOTH_MEANT: "The customer wanted it twice. The access of this payment is added now.",
    Settlement.SEEN: "It leaves the list of what needs a look. Nothing else changes.",
}
_TAKES_BACK = (
    "What was settled by hand is taken back: nothing was paid, and the access that it gave ends. Should M-PESA still "
    "say paid, it needs checking again."
)
_FROM_STATEMENT = "The customer gets the post. Copy this payment's line from the M-PESA statement, not from an SMS."


class SettleForm(OwnerForm):
    """What the owner settles by hand; submits a `Decision`."""

    def __init__(self, till: Till, tasks: Tasks) -> None:
        super().__init__(
            till,
            tasks,
            Act.SETTLE,
            prefix="settle",
            spoken="The owner settles",
            button="Settle",
            hint="What the statement shows",
            record=till.owner.settle,
        )
        self._make_parts()
        below = (
            self._code_caption,
            self._code,
            self._amount_caption,
            self._amount,
            self._completed_caption,
            self._completed,
        )
        self._place((self._choice, self._means), below, self._statement)
        for field in (self._amount, self._code):
            field.edit.textChanged.connect(self._show_settlement)
        self._choice.chosen.connect(self._show_settlement)

    def start(self, payment: Payment, settlements: Sequence[Settlement]) -> None:
        """Empty, about this payment; `settlements` is what may be decided."""
        self._begin_about(payment, self._statement)
        self._choice.offer([choice for choice, settlement in _CHOICES.items() if settlement in settlements])
        self._choice.setVisible(len(settlements) > 1)
        self._show_settlement()
        self._why.setFocus()

    @property
    def _settlement(self) -> Settlement:
        return _CHOICES[self._choice.choice]

    @property
    def _statement(self) -> tuple[Field, ...]:
        return self._code, self._amount, self._completed

    def _make_parts(self) -> None:
        self._choice = ChoiceButton((PAID, NOT_PAID), name="settleRuling", spoken="Decision")
        self._code_caption = caption("Code on the M-PESA statement")
        self._code = Field(name="settleCode", spoken="Code on the M-PESA statement", placeholder="UKN4X7Q2ZT")
        self._amount_caption = caption("Paid In, on the statement (KES)")
        self._amount = Field(name="settleAmount", spoken="Amount on the M-PESA statement", placeholder="250")
        self._completed_caption = caption("Completion time, on the statement")
        self._completed = Field(
            name="settleCompleted", spoken="Completion time on the M-PESA statement", placeholder=TIME_SHAPE
        )

    def _decision(self) -> Decision:
        return Decision(
            settlement=self._settlement,
            why=self._why.edit.text(),
            receipt=self._code.edit.text(),
            amount=self._amount.edit.text() if self._amount.isVisibleTo(self) else "",
            completed=self._completed.edit.text() if self._completed.isVisibleTo(self) else "",
        )

    def _show_settlement(self) -> None:
        settlement, payment = self._settlement, self._payment
        if payment is None:
            return
        whole_line = settlement is Settlement.PAID and needs_statement(payment)
        amount_is_asked = settlement is Settlement.PAID and self._names_amount(payment)
        takes_back = settlement is Settlement.DECLINED and payment.state is State.PAID
        means = _FROM_STATEMENT if whole_line else _TAKES_BACK if takes_back else _MEANS[settlement]
        other = self._other_amount(payment) if amount_is_asked else ""
        self._means.setText(" ".join(part for part in (means, other) if part))
        shown = {
            self._code: settlement is Settlement.PAID,
            self._amount: amount_is_asked,
            self._completed: whole_line,
        }
        captions = (self._code_caption, self._amount_caption, self._completed_caption)
        for (field, is_shown), above in zip(shown.items(), captions, strict=True):
            field.setVisible(is_shown)
            above.setVisible(is_shown)

    def _names_amount(self, payment: Payment) -> bool:
        """Whether the amount is the owner's to name: the one of M-PESA goes with the code of M-PESA."""
        told = payment.amount_paid is not None and not needs_statement(payment)
        return not told or typed_code(self._code.edit.text()) not in (None, payment.receipt)

    def _other_amount(self, payment: Payment) -> str:
        """Said before it is kept: the statement has another amount than was asked."""
        try:
            amount = statement_amount(self._amount.edit.text())
        except BadInput:
            return ""
        return "" if amount == payment.amount else f"Asked were {kes(payment.amount)}: {kes(amount)} are kept as paid."
