"""The computer's clocks."""

import time
from datetime import timedelta

import pytest

from pos_app import system_clock as clocks
from pos_app.system_clock import SystemClock


class Hands:
    """Two clocks that a test moves."""

    def __init__(self) -> None:
        self.monotonic = 100.0
        self.wall = 1_000_000.0


def test_elsewhere_the_longer_of_both_spans_counts() -> None:
    hands = Hands()
    passed = clocks.LongerOfBoth(lambda: hands.monotonic, lambda: hands.wall)
    assert passed() == 0
    hands.monotonic += 5
    hands.wall += 5
    assert passed() == 5
    hands.wall += 3_600  # it slept
    assert passed() == 3_605
    hands.wall -= 90_000  # somebody set it back
    hands.monotonic += 1
    assert passed() == 3_606


def test_where_the_system_has_no_such_clock_both_are_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(time, "CLOCK_BOOTTIME", raising=False)
    clock = SystemClock()
    before = clock.since_boot()
    assert 0 <= clock.since_boot() - before < 10


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
