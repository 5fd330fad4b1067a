"""The owner records that money of a payment went back, or takes that back."""

from functools import partial

from pos_app.domain.money import kes
from pos_app.domain.operators import Act
from pos_app.domain.payment import Payment
from pos_app.domain.refund import due_back, refundable
from pos_app.domain.statement import refund_amount
from pos_app.errors import BadInput
from pos_app.sales.owner import MoneyBack, NotBack, Owner
from pos_app.sales.passphrase import ToldOnce
from pos_app.sales.till import Till
from pos_app.ui.payments.owner_form import OwnerForm
from pos_app.ui.tasks import Tasks
from pos_app.ui.widgets.choice_button import ChoiceButton
from pos_app.ui.widgets.fields import Field
from pos_app.ui.widgets.labels import caption

ENDS, STAYS = "Access ends", "Access stays"
WENT, DID_NOT = "Money went back", "It did not go back so"
_MEANS = "Give the money back in the M-PESA portal or app first. Here it is only recorded: the till moves no money."
_TAKES_BACK = (
    "Take back what was recorded by mistake: it counts no more, and its code is free. Access that ended with it stays "
    "ended: give it by hand."
)
_CODE, _ITS_CODE = "M-PESA code of the reversal", "Its code, as it was recorded"


class RefundForm(OwnerForm):
    """How much, M-PESA's code of it, why, and what becomes of the access: by itself it ends where all is back. Where
    something went back before, that can be taken back instead.

    Submits a `MoneyBack` or a `NotBack`.
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
            record=partial(_record, till.owner),
        )
        self._which = ChoiceButton((WENT, DID_NOT), name="refundWhich", spoken="What is recorded")
        self._amount_caption, self._code_caption = caption(""), caption(_CODE)
        self._amount = Field(name="refundAmount", spoken="Amount that went back, in KES")
        self._code = Field(name="refundCode", spoken=_CODE, placeholder="UKR4X7Q2ZT")
        self._access = ChoiceButton((ENDS, STAYS), name="refundAccess", spoken="Access")
        self._chosen = False  # by hand: from then on the amount suggests nothing
        above = self._which, self._means, self._amount_caption, self._amount, self._code_caption, self._code
        self._place(above, (self._access,), (self._amount, self._code))
        self._amount.edit.textChanged.connect(self._suggest)
        self._access.chosen.connect(self._choose)
        self._which.chosen.connect(self._show_which)

    def start(self, payment: Payment) -> None:
        """Empty, about this payment; what is due stands in the amount, else all that can go back."""
        self._begin_about(payment, (self._amount, self._code))
        most = refundable(payment)
        self._which.offer([*([WENT] if most > 0 else []), *([DID_NOT] if payment.refunded else [])])
        self._which.setVisible(bool(most > 0 and payment.refunded))
        self._amount_caption.setText(f"What went back, {kes(most)} at most")
        self._chosen = False
        self._amount.edit.setText(str(due_back(payment)))
        self._suggest()
        self._show_which()
        self._code.setFocus()

    def _decision(self) -> MoneyBack | NotBack:
        if self._which.choice == DID_NOT:
            return NotBack(code=self._code.edit.text(), why=self._why.edit.text())
        return MoneyBack(
            amount=self._amount.edit.text(),
            code=self._code.edit.text(),
            why=self._why.edit.text(),
            withdraw=self._access.choice == ENDS and self._access.isVisibleTo(self),
        )

    def _show_which(self) -> None:
        payment, takes_back = self._payment, self._which.choice == DID_NOT
        if payment is None:
            return
        before = f"{kes(payment.refunded)} went back before. " if payment.refunded else ""
        self._means.setText(before + (_TAKES_BACK if takes_back else _MEANS))
        self._code_caption.setText(_ITS_CODE if takes_back else _CODE)
        for part in (self._amount_caption, self._amount):
            part.setVisible(not takes_back)
        self._access.setVisible(payment.gives_access and not takes_back)

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


def _record(
    owner: Owner, seen: Payment, passphrase: str, decided: MoneyBack | NotBack, *, first: ToldOnce | None
) -> Payment:
    if isinstance(decided, NotBack):
        return owner.take_back(seen, passphrase, decided, first=first)
    return owner.refund(seen, passphrase, decided, first=first)
