"""The four sounds: short, told apart by their notes, and as loud as they should be."""

import io
import wave
from array import array
from itertools import pairwise

import pytest

from pos_app.sounds.sound import Sound
from pos_app.sounds.tones import RATE, wav

LONGEST = 1.0  # seconds


def samples(sound: Sound, loudness: float = 0.5) -> "array[int]":
    with wave.open(io.BytesIO(wav(sound, loudness)), "rb") as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, RATE)
        made = array("h")
        made.frombytes(file.readframes(file.getnframes()))
    return made


def pitches(sound: Sound) -> list[float]:
    """The pitch of each twentieth of a second in Hz, by how often the wave rises through zero; 0 where it is silent."""
    made, window = samples(sound), RATE // 20
    found: list[float] = []
    for start in range(0, len(made) - window, window):
        part = made[start : start + window]
        rises = sum(before < 0 <= after for before, after in pairwise(part))
        found.append(rises * 20 if max(part) > 300 else 0)
    return found


def test_paid_rises_and_paid_late_does_it_twice() -> None:
    paid, late = pitches(Sound.PAID), pitches(Sound.PAID_LATE)
    assert paid[1] < paid[-3]
    half = len(late) // 2 + 1
    assert late[1] < max(late[:half])
    assert 0 in late[5:-5]
    assert len(late) > 2 * len(paid) - 2


def test_not_paid_is_low_and_not_sure_is_one_note_twice() -> None:
    low, twice = pitches(Sound.NOT_PAID), pitches(Sound.UNSURE)
    assert max(low) < min(pitch for pitch in pitches(Sound.PAID)[1:-1] if pitch)
    assert 0 in twice[3:-3]
    half = len(twice) // 2
    assert max(twice[:half]) == pytest.approx(max(twice[half:]), abs=20)


@pytest.mark.parametrize("sound", Sound)
def test_each_is_short_begins_in_silence_and_ends_without_a_click(sound: Sound) -> None:
    made = samples(sound, 1.0)
    assert len(made) / RATE <= LONGEST
    assert not any(made[: RATE // 50])
    assert abs(made[-1]) < 300
    assert 15_000 < max(made) < 32_768


def test_half_as_loud_is_half_as_high() -> None:
    loud, quiet = max(samples(Sound.PAID, 0.8)), max(samples(Sound.PAID, 0.4))
    assert quiet == pytest.approx(loud / 2, rel=0.01)
    assert not any(samples(Sound.PAID, 0.0))


def test_no_two_are_alike() -> None:
    assert len({wav(sound, 0.5) for sound in Sound}) == len(Sound)
