"""What is kept of one customer, as it is looked through and handed out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from pos_app.domain.access import Held
from pos_app.domain.note import Note
from pos_app.domain.payment import Payment
from pos_app.domain.withdrawal import Origin


@dataclass(frozen=True, slots=True)
class FoundCustomer:
    """A customer as a list shows them. `name` is None where nobody gave one."""

    id: int
    phone: str
    name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenAccess:
    """Access that a line of a payment or somebody by hand has given. Times in UTC.

    Attributes:
        number: of the payment; None where it was given by hand.
        title: of the post, as it is called now.
        days: None for ever.
        until: None where it has no end.
        withdrawn_at: since when it counts no more; None where it counts.
        reason: why it was given by hand, and `withdrawn_reason`: why that was withdrawn; None with a payment, whose
            journal has it.
        operator: the name of who gave it by hand; None where the owner did, by the passphrase.
    """

    origin: Origin
    number: str | None
    post_id: int
    title: str
    days: int | None
    given_at: datetime
    starts_at: datetime
    until: datetime | None
    withdrawn_at: datetime | None = None
    reason: str | None = None
    withdrawn_reason: str | None = None
    operator: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerCard:
    """What a till shows of one customer.

    Attributes:
        access: what lasts now, what ends last first.
        payments: the newest, newest first.
        notes: about the customer, oldest first.
    """

    found: FoundCustomer
    access: Sequence[GivenAccess]
    payments: Sequence[Payment]
    notes: Sequence[Note]

    def has(self) -> list[tuple[str, Held]]:
        """What they have now: each post once, and until when."""
        held: dict[int, tuple[str, Held]] = {}
        for given in self.access:  # what ends last comes first
            held.setdefault(given.post_id, (given.title, Held(given.until)))
        return list(held.values())
