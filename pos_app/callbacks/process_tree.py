"""Ending a process with all that it has started: `ngrok_path` may name a script that starts ngrok."""

from collections.abc import Callable, Sequence
from contextlib import suppress

import psutil

_GRACE = 1.0  # seconds between asking them to end, so that ngrok frees the address, and ending them
_MOMENT = 0.25  # seconds for what follows at once where all is well, and is not waited for where it does not


def end_tree(root: psutil.Process) -> None:
    """Ask it to end, and end what does not; about a second and a half at most. Raises psutil.Error where it is gone."""
    # Asked before anything is ended: whose parent has ended is nobody's child any more.
    family = [root, *root.children(recursive=True)]
    _send_all(family, psutil.Process.terminate)
    _, left = psutil.wait_procs(family, _GRACE)
    if left:
        kill_all(left, _MOMENT)


def kill_all(family: Sequence[psutil.Process], patience: float = _GRACE) -> None:
    """Kill processes with all that they have started, also meanwhile; wait for their ends, so many seconds at most.

    Each is held still before its children are asked for: a script whose child is killed before itself may start the
    next one, which nobody would end, and which holds the pipe that pyngrok reads.
    """
    new, held = list(family), dict[int, psutil.Process]()
    while new:
        _send_all(new, psutil.Process.suspend)
        held |= {one.pid: one for one in new}
        new = [one for one in psutil.process_iter(["ppid"]) if one.info["ppid"] in held and one.pid not in held]
    _send_all(list(held.values()), psutil.Process.kill)
    psutil.wait_procs(held.values(), patience)


def _send_all(family: Sequence[psutil.Process], signal: Callable[[psutil.Process], None]) -> None:
    for one in family:
        with suppress(psutil.Error):
            signal(one)
