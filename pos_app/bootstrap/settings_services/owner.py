"""The owner's passphrase in every database that the shop has or will have."""

import logging
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import replace

from pos_app.bootstrap.data_folder import hold_data_dir
from pos_app.bootstrap.settings_services.folder import REAL, SettingsFolder
from pos_app.domain.operators import Act
from pos_app.errors import BadInput, PosError
from pos_app.sales.build import StaffServices, build_staff, open_books
from pos_app.sales.links import find_link_key
from pos_app.sales.passphrase import OwnerPassphrase
from pos_app.sales.ports import Passphrases
from pos_app.settings.settings import Settings
from pos_app.store.database import open_database
from pos_app.vault.erasure_key import VaultErasureKeys

_log = logging.getLogger(__name__)


class OwnerAccess:
    """Fits `ui.settings.service.OwnerService`, and lets the other services act once the owner has passed."""

    def __init__(self, folder: SettingsFolder, passphrases: Passphrases) -> None:
        self._folder = folder
        self._passphrases = passphrases
        self._passed: frozenset[str] = frozenset()  # what was kept of the passphrase then, in each database

    def has_chosen(self) -> bool:
        """Whether there is an owner's passphrase, for test money or for real money."""
        with self._passphrase_of_each() as owners:
            return any(owner.chosen() for owner in owners)

    def has_code(self) -> bool:
        """Whether there is a recovery code for the shop's present money."""
        with self._passphrase_of_each() as owners:
            return any(owner.kept_code for owner in owners if owner.chosen())

    def choose(self, passphrase: str, old: str = "") -> str:
        """One passphrase for test money and for real money; gives its recovery code.

        Raises:
            BadInput: `old` is not the one before, or the new one is too short.
        """
        with self._passphrase_of_each() as owners:
            chosen = [owner for owner in owners if owner.chosen()]
            if chosen:
                chosen[0].confirm(old)
            code = owners[0].put(passphrase)
            _adopt(owners, owners[0], passphrase)
            self._passed = _kept(owners)
        return code

    def recover(self, code: str, passphrase: str) -> str:
        """Choose a new passphrase by the recovery code, for test money and for real money; gives the next code.

        Raises:
            BadInput: it is not the code, or the new one is too short.
        """
        with self._passphrase_of_each() as owners:
            first = _first_chosen(owners)
            next_code = first.recover(code, passphrase)
            _adopt(owners, first, passphrase)
        return next_code

    def renew_code(self, passphrase: str) -> str:
        """Make a recovery code in place of the one before; gives it.

        Raises:
            BadInput: it is not the owner's passphrase, or there is none yet.
        """
        with self._passphrase_of_each() as owners:
            first = _first_chosen(owners)
            code = first.renew_code(passphrase)
            _adopt(owners, first, passphrase)
        return code

    def confirm(self, passphrase: str) -> None:
        """Let the owner pass; the passphrase that the shop's present money knows counts for all from now on.

        Raises:
            BadInput: it is not the owner's, or there is none yet.
        """
        with self._passphrase_of_each() as owners:
            first = _first_chosen(owners)
            typed = first.confirm(passphrase)
            _adopt(owners, first, passphrase)
            self._passed = _kept(owner for owner in owners if owner is not first) | {typed}

    def forget(self) -> None:
        """The owner has left: nothing is kept before the passphrase was confirmed again."""
        self._passed = frozenset()

    @property
    def passed(self) -> bool:
        """Whether the owner has typed the passphrase, here and not long ago."""
        return bool(self._passed)

    def has_passed(self, kept: str) -> bool:
        """Whether the owner has typed the passphrase of which this is kept, here and not long ago."""
        return kept in self._passed

    def require(self) -> None:
        """Let nobody past before the owner has confirmed the passphrase that counts now, where there is one.

        Raises:
            BadInput: nobody has, or it was changed since, at another till or by command.
        """
        with self._passphrase_of_each() as owners:
            kept = _kept(owners)
        if not kept <= self._passed:
            self.forget()
        if kept and not self._passed:
            raise BadInput("Only the owner changes the settings: type the owner's passphrase first.")

    def record(self, act: Act, changes: Mapping[str, tuple[str | None, str]]) -> None:
        """Write into the audit which settings are changed: by their names, the value before and after.

        Raises:
            PosError: it cannot be recorded, or is not for whoever is signed in: then it must not be changed.
        """
        if not changes:
            return
        folder = self._folder
        with folder.door, ExitStack() as stack:
            till, settings = folder.till, folder.settings()
            if till is None:
                stack.callback(hold_data_dir(settings).release)
            audit = till.audit if till else self._staff(settings, stack).audit
            audit.settings_changed(act, changes, owner=self.passed)

    @contextmanager
    def _passphrase_of_each(self) -> Iterator[list[OwnerPassphrase]]:
        """Of each database that this shop has or will have, that of its present money first.

        Another one that cannot be used is left out: it must not lock the owner out. It takes the passphrase over as
        soon as it can be used again.
        """
        folder = self._folder
        with folder.door, ExitStack() as stack:
            till, settings = folder.till, folder.settings()
            if till is None:
                stack.callback(hold_data_dir(settings).release)
            others = (
                []
                if folder.practice or settings.database_url
                else [each for each in REAL if each is not settings.environment]
            )
            first = till.owner.passphrase if till else self._passphrase(settings, stack)
            rest = [self._passphrase_or_none(replace(settings, environment=each), stack) for each in others]
            yield [first, *filter(None, rest)]

    def _passphrase_or_none(self, settings: Settings, stack: ExitStack) -> OwnerPassphrase | None:
        with ExitStack() as mine:
            try:
                owner = self._passphrase(settings, mine)
                owner.chosen()  # whether it can be read
            except PosError as error:
                _log.warning("the %s database is left out: %s", settings.environment, error.user_text)
                return None
            stack.push(mine.pop_all())
        return owner

    def _passphrase(self, settings: Settings, stack: ExitStack) -> OwnerPassphrase:
        return self._staff(settings, stack).authority.passphrase

    def _staff(self, settings: Settings, stack: ExitStack) -> StaffServices:
        vault = self._folder.vaults.of(settings)
        database = open_database(self._folder.database(settings), settings.environment)
        stack.callback(database.close)
        books = open_books(database, database.reader, self._folder.clock)
        keys = VaultErasureKeys(settings, vault)
        database.link_lines(settings.till, lambda: find_link_key(database.reader, keys))
        books.writer.start()
        stack.callback(books.writer.stop)
        return build_staff(books, self._passphrases, self._folder.limiter)


def _kept(owners: Iterable[OwnerPassphrase]) -> frozenset[str]:
    """What is kept of the passphrase, in each database that has one."""
    return frozenset(kept for owner in owners if (kept := owner.kept) is not None)


def _first_chosen(owners: Iterable[OwnerPassphrase]) -> OwnerPassphrase:
    first = next((owner for owner in owners if owner.chosen()), None)
    if first is None:
        raise BadInput("The owner has no passphrase yet. Choose one first. Nothing was changed.")
    return first


def _adopt(owners: Iterable[OwnerPassphrase], first: OwnerPassphrase, passphrase: str) -> None:
    """The owner has passed the first already: a database that does not take it now gets it the next time."""
    for owner in owners:
        try:
            if owner is not first:
                owner.adopt(passphrase, first.kept_code)
        except PosError as error:
            _log.warning("the owner's passphrase does not count in every database yet: %s", error.user_text)
