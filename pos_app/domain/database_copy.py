"""A copy of the database, as the owner chooses among them, and what goes with the database that it replaces."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseCopy:
    """One copy that can be read.

    Attributes:
        path: the file.
        made_at: UTC.
        size: bytes.
        payments: how many are in it; newest_at: when the newest of them was made (UTC), None where there is none.
    """

    path: Path
    made_at: datetime
    size: int
    payments: int
    newest_at: datetime | None


class Whose(StrEnum):
    """Whose copy it is, seen from the database that it is to replace."""

    OWN = "own"  # also where no payment is there that another's copy could take
    UNKNOWN = "unknown"
    ANOTHER = "another"  # another shop's or till's, or from before the database was begun anew


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """What goes with the database, where a copy takes its place.

    Attributes:
        payments: how many are not in the copy; None where nobody can tell.
        asked_about: how many of those M-PESA is still asked about: they may be paid yet.
    """

    payments: int | None
    asked_about: int = 0
    whose: Whose = Whose.OWN


@dataclass(frozen=True)
class Gone:
    """What only the replaced file has: closes by their numbers, both inclusive, 0 where there are none; how many
    refunds, and KES of them.
    """

    first_close: int = 0
    last_close: int = 0
    refunds: int = 0
    refunded: int = 0


@dataclass(frozen=True)
class PutBack:
    """What became of the file that a copy has replaced: where it is kept, None where there was none; and what only it
    has.
    """

    kept: Path | None
    gone: Gone = Gone()
