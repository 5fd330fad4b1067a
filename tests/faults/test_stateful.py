"""T37 in a sample. At full size: `.venv/bin/python -m tests.faults --full --fault T37`."""

import pytest

from pos_app.domain.payment_event import Settlement
from tests.faults.scenarios.anything import explore
from tests.faults.scenarios.machine import BASKETS, TillMachine
from tests.faults.simulation.threadless import PASSPHRASE, Moment


@pytest.mark.timeout(900)  # where a rule is broken, hypothesis looks for the shortest way to it for some minutes
def test_t37_anything_may_happen_in_any_order(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("CRITICAL")
    explore(0, 150, 30)


def test_t37_what_was_found_once_is_played_again(caplog: pytest.LogCaptureFixture) -> None:
    """A callback dies with the program before its commit: the owner may not settle without the statement's line."""
    caplog.set_level("CRITICAL")
    machine = TillMachine()
    try:
        token = machine.charge(number=0, basket=BASKETS[0])
        machine.clock_is_set(seconds=-3600.2)
        machine.will_die(moment=Moment.BEFORE)
        machine.owner_settles(change="amount", own=False, settlement=Settlement.PAID, token=token, typed=PASSPHRASE)
        machine.the_money_rules_hold()
    finally:
        machine.teardown()
