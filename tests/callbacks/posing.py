"""The program that poses as the ngrok agent (fake_ngrok.py), as tests handle it."""

import json
import os
import signal
import stat
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil

PATIENCE = 60.0  # seconds that nothing here should ever need
AUTH_TOKEN = "2nGrokSecret_7XyZ"
_PROGRAM = """#!{python}
import runpy, sys
sys.argv.insert(1, {folder!r})
runpy.run_path({script!r}, run_name="__main__")
"""


def until(true: Callable[[], bool]) -> None:
    """Wait for something that nobody announces."""
    pause = threading.Event()
    for _ in range(int(PATIENCE / 0.005)):
        if true():
            return
        pause.wait(0.005)
    raise AssertionError("it never came true")


class Agent:
    """An executable, how it shall behave, and what it wrote down."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir()
        self.path = folder / "ngrok"
        script = Path(__file__).with_name("fake_ngrok.py")
        self.path.write_text(
            _PROGRAM.format(python=sys.executable, folder=str(folder), script=str(script)), encoding="utf-8"
        )
        self.path.chmod(stat.S_IRWXU)
        self.behave("good")

    def wrap(self, before: str = "", after: str = "exit 0") -> Path:
        """A script that starts it as its child, as people write them; gives its path."""
        wrapper = self._folder / "ngrok.sh"
        wrapper.write_text(f'#!/bin/sh\n{before}\n"{self.path}" "$@"\n{after}\n', encoding="utf-8")
        wrapper.chmod(stat.S_IRWXU)
        return wrapper

    def behave(self, mode: str) -> None:
        """How it behaves from its next start on; fake_ngrok.py lists the ways."""
        (self._folder / "mode").write_text(mode, encoding="utf-8")

    def command(self, name: str) -> None:
        """Tell the running one something: `move`, `close`, `hang`."""
        (self._folder / name).touch()

    def obeyed(self, name: str) -> bool:
        return not (self._folder / name).exists()

    def starts(self) -> list[dict[str, Any]]:
        """What it was started with, each time."""
        found = sorted(self._folder.glob("start-*.json"), key=lambda path: int(path.stem.removeprefix("start-")))
        return [json.loads(path.read_text(encoding="utf-8")) for path in found]

    def started(self, times: int = 1) -> dict[str, Any]:
        """Wait until it was started so often; what the last start was."""
        until(lambda: len(self.starts()) >= times)
        return self.starts()[-1]

    def asked(self) -> dict[str, Any]:
        """For which endpoint it was asked last."""
        asked: dict[str, Any] = json.loads((self._folder / "asked.json").read_text(encoding="utf-8"))
        return asked

    def running(self) -> list[int]:
        """The processes that live."""
        return [start["pid"] for start in self.starts() if _lives(start["pid"])]

    def kill(self) -> None:
        """Somebody kills it; nobody is told."""
        for pid in self.running():
            os.kill(pid, signal.SIGKILL)


def _lives(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
