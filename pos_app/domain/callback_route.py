"""The callback route: whether results can reach this till by themselves, or only by asking."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class RouteState(StrEnum):
    """How far it is open."""

    OPENING = "opening"  # not confirmed yet
    UP = "up"  # a probe from outside came in
    DOWN = "down"
    NONE = "none"  # the shop wants none: this till only asks


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteStatus:
    """How it stands. Times are UTC.

    Attributes:
        since: when this state began.
        words: for a person: what is wrong and what to do; empty where nothing is.
        probed_at: when this till last received its own probe from outside, or None.
        address_since: since when M-PESA is given the present address, or None while it is given none.
        at: the letter of another till, at which the shop's one address is; empty where it is this till's own.
    """

    state: RouteState
    since: datetime
    words: str = ""
    probed_at: datetime | None = None
    address_since: datetime | None = None
    at: str = ""

    def reaches(self, opened_at: datetime) -> bool:
        """Whether the callback of a payment opened then can arrive: it was given the address that is good now."""
        return self.address_since is not None and opened_at >= self.address_since
