"""The automatic copies of a database: where they are, and which are kept."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from pos_app.store.files import PART, discard

FOLDER = "backups"
KEPT = 10
STAMP = "%Y%m%d-%H%M%S"  # UTC


@dataclass(frozen=True, order=True)
class Copy:
    """An automatic copy, and when it was made (UTC)."""

    made_at: datetime
    path: Path


class Copies:
    """Those of one database: files named `<its name>-YYYYMMDD-HHMMSS.db` in the folder `backups` beside it."""

    def __init__(self, database: Path) -> None:
        self._folder = database.parent / FOLDER
        self._name = database.stem

    def at(self, moment: datetime) -> Path:
        """Where the copy of a moment (any zone) belongs."""
        return self._folder / f"{self._name}-{moment.astimezone(UTC):{STAMP}}.db"

    def all(self) -> list[Copy]:
        """Every copy there is, oldest first."""
        pattern = re.compile(re.escape(self._name) + r"-(\d{8}-\d{6})\.db")
        found = []
        for path in self._folder.glob("*.db"):
            match = pattern.fullmatch(path.name)
            moment = _moment(match[1]) if match else None
            if moment:
                found.append(Copy(moment, path))
        return sorted(found)

    def tidy(self, keep: Path) -> None:
        """Delete all but the newest ten, and what interrupted copying left.

        Args:
            keep: the one just made; it counts as newest, also where the clock was set back since the others.

        Raises:
            OSError: a file cannot be deleted.
        """
        others = [copy.path for copy in self.all() if copy.path != keep]
        for old in others[: max(0, len(others) - KEPT + 1)]:
            discard(old)
        for rest in self._folder.glob(f"*{PART}*"):
            if rest.name.startswith(f"{self._name}-"):
                rest.unlink(missing_ok=True)


def _moment(stamp: str) -> datetime | None:
    try:
        return datetime.strptime(stamp, STAMP).replace(tzinfo=UTC)
    except ValueError:
        return None
