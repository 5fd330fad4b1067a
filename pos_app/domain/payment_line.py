"""The lines of a payment: what was sold, as it was sold, and what each of them has granted."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

MAX_QUANTITY = 999  # of one post: more is a slip of the hand
MAX_LINES = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """The record that this customer has this post. Times in UTC.

    Attributes:
        access: whether it gives any: a post may give none, the second payment of a double adds none, and what was
            given may be withdrawn.
        until: what the customer has of the post ends then; None for ever, or where none was given.
        starts_at: from when these days count (rule 15); None where none was given.
        withdrawn_at: since when it gives none any more (rule 19); the rest stays as it was.
    """

    granted_at: datetime
    access: bool
    until: datetime | None
    starts_at: datetime | None = None
    withdrawn_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentLine:
    """One post of a payment. Title, unit price and days as sold; no payment has two lines of one post.

    Attributes:
        price: KES for one of it.
        days: of access that one of it gives; 0 gives none, None is for ever.
        grant: None until the payment is paid.
    """

    post_id: int
    title: str
    price: int
    quantity: int = 1
    days: int | None = None
    grant: Grant | None = None

    @property
    def amount(self) -> int:
        """What the line costs, in KES."""
        return self.price * self.quantity

    @property
    def access_days(self) -> int | None:
        """How many days of access the whole line gives (rule 15); None for ever."""
        return None if self.days is None else self.days * self.quantity

    @property
    def gives_access(self) -> bool:
        """Whether its grant gives access."""
        return self.grant is not None and self.grant.access

    @property
    def words(self) -> str:
        """`Tea`, or `Tea x2`."""
        return self.title if self.quantity == 1 else f"{self.title} x{self.quantity}"


def short_title(lines: Sequence[PaymentLine]) -> str:
    """What was sold, as lists show it: `Week pass`, `Tea x2`, `Tea x2 and 1 more`."""
    more = f" and {len(lines) - 1} more" if len(lines) > 1 else ""
    return f"{lines[0].words}{more}"


def prompt_title(lines: Sequence[PaymentLine]) -> str:
    """What was sold, where there is room for a dozen characters: `Week pass`, `2 Tea`, `3 items`."""
    if len(lines) > 1:
        return f"{sum(line.quantity for line in lines)} items"
    return lines[0].title if lines[0].quantity == 1 else f"{lines[0].quantity} {lines[0].title}"


def same_sale(one: Iterable[PaymentLine], other: Iterable[PaymentLine]) -> bool:
    """Whether both ask for the same (rule 13): the same posts, as often, at the same prices, in whatever order."""
    return set(map(_asked, one)) == set(map(_asked, other))


def _asked(line: PaymentLine) -> tuple[int, int, int]:
    return line.post_id, line.price, line.quantity
