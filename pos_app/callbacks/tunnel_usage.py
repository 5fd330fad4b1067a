"""This month's requests of an ngrok plan, remembered beyond one run.

ngrok's free plan carries 20,000 requests in a calendar month and then none until the next one begins (ERR_NGROK_727).
Whatever goes through the tunnel counts: the till's own probes, M-PESA's callbacks, and strangers' junk.
"""

import json
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path

from pos_app.private_files import replace_file

FREE = 20_000  # requests in a month on ngrok's free plan
_MUCH, _NEARLY_ALL, _MORE_THAN_FREE = 0.80, 0.95, 1.05  # parts of it
_PAUSES = ((_NEARLY_ALL, 6 * 3_600.0), (_MUCH, 3_600.0))  # seconds between two probes from that part on


class Usage:
    """The requests of an ngrok plan in this month, those of every environment. Any thread.

    Args:
        file: where the count outlives the program, or None.
        now: the wall clock, UTC.
        limited: whether the month has a limit, as behind a tunnel; else nothing is counted.

    Attributes:
        changed: whether the file has another count.
    """

    def __init__(self, file: Path | None, now: Callable[[], datetime], *, limited: bool) -> None:
        self._file = file
        self._now = now
        self._limited = limited
        self._lock = threading.Lock()
        self._month, self._requests = self._read()
        self.changed = False

    def count(self) -> None:
        """Count one more request."""
        if self._limited:
            with self._lock:
                self._turn()
                self._requests += 1
                self.changed = True

    def save(self) -> None:
        """Write the count down where it has changed."""
        with self._lock:
            if not self.changed:
                return
            self.changed = False
            content = json.dumps({"month": self._month, "requests": self._requests})
        if self._file:
            with suppress(OSError):  # it only informs
                replace_file(self._file, content.encode())

    @property
    def requests(self) -> int:
        """How many requests there were this month."""
        with self._lock:
            self._turn()
            return self._requests

    def pause(self, usual: float) -> float:
        """Seconds between two probes: fewer of them when the month's requests run out."""
        part = self._part()
        return next((pause for least, pause in _PAUSES if part >= least), usual)

    def words(self) -> str:
        """What a person should know about it; empty as long as there is enough."""
        part = self._part()
        used = f"{self.requests:,} of the {FREE:,} requests that ngrok's free plan has in a month are used"
        if part >= _NEARLY_ALL:
            return (
                f"{used}. When they are used up no result comes by itself until {self.until()}; the till then goes on "
                "by asking M-PESA. A larger ngrok plan or an address of your own has no such end."
            )
        return f"{used}. The till tests its address less often." if part >= _MUCH else ""

    def used_up(self) -> str:
        """What a person should know when ngrok carries no more."""
        return (
            f"The month's requests of the ngrok plan are used up until {self.until()} (ERR_NGROK_727). Nothing is "
            "broken, and starting anything again does not help; a larger ngrok plan does."
        )

    def until(self) -> str:
        """The day on which the next month's requests begin: `1 December`."""
        today = self._now().astimezone(UTC).date()
        first = date(today.year + today.month // 12, today.month % 12 + 1, 1)
        return f"1 {_MONTHS[first.month - 1]}"

    def _part(self) -> float:
        """How much of the free plan is used; whoever got through far more has another plan."""
        part = self.requests / FREE if self._limited else 0.0
        return part if part < _MORE_THAN_FREE else 0.0

    def _turn(self) -> None:
        month = f"{self._now().astimezone(UTC):%Y-%m}"
        if month != self._month:
            self._month, self._requests = month, 0

    def _read(self) -> tuple[str, int]:
        with suppress(OSError, ValueError, KeyError, TypeError):
            if self._file:
                data = json.loads(self._file.read_text(encoding="utf-8"))
                if isinstance(data["month"], str) and type(data["requests"]) is int:
                    return data["month"], max(0, data["requests"])
        return "", 0


# Whatever language the computer speaks.
_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
           "December")  # fmt: skip
