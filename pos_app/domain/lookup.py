"""Looking payments up."""

from dataclasses import dataclass
from datetime import datetime

from pos_app.domain.payment import State


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """A look-up of payments, newest first.

    Attributes:
        text: receipt code, payment number, the last digits of a phone or a whole one, or words of a post's name.
        since: UTC, inclusive; `until`: UTC, exclusive.
        before_id: keyset for the next page: only payments with a smaller id.
    """

    text: str = ""
    states: frozenset[State] = frozenset()
    since: datetime | None = None
    until: datetime | None = None
    before_id: int | None = None
    limit: int = 100


@dataclass(frozen=True, slots=True)
class Totals:
    """Figures of a day in the shop; amounts in KES."""

    payments: int
    paid: int
    paid_amount: int
    unsure: int
    review: int
