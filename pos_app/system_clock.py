"""The computer's clocks."""

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime

from pos_app.domain.mpesa_time import MpesaTime


class SystemClock:
    """Fits `sales.ports.Clock`."""

    def __init__(self) -> None:
        self._awake_and_asleep = _boot_clock() or LongerOfBoth()
        self.mpesa = MpesaTime(self._awake_and_asleep)  # told by whoever hears its answers

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic()

    def since_boot(self) -> float:
        return self._awake_and_asleep()

    def ahead_of_mpesa(self) -> float | None:
        return self.mpesa.ahead(self.now())

    def corrected(self) -> datetime:
        return self.mpesa.corrected(self.now())


def _boot_clock() -> Callable[[], float] | None:
    """The clock of the system that goes on while the computer sleeps, where it has one (Linux)."""
    boot_time = getattr(time, "CLOCK_BOOTTIME", None)
    return None if boot_time is None else lambda: time.clock_gettime(boot_time)


class LongerOfBoth:
    """Elsewhere: the monotonic clock may stand still during sleep, the wall clock may be set; the longer span counts.

    So it may be said that more time has passed than has, never that less has.
    """

    def __init__(self, monotonic: Callable[[], float] = time.monotonic, wall: Callable[[], float] = time.time) -> None:
        self._clocks = monotonic, wall
        self._read = [clock() for clock in self._clocks]
        self._passed = 0.0
        self._lock = threading.Lock()

    def __call__(self) -> float:
        with self._lock:
            read = [clock() for clock in self._clocks]
            self._passed += max(0.0, *(after - before for after, before in zip(read, self._read, strict=True)))
            self._read = read
            return self._passed
