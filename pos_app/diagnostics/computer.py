"""What the computer must give: settings, a folder to write in, disk, the keyring."""

import os
import shutil
import tempfile
import time
from pathlib import Path

from pos_app.check_result import Verdict, amber, green, red
from pos_app.errors import Occupied, PosError
from pos_app.settings.settings import Settings
from pos_app.vault.api_keys import NAMES, load_keys
from pos_app.vault.vault import Vault

LITTLE_SPACE = 1_000_000_000  # bytes
NO_SPACE = 100_000_000
_BLOCK = b"\0" * 4_096


def settings_complete(settings: Settings) -> Verdict:
    """Whether everything is set that is needed before anybody can be charged."""
    missing = settings.missing()
    if missing:
        return red(f"Missing: {'; '.join(missing)}. {settings.where_to_set()}")
    return green(f"Complete for {settings.environment}")


def data_folder(settings: Settings, trouble: PosError | None, *, open_here: bool) -> Verdict:
    """Whether the folder can be used.

    Args:
        trouble: what holding it raised.
        open_here: the till of this very program holds it.
    """
    if open_here:
        return green(f"This till works in {settings.data_dir}")
    if isinstance(trouble, Occupied):
        return amber(trouble.user_text)
    if trouble:
        return red(trouble.user_text)
    return green(f"{settings.data_dir} can be written, and no till is open on it")


def no_folder() -> Verdict:
    """Why nothing is tried that needs the folder, where nobody can tell whether a till is open on it."""
    return amber("Not tried: the data folder cannot be used")


def disk(folder: Path) -> Verdict:
    """How much is free, and how long it takes until written data is safe."""
    try:
        free = shutil.disk_usage(folder).free
        took = _write(folder)
    except OSError:
        return red(
            "Nothing can be written to the disk. Charging is not safe. See whether it is full or write-protected."
        )
    words = f"{size(free)} free; a write is safe after {took * 1000:.0f} ms"
    if free < NO_SPACE:
        return red(f"{words}. Soon nothing can be saved and charging stops: delete what is not needed.")
    if free < LITTLE_SPACE:
        return amber(f"{words}. Delete what is not needed before it gets full.")
    return green(words)


def keys(settings: Settings, vault: Vault) -> Verdict:
    """Whether the secrets are there, and where they are kept. May wait for the keyring."""
    if settings.practice:
        return green("The simulator's own")
    load_keys(settings, vault)
    return green(f"All three are there, in {' and '.join(dict.fromkeys(map(vault.where, NAMES)))}")


def printer_in_window() -> Verdict:
    """A command has no printer of its own."""
    return green("Looked at in the window (Ctrl+Shift+D)")


def _write(folder: Path) -> float:
    """Write a block as the database does; gives the seconds until it was on the disk."""
    with tempfile.TemporaryFile(dir=folder) as file:
        begun = time.monotonic()
        file.write(_BLOCK)
        file.flush()
        os.fsync(file.fileno())
        return time.monotonic() - begun


def size(count: int) -> str:
    """`41.2 GB`, `250 MB`, `4 kB`.

    Args:
        count: bytes.
    """
    for unit, factor in (("GB", 1e9), ("MB", 1e6)):
        if count >= factor:
            return f"{count / factor:.1f} {unit}"
    return f"{count / 1e3:.0f} kB"
