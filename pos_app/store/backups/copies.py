"""The automatic copies of a database: where they are, and which are kept."""

import os
import re
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from pos_app.private_files import make_folder
from pos_app.store.files import PART

FOLDER = "backups"
STAMP = "%Y%m%d-%H%M%S"  # UTC
_ASIDE = "replaced"  # the folder in it for copies that know more than what was put back


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
        return self._in(self._folder)

    def aside(self) -> list[Copy]:
        """Those that know more than what was put back once, the one that knows most first."""
        return _best_first(self._in(self._folder / _ASIDE))

    def _in(self, folder: Path) -> list[Copy]:
        pattern = re.compile(re.escape(self._name) + r"-(\d{8}-\d{6})\.db")
        found = []
        for path in folder.glob("*.db"):
            match = pattern.fullmatch(path.name)
            moment = _moment(match[1]) if match else None
            if moment:
                found.append(Copy(moment, path))
        return sorted(found)

    def newest(self, now: datetime) -> Copy | None:
        """The last one that was made before now: one from the future tells of a clock that was wrong."""
        return max((copy for copy in self.all() if copy.made_at <= now), default=None)

    def best_first(self) -> list[Copy]:
        """By what is in them, not by a clock that may have been wrong: the one that knows most comes first."""
        return _best_first(self.all())

    def size(self) -> int:
        """Bytes that they take, with those that were set aside."""
        return sum(copy.path.stat().st_size for copy in (*self.all(), *self.aside()))

    def clear(self) -> None:
        """Delete what interrupted copying left.

        Raises:
            OSError: a file cannot be deleted.
        """
        for part in self._folder.glob(f"*{PART}*"):
            if part.name.startswith(f"{self._name}-"):
                part.unlink(missing_ok=True)

    def set_aside(self, better_than: Path) -> None:
        """A copy was put back: those that know more belong to what it replaced, and are no longer the best.

        Raises:
            OSError: one cannot be moved.
        """
        known = progress(better_than)
        folder = self._folder / _ASIDE
        for copy in self.all():
            if progress(copy.path) > known:
                make_folder(folder)
                os.replace(copy.path, folder / copy.path.name)


def _best_first(copies: list[Copy]) -> list[Copy]:
    return sorted(copies, key=lambda copy: (progress(copy.path), copy.made_at), reverse=True)


def progress(database: Path) -> tuple[int, int]:
    """How far a database has come: the last lines of its journal and of its payments. Both only grow.

    Nothing is written beside the file, which must not be in use.
    """
    uri = f"{database.absolute().as_uri()}?mode=ro&immutable=1"
    try:
        with closing(sqlite3.connect(uri, uri=True)) as connection:
            line, payment = (
                connection.execute(f"SELECT max(id) FROM {table}").fetchone()[0] or 0  # noqa: S608 - two names of ours
                for table in ("payment_event", "payment")
            )
            return line, payment
    except (sqlite3.Error, UnicodeDecodeError):
        return -1, -1


def _moment(stamp: str) -> datetime | None:
    try:
        return datetime.strptime(stamp, STAMP).replace(tzinfo=UTC)
    except ValueError:
        return None
