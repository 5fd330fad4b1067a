"""Money without a prompt is named, or a bind is undone."""

from pos_app.domain.money import kes
from pos_app.domain.operators import Act
from pos_app.domain.payment import Payment
from pos_app.domain.unprompted import RowWord, Unprompted
from pos_app.messages.unprompted import (
    EXPLAINED,
    IS_ITS,
    NAMED,
    UNDOES,
    WAITS_AGAIN,
    amount_words,
    came_words,
    identify_words,
)
from pos_app.sales.till import Till
from pos_app.ui.recovery.passphrase_form import PassphraseForm, Work, said
from pos_app.ui.tasks import Tasks
from pos_app.ui.widgets.choice_button import ChoiceButton

_NAMES = {words: name for name, words in NAMED.items()}


class NameForm(PassphraseForm):
    """Takes the place of the list; gives the `Unprompted` as it is named."""

    def __init__(self, till: Till, tasks: Tasks) -> None:
        super().__init__(
            till, tasks, Act.BIND, prefix="moneyName", spoken="Say what this money is", button="Name",
            hint="A note, if you like",
        )  # fmt: skip
        self._money: Unprompted | None = None
        self._came, self._means = said("body"), said("note")
        self._choice = ChoiceButton((*NAMED.values(), WAITS_AGAIN), name="moneyNameChoice", spoken="What it is")
        self._lay_out((self._came, self._choice, self._means), reason="Note")
        self._choice.chosen.connect(lambda _: self._explain())

    def start(self, money: Unprompted) -> None:
        """About this money."""
        self._money = money
        named = money.word in NAMED
        self._choice.offer((*NAMED.values(), WAITS_AGAIN) if named else tuple(NAMED.values()))
        if named:
            self._choice.choose(NAMED[money.word])
        self._came.setText(came_words(money))
        self._explain()
        self._begin(f"Name {amount_words(money)}", money.receipt)
        if named:
            self._why.edit.setText(money.note)
        self._choice.setFocus()

    def leave(self) -> None:
        """Nothing of what it was about stays."""
        super().leave()
        self._money = None

    def _explain(self) -> None:
        word = _NAMES.get(self._choice.choice, RowWord.NONE)
        self._means.setText(EXPLAINED.get(word, "It waits in the list again. How it was named stays in the audit."))

    def _work(self) -> Work:
        money, note, binding = self._money, self._why.edit.text(), self._till.binding
        assert money  # it is open
        word = _NAMES.get(self._choice.choice, RowWord.NONE)
        note = note if word else ""
        return lambda passphrase, first: binding.name(money, word, note, passphrase, first=first)


class IdentifyForm(PassphraseForm):
    """Takes the place of the list; gives the `Payment` that the money turned out to be of."""

    def __init__(self, till: Till, tasks: Tasks) -> None:
        super().__init__(
            till, tasks, Act.BIND, prefix="identify", spoken="Say whose money it is", button="It is that one", hint=""
        )
        self._seen: tuple[Unprompted, Payment] | None = None
        self._came, self._asked, self._means = said("body"), said("body"), said("note", IS_ITS)
        self._lay_out((self._came, self._asked, self._means), reason="")

    def start(self, money: Unprompted, payment: Payment) -> None:
        """About this money, and the payment that asked for it, as they are now."""
        self._seen = money, payment
        self._came.setText(came_words(money))
        self._asked.setText(identify_words(payment))
        self._begin(f"{amount_words(money)} is of {payment.number}", money.receipt)
        (self._passphrase.missing or self._cancel).setFocus()

    def leave(self) -> None:
        """Nothing of what it was about stays."""
        super().leave()
        self._seen = None

    def _work(self) -> Work:
        assert self._seen  # it is open
        (money, payment), binding = self._seen, self._till.binding
        return lambda passphrase, first: binding.identify(money, payment, passphrase, first=first)


class UnbindForm(PassphraseForm):
    """Takes the place of the list; gives the `Payment` as it is without that money."""

    def __init__(self, till: Till, tasks: Tasks) -> None:
        super().__init__(
            till, tasks, Act.BIND, prefix="unbind", spoken="Undo the bind", button="Undo", hint="Whose money it is"
        )
        self._payment: Payment | None = None
        self._came, self._means = said("body"), said("note", UNDOES)
        self._lay_out((self._came, self._means))

    def start(self, money: Unprompted, payment: Payment) -> None:
        """About the payment that money is bound to, as it is now."""
        self._payment = payment
        self._came.setText(f"{came_words(money)} It is bound to {payment.number}: {payment.post_title}.")
        self._begin(f"Undo {kes(payment.received)}", payment.number)
        self._why.setFocus()

    def leave(self) -> None:
        """Nothing of what it was about stays."""
        super().leave()
        self._payment = None

    def _work(self) -> Work:
        payment, why, binding = self._payment, self._why.edit.text(), self._till.binding
        assert payment  # it is open
        return lambda passphrase, first: binding.unbind(payment, why, passphrase, first=first)
