"""When M-PESA last came through, and through which address: remembered beyond one run.

It proves the address that it came through, and no other: whoever types another address must not go by it. What is kept
belongs to one environment: practice proves nothing of the shop's own address.
"""

import hashlib
import json
import threading
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from pos_app.private_files import replace_file


class _Known(NamedTuple):
    """What is kept: the address's SHA-256, since when M-PESA is given it, and when a callback last came through it."""

    address: str = ""
    since: datetime = datetime.min.replace(tzinfo=UTC)
    came_at: datetime | None = None


class LastCallback:
    """The last callback through the address that M-PESA is given. Any thread.

    Args:
        file: where it outlives the program, or None.

    Attributes:
        changed: whether the file has something else.
    """

    def __init__(self, file: Path | None = None) -> None:
        self._file = file
        self._lock = threading.Lock()
        self._known = self._read()
        self.changed = False

    @property
    def came_at(self) -> datetime | None:
        """When it came through the present address (UTC), or None."""
        return self._known.came_at

    def given(self, address: str, now: datetime) -> None:
        """M-PESA is given this address from now on (UTC). Where it is another than before, nothing has come yet."""
        hashed = hashlib.sha256(address.encode()).hexdigest()
        with self._lock:
            if hashed != self._known.address:
                self._known, self.changed = _Known(hashed, now), True

    def came(self, opened_at: datetime, now: datetime) -> bool:
        """A callback of a payment that was opened then (UTC) came in.

        Returns:
            Whether it came through the present address: an older payment was given the one before.
        """
        with self._lock:
            if opened_at < self._known.since:
                return False
            self._known, self.changed = self._known._replace(came_at=now), True
        return True

    def save(self) -> None:
        """Write it down where it has changed."""
        with self._lock:
            changed, self.changed = self.changed, False
            address, since, came_at = self._known
        if not (changed and self._file):
            return
        content = {"address": address, "since": since.isoformat(), "came_at": came_at.isoformat() if came_at else None}
        with suppress(OSError):  # without it M-PESA is only asked sooner
            replace_file(self._file, json.dumps(content).encode())

    def _read(self) -> _Known:
        with suppress(OSError, ValueError, KeyError, TypeError, AttributeError):
            if self._file:
                data = json.loads(self._file.read_text(encoding="utf-8"))
                came_at = _time(data["came_at"]) if data["came_at"] else None
                if isinstance(data["address"], str):
                    return _Known(data["address"], _time(data["since"]), came_at)
        return _Known()


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)
