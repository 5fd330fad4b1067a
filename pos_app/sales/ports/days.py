"""What a write transaction does to the shop's days (rule 23)."""

from datetime import datetime
from typing import Protocol

from pos_app.domain.close_sum import CloseSum
from pos_app.domain.day import DayClose, DayReport


class DaysTransaction(Protocol):
    """What a write transaction does to the shop's days."""

    def open_day(self, until: datetime) -> DayReport:
        """What no close has yet, with nothing recorded beside it until this transaction ends; `until` is now, UTC."""
        ...

    def last_close(self) -> DayClose | None: ...

    def close_day(self, report: DayReport, till: str, operator_id: int | None, *, owner: bool) -> int:
        """Write the report of `open_day` as a close, and its number to all that it has counted; gives the number.

        Raises:
            Clash: there is a close of this number.
        """
        ...

    def close_sum(self, number: int) -> CloseSum:
        """What binds this close, as it stands, to its line in the audit."""
        ...
