"""What becomes of a customer's other access to a post when some of it is withdrawn (rule 19)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import NamedTuple

from pos_app.domain.access import Held, extended, starts
from pos_app.domain.payment import Payment
from pos_app.domain.payment_line import Grant


class OfLine(NamedTuple):
    """Where access comes from: a line of a payment, by its number there, from 1."""

    payment_id: int
    line: int


class ByHand(NamedTuple):
    """Where access comes from: somebody gave it by hand (rule 20)."""

    access_id: int


Origin = OfLine | ByHand


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """Access to one post that a line of a payment or somebody by hand has given, and that is not withdrawn. Times in
    UTC.

    Attributes:
        days: of the whole line; None for ever.
        until: None where what the customer had then had no end, also where the days were swallowed by that.
    """

    origin: Origin
    days: int | None
    starts_at: datetime
    until: datetime | None

    @property
    def begins(self) -> datetime:
        """When its days begin to count, by their end: older programs have not written it down for days that wait."""
        if self.until is None or self.days is None:
            return self.starts_at
        return self.until - timedelta(days=self.days)

    def lasts(self, at: datetime) -> bool:
        """Whether there is anything left of it at a moment."""
        return Held(self.until).lasts(at)


def held_of(given: Iterable[Given], at: datetime) -> Held | None:
    """What all of this together gives at a moment (UTC); None where nothing is left of it."""
    held: Held | None = None
    for each in given:
        if each.lasts(at):
            held = _later(held, Held(each.until))
    return held


def withdrawn(grant: Grant | None, at: datetime) -> Grant | None:
    """A grant whose access is withdrawn at a moment (UTC); one that gives none stays as it is."""
    return replace(grant, access=False, withdrawn_at=at) if grant and grant.access else grant


def lasting_lines(payment: Payment, at: datetime) -> list[int]:
    """The numbers of the lines whose access the customer has at a moment (UTC), from 1; also where it waits."""
    return [number for number, line in enumerate(payment.lines, 1) if _lasts(line.grant, at)]


def _lasts(grant: Grant | None, at: datetime) -> bool:
    return grant is not None and grant.access and Held(grant.until).lasts(at)


def moved(rest: Sequence[Given], at: datetime) -> list[Given]:
    """What of a customer's access to a post changes when other access to it is withdrawn at a moment (UTC).

    What has begun stays as it is. Days that waited behind what is withdrawn move forward, one behind the other, and
    begin at that moment at the earliest. Where something for ever is left, nothing changes. Where nothing for ever is
    left, days that were swallowed count from when they were paid, as if nothing had swallowed them.

    Args:
        rest: all that is left of it.

    Returns:
        Those that change, as they are afterwards.
    """
    if any(given.days is None for given in rest):
        return []
    held: Held | None = None
    changed = []
    # What is swallowed was paid after everything that is not: it comes behind that.
    for given in sorted(rest, key=lambda each: (each.until is None, each.begins, each.origin)):
        new = given
        if given.until is None or given.begins > at:
            earliest = min(given.begins, at)
            then = extended(held, given.days, earliest)
            new = replace(given, starts_at=starts(held, earliest), until=then.until if then else None)
        if new != given:
            changed.append(new)
        held = _later(held, Held(new.until))
    return changed


def _later(one: Held | None, other: Held) -> Held:
    """Which of the two lasts longer."""
    if one is None or other.until is None or (one.until is not None and one.until < other.until):
        return other
    return one
