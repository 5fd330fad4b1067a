"""How the shop is known to M-PESA: its numbers and its keys, kept together and tested with M-PESA itself."""

from collections.abc import Callable, Mapping
from contextlib import closing, suppress
from dataclasses import replace
from functools import partial

from pos_app.bootstrap.settings_services.folder import SettingsFolder
from pos_app.bootstrap.settings_services.owner import OwnerAccess
from pos_app.bootstrap.settings_services.shop import ShopSettings
from pos_app.check_result import Check, Finding
from pos_app.daraja.wire import Keys
from pos_app.diagnostics import mpesa, network
from pos_app.diagnostics.run import run_checks
from pos_app.domain.audit import CHANGED
from pos_app.domain.operators import Act
from pos_app.errors import BadInput, Locked, PosError, SettingsError, refuse_overruled
from pos_app.settings import settings as config
from pos_app.settings.choices import Environment, Secrets
from pos_app.settings.settings import Settings
from pos_app.store.server_address import place_of_url
from pos_app.ui.settings.service import KEYRING, AccountChoice, Answers, KeyStore
from pos_app.vault.api_keys import NAMES, checked
from pos_app.vault.database_password import password_name
from pos_app.vault.encrypted_file import WrongPassphrase, check_new
from pos_app.vault.erasure_key import ALL as SHOP_KEYS
from pos_app.vault.keyring import NoKeyring
from pos_app.vault.vault import NGROK_AUTHTOKEN, Vault


class MpesaAccount:
    """Fits `ui.settings.service.AccountService`.

    Args:
        places: where secrets can be kept on this computer, in words.
    """

    def __init__(
        self,
        folder: SettingsFolder,
        owner: OwnerAccess,
        shop: ShopSettings,
        places: Callable[[], Mapping[Secrets, str]],
    ) -> None:
        self._folder = folder
        self._owner = owner
        self._shop = shop
        self._places = places

    def answers(self) -> Answers:
        """What is set now."""
        return self._shop.answers()

    def stores(self) -> list[KeyStore]:
        """Where keys can be kept on this computer; only the keyring has a name of its own."""
        found = self._places()
        return [
            KeyStore(kind, f"In {words}, for this user only." if kind == KEYRING else "")
            for kind, words in found.items()
        ]

    def kept(self, environment: str) -> frozenset[str]:
        """The names of the keys that are kept for an environment; of a locked file, every name."""
        vault = self._folder.vaults.of(replace(self._folder.settings(), environment=Environment(environment)))
        try:
            return frozenset(name for name in NAMES if vault.get(name))
        except Locked:
            return frozenset(NAMES)
        except SettingsError:
            return frozenset()

    def keep(self, account: AccountChoice) -> None:
        """Keep the numbers and the keys, both or none.

        Raises:
            PosError: they cannot be used, with words for a person; what was kept before stays.
        """
        for name in NAMES:
            if typed := getattr(account, name):
                refuse_overruled({name: typed}, self._folder.environ)
        before = self._folder.settings()
        present = self._folder.vaults.of(before)
        with config.kept_together(self._folder.data_dir), self._folder.secrets_from(present):
            changed = self._shop.change({**_numbers(account), "secrets": account.keep_in})
            settings = self._folder.settings()
            old = self._folder.vaults.of(replace(before, environment=settings.environment))
            vault = self._folder.vaults.of(settings)
            anew = _needs_a_new_file(vault, account)
            keys = checked(settings, _keys(account, old))
            kept = {name: getattr(keys, name) for name in NAMES} | _of_server(settings, present)
            typed = [name for name in NAMES if getattr(account, name)]
            if not anew:
                vault.check()
            # Recorded first, as a number that is shown: nothing puts keys back that have no line.
            self._owner.record(Act.KEYS, changed | dict.fromkeys(typed, (None, CHANGED)))
            if anew:
                vault.begin_anew(account.passphrase, kept)
            else:
                vault.put(kept)
            if old is not vault:
                _move_the_rest(old, vault, kept, lasts=settings.secrets is not Secrets.MEMORY)

    def test(self, account: AccountChoice) -> list[Finding]:
        """Ask M-PESA with what was typed. The access token is the one of the shop's tills where the keys are theirs.

        Raises:
            PosError: it cannot be used.
        """
        self._owner.require()
        settings = self._folder.proposed({**_numbers(account), "secrets": account.keep_in})
        vault = self._folder.vaults.of(settings)
        if not _all_typed(account):
            _unlock(vault, account.passphrase)
        keys = checked(settings, _keys(account, vault))
        url, environment = settings.daraja_url, settings.environment
        with closing(mpesa.client_for(settings, keys, self._folder.vaults.of(self._folder.settings()))) as client:
            return run_checks(
                [
                    Check("Connection", partial(network.connection, url)),
                    Check("Keys", partial(mpesa.keys_accepted, client, environment)),
                    Check("Number and passkey", partial(mpesa.passkey_fits, client, environment)),
                    Check("Clock", partial(network.clock, url, self._folder.clock.now)),
                ]
            )


