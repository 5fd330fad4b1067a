"""When M-PESA is asked about a payment (RULES.md, "Asking M-PESA")."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain, count, islice, pairwise

from pos_app.domain.late_answers import could_be_answered
from pos_app.domain.payment import Payment
from pos_app.domain.transitions import Substate, substate

NO_WORD_AFTER = 150.0  # seconds after the push; then the payment is not sure
UNREACHED = timedelta(minutes=2)  # when M-PESA cannot be reached: what is unsure is known soon after it can
_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400
_LATER = (5 * _MINUTE, 15 * _MINUTE, 30 * _MINUTE, _HOUR, 2 * _HOUR, 6 * _HOUR, 12 * _HOUR, _DAY)
_WITH_CALLBACKS = (20, 35, 55, 80, 110, 150, *_LATER)
_BY_ASKING = (*range(6, 61, 5), *range(75, 181, 15), *_LATER)
_AFTER_EXPIRY = (_MINUTE, 2 * _MINUTE, 5 * _MINUTE, 15 * _MINUTE, _HOUR, 6 * _HOUR, _DAY)
_JITTER = 0.1
_SLACK = 0.15  # of the gap between two questions: more than jitter can bring the second forward
_ASKED_ABOUT = (Substate.PROMPTED, Substate.UNKNOWN, Substate.CURABLE)


def longest_wait(payment: Payment, now: datetime) -> float:
    """Seconds until M-PESA is asked about a payment at the latest, whatever its `next_check_at` says.

    That was reckoned by a wall clock which may have been wrong.
    """
    ended = _ended(payment)
    start = ended or payment.created_at
    age = max(0.0, (now - start).total_seconds())
    steps: Iterable[float] = _AFTER_EXPIRY if ended else chain(_WITH_CALLBACKS, count(2 * _DAY, _DAY))
    later = (step - age for step in steps if step - age > 0)
    # A step that is about to come may have been asked already: then it is the one after.
    following = next(islice(later, 1, 2), float(_DAY))
    return max(NO_WORD_AFTER, (1 + _JITTER) * following)  # the first question may be set to come later than usual


def _ended(payment: Payment) -> datetime | None:
    """When a payment ended whose prompt could be answered all the same."""
    return payment.closed_at if could_be_answered(payment) else None


@dataclass(frozen=True, slots=True)
class Schedule:
    """The times to ask at.

    Attributes:
        reaches: whether the callback of a payment opened at a moment (UTC) can still arrive; where it cannot, the till
            asks sooner and more often.
        first: seconds to the first question instead of the usual, or None.
        random: gives 0 <= x < 1, for the jitter.
    """

    reaches: Callable[[datetime], bool]
    random: Callable[[], float]
    first: float | None = None

    def next_check(self, payment: Payment, now: datetime, *, reached: bool = True) -> datetime | None:
        """When to ask next after `now` (UTC), or None where asking tells nothing.

        Args:
            reached: whether M-PESA could be reached just now.
        """
        due = self._planned(payment, now)
        return min(due, now + UNREACHED) if due and not reached else due

    def _planned(self, payment: Payment, now: datetime) -> datetime | None:
        if payment.query_id is None:
            return None
        if ended := _ended(payment):
            return self._after(ended, now, iter(_AFTER_EXPIRY))
        if substate(payment) in _ASKED_ABOUT:
            return self._after(payment.created_at, now, self._while_open(payment))
        return None

    def _while_open(self, payment: Payment) -> Iterator[float]:
        """Once a day after the first: an open payment is never forgotten."""
        usual: tuple[float, ...] = _WITH_CALLBACKS if self.reaches(payment.created_at) else _BY_ASKING
        if self.first is not None:
            usual = (self.first, *(step for step in usual if step > self.first))
        return chain(usual, count(2 * _DAY, _DAY))

    def _after(self, start: datetime, now: datetime, steps: Iterator[float]) -> datetime | None:
        age = max(0.0, (now - start).total_seconds())  # the wall clock may have been set back
        for before, step in pairwise(chain((0,), steps)):
            # A question asked a little early must not be asked again a moment later.
            if step - age > _SLACK * (step - before):
                wait = (step - age) * (1 - _JITTER + 2 * _JITTER * self.random())
                return now + timedelta(seconds=wait)
        return None
