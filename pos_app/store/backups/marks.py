"""Marks beside the copies: in which state a database was looked through, or copied, and when."""

from datetime import UTC, datetime
from pathlib import Path

from pos_app.private_files import make_folder, replace_file
from pos_app.store.backups.copies import FOLDER
from pos_app.store.files import beside

LOOKED_THROUGH = "looked-through"
COPIED = "copied"


def state_of(database: Path) -> str:
    """What tells whether a database was written since; empty where it cannot be told."""
    try:
        files = [path.stat() for path in (database, beside(database, "-wal")) if path.exists()]
    except OSError:
        return ""
    return " ".join(f"{file.st_ino} {file.st_size} {file.st_mtime_ns}" for file in files)


class StateMark:
    """One mark of one database: `<its name>.<what was done>` in the folder of its copies."""

    def __init__(self, database: Path, done: str) -> None:
        self._path = database.parent / FOLDER / f"{database.stem}.{done}"

    def holds(self, state: str) -> bool:
        """Whether it was done in just this state."""
        return bool(state) and self._read()[0] == state

    def moment(self) -> datetime | None:
        """When it was done last, or found done already (UTC); None where nobody knows."""
        try:
            return datetime.fromisoformat(self._read()[1]).astimezone(UTC)
        except ValueError:
            return None

    def put(self, state: str, moment: datetime) -> None:
        """It was done now. Raises OSError."""
        make_folder(self._path.parent)
        replace_file(self._path, f"{state}\n{moment.isoformat()}".encode("ascii"))

    def _read(self) -> tuple[str, str]:
        try:
            state, _, moment = self._path.read_text(encoding="ascii").partition("\n")
        except (OSError, ValueError):
            return "", ""
        return state, moment
