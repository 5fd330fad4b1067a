"""The owner erases a customer: what goes and what stays, why, and who says so."""

from pos_app.domain.operators import Act
from pos_app.domain.phone import mask
from pos_app.messages.access import HAS_NOTHING
from pos_app.messages.erasure import WHAT_GOES, erased_words
from pos_app.sales.till import Till
from pos_app.ui.recovery.passphrase_form import PassphraseForm, Work, said
from pos_app.ui.tasks import Lane, Tasks


class EraseForm(PassphraseForm):
    """Takes the place of a customer's detail while the owner erases them; gives what was done, in words."""

    def __init__(self, till: Till, tasks: Tasks) -> None:
        super().__init__(
            till,
            tasks,
            Act.ERASE,
            prefix="erase",
            spoken="Erase this customer",
            button="Erase",
            hint="Such as: asked for by letter",
            nothing="Erase nobody",
            lane=Lane.SETTINGS,  # the keyring, and a look through the file: nothing else that is saved waits for it
        )
        self._phone = ""
        self._has = said("body")
        self._has.setObjectName("eraseHas")
        self._lay_out((said("note", WHAT_GOES), self._has), reason="Reason, without a name or a number")

    def start(self, phone: str, has: str) -> None:
        """About the customer with this MSISDN, who has this now, in words."""
        self._phone = phone
        self._has.setText(has if has == HAS_NOTHING else f"Has now: {has}")
        self._begin(f"Erase {mask(phone)}", mask(phone))
        self._why.setFocus()

    def leave(self) -> None:
        """Nothing of whom it was about stays."""
        super().leave()
        self._phone = ""
        for label in (self._title, self._has):
            label.setText("")

    def _work(self) -> Work:
        phone, why, erase = self._phone, self._why.edit.text(), self._till.erasure.erase
        return lambda passphrase, first: erased_words(erase(phone, why, passphrase, first=first))
