"""The owner's passphrase: who knows it may settle payments by hand and change the settings."""

import logging
import threading
from collections.abc import Callable

from pos_app.domain.clock import duration
from pos_app.errors import BadInput
from pos_app.sales.ports import Clock, Passphrases, Reader, Transaction
from pos_app.sales.writer import GroupWriter

SETTING = "owner_passphrase"
SHORTEST = 8  # characters
TRIES = 5  # wrong ones in a row, before each further one has to wait
FIRST_WAIT, LONGEST_WAIT = 30.0, 900.0  # seconds; it doubles
_log = logging.getLogger(__name__)


class Tries:
    """Counts wrong tries. Five, then each waits: half a minute, doubling to a quarter of an hour."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._door = threading.Lock()  # one try at a time, or many at once would escape the waiting
        self._wrong = 0
        self._again_from = float("-inf")  # on the monotonic clock

    def check(self, fits: Callable[[], bool]) -> None:
        """Try once.

        Raises:
            BadInput: it does not fit, or it is too early for another try.
        """
        with self._door:
            now = self._clock.monotonic()
            if now < self._again_from:
                raise BadInput(f"Too many wrong tries. Wait {duration(self._again_from - now)}. Nothing was changed.")
            if fits():
                self._wrong = 0
                return
            self._wrong += 1
            _log.warning("a wrong owner's passphrase, %d in a row", self._wrong)
            if self._wrong >= TRIES:
                self._again_from = now + min(LONGEST_WAIT, FIRST_WAIT * 2.0 ** (self._wrong - TRIES))
        raise BadInput("That is not the owner's passphrase. Nothing was changed.")


class OwnerPassphrase:
    """Kept sealed in the database, so that it goes wherever the payments go. Slow on purpose: call it on a thread.

    Args:
        tries: counts the wrong ones also beyond the life of this object.
    """

    def __init__(
        self,
        reader: Reader,
        writer: GroupWriter,
        passphrases: Passphrases,
        clock: Clock,
        tries: Tries | None = None,
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._passphrases = passphrases
        self._tries = tries or Tries(clock)

    def chosen(self) -> bool:
        """Whether the owner has chosen one."""
        return self._reader.setting(SETTING) is not None

    def choose(self, passphrase: str) -> None:
        """Choose it, on first use.

        Raises:
            BadInput: too short, or there is one already.
            CannotSave: nothing was saved.
        """
        sealed = self._sealed(passphrase)

        def work(transaction: Transaction) -> None:
            if self._reader.setting(SETTING) is not None:
                raise BadInput("The owner has chosen a passphrase already. Nothing was saved.")
            transaction.set_setting(SETTING, sealed)

        self._writer.submit(work).result()
        _log.info("the owner chose a passphrase")

    def change(self, old: str, new: str) -> None:
        """Put a new one in place of the old.

        Raises:
            BadInput: the old one is wrong, the new one too short.
            CannotSave: the old one stays.
        """
        self.confirm(old)
        self.put(new)

    def put(self, passphrase: str) -> None:
        """Put one in whatever there was before. Whoever calls has let the owner confirm.

        Raises:
            BadInput: too short.
            CannotSave: what there was before stays.
        """
        first = not self.chosen()
        sealed = self._sealed(passphrase)
        self._keep(sealed)
        _log.info("the owner chose a passphrase" if first else "the owner changed the passphrase")

    def adopt(self, passphrase: str) -> None:
        """Take over what the owner has confirmed elsewhere; where it counts already, unlocking changes nothing.

        Raises:
            CannotSave: what there was before stays.
        """
        sealed = self._reader.setting(SETTING)
        if sealed is None or not self._passphrases.fits(passphrase, sealed):
            self._keep(self._sealed(passphrase))
            _log.info("the owner's passphrase counts in one database more")

    def _keep(self, sealed: str) -> None:
        self._writer.submit(lambda transaction: transaction.set_setting(SETTING, sealed)).result()

    def confirm(self, passphrase: str) -> None:
        """Let the owner pass.

        Raises:
            BadInput: it is not the owner's, or it is too early for another try.
        """
        sealed = self._reader.setting(SETTING)
        if sealed is None:
            raise BadInput("The owner has no passphrase yet. Choose one first. Nothing was changed.")
        self._tries.check(lambda: self._passphrases.fits(passphrase, sealed))

    def _sealed(self, passphrase: str) -> str:
        if len(passphrase.strip()) < SHORTEST:
            raise BadInput(f"The owner's passphrase needs at least {SHORTEST} characters. Nothing was saved.")
        return self._passphrases.seal(passphrase)
