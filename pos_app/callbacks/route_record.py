"""How the callback route of an open till stands, in a file beside its data: for checks that another program makes."""

import json
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from pos_app.domain.callback_route import RouteState, RouteStatus
from pos_app.private_files import replace_file

RECORD = "route.json"


class RouteRecord:
    """Keeps the file. One thread at a time.

    Args:
        environment: whose route it is.
    """

    def __init__(self, path: Path, environment: str = "") -> None:
        self._path = path
        self._environment = environment
        self._written: RouteStatus | None = None

    def write(self, status: RouteStatus) -> None:
        """Write it down where it has changed."""
        if status == self._written:
            return
        self._written = status
        with suppress(OSError):  # it only informs
            replace_file(self._path, json.dumps(_as_json(status, self._environment)).encode())

    def remove(self) -> None:
        """The till is closed."""
        with suppress(OSError):
            self._path.unlink(missing_ok=True)


def _as_json(status: RouteStatus, environment: str) -> dict[str, str | None]:
    """Without the address: it is nobody else's business."""
    probed = status.probed_at
    return {
        "environment": environment,
        "state": status.state,
        "since": status.since.isoformat(),
        "knocked_at": probed.isoformat() if probed else None,
        "words": status.words,
        "at": status.at,
    }


def read_record(path: Path, environment: str = "") -> RouteStatus | None:
    """How the callback route of the till that holds this data folder stands.

    Returns:
        None where nothing readable is written, or another environment's.
    """
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        if data["environment"] != environment:
            return None
        return RouteStatus(
            state=RouteState(data["state"]),
            since=datetime.fromisoformat(data["since"]),
            probed_at=datetime.fromisoformat(data["knocked_at"]) if data["knocked_at"] else None,
            words=str(data["words"]),
            at=str(data.get("at", "")),
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
