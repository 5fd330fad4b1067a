"""Copies of the database in the settings, and putting one back once the till has closed."""

from collections.abc import Callable, Sequence

from pos_app.bootstrap.restoring import database_file, refuse_open, restore
from pos_app.bootstrap.settings_services.tries import count_in
from pos_app.domain.database_copy import DatabaseCopy, Loss, PutBack
from pos_app.sales.attempts import AttemptLimiter
from pos_app.sales.passphrase import SETTING, confirm_against
from pos_app.sales.ports import Passphrases
from pos_app.sales.till import Till
from pos_app.settings.settings import Settings
from pos_app.store.backups.choosing import kept_setting, loss_of, readable_copies
from pos_app.store.backups.copies import FOLDER
from pos_app.store.files import sqlite_file
from pos_app.vault.vault import Vault, open_vault


class ShopCopies:
    """Fits `ui.settings.service.CopiesService`, also where the database cannot be opened.

    Args:
        limiter: counts wrong passphrases for the whole run.
        running: the till that is open in this program, where one is.
        vault_of: gives the secrets of these settings, as this run has opened them.
    """

    def __init__(
        self,
        settings: Callable[[], Settings],
        passphrases: Passphrases,
        limiter: AttemptLimiter,
        running: Callable[[], Till | None] = lambda: None,
        vault_of: Callable[[Settings], Vault] = open_vault,
    ) -> None:
        self._settings = settings
        self._passphrases = passphrases
        self._limiter = limiter
        self._running = running
        self._vault_of = vault_of

    def on_server(self) -> bool:
        """Whether the payments are on a database server, which has its own backups."""
        return sqlite_file(self._settings().database) is None

    def copies(self) -> Sequence[DatabaseCopy]:
        """Those that can be read, newest first. Raises PosError."""
        return readable_copies(database_file(self._settings()))

    def may_put_back(self) -> None:
        """Raises PosError where the till that is open waits for M-PESA's word."""
        till = self._running()
        if till:
            refuse_open(till.reader, till.name, till.clock.corrected())

    def passphrase_chosen(self) -> bool:
        """Whether the owner has chosen a passphrase, by the database or, where it cannot be read, by its best copy."""
        return self._kept_passphrase() is not None

    def loss(self, copy: DatabaseCopy) -> Loss:
        """What would be gone, and whose copy it is. Raises PosError, also for another shop's."""
        return loss_of(copy.path, database_file(self._settings()))

    def put_back(self, copy: DatabaseCopy, passphrase: str) -> PutBack:
        """Put it back; gives what became of the file that was there. Raises PosError, and nothing was changed."""
        hashed = self._kept_passphrase()
        if hashed is not None:
            confirm_against(hashed, passphrase, self._passphrases, self._limiter, self._change_count)
        settings = self._settings()
        restored = restore(settings, copy.path, self._vault_of(settings), owner=hashed is not None)
        return PutBack(restored.kept, restored.gone)

    def _kept_passphrase(self) -> str | None:
        return kept_setting(database_file(self._settings()), SETTING)

    def _change_count(self, change: Callable[[str | None], str]) -> None:
        """Beside the copies: the database may be what cannot be written."""
        database = database_file(self._settings())
        count_in(database.parent / FOLDER / f"{database.stem}.tries")(change)
