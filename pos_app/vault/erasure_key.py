"""The key that numbers of erased customers are hashed with, among the shop's secrets."""

import secrets

from pos_app.domain.erasure import KEY_BYTES, KEY_RANDOM, ErasureKey, new_key, read_key
from pos_app.errors import SettingsError
from pos_app.settings.choices import Secrets
from pos_app.settings.settings import Settings
from pos_app.vault.vault import Vault

NAME = "erasure_key"
ASIDE = "erasure_key_aside"  # while the shop's key is renewed
ALL = (NAME, ASIDE)
_PRACTICE = "70726163746963652070726163746963652070726163746963652070726163".ljust(2 * KEY_BYTES, "0")  # known to all

_IN_FRONT = (
    "The variable POS_ERASURE_KEY is set here, and stands in front of every key that is kept on this computer: a new "
    "one would never be found. Nothing was changed. Where that variable has the shop's key, it is not lost. Where it "
    "has not, take the variable away, also where the till is started, and try again."
)


class VaultErasureKeys:
    """Fits `sales.ports.ErasureKeys`. May wait for the keyring: never on the GUI thread."""

    def __init__(self, settings: Settings, vault: Vault) -> None:
        self._settings = settings
        self._vault = vault

    def get(self) -> ErasureKey | None:
        """The key; None where this computer has none. Raises SettingsError, BadInput."""
        text = self.text()
        return read_key(text) if text else None

    def text(self) -> str:
        """The same in hexadecimal, for the owner to take it to another till; empty where there is none."""
        return _PRACTICE if self._settings.practice else self._vault.get(NAME)

    def make(self) -> ErasureKey:
        """A new key, which is kept when this returns. Raises SettingsError."""
        text = self.draw()
        self.keep(text)
        return read_key(text)

    def draw(self) -> str:
        """A new key in hexadecimal, which is not kept. Raises SettingsError where it could not be, or not be found."""
        self._must_last()
        if self._vault.is_given(NAME):
            raise SettingsError(_IN_FRONT)
        return new_key(secrets.token_bytes(KEY_RANDOM))

    def keep(self, text: str) -> None:
        """Keep a key in hexadecimal. Raises SettingsError, BadInput."""
        read_key(text)
        self._must_last()
        self._vault.put({NAME: text})

    def set_aside(self, text: str) -> None:
        """Keep a key beside the one that is used; empty: none. Raises SettingsError."""
        self._must_last()
        if text:
            self._vault.put({ASIDE: text})
        else:
            self._vault.delete([ASIDE])

    def aside(self) -> str:
        """The one beside it; empty where there is none. Raises SettingsError."""
        return "" if self._settings.practice else self._vault.get(ASIDE)

    def _must_last(self) -> None:
        if self._settings.practice:
            raise SettingsError("Practice has a key of its own, which everybody knows. Nothing was changed.")
        if self._settings.secrets is Secrets.MEMORY:
            raise SettingsError(
                "The key that erased numbers are hashed with must outlast this run, and this till keeps its secrets "
                "only until it closes. Nothing was erased. Let them be kept in this computer's keyring or in a locked "
                "file, or set POS_ERASURE_KEY to 64 hexadecimal digits that nobody can guess, and keep them safe."
            )
