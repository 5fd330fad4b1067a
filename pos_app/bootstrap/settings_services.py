"""Setting a shop up: what the pages of the set-up ask for, done with the real store, vault and M-PESA."""

import os
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import replace
from functools import partial
from pathlib import Path

from pos_app.bootstrap.callbacks import try_route
from pos_app.bootstrap.data_folder import hold_data_dir
from pos_app.bootstrap.till import OpenTill, open_till
from pos_app.check_result import Check, Finding, Status
from pos_app.daraja.wire import Keys
from pos_app.diagnostics import mpesa, network
from pos_app.diagnostics.run import run_checks
from pos_app.domain.callback_route import RouteState, RouteStatus
from pos_app.errors import BadInput, Locked, PosError, SettingsError, refuse_overruled
from pos_app.sales.build import open_books, owner_passphrase
from pos_app.sales.passphrase import OwnerPassphrase, Tries
from pos_app.sales.till import Till
from pos_app.settings import settings as config
from pos_app.settings.choices import Environment, Secrets
from pos_app.settings.settings import Settings
from pos_app.store.database import open_database
from pos_app.system_clock import SystemClock
from pos_app.ui.settings.service import KEYRING, NGROK, Account, Answers, Store, Way
from pos_app.vault.api_keys import NAMES, Argon2Passphrases, checked
from pos_app.vault.encrypted_file import WrongPassphrase
from pos_app.vault.keyring import NoKeyring
from pos_app.vault.vault import NGROK_AUTHTOKEN, MemoryStore, Vault, Vaults, kinds

_REAL = (Environment.SANDBOX, Environment.PRODUCTION)


