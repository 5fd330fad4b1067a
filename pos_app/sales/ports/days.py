"""What a write transaction does to the shop's days (rule 23)."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Protocol

from pos_app.domain.close_sum import CloseSum
from pos_app.domain.day import DayClose, DayReport
from pos_app.domain.statement_comparison import RowOutcome
from pos_app.domain.supplement import BroughtRow, Moved, Supplement, ToldSum


class DaysTransaction(Protocol):
    """What a write transaction does to the shop's days."""

    def take_long(self) -> None:
        """Let this transaction take minutes: a first close counts all that the shop has ever done."""
        ...

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

    def next_close(self) -> int:
        """The number that the next close has."""
        ...


class SupplementsTransaction(Protocol):
    """What a write transaction reads for supplements to closes, and that it writes them."""

    def closes_after(self, at: datetime) -> list[tuple[int, datetime]]:
        """Number and time of the closes that were closed after a moment (UTC), by number."""
        ...

    def brought_rows(self, file_id: int, since: datetime, until: datetime) -> list[BroughtRow]:
        """The rows of a time that a record brought first, told of another way, or has taken over, by time, but for what
        asks nobody for a look; `until` is not in it.
        """
        ...

    def brought_sums(self, file_id: int, since: datetime, until: datetime) -> dict[RowOutcome, ToldSum]:
        """The same of what asks nobody for a look, in sum, by outcome."""
        ...

    def take_over(self, file_id: int, receipts: Iterable[str]) -> list[int]:
        """Let a record tell of those rows with these receipt codes that another has brought whose recording was ended
        in the middle; gives the ids of these.
        """
        ...

    def told_by(self, source: str, payment_ids: Collection[int]) -> set[int]:
        """Of which of these payments a record, by its name, was the first that differs."""
        ...

    def moved_since_records(self, file_ids: Collection[int], payment_ids: Collection[int]) -> list[Moved]:
        """What moved of these payments since the first of some records was begun to be recorded."""
        ...

    def numbers_of(self, payment_ids: Collection[int]) -> dict[int, tuple[str, int]]:
        """The number of each of these payments, and what the till has of it (KES)."""
        ...

    def next_part(self, close: int) -> int:
        """The number that the next supplement of a close has."""
        ...

    def add_supplement(self, supplement: Supplement, digest: str) -> str:
        """Write one down; gives what binds it to its line in the audit.

        Raises:
            Clash: the record of this SHA-256 has one there.
        """
        ...
