"""M-PESA's clock, as its answers tell it."""

import threading
from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from statistics import median

TOLD = 60.0  # seconds; a clock that is further off is told at the counter
CLOSE_ENOUGH = 2.0  # seconds; M-PESA says whole seconds only, so less is no difference
SLOW = 2.0  # seconds; how old the time is that a slower answer says, nobody knows
_KEPT = 5  # answers: one that is odd does not count
_STEP = 5.0  # seconds between two clocks of one computer, more than they drift apart in a day


class MpesaTime:
    """What time it is there. Any thread.

    Args:
        since_boot: seconds that only go forward and that nobody can set.
        wall: the wall clock, UTC.
    """

    def __init__(self, since_boot: Callable[[], float], wall: Callable[[], datetime]) -> None:
        self._since_boot = since_boot
        self._wall = wall
        self._apart: float | None = None  # the two, at the last answer
        self._lock = threading.Lock()
        self._began: deque[float] = deque(maxlen=_KEPT)  # its time, less ours since boot

    def hear(self, said: datetime, took: float) -> None:
        """An answer came just now that says what time it is there; it took so many seconds."""
        if took <= SLOW:
            # It leaves fractions out, and wrote it somewhere in between: both are evened out.
            with self._lock:
                now = self._since_boot()
                apart, before = self._wall().timestamp() - now, self._apart
                self._apart = apart
                if before is not None and abs(apart - before) > _STEP:
                    # One of them was set, or stood still while the computer did: this answer alone is surely right.
                    self._began.clear()
                self._began.append(said.timestamp() + 0.5 - (now - took / 2))

    def now(self) -> datetime | None:
        """The time there (UTC), or None while it has not said it."""
        with self._lock:
            if not self._began:
                return None
            return datetime.fromtimestamp(median(self._began), UTC) + timedelta(seconds=self._since_boot())

    def ahead(self, here: datetime) -> float | None:
        """Seconds that a wall clock is ahead of it, or None where that is not known."""
        there = self.now()
        return None if there is None else (here - there).total_seconds()

    def corrected(self, here: datetime) -> datetime:
        """The time of a wall clock, or M-PESA's where the two differ."""
        ahead = self.ahead(here)
        return here if ahead is None or abs(ahead) < CLOSE_ENOUGH else here - timedelta(seconds=ahead)
