"""The owner records that money of a payment went back."""

from pos_app.domain.money import kes
from pos_app.domain.operators import Act
from pos_app.domain.payment import Payment
from pos_app.domain.refund import due_back, refundable
from pos_app.domain.statement import refund_amount
from pos_app.errors import BadInput
from pos_app.sales.owner import MoneyBack
from pos_app.sales.till import Till
from pos_app.ui.payments.owner_form import OwnerForm
from pos_app.ui.tasks import Tasks
from pos_app.ui.widgets.choice_button import ChoiceButton
from pos_app.ui.widgets.fields import Field
from pos_app.ui.widgets.labels import caption

ENDS, STAYS = "Access ends", "Access stays"
_MEANS = "Give the money back in the M-PESA portal or app first. Here it is only recorded: the till moves no money."


class RefundForm(OwnerForm):
    """How much, M-PESA's code of it, why, and what becomes of the access: by itself it ends where all is back.

    Submits a `MoneyBack`.
    """

    def __init__(self, till: Till, tasks: Tasks) -> None:
        super().__init__(
            till,
            tasks,
            Act.REFUND,
            prefix="refund",
            spoken="The owner records a refund",
            button="Record",
            hint="Why it went back",
            record=till.owner.refund,
        )
        self._amount_caption = caption("")
        self._amount = Field(name="refundAmount", spoken="Amount that went back, in KES")
        self._code = Field(name="refundCode", spoken="M-PESA code of the reversal", placeholder="UKR4X7Q2ZT")
        self._access = ChoiceButton((ENDS, STAYS), name="refundAccess", spoken="Access")
        self._chosen = False  # by hand: from then on the amount suggests nothing
        above = self._means, self._amount_caption, self._amount, caption("M-PESA code of the reversal"), self._code
        self._place(above, (self._access,), (self._amount, self._code))
        self._amount.edit.textChanged.connect(self._suggest)
        self._access.chosen.connect(self._choose)

    def start(self, payment: Payment) -> None:
        """Empty, about this payment; what is due stands in the amount, else all that can go back."""
        self._begin_about(payment, (self._amount, self._code))
        most = refundable(payment)
        before = f"{kes(payment.refunded)} went back before. " if payment.refunded else ""
        self._means.setText(before + _MEANS)
        self._amount_caption.setText(f"What went back, {kes(most)} at most")
        self._access.setVisible(payment.gives_access)
        self._chosen = False
        self._amount.edit.setText(str(due_back(payment)))
        self._suggest()
        self._code.setFocus()

    def _decision(self) -> MoneyBack:
        return MoneyBack(
            amount=self._amount.edit.text(),
            code=self._code.edit.text(),
            why=self._why.edit.text(),
            withdraw=self._access.choice == ENDS and self._access.isVisibleTo(self),
        )

    def _choose(self) -> None:
        self._chosen = True

    def _suggest(self) -> None:
        if self._payment is None or self._chosen:
            return
        most = refundable(self._payment)
        try:
            ends = refund_amount(self._amount.edit.text(), most) == most
        except BadInput:
            return
        self._access.offer((ENDS, STAYS) if ends else (STAYS, ENDS))
