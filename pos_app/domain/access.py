"""What a customer has of a post: access adds up (rule 15)."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from pos_app.domain.catalogue import NO_ACCESS

_END_OF_TIME = datetime.max.replace(tzinfo=UTC)  # days that would end behind it never end


@dataclass(frozen=True, slots=True)
class Held:
    """What a customer has of a post. `until` (UTC) is None for ever."""

    until: datetime | None

    def lasts(self, at: datetime) -> bool:
        """Whether there is anything left of it at a moment."""
        return self.until is None or self.until > at


def starts(held: Held | None, at: datetime) -> datetime:
    """When days that are paid for at a moment begin to count: after what the customer still has.

    What is held for ever has no end: the days are swallowed, and count from the moment itself.
    """
    return max(at, held.until) if held and held.until else at


def extended(held: Held | None, days: int | None, at: datetime) -> Held | None:
    """What the customer has after paying for so many days (None: for ever) at a moment; None where still nothing."""
    if days == NO_ACCESS:
        return held
    if days is None or (held and held.until is None):
        return Held(None)
    begin, length = starts(held, at), timedelta(days=days)
    return Held(begin + length if length < _END_OF_TIME - begin else None)