def _numbers(account: AccountChoice) -> dict[str, str]:
    return {
        "environment": account.environment,
        "shortcode": account.shortcode,
        "till_number": account.till_number,
    }


def _keys(account: AccountChoice, vault: Vault) -> Keys:
    """What was typed, and for the rest what is kept."""
    found = {name: getattr(account, name) or _kept(vault, name) for name in NAMES}
    missing = [name.replace("_", " ") for name, value in found.items() if not value]
    if missing:
        raise BadInput(f"Paste the {' and the '.join(missing)} too: M-PESA asks for all three. Nothing was changed.")
    return Keys(**found)


def _all_typed(account: AccountChoice) -> bool:
    return all(getattr(account, name) for name in NAMES)


def _kept(vault: Vault, name: str) -> str:
    try:
        return vault.get(name)
    except NoKeyring:  # the place that nobody has chosen yet
        return ""


def _unlock(vault: Vault, passphrase: str) -> None:
    """Open the file that the keys are in. Where it is open already, nobody needs to type that again."""
    if vault.file is None or not vault.file.exists() or (not passphrase and _is_open(vault)):
        return
    vault.file.unlock(passphrase)


def _needs_a_new_file(vault: Vault, account: AccountChoice) -> bool:
    """Whether there is no file to keep the keys in, or its passphrase is lost and every key was pasted anew; one that
    can be opened is open after this.
    """
    if vault.file is None:
        return False
    if vault.file.exists():
        try:
            _unlock(vault, account.passphrase)
        except WrongPassphrase:
            if not (account.passphrase and _all_typed(account)):
                raise
        else:
            return False
    check_new(account.passphrase)
    return True


def _is_open(vault: Vault) -> bool:
    try:
        return any(vault.get(name) for name in NAMES)
    except Locked:
        return False


def _of_server(settings: Settings, vault: Vault) -> dict[str, str]:
    """The password of the shop's server, by its name, where it is with the secrets: it goes wherever they go."""
    if settings.database_url is None:
        return {}
    name = password_name(place_of_url(settings.database_url))
    password = _kept(vault, name)
    return {name: password} if password else {}


def _move_the_rest(old: Vault, new: Vault, kept: Mapping[str, str], *, lasts: bool) -> None:
    """What is kept is in the new place: the auth token and the shop's key follow, and nothing stays in the old one,
    but for the shop's key where the new one does not last.
    """
    names = (NGROK_AUTHTOKEN, *(SHOP_KEYS if lasts else ()))
    with suppress(PosError):  # the old place may be locked, or gone: what it still holds harms nobody
        rest = {name: found for name in names if not old.is_given(name) and (found := old.get(name))}
        if rest:
            new.put(rest)
        old.delete((*kept, *names))
