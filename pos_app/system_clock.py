"""The computer's clocks."""

import ctypes
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from pos_app.domain.mpesa_time import MpesaTime


class SystemClock:
    """Fits `sales.ports.Clock`."""

    def __init__(self) -> None:
        self._awake_and_asleep = boot_clock()
        self.mpesa = MpesaTime(self._awake_and_asleep, self.now)  # told by whoever hears its answers

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


def boot_clock(platform: str = sys.platform) -> Callable[[], float]:
    """The system's clock that nobody sets and that goes on while the computer sleeps. It gives seconds.

    The wall clock has no part in it: where that is set forward, nothing has become older.

    Args:
        platform: as `sys.platform` names it. On a system that has no such clock, sleep does not count.
    """
    if platform == "win32":
        return _tick_count()
    # On macOS the raw one alone does both; on Linux it stands still during sleep.
    name = "CLOCK_MONOTONIC_RAW" if platform == "darwin" else "CLOCK_BOOTTIME"
    clock: int | None = getattr(time, name, None)
    return time.monotonic if clock is None else lambda: time.clock_gettime(clock)


def _tick_count() -> Callable[[], float]:
    """What Windows counts from its start, asleep or not, in steps of 16 ms at most."""
    windll: Any = vars(ctypes)["windll"]  # there only
    ticks = windll.kernel32.GetTickCount64
    ticks.restype = ctypes.c_uint64
    return lambda: float(ticks()) / 1_000
