"""What was paid in sum, for whoever may see that."""

from datetime import date

from pos_app.domain.cancelling import Cancel
from pos_app.domain.operators import Act, Need
from pos_app.domain.search import Totals
from pos_app.domain.takings import By, Takings
from pos_app.sales.authority import Authority
from pos_app.sales.ports import Reader


class Figures:
    """Asks at each look whether who stands here may see sums: the owner may leave that to those above."""

    def __init__(self, reader: Reader, authority: Authority) -> None:
        self._reader = reader
        self._authority = authority

    def may_be_seen(self) -> bool:
        """Whether who stands here may see sums, by the database as it is now."""
        return self._authority.need(Act.TOTALS) is Need.NOTHING

    def of_day(self, day: date) -> Totals | None:
        """Of the payments opened on a day in the shop; None where they are not for who stands here."""
        return self._reader.totals(day) if self.may_be_seen() else None

    def takings(self, first: date, last: date, by: By, cancel: Cancel | None = None) -> Takings | None:
        """Of the payments opened on these days, both inclusive; None where they are not for who stands here.

        Raises:
            Cancelled: somebody has ended it by `cancel`.
        """
        return self._reader.takings(first, last, by, cancel) if self.may_be_seen() else None
