"""Whoever wants a sound never waits, and what comes at once is no noise."""

import threading
import time

import pytest

from pos_app.sounds.sound import Sound
from pos_app.sounds.sounder import LOUDNESS, SAME, STALE, Sounder
from tests.support.builders import said


class Gramophone:
    """A player that plays until it is let go on, if a test holds it."""

    def __init__(self, error: Exception | None = None) -> None:
        self.error = error
        self.heard: list[str] = []
        self.threads: set[str] = set()
        self.closed = False
        self.may_end = threading.Event()
        self.may_end.set()
        self.asked = threading.Condition()

    def play(self, name: str, wav: bytes) -> None:
        assert wav.startswith(b"RIFF")
        with self.asked:
            self.heard.append(name)
            self.threads.add(threading.current_thread().name)
            self.asked.notify_all()
        assert self.may_end.wait(20)
        if self.error:
            raise self.error

    def close(self) -> None:
        self.closed = True
        self.may_end.set()

    def until_heard(self, count: int) -> list[str]:
        with self.asked:
            assert self.asked.wait_for(lambda: len(self.heard) >= count, 20)
            return [*self.heard]


class Stopwatch:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def end(sounder: Sounder) -> None:
    """Close it, and wait for its thread."""
    sounder.close()
    for thread in threading.enumerate():
        if thread.name == "sounds":
            thread.join(20)


def test_a_sound_is_played_on_a_thread_of_its_own_in_the_volume_that_is_chosen() -> None:
    player = Gramophone()
    sounder = Sounder("quiet", player)
    sounder.play(Sound.PAID)
    assert player.until_heard(1) == ["paid-quiet"]
    sounder.set_volume("loud")
    sounder.play(Sound.NOT_PAID)
    assert player.until_heard(2) == ["paid-quiet", "not_paid-loud"]
    assert player.threads == {"sounds"}
    end(sounder)
    assert player.closed


def test_ten_payments_paid_at_once_are_one_sound() -> None:
    player, clock = Gramophone(), Stopwatch()
    player.may_end.clear()
    sounder = Sounder("normal", player, clock)
    for _ in range(10):
        sounder.play(Sound.PAID)
    player.until_heard(1)
    clock.now += SAME / 2
    for _ in range(10):
        sounder.play(Sound.PAID)
    clock.now += SAME
    for _ in range(10):
        sounder.play(Sound.PAID)  # another customer's, a moment later: once more, after this one
    sounder.play(Sound.UNSURE)
    player.may_end.set()
    assert player.until_heard(3) == ["paid-normal", "paid-normal", "unsure-normal"]
    end(sounder)
    assert len(player.heard) == 3


def test_what_waited_behind_a_player_that_hangs_is_not_taken_for_news() -> None:
    player, clock = Gramophone(), Stopwatch()
    player.may_end.clear()
    sounder = Sounder("normal", player, clock)
    sounder.play(Sound.PAID)
    player.until_heard(1)
    sounder.play(Sound.NOT_PAID)
    clock.now += STALE + 0.1
    sounder.play(Sound.UNSURE)
    player.may_end.set()
    assert player.until_heard(2) == ["paid-normal", "unsure-normal"]
    end(sounder)


def test_off_is_silence_also_for_what_waits() -> None:
    player = Gramophone()
    player.may_end.clear()
    sounder = Sounder("normal", player)
    sounder.play(Sound.PAID)
    player.until_heard(1)
    sounder.play(Sound.UNSURE)
    sounder.set_volume("off")
    sounder.play(Sound.NOT_PAID)
    player.may_end.set()
    end(sounder)
    assert player.heard == ["paid-normal"]


def test_off_from_the_start_needs_no_thread() -> None:
    sounder = Sounder("off", Gramophone())
    sounder.play(Sound.PAID)
    assert "sounds" not in [thread.name for thread in threading.enumerate()]
    sounder.close()


def test_asking_takes_no_time_while_a_player_hangs_and_closing_does_not_wait_for_it() -> None:
    player = Gramophone()
    player.may_end.clear()
    sounder = Sounder("normal", player)
    sounder.play(Sound.PAID)
    player.until_heard(1)
    begun = time.perf_counter()
    for _ in range(1_000):
        sounder.play(Sound.NOT_PAID)
    assert time.perf_counter() - begun < 10  # a thousand of them; a player that hangs would be for ever
    end(sounder)
    sounder.play(Sound.PAID)
    assert player.heard == ["paid-normal"]


def test_a_computer_without_a_thread_left_is_silent_and_heard_again_once_it_has_one(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(_: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    player = Gramophone()
    sounder = Sounder("normal", player)
    with monkeypatch.context() as busy:
        busy.setattr(threading.Thread, "start", refuse)
        sounder.play(Sound.PAID)
    assert said(caplog, "pos_app.sounds.sounder") == ["a sound waits: this computer can start no thread"]
    sounder.play(Sound.NOT_PAID)
    assert player.until_heard(2) == ["paid-normal", "not_paid-normal"]
    end(sounder)


def test_a_player_that_fails_is_no_error(caplog: pytest.LogCaptureFixture) -> None:
    player = Gramophone(OSError("no device"))
    sounder = Sounder("normal", player)
    sounder.play(Sound.PAID)
    player.until_heard(1)
    sounder.play(Sound.NOT_PAID)
    player.until_heard(2)
    end(sounder)
    assert said(caplog, "pos_app.sounds.sounder") == ["a sound was not played"] * 2


def test_the_volumes_are_those_of_the_settings() -> None:
    from pos_app.settings.choices import Volume

    assert set(LOUDNESS) == set(Volume)
    assert sorted(LOUDNESS.values()) == list(LOUDNESS.values())
