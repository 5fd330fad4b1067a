"""Puts the settings services of one data folder together."""

import os
from collections.abc import Callable, Mapping
from pathlib import Path

from pos_app.bootstrap.settings_services.account import MpesaAccount
from pos_app.bootstrap.settings_services.callbacks import CallbackSettings
from pos_app.bootstrap.settings_services.copies import ShopCopies
from pos_app.bootstrap.settings_services.customers import ShopCustomers
from pos_app.bootstrap.settings_services.folder import SettingsFolder
from pos_app.bootstrap.settings_services.owner import OwnerAccess
from pos_app.bootstrap.settings_services.printer import PrinterSettings
from pos_app.bootstrap.settings_services.pull import PullSettings
from pos_app.bootstrap.settings_services.server import ServerSettings
from pos_app.bootstrap.settings_services.setup_till import SetupTill
from pos_app.bootstrap.settings_services.shop import ShopSettings
from pos_app.bootstrap.settings_services.staff import ShopStaff
from pos_app.sales.attempts import AttemptLimiter
from pos_app.sales.ports import Passphrases
from pos_app.sales.till import Till
from pos_app.settings.choices import Secrets
from pos_app.ui.settings.service import SettingsServices
from pos_app.vault.api_keys import Argon2Passphrases
from pos_app.vault.vault import Vaults, kinds


def build_settings_services(
    data_dir: Path,
    vaults: Vaults,
    environ: Mapping[str, str] = os.environ,
    *,
    limiter: AttemptLimiter | None = None,
    running: Callable[[], Till | None] = lambda: None,
    places: Callable[[], Mapping[Secrets, str]] = kinds,
    passphrases: Passphrases | None = None,
    practice: bool = False,
) -> SettingsServices:
    """One service for each section. Their methods may wait: call them on a thread.

    Where an owner's passphrase was chosen, nothing is kept and no till is opened before it was confirmed here.

    Args:
        vaults: the secrets that this run of the program has opened already.
        limiter: counts wrong passphrases for the whole run.
        running: the till that is open in this program, where one is; it holds the data folder then.
        places: where secrets can be kept on this computer, in words.
        passphrases: how the owner's is sealed; None: by argon2id.
        practice: whether it is about practice.
    """
    folder = SettingsFolder(data_dir, vaults, environ, running, limiter, practice)
    passphrases = passphrases or Argon2Passphrases()
    owner = OwnerAccess(folder, passphrases)
    shop = ShopSettings(folder, owner)
    return SettingsServices(
        shop=shop,
        owner=owner,
        account=MpesaAccount(folder, owner, shop, places),
        callbacks=CallbackSettings(folder, owner, shop),
        printer=PrinterSettings(folder, owner, shop),
        server=ServerSettings(folder, owner, passphrases),
        till=SetupTill(folder, owner),
        staff=ShopStaff(folder, owner),
        copies=ShopCopies(folder.settings, passphrases, folder.limiter, lambda: folder.till, folder.vaults.of),
        customers=ShopCustomers(folder, owner),
        pull=PullSettings(folder, shop),
        practice=practice,
    )
