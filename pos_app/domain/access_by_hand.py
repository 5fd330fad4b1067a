"""Access that somebody gave by hand, without a payment (rule 20)."""

from dataclasses import dataclass
from datetime import datetime

from pos_app.domain.access import Held, extended, starts
from pos_app.domain.catalogue import MAX_DAYS
from pos_app.domain.strict import whole
from pos_app.errors import BadInput


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAccess:
    """Access before it is stored. Times in UTC.

    Attributes:
        days: None for ever.
        starts_at: from when the days count (rule 15).
        until: what the customer has of the post ends then; None for ever.
        reason: as somebody typed it.
        operator_id: who gave it; None: the owner, by the passphrase.
    """

    customer_id: int
    post_id: int
    given_at: datetime
    days: int | None
    starts_at: datetime
    until: datetime | None
    reason: str
    operator_id: int | None = None


def new_access(
    held: Held | None,
    days: int | None,
    at: datetime,
    *,
    customer_id: int,
    post_id: int,
    reason: str,
    operator_id: int | None = None,
) -> NewAccess:
    """What is given at a moment (UTC) to a customer who has this of the post: it adds up (rule 15)."""
    then = extended(held, days, at)
    return NewAccess(
        customer_id=customer_id,
        post_id=post_id,
        given_at=at,
        days=days,
        starts_at=starts(held, at),
        until=then.until if then else None,
        reason=reason,
        operator_id=operator_id,
    )


def read_days(text: str) -> int:
    """How many days of access somebody typed.

    Raises:
        BadInput: no whole number, or out of bounds.
    """
    days = whole(text.strip())
    if days is None or not 1 <= days <= MAX_DAYS:
        raise BadInput(f"Access by hand is for 1 to {MAX_DAYS:,} whole days, or for ever. Nothing was changed.")
    return days
