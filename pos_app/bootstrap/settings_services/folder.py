"""One data folder, as the settings services share it."""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from pos_app.bootstrap.shop_database import shop_database
from pos_app.bootstrap.till import OpenTill
from pos_app.sales.attempts import AttemptLimiter
from pos_app.sales.till import Till
from pos_app.settings import settings as config
from pos_app.settings.choices import Environment
from pos_app.settings.settings import Settings
from pos_app.system_clock import SystemClock
from pos_app.vault.vault import Vault, Vaults

REAL = (Environment.SANDBOX, Environment.PRODUCTION)  # what can be set up; practice cannot


class SettingsFolder:
    """The settings of a data folder, its secrets, and whichever till holds it.

    Args:
        vaults: the secrets that this run of the program has opened already.
        running: the till that is open in this program, where one is.
        limiter: counts wrong passphrases for the whole run.
        practice: whether it is about practice, which has a database of its own.

    Attributes:
        door: the data folder is held by one method of the services at a time.
        opened: the till that the set-up opened for its test payment.
    """

    def __init__(
        self,
        data_dir: Path,
        vaults: Vaults,
        environ: Mapping[str, str],
        running: Callable[[], Till | None],
        limiter: AttemptLimiter | None,
        practice: bool = False,
    ) -> None:
        self.data_dir = data_dir
        self.vaults = vaults
        self.environ = environ
        self.practice = practice
        self.running = running
        self.clock = SystemClock()
        self.limiter = limiter or AttemptLimiter(self.clock)
        self.door = threading.RLock()
        self.opened: OpenTill | None = None
        self._lent: Vault | None = None

    @property
    def till(self) -> Till | None:
        """The till that holds the folder, where it is one of this program."""
        return self.running() or (self.opened.till if self.opened else None)

    def database(self, settings: Settings) -> Path | str:
        """Where the payments are, with what lets this till in. Raises as `shop_database` does."""
        return shop_database(settings, self._lent or self.vaults.of(settings))

    @contextmanager
    def secrets_from(self, vault: Vault) -> Iterator[None]:
        """While secrets go to another place, the password of the server is still found in this one."""
        with self.door:
            self._lent = vault
            try:
                yield
            finally:
                self._lent = None

    def settings(self) -> Settings:
        """What is set now.

        Raises:
            SettingsError: the file cannot be read.
        """
        return config.load(self.data_dir, self.practice, self.environ)

    def proposed(self, changes: Mapping[str, str]) -> Settings:
        """What would be set with these changes; nothing is kept.

        Raises:
            SettingsError: they cannot be used.
        """
        return config.proposed(self.data_dir, changes, self.environ)
