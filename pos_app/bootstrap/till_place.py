"""One data folder at one place on one computer: as what a till is told from every other of its shop."""

import hashlib
import platform
import secrets
from contextlib import suppress
from pathlib import Path

from pos_app.private_files import replace_file
from pos_app.settings.settings import Settings

_FILE = "till.id"
_MACHINE = (Path("/etc/machine-id"), Path("/var/lib/dbus/machine-id"))  # made with the system, on Linux
_BYTES = 16


def computer_name() -> str:
    """This computer's, for people."""
    return platform.node() or "without a name"


def machine() -> str:
    """What tells this computer from others for as long as its system is not set up anew; its name where nothing else
    does, without what the network adds to that.
    """
    for file in _MACHINE:
        with suppress(OSError, ValueError):
            if said := file.read_text(encoding="ascii").strip():
                return said
    return computer_name().partition(".")[0].lower()


def holder_of(settings: Settings) -> str:
    """A folder that was copied or moved is another, so that a copy is noticed, and waits for the first one's end; one
    that stays where it is has what was its own again at once.
    """
    folder = settings.data_dir.resolve()
    return hashlib.sha256("\0".join((_secret(settings), computer_name(), str(folder))).encode()).hexdigest()


def new_run() -> str:
    """Tells one opening of a folder from every other."""
    return secrets.token_hex(_BYTES)


def _secret(settings: Settings) -> str:
    file = settings.data_dir / _FILE
    try:
        return file.read_text(encoding="ascii").strip()
    except (OSError, ValueError):
        secret = secrets.token_hex(_BYTES)
        with suppress(
            OSError
        ):  # not kept, it is another till the next time, and waits half a minute for this one's end
            replace_file(file, secret.encode())
        return secret
