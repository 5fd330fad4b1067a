"""The computer's own players: programs of their own, which can neither stop nor crash the till, for seconds at most; on
Windows, where there is none, the system's own call.

Libraries that play by themselves load the drivers of the sound card into the till, and have ended programs when a
headset was unplugged or no device was there.
"""

import logging
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final, Protocol

_log = logging.getLogger(__name__)
LIMIT: Final = 3.0  # seconds that a player may take; the longest sound takes one
_GONE = 0.5  # seconds in which a player that is stopped has to go; one that a driver holds never does
_REST = 60.0  # seconds for which a player that hung is not asked again
Command = Sequence[str]
_COMMANDS: dict[str, tuple[Command, ...]] = {
    "darwin": (("afplay",),),
    "linux": (("pw-play",), ("paplay",), ("aplay", "-q")),
}


class Player(Protocol):
    """Plays one sound after the other; used by one thread, but for `close`."""

    def play(self, name: str, wav: bytes) -> None:
        """Play a WAV file, to its end. Never raises: without a device there is no sound, and that is no fault.

        Args:
            name: the same name is always the same sound.
        """
        ...

    def close(self) -> None:
        """Stop what plays now, from any thread; nothing is played afterwards."""
        ...


def system_player() -> Player:
    """What this computer plays sounds with."""
    if sys.platform == "win32":
        return WindowsPlayer()
    return CommandPlayer(_COMMANDS.get(sys.platform, _COMMANDS["linux"]))


class CommandPlayer:
    """Plays by the first program there is that can; it is given a file.

    Args:
        commands: programs with their options, the best first.
        find: gives the path of a program, or None.
        limit: seconds that one may take.
    """

    def __init__(
        self,
        commands: Sequence[Command],
        find: Callable[[str], str | None] = shutil.which,
        limit: float = LIMIT,
    ) -> None:
        self._commands = list(commands)
        self._find = find
        self._limit = limit
        self._folder: Path | None = None
        self._running: subprocess.Popen[bytes] | None = None
        self._left: list[subprocess.Popen[bytes]] = []  # those that could not be stopped
        self._resting: dict[str, float] = {}  # until when, by time.monotonic
        self._told = False
        self._closed = threading.Event()

    def play(self, name: str, wav: bytes) -> None:
        if self._closed.is_set():
            return
        try:
            path = self._file(name, wav)
            worked = next((command for command in self._ready() if self._run(command, path)), None)
        except OSError as error:
            self._tell(f"{type(error).__name__}: {error.strerror}")
            return
        if worked is None:
            self._tell("no player could play")
        elif worked is not self._commands[0]:  # it is asked first from now on
            self._commands.remove(worked)
            self._commands.insert(0, worked)

    def close(self) -> None:
        self._closed.set()
        running, folder = self._running, self._folder
        if running:
            running.kill()
        if folder:
            shutil.rmtree(folder, ignore_errors=True)

    def _ready(self) -> list[Command]:
        now = time.monotonic()
        return [command for command in self._commands if self._resting.get(command[0], now) <= now]

    def _run(self, command: Command, path: Path) -> bool:
        program = self._find(command[0])
        if program is None or self._closed.is_set():
            return False
        self._left = [left for left in self._left if left.poll() is None]
        silent = subprocess.DEVNULL
        running = self._running = subprocess.Popen(  # noqa: S603 - a player of the system, our own file
            [program, *command[1:], str(path)], stdin=silent, stdout=silent, stderr=silent
        )
        if self._closed.is_set():  # meanwhile: `close` has not seen it
            running.kill()
        try:
            return running.wait(self._limit) == 0
        except subprocess.TimeoutExpired:
            self._stop(running)
            self._resting[command[0]] = time.monotonic() + _REST
            _log.warning("%s did not end within %g s: it was stopped", command[0], self._limit)
            return False
        finally:
            self._running = None

    def _stop(self, running: "subprocess.Popen[bytes]") -> None:
        running.kill()
        try:
            running.wait(_GONE)
        except subprocess.TimeoutExpired:
            self._left.append(running)
            _log.warning("a player of sounds cannot even be stopped")

    def _file(self, name: str, wav: bytes) -> Path:
        """The sound as a file in a folder of this run's own; anew where somebody has tidied it away."""
        if self._folder is None or not self._folder.is_dir():
            self._folder = Path(tempfile.mkdtemp(prefix="kaunta-sounds-"))
        path = self._folder / f"{name}.wav"
        if not path.exists():
            part = path.with_suffix(".part")  # a full disk may cut it short
            part.write_bytes(wav)
            part.replace(path)
        return path

    def _tell(self, why: str) -> None:
        """Once: a computer without sound is no trouble that fills a log."""
        if not self._told and not self._closed.is_set():
            self._told = True
            _log.info("sounds are not heard: %s", why)


class WindowsPlayer:
    """Plays by the system's call, which needs no other program. Where a driver hangs, only the caller's thread does."""

    def __init__(self) -> None:
        self._closed = False

    def play(self, name: str, wav: bytes) -> None:
        if sys.platform == "win32" and not self._closed:
            import winsound

            try:
                winsound.PlaySound(wav, winsound.SND_MEMORY | winsound.SND_NODEFAULT)
            except RuntimeError:
                _log.info("a sound was not heard: %s", name)

    def close(self) -> None:
        self._closed = True
