"""How old payments are, by a clock that nobody can set."""

import threading
from datetime import datetime, timedelta

from pos_app.domain.payment import Payment
from pos_app.sales.ports import Clock

_KEPT = 10_000  # payments: more than a day's
_EXACT = 6  # digits: what two clocks together are good for


class Ages:
    """Remembers when each payment was first seen, so that setting the wall clock lengthens and shortens no wait.

    Only the first look trusts the wall clock: a payment from the future is new then, and its age grows from there.
    Any thread.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._opened: dict[int, tuple[float, datetime]] = {}  # since boot, and by the wall clock of then
        self._lock = threading.Lock()

    def age(self, payment: Payment) -> float:
        """Seconds since it was opened."""
        now = self._clock.since_boot()
        with self._lock:
            if payment.id not in self._opened:
                age = max(0.0, (self._clock.now() - payment.created_at).total_seconds())
                self._opened[payment.id] = now - age, payment.created_at
                if len(self._opened) > _KEPT:
                    del self._opened[next(iter(self._opened))]
            return round(now - self._opened[payment.id][0], _EXACT)

    def since(self, age: float) -> datetime:
        """From when on (UTC) the store is to be searched, to find at least what is at most so many seconds old."""
        young = self._clock.since_boot() - age - 10**-_EXACT
        with self._lock:
            created = [created for opened, created in self._opened.values() if opened >= young]
        return min([self._clock.now() - timedelta(seconds=age), *created])
