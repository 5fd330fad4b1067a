"""How old payments are, by clocks that nobody can set."""

import threading
from datetime import datetime, timedelta
from typing import NamedTuple

from pos_app.domain.late_answers import could_be_answered
from pos_app.domain.payment import Payment
from pos_app.sales.ports import Clock

_KEPT = 10_000  # payments: more than a day's
_EXACT = 6  # digits: what two clocks together are good for
_DOUBT = 86_400.0  # seconds that a clock may be wrong by, where it was not compared with M-PESA's


class _Opened(NamedTuple):
    """When a payment was opened: since boot, and as it says itself; `sure` where no clock of a computer said so."""

    at: float
    created: datetime
    sure: bool


class Ages:
    """Remembers when each payment was opened, so that setting a wall clock lengthens and shortens no wait.

    What this till opens is dated by the clock since boot. What another till opened, or an earlier run, has M-PESA's
    time, which all tills hear, and is dated by it once. While this till has not heard it, whatever could still be
    paid counts as opened when it was first seen: a clock that is wrong makes nobody pay twice.
    Any thread.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._opened: dict[int, _Opened] = {}
        self._lock = threading.Lock()

    def opened(self, payment: Payment) -> None:
        """This till is just opening it."""
        with self._lock:
            self._remember(payment, _Opened(self._clock.since_boot(), payment.created_at, sure=True))

    def age(self, payment: Payment) -> float:
        """Seconds since it was opened."""
        now = self._clock.since_boot()
        with self._lock:
            known = self._opened.get(payment.id)
            if known is None or not known.sure:
                known = self._look(payment, now, known)
                self._remember(payment, known)
            return round(now - known.at, _EXACT)

    def since(self, age: float) -> datetime:
        """From when on (UTC) the store is to be searched, to find at least what is at most so many seconds old."""
        young = self._clock.since_boot() - age - 10**-_EXACT
        with self._lock:
            created = [opened.created for opened in self._opened.values() if opened.at >= young]
        doubt = 0.0 if self._heard_mpesa() else _DOUBT
        return min([self._clock.corrected() - timedelta(seconds=age + doubt), *created])

    def _look(self, payment: Payment, now: float, before: _Opened | None) -> _Opened:
        sure = self._heard_mpesa()
        if before and not sure:
            return before
        age = max(0.0, (self._clock.corrected() - payment.created_at).total_seconds())
        doubtful = not sure and age <= _DOUBT and (payment.state.open or could_be_answered(payment))
        return _Opened(now if doubtful else now - age, payment.created_at, sure)

    def _heard_mpesa(self) -> bool:
        return self._clock.ahead_of_mpesa() is not None

    def _remember(self, payment: Payment, opened: _Opened) -> None:
        self._opened[payment.id] = opened
        if len(self._opened) > _KEPT:
            del self._opened[next(iter(self._opened))]
