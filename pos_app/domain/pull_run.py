"""The last round of Pull Transactions that a till of the shop made, and whether it is time for another."""

import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta

SETTING = "pull_run"  # of the database, which all tills of the shop share
EVERY = timedelta(minutes=15)
AT_OPENING = timedelta(minutes=2)  # a round that is older is not waited for when a till opens
LEASE = timedelta(minutes=10)  # a till that has begun and not ended for so long has ended itself
_AMISS = timedelta(minutes=30)  # by which a round is ahead that a clock began which was wrong
_OVERLAP = timedelta(minutes=10)  # what two rounds both look at: the window of a payment, and more


@dataclass(frozen=True, slots=True, kw_only=True)
class PullRun:
    """One round.

    Attributes:
        till: who asks, and `begun`: since when (UTC, by the clock of the database, whose computer all tills share).
        ended: when it was over, by the same clock; None while it is under way.
        covered: up to when (UTC, by M-PESA's clock) its record is in the books; of an earlier round where this one
            brought nothing.
        trouble: why it brought nothing, in words; empty where it did.
    """

    till: str
    begun: datetime
    ended: datetime | None = None
    covered: datetime | None = None
    trouble: str = ""

    def text(self) -> str:
        """As the database keeps it; `read_pull_run` reads it."""
        times = {name: _iso(getattr(self, name)) for name in ("begun", "ended", "covered")}
        return json.dumps(asdict(self) | times)

    def since(self) -> datetime | None:
        """From when on the next round asks (UTC); None for all that M-PESA tells of."""
        return self.covered - _OVERLAP if self.covered else None


def read_pull_run(text: str | None) -> PullRun | None:
    """The last round as the database keeps it; None where there was none, or nobody can read it."""
    try:
        found = json.loads(text or "")
        begun, ended, covered = (_moment(found.pop(name)) for name in ("begun", "ended", "covered"))
        return PullRun(begun=begun, ended=ended, covered=covered, **found) if begun else None
    except (ValueError, TypeError, KeyError, AttributeError):
        return None


def is_due(last: PullRun | None, now: datetime, after: timedelta) -> bool:
    """Whether a till is to begin a round now.

    Args:
        now: by the clock of the database.
        after: how long the round before must be over.
    """
    if last is None or last.begun - now > _AMISS:
        return True
    if last.ended is None:
        return now - last.begun >= LEASE
    return now - last.ended >= after


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text).astimezone(UTC) if text else None
