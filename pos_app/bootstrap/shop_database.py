"""Where the shop's payments are, with what lets this till in: the address without it is all that settings hold."""

from pathlib import Path

from pos_app.errors import BadInput
from pos_app.settings.settings import Settings
from pos_app.vault.database_password import find_password, password_name
from pos_app.vault.keyring import NoKeyring
from pos_app.vault.vault import Vault, open_vault


def shop_database(settings: Settings, vault: Vault | None = None) -> Path | str:
    """The file, or the URL of the server with its password: never to be logged, shown or kept. May wait for the
    keyring.

    Args:
        vault: where the secrets are, if it was opened already.

    Raises:
        SettingsError: the password cannot be read.
        Locked: it is behind a passphrase.
    """
    location = settings.database
    if isinstance(location, Path):
        return location
    from pos_app.store.server_address import with_password

    return with_password(location, lambda place: find_password(vault or open_vault(settings), place))


def keep_password(vault: Vault, place: str, password: str, *, begun: bool) -> None:
    """Keep the password of the shop's server. May wait for the keyring.

    Args:
        begun: whether the shop is set up; else the page where it is chosen where secrets are kept is still to come.
            Until then, where there is no place yet, this run remembers the password, and it goes where the keys go.

    Raises:
        BadInput, SettingsError: it cannot be kept, in words.
    """
    secret = {password_name(place): password}
    try:
        vault.put(secret)
    except (BadInput, NoKeyring):
        if begun:
            raise
        vault.hold(secret)
