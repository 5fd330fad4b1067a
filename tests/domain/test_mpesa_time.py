"""M-PESA's clock, from its answers."""

from datetime import timedelta

import pytest

from pos_app.domain.mpesa_time import MpesaTime
from tests.support.fakes import START, FakeClock


def heard(clock: FakeClock, *ahead: float, took: float = 0.2) -> MpesaTime:
    """After answers, each of which shows the wall clock so many seconds ahead."""
    time = MpesaTime(clock.since_boot, clock.now)
    for seconds in ahead:
        said = clock.now() - timedelta(seconds=seconds + took / 2 + 0.5)
        time.hear(said, took)
    return time


def test_nobody_knows_before_it_has_answered(clock: FakeClock) -> None:
    time = MpesaTime(clock.since_boot, clock.now)
    assert (time.now(), time.ahead(START), time.corrected(START)) == (None, None, START)


@pytest.mark.parametrize("ahead", [200.0, -200.0, 2.5, -90_000.0])
def test_the_difference(clock: FakeClock, ahead: float) -> None:
    time = heard(clock, ahead)
    assert time.ahead(clock.now()) == pytest.approx(ahead, abs=1e-3)
    assert (time.corrected(clock.now()) - clock.now()).total_seconds() == pytest.approx(-ahead, abs=1e-3)


@pytest.mark.parametrize("ahead", [0.0, 1.9, -1.9])
def test_less_than_two_seconds_are_no_difference(clock: FakeClock, ahead: float) -> None:
    assert heard(clock, ahead).corrected(clock.now()) == clock.now()


def test_one_odd_answer_does_not_count(clock: FakeClock) -> None:
    assert heard(clock, 0.0, 0.1, 7_200.0, -0.1).ahead(clock.now()) == pytest.approx(0.05, abs=0.1)


def test_the_last_five_count(clock: FakeClock) -> None:
    assert heard(clock, *[0.0] * 20, 100.0, 100.0, 100.0).ahead(clock.now()) == pytest.approx(100.0, abs=1e-3)


def test_a_slow_answer_does_not_count(clock: FakeClock) -> None:
    assert heard(clock, 100.0, took=2.1).now() is None


def test_it_is_right_at_once_when_the_wall_clock_is_set_right(clock: FakeClock) -> None:
    time = heard(clock, 200.0)
    clock.jump(-200.0)
    assert time.ahead(clock.now()) == pytest.approx(0.0, abs=1e-3)


def test_it_goes_on_while_the_computer_sleeps(clock: FakeClock) -> None:
    time = heard(clock, 200.0)
    clock.sleep(3_600)
    assert time.ahead(clock.now()) == pytest.approx(200.0, abs=1e-3)


def test_after_a_clock_of_the_computer_stood_still_or_was_set_the_next_answer_alone_counts(clock: FakeClock) -> None:
    """A machine that was paused as a whole counts nothing, and only its wall clock is set right afterwards."""
    time = heard(clock, *[0.0] * 5)
    clock.jump(3_600.0)
    assert time.ahead(clock.now()) == pytest.approx(3_600.0, abs=1e-3)
    time.hear(clock.now() - timedelta(seconds=0.6), 0.2)
    assert time.ahead(clock.now()) == pytest.approx(0.0, abs=1e-3)
    clock.advance(60)
    time.hear(clock.now() + timedelta(seconds=7_200), 0.2)  # an odd one, among two
    time.hear(clock.now() - timedelta(seconds=0.6), 0.2)
    assert time.ahead(clock.now()) == pytest.approx(0.0, abs=1e-3)
