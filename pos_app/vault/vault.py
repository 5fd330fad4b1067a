"""The secrets of one environment, wherever they are kept; the environment variables come first."""

import os
import threading
from collections.abc import Callable, Collection, Mapping
from typing import TYPE_CHECKING, Protocol

from pos_app.settings.choices import Environment, Secrets
from pos_app.settings.settings import Settings
from pos_app.vault.encrypted_file import COST, SecretFile
from pos_app.vault.keyring import KeyringStore, KeyringTrouble, system_keyring

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

NGROK_AUTHTOKEN = "ngrok_authtoken"


class Store(Protocol):
    """Keeps secrets. Every method may wait: never on the GUI thread."""

    def words(self) -> str:
        """What it is called, for people."""
        ...

    def read(self, name: str) -> str | None:
        """One secret, or None."""
        ...

    def write(self, changes: Mapping[str, str | None]) -> None:
        """Change these, all or none; None deletes."""
        ...


class MemoryStore:
    """Keeps them until the program ends."""

    def __init__(self) -> None:
        self._secrets: dict[str, str | None] = {}

    @staticmethod
    def words() -> str:
        """What it is called, for people."""
        return "this run's memory, which forgets them when the till closes"

    def read(self, name: str) -> str | None:
        """One secret, or None."""
        return self._secrets.get(name)

    def write(self, changes: Mapping[str, str | None]) -> None:
        """Change these; None deletes."""
        self._secrets.update(changes)


class Vault:
    """What the till asks for its secrets: a variable of the environment wins, what was read once is remembered.

    Every method may wait for the keyring (a minute at most) or for the disk: never on the GUI thread. All of them
    raise `SettingsError` with words for a person, and `Locked` where a passphrase is needed first.

    Attributes:
        file: the store where it is a file, to unlock it or to choose its passphrase; otherwise None.
    """

    def __init__(self, store: Store, environ: Mapping[str, str] = os.environ) -> None:
        self.file = store if isinstance(store, SecretFile) else None
        self._store = store
        self._environ = environ
        self._read: dict[str, str] = {}
        self._door = threading.Lock()

    def get(self, name: str) -> str:
        """One secret, or empty where nobody has it."""
        given = self._environ.get(_variable(name))
        if given is not None:
            return given.strip()
        with self._door:
            if name not in self._read and (found := self._store.read(name)):
                self._read[name] = found.strip()
            return self._read.get(name, "")

    def given(self, name: str) -> str:
        """What the environment says, or empty; nothing else is asked."""
        return self._environ.get(_variable(name), "").strip()

    def is_given(self, name: str) -> bool:
        """Whether the environment has it, be it empty: what is kept of that name is never read then."""
        return _variable(name) in self._environ

    def put(self, secrets: Mapping[str, str]) -> None:
        """Keep these, all or none of them."""
        self._change(secrets)

    def hold(self, secrets: Mapping[str, str]) -> None:
        """Remember these while the program runs; nothing is kept."""
        with self._door:
            self._read.update(secrets)

    def check(self) -> None:
        """Raises as `put` does where nothing can be kept there now: it is locked, gone, or cannot be written."""
        self._change({})

    def begin_anew(self, passphrase: str, secrets: Mapping[str, str]) -> None:
        """Keep these in a new file behind this passphrase, all or none; see `SecretFile.begin_anew`."""
        assert self.file is not None
        with self._door:
            self.file.begin_anew(passphrase, secrets)
            self._read.clear()

    def delete(self, names: Collection[str]) -> None:
        """Forget these, all or none of them; whether they are there or not."""
        self._change(dict.fromkeys(names))

    def where(self, name: str) -> str:
        """Where a secret is looked for, in words."""
        return f"the variable {_variable(name)}" if self.is_given(name) else self._store.words()

    def _change(self, changes: Mapping[str, str | None]) -> None:
        with self._door:
            self._store.write(changes)
            for name in changes:
                self._read.pop(name, None)


def _variable(name: str) -> str:
    return f"POS_{name.upper()}"


def open_vault(settings: Settings, environ: Mapping[str, str] = os.environ, file_cost: int = COST) -> Vault:
    """The secrets of this environment, where the settings say. Nothing is touched yet.

    Args:
        file_cost: what each try of a passphrase costs where they are in a file, as scrypt's n.
    """
    return Vault(_store(settings, file_cost), environ)


class Vaults:
    """The vaults of one run of the program: what was unlocked, or is only in memory, is there for the next window."""

    def __init__(self, environ: Mapping[str, str] = os.environ, file_cost: int = COST) -> None:
        self._environ = environ
        self._file_cost = file_cost
        self._opened: dict[tuple[Environment, Secrets], Vault] = {}
        self._door = threading.Lock()  # two vaults of the same keys would each miss what the other was told

    def of(self, settings: Settings) -> Vault:
        """The one of these settings. Any thread."""
        key = (settings.environment, settings.secrets)
        with self._door:
            if key not in self._opened:
                self._opened[key] = open_vault(settings, self._environ, self._file_cost)
            return self._opened[key]


def _store(settings: Settings, file_cost: int) -> Store:
    service = settings.service
    if settings.secrets is Secrets.MEMORY:
        return MemoryStore()
    if settings.secrets is Secrets.FILE:
        return SecretFile(settings.data_dir / f"{settings.environment}.keys", service, file_cost)
    return KeyringStore(service)


def kinds(find: "Callable[[], KeyringBackend | None]" = system_keyring) -> dict[Secrets, str]:
    """Where secrets can be kept on this computer, in words, the best first. May wait for the keyring."""
    found = {Secrets.FILE: SecretFile.words(), Secrets.MEMORY: MemoryStore.words()}
    try:
        return {Secrets.KEYRING: KeyringStore("", find).words(), **found}
    except KeyringTrouble:
        return found
