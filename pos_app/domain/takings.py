"""What came in, in sum: by day, hour of the day, post, operator or till."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from pos_app.domain.kenya_time import day_start
from pos_app.domain.search import NOBODY, Search

LONGEST = 3_700  # days that can be looked at at once: ten years


class By(StrEnum):
    """What takings are put together by; commands know them by these words."""

    DAY = "day"
    HOUR = "hour"
    POST = "post"
    OPERATOR = "operator"
    TILL = "till"


Key = date | int | str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Taking:
    """The figures of one group of payments; amounts in KES.

    Attributes:
        key: the day, the hour (0 to 23, in the shop), the id of the post or of the operator, the letter of the till;
            None where it is of none of them: nobody was signed in, or it is of several posts together.
        name: what the post or the operator is called now; empty for all else.
        payments: how many were opened, whatever became of them, and `paid`: how many of these are paid.
        asked: what they were asked for.
        received: what M-PESA has of those that are paid, before refunds.
        refunded: what went back of those, whenever it went back.
    """

    key: Key
    name: str = ""
    payments: int = 0
    paid: int = 0
    asked: int = 0
    received: int = 0
    refunded: int = 0

    @property
    def net(self) -> int:
        """What was paid less what went back: what the program's totals call paid."""
        return self.received - self.refunded


@dataclass(frozen=True, slots=True)
class Takings:
    """The takings of the days from `first` to `last`, both inclusive, as days are in the shop.

    Attributes:
        groups: days, hours, posts and tills that had a payment: days and hours in their order, all else the most first.
        whole: of all payments of these days; by posts a payment is counted with each of its posts, so that their counts
            together may be more. Sums of money are always those of the groups together.
    """

    first: date
    last: date
    by: By
    groups: tuple[Taking, ...]
    whole: Taking


def in_order(by: By, groups: list[Taking]) -> tuple[Taking, ...]:
    """The groups as they are shown; what belongs to none of them comes last."""
    if by in (By.DAY, By.HOUR):
        return tuple(sorted(groups, key=lambda group: str(group.key).rjust(2, "0")))
    return tuple(sorted(groups, key=lambda group: (group.key is None, -group.net, group.name, str(group.key))))


def payments_of(takings: Takings, group: Taking) -> Search | None:
    """The look-up that finds every payment of a group; None where it is of no payment in particular."""
    since, until = day_start(takings.first), day_start(takings.last + timedelta(days=1))
    match takings.by, group.key:
        case By.DAY, date() as day:
            return Search(since=day_start(day), until=day_start(day + timedelta(days=1)))
        case By.HOUR, int() as hour if takings.first == takings.last:
            begins = since + timedelta(hours=hour)
            return Search(since=begins, until=begins + timedelta(hours=1))
        case By.HOUR, int() as hour:
            return Search(since=since, until=until, hour=hour)
        case By.POST, int() as post:
            return Search(since=since, until=until, post=post)
        case By.OPERATOR, key:
            return Search(since=since, until=until, operator=key if isinstance(key, int) else NOBODY)
        case By.TILL, str() as till:
            return Search(since=since, until=until, till=till)
    return None
