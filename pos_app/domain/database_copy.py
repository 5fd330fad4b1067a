"""A copy of the database, as the owner chooses among them."""

from dataclasses import dataclass
from datetime import datetime
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
