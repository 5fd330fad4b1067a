"""The secrets: from the environment for machines without a keyring, otherwise from the OS keyring only."""

import logging
import os
from collections.abc import Mapping

from pos_app.config import Environment, Settings
from pos_app.daraja.wire import Keys
from pos_app.errors import SettingsError

NAMES = ("consumer_key", "consumer_secret", "passkey")
PRACTICE = Keys("practice-key", "practice-secret", "practice-passkey")  # the simulator's, known to everybody
_log = logging.getLogger(__name__)


def service(environment: Environment) -> str:
    """The keyring's name for an environment, so that sandbox and live keys never mix."""
    return f"kaunta-{environment}"


def load_keys(settings: Settings, environ: Mapping[str, str] = os.environ) -> Keys:
    """The Daraja keys. May wait for the keyring: never on the GUI thread.

    Raises:
        SettingsError: names what is missing.
    """
    if settings.practice:
        return PRACTICE
    found = {name: secret(settings, name, environ) for name in NAMES}
    missing = [name.replace("_", " ") for name, value in found.items() if not value]
    if missing:
        raise SettingsError(
            f"The M-PESA keys of this shop are not set: {', '.join(missing)}. Nothing was sent. Put them into the "
            f"computer's keyring (service {service(settings.environment)}) or into POS_CONSUMER_KEY, "
            "POS_CONSUMER_SECRET and POS_PASSKEY."
        )
    return Keys(**found)


def secret(settings: Settings, name: str, environ: Mapping[str, str] = os.environ) -> str:
    """One secret, or empty where nobody has it."""
    value = environ.get(f"POS_{name.upper()}")
    return (value if value is not None else _from_keyring(service(settings.environment), name)).strip()


def _from_keyring(service_name: str, name: str) -> str:
    # Imported here: 70 ms, and a till set up by its environment needs no keyring.
    import keyring
    from keyring.errors import KeyringError

    try:
        return keyring.get_password(service_name, name) or ""
    except KeyringError as error:
        _log.warning("the keyring gave nothing (%s)", type(error).__name__)
        return ""


class Argon2Passphrases:
    """Fits `sales.ports.Passphrases`: argon2id as the library recommends it (64 MiB, 3 passes)."""

    def seal(self, passphrase: str) -> str:
        # Imported here: most runs never ask for a passphrase.
        from argon2 import PasswordHasher

        return PasswordHasher().hash(passphrase)

    def fits(self, passphrase: str, sealed: str) -> bool:
        from argon2 import PasswordHasher
        from argon2.exceptions import InvalidHashError, VerificationError

        try:
            return PasswordHasher().verify(sealed, passphrase)
        except (VerificationError, InvalidHashError):
            return False
