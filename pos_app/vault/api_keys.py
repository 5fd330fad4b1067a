"""The keys that M-PESA knows the shop by, and the owner's passphrase as it is kept."""

import hashlib
import unicodedata

from pos_app.daraja.wire import Keys
from pos_app.errors import SettingsError
from pos_app.settings.choices import Environment, Secrets
from pos_app.settings.settings import Settings
from pos_app.vault.vault import Vault

NAMES = ("consumer_key", "consumer_secret", "passkey")
# The SHA-256 of the passkey that Safaricom's portal shows to everybody for short code 174379.
_SANDBOX_PASSKEY = "6b933448d12f658cae3204515c314d7745b132307854ba107b16922825446b73"
PRACTICE = Keys("practice-key", "practice-secret", "practice-passkey")  # the simulator's, known to everybody


def load_keys(settings: Settings, vault: Vault) -> Keys:
    """The Daraja keys. May wait for the keyring: never on the GUI thread.

    Raises:
        Locked: they are behind a passphrase.
        SettingsError: they cannot be read, must not be used here, or names what is missing.
    """
    if settings.practice:
        return PRACTICE
    found = {name: vault.get(name) for name in NAMES}
    missing = [name for name, value in found.items() if not value]
    if missing and settings.secrets is Secrets.MEMORY:
        raise SettingsError(
            "The M-PESA keys were kept only until the till closed. Nothing was sent. Set M-PESA up and paste them "
            "again, or let them be kept in this computer's keyring or in a locked file."
        )
    if missing:
        where = " or ".join(dict.fromkeys(vault.where(name) for name in missing))
        raise SettingsError(
            f"The M-PESA keys of this shop are not set: {', '.join(missing).replace('_', ' ')}. They were looked for "
            f"in {where} (service {settings.service}). Nothing was sent. Set them there, or as POS_CONSUMER_KEY, "
            "POS_CONSUMER_SECRET and POS_PASSKEY. The setting secrets (keyring, file or memory) says where they are."
        )
    return checked(settings, Keys(**found))


def checked(settings: Settings, keys: Keys) -> Keys:
    """The keys, where real money may go through them.

    Raises:
        SettingsError: Safaricom's public passkey of the sandbox, in production.
    """
    passkey = hashlib.sha256(keys.passkey.encode()).hexdigest()
    if settings.environment is Environment.PRODUCTION and passkey == _SANDBOX_PASSKEY:
        raise SettingsError(
            "The passkey is Safaricom's public one of the sandbox, and this till is for real money. Nothing was sent. "
            "Paste the shop's own: Safaricom sends it when the app goes live."
        )
    return keys


class Argon2Passphrases:
    """Fits `sales.ports.Passphrases`: argon2id as the library recommends it (64 MiB, 3 passes)."""

    def hash(self, passphrase: str) -> str:
        # Imported here: most runs never ask for a passphrase.
        from argon2 import PasswordHasher

        return PasswordHasher().hash(_one_way(passphrase))

    def verify(self, passphrase: str, hashed: str) -> bool:
        from argon2 import PasswordHasher
        from argon2.exceptions import InvalidHashError, VerificationError

        for typed in dict.fromkeys((_one_way(passphrase), passphrase)):  # an older program took it as it was typed
            try:
                return PasswordHasher().verify(hashed, typed)
            except (VerificationError, InvalidHashError):
                continue
        return False


def _one_way(passphrase: str) -> str:
    """Two keyboards may write the same letter in two ways."""
    return unicodedata.normalize("NFC", passphrase)
