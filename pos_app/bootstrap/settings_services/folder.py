"""One data folder, as the settings services share it."""

import threading
from collections.abc import Callable, Mapping
from pathlib import Path

from pos_app.bootstrap.till import OpenTill
from pos_app.sales.attempts import AttemptLimiter
from pos_app.sales.till import Till
from pos_app.settings import settings as config
from pos_app.settings.choices import Environment
from pos_app.settings.settings import Settings
from pos_app.system_clock import SystemClock
from pos_app.vault.vault import Vaults

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

    @property
    def till(self) -> Till | None:
        """The till that holds the folder, where it is one of this program."""
        return self.running() or (self.opened.till if self.opened else None)

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
