"""How the shop is known to M-PESA: whose money, till or paybill, and the keys of its Daraja app."""

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from pos_app.check_result import Finding
from pos_app.errors import BadInput
from pos_app.ui.settings.pasted_credentials import clean_key
from pos_app.ui.settings.section import typed
from pos_app.ui.settings.service import (
    FILE,
    KEYRING,
    LIVE,
    MEMORY,
    SANDBOX,
    AccountChoice,
    AccountService,
    Answers,
    KeyStore,
)
from pos_app.ui.settings.testable_section import TestableSection
from pos_app.ui.tasks import Tasks
from pos_app.ui.widgets.buttons import Button
from pos_app.ui.widgets.fields import Field
from pos_app.ui.widgets.options import Option, Options

TILL, PAYBILL = "till", "paybill"
_ENVIRONMENTS = {
    LIVE: Option("Live", "Real money, with the keys of the app that Safaricom approved at go-live."),
    SANDBOX: Option("Sandbox", "Safaricom's test money, for trying out. It has an account and keys of its own."),
}
_KINDS = {
    TILL: Option("Till (Buy Goods)", "It has two numbers: customers know the till number, Daraja the store number."),
    PAYBILL: Option("Paybill", "One number for both."),
}
_STORES = {
    KEYRING: Option("This computer's keyring", ""),
    FILE: Option("A locked file", "Encrypted with a passphrase that the till asks for each time it opens."),
    MEMORY: Option("Nowhere", "Only until the till closes; then the keys must be pasted again."),
}
_STORE_HINT = (
    "Safaricom's go-live letter names the store number (also: head office number). With the two swapped, customers "
    "type their PIN and nothing is paid."
)
_APP_HINT = (
    "Each shop of a chain needs an app of its own: two shops with the same keys lock each other out. The tills of one "
    "shop, on one database, use the same."
)
_KEYS = (
    ("consumer_key", "Consumer key"),
    ("consumer_secret", "Consumer secret"),
    ("passkey", "Passkey"),
)


