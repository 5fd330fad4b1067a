"""Where the shop's payments are, with what lets this till in: the address without it is all that settings hold."""

from pathlib import Path

from pos_app.errors import BadInput
from pos_app.messages.server import NO_PLACE
from pos_app.settings.settings import Settings
from pos_app.vault.database_password import find_password
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


def check_place(vault: Vault, *, begun: bool) -> None:
    """Whether the server's password can be kept now. May wait for the keyring.

    Args:
        begun: whether the shop is set up; else the page where it is chosen where secrets are kept is still to come.

    Raises:
        BadInput, SettingsError: it cannot, in words.
    """
    try:
        vault.check()
    except (BadInput, NoKeyring) as error:
        if begun:
            raise
        raise BadInput(NO_PLACE) from error
