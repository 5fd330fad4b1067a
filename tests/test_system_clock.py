"""The computer's clocks."""

import ctypes
import time
from datetime import timedelta
from types import SimpleNamespace

import pytest

from pos_app import system_clock as clocks
from pos_app.system_clock import SystemClock


class Ticks:
    """What Windows counts."""

    def __init__(self) -> None:
        self.milliseconds = 2**32 + 250  # 49 days and more: 32 bits are not enough
        self.restype: object = None

    def __call__(self) -> int:
        return self.milliseconds


def test_on_windows_it_is_the_system_s_own_count_which_goes_on_asleep(monkeypatch: pytest.MonkeyPatch) -> None:
    ticks = Ticks()
    windll = SimpleNamespace(kernel32=SimpleNamespace(GetTickCount64=ticks))
    monkeypatch.setattr(ctypes, "windll", windll, raising=False)
    clock = clocks.boot_clock("win32")
    assert clock() == (2**32 + 250) / 1_000
    ticks.milliseconds += 500
    assert clock() == (2**32 + 750) / 1_000
    assert ticks.restype is ctypes.c_uint64


@pytest.mark.parametrize(
    ("platform", "name"), [("linux", "CLOCK_BOOTTIME"), ("darwin", "CLOCK_MONOTONIC_RAW"), ("freebsd14", None)]
)
def test_elsewhere_it_is_the_clock_that_goes_on_asleep(
    monkeypatch: pytest.MonkeyPatch, platform: str, name: str | None
) -> None:
    for number, other in enumerate(("CLOCK_BOOTTIME", "CLOCK_MONOTONIC_RAW")):
        if name is None:
            monkeypatch.delattr(time, other, raising=False)
        else:
            monkeypatch.setattr(time, other, number, raising=False)
    monkeypatch.setattr(time, "clock_gettime", lambda clock: 1_000.0 + clock)
    read = clocks.boot_clock(platform)()
    assert read == pytest.approx(time.monotonic(), abs=10) if name is None else read == 1_000 + getattr(time, name)


@pytest.mark.parametrize("platform", ["linux", "darwin", "win32", "freebsd14"])
@pytest.mark.parametrize("jump", [86_400.0, -86_400.0])
def test_setting_the_wall_clock_makes_nothing_older(
    monkeypatch: pytest.MonkeyPatch, platform: str, jump: float
) -> None:
    windll = SimpleNamespace(kernel32=SimpleNamespace(GetTickCount64=Ticks()))
    monkeypatch.setattr(ctypes, "windll", windll, raising=False)
    clock = clocks.boot_clock(platform)
    before, wall = clock(), time.time
    monkeypatch.setattr(time, "time", lambda: wall() + jump)
    assert 0 <= clock() - before < 10


def test_it_only_goes_forward() -> None:
    clock = SystemClock()
    assert clock.since_boot() <= clock.since_boot()


def test_it_knows_m_pesa_s_time_once_it_was_told() -> None:
    clock = SystemClock()
    assert clock.ahead_of_mpesa() is None
    assert abs(clock.corrected() - clock.now()) < timedelta(seconds=1)
    clock.mpesa.hear(clock.now() - timedelta(seconds=300.5), 0.0)
    assert clock.ahead_of_mpesa() == pytest.approx(300, abs=1)
    assert (clock.now() - clock.corrected()).total_seconds() == pytest.approx(300, abs=1)
