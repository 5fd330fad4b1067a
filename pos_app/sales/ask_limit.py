"""What strangers can do who have got hold of a payment's address: nothing, as often as they like.

What a callback changes is always recorded and always followed up; that is bounded, since no callback undoes another.
What changes nothing could come a thousand times a second: of each kind some lines are kept, the rest is counted, and
only so often does it make a question to M-PESA due.
"""

from collections.abc import Callable

FIRST_WAIT = 30.0  # seconds from a question made due by what changed nothing to the next one
LONGEST_WAIT = 900.0  # seconds; the wait doubles each time until then
_REMEMBERED = 10_000  # payments


class AskLimit:
    """How often what changes nothing may make a payment due for a question; on the writer's thread only.

    Args:
        monotonic: seconds that only go forward.
    """

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._again: dict[int, tuple[float, float]] = {}  # from when on, and the wait after that

    def allows(self, payment_id: int) -> bool:
        """Whether it may now. Asked once for each callback: a yes begins the next wait."""
        now = self._monotonic()
        since, wait = self._again.pop(payment_id, (now, FIRST_WAIT))
        allowed = now >= since
        self._again[payment_id] = (now + wait, min(2 * wait, LONGEST_WAIT)) if allowed else (since, wait)
        if len(self._again) > _REMEMBERED:
            del self._again[next(iter(self._again))]
        return allowed
