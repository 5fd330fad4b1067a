"""The till's sounds, made of sine waves: each is a few notes that nobody takes for another one's."""

import io
import math
import sys
import wave
from array import array
from functools import cache
from typing import Final, NamedTuple

from pos_app.sounds.sound import Sound

RATE: Final = 22_050  # samples a second
_LEAD = 0.03  # seconds of silence: what wakes up for the first note swallows its beginning
_SWELL = 0.008  # seconds to full loudness, or one hears a click
_FULL = 32_767
_TABLE = 4_096  # samples of one period
_OVERTONES = ((1, 0.7), (2, 0.2), (3, 0.1))  # small speakers have no low notes, and are heard by these


class _Note(NamedTuple):
    """A note in Hz, 0 for none, and its seconds."""

    pitch: float
    seconds: float


_RISING = (_Note(659.3, 0.14), _Note(880.0, 0.26))
_NOTES = {
    Sound.PAID: _RISING,
    Sound.PAID_LATE: (*_RISING, _Note(0, 0.12), *_RISING),
    Sound.NOT_PAID: (_Note(261.6, 0.45),),
    Sound.UNSURE: (_Note(523.3, 0.17), _Note(0, 0.1), _Note(523.3, 0.17)),
}


@cache
def wav(sound: Sound, loudness: float) -> bytes:
    """A sound as a WAV file of 16 bits and one channel.

    Args:
        loudness: 0 to 1.
    """
    samples = array("h", bytes(2 * round(_LEAD * RATE)))
    for note in _NOTES[sound]:
        samples.extend(_samples(note, loudness * _FULL))
    made = io.BytesIO()
    with wave.open(made, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(_little(samples))
    return made.getvalue()


def _samples(note: _Note, peak: float) -> "array[int]":
    """The note dies away, so that no end clicks."""
    count, swell, wave_table = round(note.seconds * RATE), round(_SWELL * RATE), _wave_table()
    step = note.pitch * _TABLE / RATE
    made = array("h", bytes(2 * count))
    if note.pitch:
        for place in range(count):  # some thousand times while a payment waits to be heard: a table, and no more
            made[place] = int(peak * (1 - place / count) * wave_table[int(place * step) % _TABLE])
        for place in range(swell):
            made[place] = made[place] * place // swell
    return made


@cache
def _wave_table() -> tuple[float, ...]:
    """One period of every note, with its overtones."""
    angles = [2 * math.pi * place / _TABLE for place in range(_TABLE)]
    return tuple(sum(part * math.sin(times * angle) for times, part in _OVERTONES) for angle in angles)


def _little(samples: "array[int]") -> bytes:
    """As WAV files have it, whichever way round this computer writes numbers."""
    if sys.byteorder == "big":
        samples.byteswap()
    return samples.tobytes()
