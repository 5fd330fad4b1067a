"""The password of the shop's database server.

Each is kept under the place that it opens: whoever is interrupted while the shop moves to another server has the old
address with the old password, or the new one with the new.
"""

from pos_app.vault.keyring import NoKeyring
from pos_app.vault.vault import Vault

NAME = "database_password"  # in the environment: POS_DATABASE_PASSWORD


def password_name(place: str) -> str:
    """The name of the password of a place (`user@host:port/database`)."""
    return f"{NAME} {place}"


def find_password(vault: Vault, place: str) -> str:
    """The password of a place, or empty where nobody has it. May wait for the keyring.

    Where there is no keyring it is in none: a server may want no password, and one that does says so itself.

    Raises:
        SettingsError: it cannot be read.
        Locked: it is behind a passphrase.
    """
    try:
        return vault.given(NAME) or vault.get(password_name(place))
    except NoKeyring:
        return ""