class SetupDesk:
    """Fits `ui.setup.desk.Desk`. Every method may wait: call it on a thread.

    Where an owner's passphrase was chosen, nothing is kept and no till is opened before it was confirmed here.

    Args:
        vaults: the secrets that this run of the program has opened already.
        tries: counts wrong passphrases for the whole run.
        running: the till that is open in this program, where one is; it holds the data folder then.
        places: where secrets can be kept on this computer, in words.
    """

    def __init__(
        self,
        data_dir: Path,
        vaults: Vaults,
        environ: Mapping[str, str] = os.environ,
        *,
        tries: Tries | None = None,
        running: Callable[[], Till | None] = lambda: None,
        places: Callable[[], Mapping[Secrets, str]] = kinds,
    ) -> None:
        self._data_dir = data_dir
        self._vaults = vaults
        self._environ = environ
        self._running = running
        self._places = places
        self._clock = SystemClock()
        self._passphrases = Argon2Passphrases()
        self._tries = tries or Tries(self._clock)
        self._passed = False
        self._opened: OpenTill | None = None
        self._door = threading.RLock()  # the data folder is held by one of these methods at a time

    # --- settings ------------------------------------------------------------------------------------

    def answers(self) -> Answers:
        """What is set now."""
        settings = self._settings()
        return Answers(
            text_size=settings.text_size,
            colours=settings.colours,
            shop_name=settings.shop_name if settings.named else "",
            registered_name=settings.registered_name,
            receipt_lines=settings.receipt_lines,
            paper_width=str(settings.paper_width),
            scan_prefix=settings.scan_prefix,
            environment=settings.environment if settings.environment in _REAL else Environment.PRODUCTION,
            shortcode=settings.shortcode,
            till_number=settings.till_number or "",
            keep_in=settings.secrets,
            callback=settings.callback,
            public_url=settings.public_url or "",
            listen_port=str(settings.listen_port or ""),
            ngrok_path=str(settings.ngrok_path or ""),
        )

    def keep(self, changes: Mapping[str, str | Sequence[str]]) -> None:
        """Keep settings, all of them or none. What a variable of the environment says otherwise is refused."""
        self._let_owner_pass()
        refuse_overruled(changes, self._environ)
        config.save(self._data_dir, changes)

    # --- the owner -----------------------------------------------------------------------------------

    def owner_has_chosen(self) -> bool:
        """Whether there is an owner's passphrase, for test money or for real money."""
        with self._owners() as owners:
            return any(owner.chosen() for owner in owners)

    def choose_owner(self, passphrase: str, old: str = "") -> None:
        """One passphrase for test money and for real money."""
        with self._owners() as owners:
            chosen = [owner for owner in owners if owner.chosen()]
            if chosen:
                chosen[0].confirm(old)
            owners[0].put(passphrase)
            for owner in owners[1:]:
                owner.adopt(passphrase)
        self._passed = True

    def confirm_owner(self, passphrase: str) -> None:
        """Raises `BadInput` unless it is the owner's, as the shop's present money knows it; then it counts for all."""
        with self._owners() as owners:
            chosen = [owner for owner in owners if owner.chosen()]
            if not chosen:
                raise BadInput("The owner has no passphrase yet. Choose one first. Nothing was changed.")
            chosen[0].confirm(passphrase)
            for owner in owners:
                if owner is not chosen[0]:
                    owner.adopt(passphrase)
        self._passed = True

    def _let_owner_pass(self) -> None:
        if not self._passed and self.owner_has_chosen():
            raise BadInput("Only the owner changes the settings: type the owner's passphrase first.")

    @contextmanager
    def _owners(self) -> Iterator[list[OwnerPassphrase]]:
        """Of each database that this shop has or will have, that of its present money first."""
        with self._door, ExitStack() as stack:
            till, settings = self._running() or (self._opened.till if self._opened else None), self._settings()
            if till is None:
                stack.callback(hold_data_dir(settings).release)
            others = [] if settings.database_url else [each for each in _REAL if each is not settings.environment]
            first = till.owner.passphrase if till else self._owner(settings, stack)
            rest = [self._owner(replace(settings, environment=each), stack) for each in others]
            yield [first, *rest]

    def _owner(self, settings: Settings, stack: ExitStack) -> OwnerPassphrase:
        database = open_database(settings.database, settings.environment)
        stack.callback(database.close)
        books = open_books(database, database.reader, self._clock)
        books.writer.start()
        stack.callback(books.writer.stop)
        return owner_passphrase(books, self._passphrases, self._tries)

    # --- M-PESA --------------------------------------------------------------------------------------

    def stores(self) -> list[Store]:
        """Where keys can be kept on this computer; only the keyring has a name of its own."""
        found = self._places()
        return [
            Store(kind, f"In {words}, for this user only." if kind == KEYRING else "") for kind, words in found.items()
        ]

    def kept(self, environment: str) -> frozenset[str]:
        """The names of what is kept for an environment; of a locked file, every name."""
        vault = self._vaults.of(replace(self._settings(), environment=Environment(environment)))
        try:
            return frozenset(name for name in (*NAMES, NGROK_AUTHTOKEN) if vault.get(name))
        except Locked:
            return frozenset(NAMES)
        except SettingsError:
            return frozenset()

    def keep_account(self, account: Account) -> None:
        """The settings and the keys, both or none."""
        for name in NAMES:
            if typed := getattr(account, name):
                refuse_overruled({name: typed}, self._environ)
        before = self._settings()
        with config.kept_together(self._data_dir):
            self.keep({**_numbers(account), "secrets": account.keep_in})
            settings = self._settings()
            old = self._vaults.of(replace(before, environment=settings.environment))
            vault = self._vaults.of(settings)
            if vault.file and vault.file.exists() and account.passphrase and _all_typed(account):
                _replace_file(vault, account.passphrase)
            else:
                _unlock(vault, account.passphrase)
            keys = checked(settings, _keys(account, old))
            if vault.file and not vault.file.exists():
                vault.file.choose_passphrase(account.passphrase)
            vault.put({name: getattr(keys, name) for name in NAMES})
            if old is not vault:
                _move_the_rest(old, vault)

    def try_account(self, account: Account) -> list[Finding]:
        """Ask M-PESA with what was typed; a new access token may end the one of an open till, which fetches another."""
        self._let_owner_pass()
        settings = config.proposed(self._data_dir, {**_numbers(account), "secrets": account.keep_in}, self._environ)
        vault = self._vaults.of(settings)
        if not _all_typed(account):
            _unlock(vault, account.passphrase)
        keys = checked(settings, _keys(account, vault))
        url, environment = settings.daraja_url, settings.environment
        with closing(mpesa.client_for(settings, keys)) as client:
            return run_checks(
                [
                    Check("Connection", partial(network.connection, url)),
                    Check("Keys", partial(mpesa.keys_accepted, client, environment)),
                    Check("Number and passkey", partial(mpesa.passkey_fits, client, environment)),
                    Check("Clock", partial(network.clock, url, self._clock.now)),
                ]
            )

    # --- how results come back -----------------------------------------------------------------------

    def keep_way(self, way: Way) -> None:
        """The settings and the auth token, both or none."""
        _check_agent(way)
        if way.ngrok_authtoken:
            refuse_overruled({NGROK_AUTHTOKEN: way.ngrok_authtoken}, self._environ)
        with config.kept_together(self._data_dir):
            self.keep(_route(way))
            if way.ngrok_authtoken:
                self._vaults.of(self._settings()).put({NGROK_AUTHTOKEN: way.ngrok_authtoken})

    def try_way(self, way: Way) -> list[Finding]:
        """Knock from outside; where the till is open already, as it does by itself."""
        self._let_owner_pass()
        _check_agent(way)
        settings = config.proposed(self._data_dir, _route(way), self._environ)
        till = self._running()
        if till:
            if way.ngrok_authtoken or _way_of(settings) != _way_of(self._settings()):
                raise BadInput(
                    "Save this first and open the till again: it tests this by itself, and the header says it."
                )
            return [_knocked(till.route.status)]
        vault = self._vaults.of(settings)
        if way.ngrok_authtoken:
            vault = Vault(MemoryStore(), {})
            vault.put({NGROK_AUTHTOKEN: way.ngrok_authtoken})
        with self._door:
            lock = hold_data_dir(settings)
            try:
                return [_knocked(try_route(settings, vault, self._clock))]
            finally:
                lock.release()

    # --- the till ------------------------------------------------------------------------------------

    def open_till(self) -> Till:
        """A till with what is kept now."""
        self._let_owner_pass()
        with self._door:
            if self._opened is None:
                settings = self._settings()
                self._opened = open_till(settings, self._vaults.of(settings), tries=self._tries)
            return self._opened.till

    def close_till(self) -> None:
        """Close it again, also one that is only just opening; waits for a push on its way."""
        with self._door:
            opened, self._opened = self._opened, None
            if opened:
                opened.close()

    def _settings(self) -> Settings:
        return config.load(self._data_dir, False, self._environ)


