"""A form of the owner's about one payment."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from PySide6.QtWidgets import QWidget

from pos_app.domain.operators import Act
from pos_app.domain.payment import Payment
from pos_app.messages import payments as words
from pos_app.messages.amounts import amount_words
from pos_app.messages.remarks import remarks_words
from pos_app.sales.owner import CHANGED
from pos_app.sales.till import Till
from pos_app.ui.recovery.passphrase_form import PassphraseForm, Work, said
from pos_app.ui.tasks import Tasks
from pos_app.ui.widgets.fields import Field


class OwnerForm(PassphraseForm):
    """Takes the place of the payment's detail while the owner decides; gives the `Payment` as it is then. What is
    decided is read from a subclass's parts.

    Args:
        prefix: of the names of its parts.
        spoken: what screen readers call it.
        button: what its button does, in a word.
        hint: what a reason may be.
        record: records what is decided, on a thread.
    """

    def __init__(
        self,
        till: Till,
        tasks: Tasks,
        act: Act,
        *,
        prefix: str,
        spoken: str,
        button: str,
        hint: str,
        record: Callable[..., Payment],
    ) -> None:
        super().__init__(till, tasks, act, prefix=prefix, spoken=spoken, button=button, hint=hint)
        self._record = record
        self._payment: Payment | None = None
        self._facts = said("small")
        self._means = said("note")

    def renew(self, payment: Payment) -> None:
        """The payment has changed meanwhile: the owner decides on what is said here, or looks again."""
        if self._payment is not None and _said(payment) == _said(self._payment):
            self._payment = payment
        else:
            self.show_error(CHANGED)

    def _begin_about(self, payment: Payment, fields: Sequence[Field]) -> None:
        """Empty, about this payment."""
        self._payment = payment
        self._facts.setText(" ".join([f"{payment.number}. {words.happened(payment)}", *remarks_words(payment)]))
        for field in fields:
            field.edit.clear()
        self._begin(f"{amount_words(payment)} · {payment.post_title}", payment.number)

    def _place(self, above: Sequence[QWidget], below: Sequence[QWidget], fields: Sequence[Field]) -> None:
        """What the payment is stands above everything."""
        self._lay_out((self._facts, *above), below, fields)

    def _decision(self) -> object:
        """What stands in the form, as typed."""
        raise NotImplementedError  # no ABC: a widget has a metaclass of its own

    def _work(self) -> Work:
        seen, decided, record = self._payment, self._decision(), self._record
        return lambda passphrase, first: record(seen, passphrase, decided, first=first)


def _said(payment: Payment) -> Payment:
    """The payment without what is about asking M-PESA: when is next, no decision hangs on."""
    return replace(payment, version=0, next_check_at=None, updated_at=payment.created_at)
