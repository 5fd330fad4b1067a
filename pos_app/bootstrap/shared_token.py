"""The access token that all who talk to M-PESA with the shop's keys share, by the shop's database."""

import logging
from pathlib import Path

from pos_app.bootstrap.shop_database import shop_database
from pos_app.daraja.shared_token import SharedToken
from pos_app.daraja.token_seal import TokenSeal
from pos_app.daraja.wire import Keys
from pos_app.errors import CannotSave, RowRefused
from pos_app.settings.settings import Settings
from pos_app.store.token_store import SqlTokenStore
from pos_app.vault.vault import Vault

_log = logging.getLogger(__name__)


def token_of_shop(settings: Settings, keys: Keys, url: str, vault: Vault | None = None) -> SharedToken:
    """For a till that opens. What the database has of keys that the shop had before is forgotten.

    Args:
        url: where Daraja is.
        vault: where the secrets are, if it was opened already.
    """
    store, seal = SqlTokenStore(shop_database(settings, vault)), TokenSeal(keys, settings.environment, url)
    try:
        store.forget_others(seal.row)
    except (CannotSave, RowRefused) as error:  # what is left of them is dead within the hour
        _log.warning("access tokens of earlier keys could not be forgotten (%s)", type(error).__name__)
    return SharedToken(store, seal)


def token_beside(
    settings: Settings, keys: Keys, url: str, vault: Vault | None = None, *, till_open: bool = False
) -> SharedToken:
    """For checks and commands: tills that cannot be asked, on a server or by `till_open` on this folder, keep theirs.

    Args:
        url: where Daraja is.
        vault: where the secrets are, if it was opened already.
    """
    store = SqlTokenStore(shop_database(settings, vault))
    alone = not till_open and (isinstance(settings.database, Path) or not _may_be_shared(store))
    return SharedToken(store, TokenSeal(keys, settings.environment, url), alone=alone)


def _may_be_shared(store: SqlTokenStore) -> bool:
    try:
        return store.is_there()
    except (CannotSave, RowRefused):
        return True
