"""How often a secret may be tried: wrong passphrases and PINs are counted, and waited for."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NamedTuple

from pos_app.domain.kenya_time import duration
from pos_app.domain.strict import whole
from pos_app.errors import BadInput
from pos_app.sales.ports import Clock

TRIES = 5  # wrong ones in a row, before each further one has to wait
FIRST_WAIT, LONGEST_WAIT = 30.0, 900.0  # seconds; it doubles


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


def _wait(wrong: int) -> timedelta:
    """How long the next try waits after so many wrong ones in a row."""
    if wrong < TRIES:
        return timedelta()
    return timedelta(seconds=min(LONGEST_WAIT, FIRST_WAIT * 2.0 ** min(wrong - TRIES, 10)))
