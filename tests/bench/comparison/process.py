"""What a process tells of itself, and running one that does."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

LIMIT = 900.0  # seconds for one program
NO_SCREEN = {"QT_QPA_PLATFORM": os.environ.get("QT_QPA_PLATFORM", "offscreen")}  # the environment of one with a window


def memory() -> float:
    """MB of this process that are resident now."""
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20


class Rest:
    """What this process does from now on while nobody asks anything of it."""

    def __init__(self) -> None:
        self._begun, self._used, self._woken = time.perf_counter(), time.process_time(), _woken()

    def told(self) -> dict[str, float]:
        """Per cent of one core, and how often a thread woke up a second."""
        seconds = time.perf_counter() - self._begun
        used, woken = time.process_time() - self._used, _woken() - self._woken
        return {"at rest, per cent of a core": 100 * used / seconds, "at rest, wake-ups a second": woken / seconds}


def _woken() -> int:
    """How often the threads of this process that live now have waited for something."""
    total = 0
    for status in Path("/proc/self/task").glob("*/status"):
        words = status.read_text(encoding="ascii")
        total += int(words.partition("\nvoluntary_ctxt_switches:")[2].split()[0])
    return total


def tell(module: str, *arguments: object, environment: Mapping[str, str] = {}) -> dict[str, float]:
    """Run a module in a process of its own, which may keep what it compiled, as a shop's does.

    Gives the JSON object that it prints last.

    Raises:
        subprocess.CalledProcessError: it failed.
    """
    words = [sys.executable, "-m", module, *map(str, arguments)]
    ran = subprocess.run(
        words,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "", **environment},
        stdout=subprocess.PIPE,
        check=True,
        timeout=LIMIT,
    )
    told: dict[str, float] = json.loads(ran.stdout.splitlines()[-1])
    return told
