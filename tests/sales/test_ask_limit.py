"""How often what changes nothing makes a question due."""

from pos_app.sales.ask_limit import FIRST_WAIT, LONGEST_WAIT, AskLimit
from tests.support.fakes import FakeClock


def test_the_wait_doubles_up_to_a_quarter_of_an_hour() -> None:
    clock = FakeClock()
    limit = AskLimit(clock.monotonic)
    moments = []
    for second in range(3_000):
        if limit.allows(1):
            moments.append(second)
        clock.advance(1)
    assert moments == [0, 30, 90, 210, 450, 930, 1_830, 2_730]
    assert moments[1] == FIRST_WAIT
    assert moments[-1] - moments[-2] == LONGEST_WAIT


def test_each_payment_has_its_own_and_not_all_are_remembered() -> None:
    clock = FakeClock()
    limit = AskLimit(clock.monotonic)
    assert all(limit.allows(number) for number in range(10_001))
    assert not limit.allows(10_000)
    assert limit.allows(0)  # forgotten
