"""T37 in a sample. At full size: `.venv/bin/python -m tests.faults --full --fault T37`."""

import pytest

from pos_app.domain.payment_event import Settlement
from tests.faults.scenarios.anything import ShopMachine, explore
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


@pytest.mark.parametrize(("part", "withdraw", "double"), [("all", True, False), ("all", False, True), (1, True, True)])
def test_t37_one_is_paid_late_after_the_other_went_back(
    part: int | str, withdraw: bool, double: bool, caplog: pytest.LogCaptureFixture
) -> None:
    """It is the only one that the customer has paid then, unless some of the other is left with them."""
    caplog.set_level("CRITICAL")
    machine = TillMachine()
    basket = next(basket for basket in BASKETS if basket[0].days)
    try:
        first = str(machine.charge(number=0, basket=basket))
        machine._all_prompted()
        machine.clock.advance(200)
        second = str(machine.charge_despite(asked=first, basket=basket, pay=()))
        machine.owner_refunds(
            first, pay=True, code_of=first, code="new", part=part, withdraw=withdraw, typed=PASSPHRASE
        )
        machine.paid(second, 1)
        machine.the_money_rules_hold()
        assert machine.model.sold[second].double is double
    finally:
        machine.teardown()


def test_t37_the_others_access_is_withdrawn_by_hand_after_its_money_went_back(caplog: pytest.LogCaptureFixture) -> None:
    """Then the customer has paid the double only."""
    caplog.set_level("CRITICAL")
    machine = ShopMachine()
    basket = next(basket for basket in BASKETS if len(basket) == 1 and basket[0].days)
    try:
        first = str(machine.charge(number=0, basket=basket))
        machine._all_prompted()
        machine.clock.advance(200)
        second = str(machine.charge_despite(asked=first, basket=basket, pay=()))
        machine.owner_refunds(first, pay=True, code_of=first, code="new", part="all", withdraw=False, typed=PASSPHRASE)
        machine.paid(second, 1)
        assert machine.model.sold[second].double
        machine.access_by_hand(0, basket[0].post, None, "withdraw all", 0.0, PASSPHRASE)
        machine.the_money_rules_hold()
        assert "other_back" in machine.model.sold[second].must
    finally:
        machine.teardown()