class MpesaSection(TestableSection[tuple[Answers, Sequence[KeyStore], frozenset[str]]]):
    """Numbers, keys, where the keys are kept, and a test that really asks M-PESA."""

    TITLE = "Connect M-PESA"
    LEAD = "Safaricom's Daraja portal (developer.safaricom.co.ke) shows the keys of your app. Copy them from there."

    def __init__(self, service: AccountService, tasks: Tasks) -> None:
        super().__init__("mpesaSection", tasks, ("Test connection", "testConnection"))
        self._service = service
        self._environment = Options(_ENVIRONMENTS, name="environment", spoken="Whose money", columns=2)
        self._kind = Options(_KINDS, name="kind", spoken="Till or paybill", columns=2)
        self._shortcode = Field(name="shortcode", spoken="Store number", placeholder="600123")
        self._till_number = Field(name="tillNumber", spoken="Till number", placeholder="512345")
        self._keys = {name: self._key_field(name, words) for name, words in _KEYS}
        self._stores = Options(_STORES, name="keepIn", spoken="Where the keys are kept")
        self._passphrase = Field(name="filePassphrase", spoken="Passphrase of the file")
        self._again = Field(name="fileAgain", spoken="Passphrase of the file once more")
        for field in (self._passphrase, self._again):
            field.edit.setEchoMode(QLineEdit.EchoMode.Password)
        self._show = Button("Show the keys", name="showKeys")
        self._in_file = False
        self._lay_out()
        self._environment.chosen.connect(self._read_kept)
        self._kind.chosen.connect(self._show_parts)
        self._stores.chosen.connect(self._show_parts)
        self._show.clicked.connect(self._show_keys)

    def _lay_out(self) -> None:
        self.column.addWidget(self._environment)
        self.add("Which one do you have?", self._kind)
        self._shortcode_caption = self.add("Store number", self._shortcode)
        self._till_parts = (
            self.add("Till number", self._till_number),
            self._till_number,
            self.add_note(_STORE_HINT),
        )
        for name, words in _KEYS:
            self.add(words, self._keys[name])
        self.add_note(_APP_HINT)
        self._stores_caption = self.add("Where the keys are kept", self._stores)
        caption = self.add("Passphrase of the file, at least 8 characters", self._passphrase)
        self._passphrase_parts = (caption, self._passphrase)
        self._again_parts = (self.add("The same once more", self._again), self._again)
        self.column.addSpacing(8)
        row = QHBoxLayout()
        row.setSpacing(4)
        row.addWidget(self.test_button)
        row.addWidget(self._show)
        row.addStretch(1)
        self.column.addLayout(row)
        self.column.addWidget(self.results)
        self.column.addStretch(1)
        self._show_parts()

    @staticmethod
    def _key_field(name: str, words: str) -> Field:
        field = Field(name=name, spoken=words, placeholder="Paste")
        field.edit.setEchoMode(QLineEdit.EchoMode.Password)
        return field

    def read(self) -> tuple[Answers, Sequence[KeyStore], frozenset[str]]:
        answers = self._service.answers()
        return answers, self._service.stores(), self._service.kept(answers.environment)

    def fill(self, found: tuple[Answers, Sequence[KeyStore], frozenset[str]]) -> None:
        answers, stores, kept = found
        self._environment.choose(answers.environment)
        self._kind.choose(PAYBILL if answers.shortcode and not answers.till_number else TILL)
        self._shortcode.edit.setText(answers.shortcode)
        self._till_number.edit.setText(answers.till_number)
        offered = frozenset(store.kind for store in stores)
        self._stores.offer(offered)
        self._in_file = answers.keep_in == FILE and bool(kept)
        if answers.keep_in in offered:
            self._stores.choose(answers.keep_in)
        self._show_parts()
        self._stores.explain({store.kind: store.words for store in stores if store.words})
        self._show_kept(kept)

    def work(self) -> Callable[[], None]:
        account = self._account()
        return lambda: self._service.keep(account)

    @property
    def _chooses_passphrase(self) -> bool:
        """Whether the file is only being made, so that a slip of the finger would lock the keys away."""
        return self._stores.choice == FILE and not self._in_file

    def _account(self) -> AccountChoice:
        if self._chooses_passphrase and self._again.edit.text() != self._passphrase.edit.text():
            raise BadInput("The two passphrases of the file are not the same. Nothing was changed.")
        till = self._kind.choice == TILL
        keys = {name: clean_key(words.lower(), self._keys[name].edit.text()) for name, words in _KEYS}
        shortcode = _number(self._shortcode, "store number" if till else "paybill number", 5, 7)
        till_number = _number(self._till_number, "till number", 5, 9) if till else ""
        return AccountChoice(
            environment=self._environment.choice,
            shortcode=shortcode,
            till_number=till_number,
            keep_in=self._stores.choice,
            passphrase=self._passphrase.edit.text(),
            **keys,
        )

    def test(self) -> Callable[[], Sequence[Finding]]:
        account = self._account()
        return lambda: self._service.test(account)

    def first_field(self) -> QWidget:
        return self._shortcode

    def forget(self) -> None:
        for field in (*self._keys.values(), self._passphrase, self._again):
            field.edit.clear()
        self._hide_keys(hidden=True)

    def _read_kept(self) -> None:
        """Those of one environment are none of the other's."""
        self.forget()
        environment = self._environment.choice
        self.forget_results()
        self.run(lambda: self._service.kept(environment), self._show_kept)

    def _show_kept(self, kept: frozenset[str]) -> None:
        for name, field in self._keys.items():
            field.edit.setPlaceholderText("Kept. Paste only to replace it." if name in kept else "Paste")

    def _show_parts(self) -> None:
        till = self._kind.choice == TILL
        self._shortcode_caption.setText("Store number" if till else "Paybill number")
        self._shortcode.edit.setAccessibleName(self._shortcode_caption.text())
        for part in self._till_parts:
            part.setVisible(till)
        for part in self._passphrase_parts:
            part.setVisible(self._stores.choice == FILE)
        for part in self._again_parts:
            part.setVisible(self._chooses_passphrase)

    def _show_keys(self) -> None:
        """While they are pasted, a person may want to see them; the next press hides them again."""
        self._hide_keys(hidden=self._keys["passkey"].edit.echoMode() is not QLineEdit.EchoMode.Password)

    def _hide_keys(self, *, hidden: bool) -> None:
        for field in self._keys.values():
            field.edit.setEchoMode(QLineEdit.EchoMode.Password if hidden else QLineEdit.EchoMode.Normal)
        self._show.set_text("Show the keys" if hidden else "Hide the keys")


def _number(field: Field, name: str, fewest: int, most: int) -> str:
    """Digits as typed, without the blanks people put between them."""
    digits = "".join(typed(field).split()).replace("-", "")
    if not (digits.isascii() and digits.isdigit() and fewest <= len(digits) <= most):
        field.setFocus()
        raise BadInput(f"The {name} has {fewest} to {most} digits. Nothing was changed.")
    return digits
