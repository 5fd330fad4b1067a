"""Plays the till's sounds one after the other, on a thread of its own; whoever asks for one never waits."""

import logging
import threading
import time
from collections.abc import Callable
from typing import Final

from pos_app.sounds.players import Player, system_player
from pos_app.sounds.sound import Sound
from pos_app.sounds.tones import wav

_log = logging.getLogger(__name__)
LOUDNESS: Final = {"off": 0.0, "quiet": 0.1, "normal": 0.35, "loud": 0.95}
SAME: Final = 0.3  # seconds: payments that are paid within so much of each other are heard as one
STALE: Final = 2.0  # seconds after which a sound would be taken for another payment's


class Sounder:
    """Each sound waits at most once, and not for long: ten payments at once are no ten sounds.

    Args:
        volume: one of `LOUDNESS`.
        monotonic: seconds that only go forward.
    """

    def __init__(
        self, volume: str, player: Player | None = None, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._volume = volume
        self._player = player or system_player()
        self._monotonic = monotonic
        self._news = threading.Condition()
        self._waiting: dict[Sound, float] = {}  # since when, in the order in which they came
        self._begun: tuple[Sound, float] | None = None  # what was begun last, and when
        self._thread: threading.Thread | None = None
        self._closed = False

    def set_volume(self, volume: str) -> None:
        """Play as loud as this from the next sound on; "off": nothing, also of what waits."""
        with self._news:
            self._volume = volume
            if not LOUDNESS[volume]:
                self._waiting.clear()

    def play(self, sound: Sound) -> None:
        """Play it as soon as nothing else plays; from any thread, returns at once."""
        with self._news:
            now = self._monotonic()
            heard = self._begun is not None and self._begun[0] is sound and now - self._begun[1] < SAME
            if self._closed or heard or not LOUDNESS[self._volume]:
                return
            self._waiting.setdefault(sound, now)
            if self._thread is None:
                self._thread = self._started()
            self._news.notify()

    def close(self) -> None:
        """Play nothing more; what plays now is stopped. Returns at once."""
        with self._news:
            self._closed = True
            self._waiting.clear()
            self._news.notify()
        self._player.close()

    def _started(self) -> threading.Thread | None:
        thread = threading.Thread(target=self._work, name="sounds", daemon=True)
        try:
            thread.start()
        except RuntimeError:  # the computer has none left: the next sound tries again
            _log.warning("a sound waits: this computer can start no thread")
            return None
        return thread

    def _work(self) -> None:
        while (sound := self._next()) is not None:
            volume = self._volume
            try:
                self._player.play(f"{sound}-{volume}", wav(sound, LOUDNESS[volume]))
            except Exception:  # noqa: BLE001 - a sound is never worth more than silence
                _log.exception("a sound was not played")

    def _next(self) -> Sound | None:
        """What to play next; waits for it. None: nothing any more."""
        with self._news:
            while True:
                self._news.wait_for(lambda: self._waiting or self._closed)
                if self._closed:
                    return None
                sound = next(iter(self._waiting))
                since, now = self._waiting.pop(sound), self._monotonic()
                if now - since <= STALE:
                    self._begun = (sound, now)
                    return sound