def _numbers(account: Account) -> dict[str, str]:
    return {
        "environment": account.environment,
        "shortcode": account.shortcode,
        "till_number": account.till_number,
    }


def _route(way: Way) -> dict[str, str]:
    return {
        "callback": way.callback,
        "public_url": way.public_url,
        "listen_port": way.listen_port,
        "ngrok_path": way.ngrok_path,
    }


def _keys(account: Account, vault: Vault) -> Keys:
    """What was typed, and for the rest what is kept."""
    found = {name: getattr(account, name) or _kept(vault, name) for name in NAMES}
    missing = [name.replace("_", " ") for name, value in found.items() if not value]
    if missing:
        raise BadInput(f"Paste the {' and the '.join(missing)} too: M-PESA asks for all three. Nothing was changed.")
    return Keys(**found)


def _all_typed(account: Account) -> bool:
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


def _replace_file(vault: Vault, passphrase: str) -> None:
    """Its passphrase is lost, and every key was pasted anew: the old file is kept beside, and no longer used."""
    assert vault.file is not None
    old = vault.file.path
    with suppress(WrongPassphrase):
        vault.file.unlock(passphrase)
        return
    try:
        old.rename(old.with_suffix(".keys.old"))
    except OSError:
        raise SettingsError(f"The file {old} cannot be moved. Nothing was changed.") from None


def _is_open(vault: Vault) -> bool:
    try:
        return any(vault.get(name) for name in NAMES)
    except Locked:
        return False


def _move_the_rest(old: Vault, new: Vault) -> None:
    """The keys are in the new place: the auth token follows, and nothing stays in the old one."""
    with suppress(PosError):  # the old place may be locked, or gone: what it still holds harms nobody
        token = old.get(NGROK_AUTHTOKEN)
        if token:
            new.put({NGROK_AUTHTOKEN: token})
        old.delete((*NAMES, NGROK_AUTHTOKEN))


def _way_of(settings: Settings) -> tuple[object, ...]:
    return settings.callback, settings.public_url, settings.listen_port, settings.ngrok_path


def _check_agent(way: Way) -> None:
    agent = Path(way.ngrok_path)
    if way.callback == NGROK and not (agent.is_file() and os.access(agent, os.X_OK)):
        raise BadInput(
            "There is no ngrok program at that place. Install it from ngrok.com, then type where it is. "
            "Nothing was changed."
        )


def _knocked(status: RouteStatus) -> Finding:
    if status.state is RouteState.UP and status.words:
        return Finding("Results", Status.AMBER, status.words)
    if status.state is RouteState.UP:
        return Finding("Results", Status.GREEN, "Our own test came in from the internet: M-PESA can reach this till.")
    if status.state is RouteState.OPENING:
        return Finding("Results", Status.AMBER, "Not ready yet. Test again in a minute.")
    return Finding("Results", Status.RED, status.words)
