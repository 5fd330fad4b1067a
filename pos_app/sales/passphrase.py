"""The owner's passphrase: who knows it may settle payments by hand and change the settings."""

import logging
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NamedTuple

from pos_app.domain.audit import CHANGED, audit_line
from pos_app.domain.kenya_time import duration
from pos_app.domain.operators import Act, Actor
from pos_app.domain.strict import is_text, whole
from pos_app.errors import BadInput
from pos_app.sales.ports import Clock, Passphrases, Reader, Transaction
from pos_app.sales.write_queue import GroupWriter

SETTING = "owner_passphrase"
COUNT = "owner_tries"  # the setting that keeps the count of wrong ones
SHORTEST = 8  # characters
TRIES = 5  # wrong ones in a row, before each further one has to wait
FIRST_WAIT, LONGEST_WAIT = 30.0, 900.0  # seconds; it doubles
_WRONG = "That is not the owner's passphrase. Nothing was changed."
_log = logging.getLogger(__name__)


class Count(NamedTuple):
    """Wrong tries in a row, and when the next may be made (UTC)."""

    wrong: int
    again_from: datetime

    @classmethod
    def parse(cls, text: str | None) -> "Count | None":
        """What `str` wrote; None where nothing readable is stored."""
        number, _, moment = (text or "").partition(" ")
        wrong = whole(number)
        try:
            again_from = datetime.fromisoformat(moment)
        except ValueError:
            return None
        return None if wrong is None or again_from.tzinfo is None else cls(wrong, again_from)

    def __str__(self) -> str:
        return f"{self.wrong} {self.again_from.isoformat()}"


class AttemptLimiter:
    """Counts wrong tries. Five, then each waits: half a minute, doubling to a quarter of an hour.

    The count is kept beside the passphrase, so that neither another start of the program nor a command begins anew.
    A clock that was wrong once makes no wait longer than the rule; one that is set forward shortens none of this run.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._door = threading.Lock()  # one try at a time, or many at once would escape the waiting
        self._again_from = float("-inf")  # on the monotonic clock

    def check(
        self,
        is_right: Callable[[], bool],
        change: Callable[[Callable[[str | None], str]], object],
        refusal: Callable[[int], str],
    ) -> None:
        """Try a passphrase or a PIN once.

        Args:
            is_right: whether it is the right one.
            change: gives the count as it is kept to a function, and keeps what that gives back, in one transaction.
            refusal: the words for a wrong one, by how many were wrong in a row.

        Raises:
            BadInput: it is not the right one, or it is too early for another try.
            CannotSave: nothing was tried.
        """
        with self._door:
            now, left = self._clock.now(), timedelta()
            wrong = Count(0, now)

            def begin(stored: str | None) -> str:
                """Counts the try before it is made: who ends the program meanwhile has tried, too."""
                nonlocal left, wrong
                count = Count.parse(stored) or Count(0, now)
                rule = _wait(count.wrong)
                until = min(count.again_from, now + rule)  # later where the clock was set back since
                running = timedelta(seconds=max(0.0, self._again_from - self._clock.monotonic()))
                left = max(until - now, min(running, rule))
                if left > timedelta():
                    return str(Count(count.wrong, until))
                wrong = Count(count.wrong + 1, now + _wait(count.wrong + 1))
                return str(wrong)

            change(begin)
            if left > timedelta():
                raise BadInput(f"Too many wrong tries. Wait {duration(left.total_seconds())}. Nothing was changed.")
            if is_right():
                change(lambda _: str(Count(0, now)))
                return
            self._again_from = self._clock.monotonic() + _wait(wrong.wrong).total_seconds()
        raise BadInput(refusal(wrong.wrong))


def _refusal(wrong: int) -> str:
    _log.warning("a wrong owner's passphrase, %d in a row", wrong)
    return _WRONG


def _wait(wrong: int) -> timedelta:
    """How long the next try waits after so many wrong ones in a row."""
    if wrong < TRIES:
        return timedelta()
    return timedelta(seconds=min(LONGEST_WAIT, FIRST_WAIT * 2.0 ** min(wrong - TRIES, 10)))


class OwnerPassphrase:
    """Its hash is kept in the database, so that it goes wherever the payments go. Slow on purpose: call it on a thread.

    Args:
        limiter: counts the wrong ones also beyond the life of this object.
    """

    def __init__(
        self,
        reader: Reader,
        writer: GroupWriter,
        passphrases: Passphrases,
        clock: Clock,
        limiter: AttemptLimiter | None = None,
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._passphrases = passphrases
        self._clock = clock
        self._limiter = limiter or AttemptLimiter(clock)

    def chosen(self) -> bool:
        """Whether the owner has chosen one."""
        return self._reader.setting(SETTING) is not None

    def choose(self, passphrase: str) -> None:
        """Choose it, on first use.

        Raises:
            BadInput: too short, or there is one already.
            CannotSave: nothing was saved.
        """
        hashed = self._hash(passphrase)

        def work(transaction: Transaction) -> None:
            if transaction.setting(SETTING) is not None:
                raise BadInput("The owner has chosen a passphrase already. Nothing was saved.")
            self._set(transaction, hashed)

        self._writer.run(work)
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
        hashed = self._hash(passphrase)
        self._keep(hashed)
        _log.info("the owner chose a passphrase" if first else "the owner changed the passphrase")

    def adopt(self, passphrase: str) -> None:
        """Take over what the owner has confirmed elsewhere; where it counts already, unlocking changes nothing.

        Raises:
            CannotSave: what there was before stays.
        """
        hashed = self._reader.setting(SETTING)
        if hashed is None or not self._passphrases.verify(passphrase, hashed):
            self._keep(self._hash(passphrase))
            _log.info("the owner's passphrase counts in one database more")

    def _keep(self, hashed: str) -> None:
        self._writer.run(lambda transaction: self._set(transaction, hashed))

    def _set(self, transaction: Transaction, hashed: str) -> None:
        transaction.set_setting(SETTING, hashed)
        line = audit_line(Actor(owner=True), Act.ROLES, self._clock.corrected(), "owner's passphrase", CHANGED)
        transaction.add_audit([line])

    def confirm(self, passphrase: str) -> None:
        """Let the owner pass.

        Raises:
            BadInput: nothing was typed, it is not the owner's, or it is too early for another try.
            CannotSave: the try cannot be counted, so it is not made.
        """
        hashed = self._reader.setting(SETTING)
        if hashed is None:
            raise BadInput("The owner has no passphrase yet. Choose one first. Nothing was changed.")
        if not passphrase.strip():  # Enter in another field is no try
            raise BadInput("Type the owner's passphrase. Nothing was changed.")
        if not is_text(passphrase):
            raise BadInput(_WRONG)
        self._limiter.check(lambda: self._passphrases.verify(passphrase, hashed), self._change_count, _refusal)

    def _change_count(self, change: Callable[[str | None], str]) -> None:
        def work(transaction: Transaction) -> None:
            transaction.set_setting(COUNT, change(transaction.setting(COUNT)))

        self._writer.run(work)

    def _hash(self, passphrase: str) -> str:
        if len(passphrase.strip()) < SHORTEST:
            raise BadInput(f"The owner's passphrase needs at least {SHORTEST} characters. Nothing was saved.")
        if not is_text(passphrase):
            raise BadInput("That passphrase has a character in it that is none. Nothing was saved.")
        return self._passphrases.hash(passphrase)
