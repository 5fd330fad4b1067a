import pytest

from pos_app.errors import BadInput
from pos_app.simulator import Fault, parse_fault
from pos_app.simulator.faults import Dice


def test_a_fault_by_its_name_strikes_always() -> None:
    assert parse_fault("callback-lost") == (Fault.CALLBACK_LOST, 1.0)


@pytest.mark.parametrize(("text", "probability"), [("0.3", 0.3), ("0", 0.0), ("1", 1.0), ("0.001", 0.001)])
def test_a_fault_with_its_probability(text: str, probability: float) -> None:
    assert parse_fault(f"push-slow={text}") == (Fault.PUSH_SLOW, probability)


def test_an_unknown_fault_is_refused_with_the_known_ones() -> None:
    with pytest.raises(BadInput) as refused:
        parse_fault("callback-lsot")
    assert "callback-lsot" in refused.value.user_text
    assert all(fault in refused.value.user_text for fault in Fault)


@pytest.mark.parametrize("number", ["", "often", "1.1", "-0.1", "nan", "inf"])
def test_a_probability_that_is_none_is_refused(number: str) -> None:
    with pytest.raises(BadInput, match="from 0 to 1, for example callback-lost"):
        parse_fault(f"callback-lost={number}")


def drawn(dice: Dice, fault: Fault) -> list[bool]:
    return [dice.strikes(fault, f"push {number}") for number in range(1000)]


def test_the_same_seed_throws_the_same() -> None:
    faults = {Fault.CALLBACK_LOST: 0.3}
    assert drawn(Dice(7, faults), Fault.CALLBACK_LOST) == drawn(Dice(7, faults), Fault.CALLBACK_LOST)
    assert drawn(Dice(7, faults), Fault.CALLBACK_LOST) != drawn(Dice(8, faults), Fault.CALLBACK_LOST)


def test_a_fault_strikes_about_as_often_as_asked() -> None:
    assert 250 < sum(drawn(Dice(1, {Fault.PUSH_SLOW: 0.3}), Fault.PUSH_SLOW)) < 350
    assert not any(drawn(Dice(1, {Fault.PUSH_SLOW: 0.0}), Fault.PUSH_SLOW))
    assert all(drawn(Dice(1, {Fault.PUSH_SLOW: 1.0}), Fault.PUSH_SLOW))


def test_one_fault_does_not_move_another() -> None:
    alone, together = Dice(3, {Fault.PUSH_SLOW: 0.5}), Dice(3, {Fault.PUSH_SLOW: 0.5})
    together.add(Fault.CALLBACK_LOST, 0.5)
    assert drawn(alone, Fault.PUSH_SLOW) == drawn(together, Fault.PUSH_SLOW)
    assert drawn(together, Fault.CALLBACK_LOST) != drawn(together, Fault.PUSH_SLOW)


def test_faults_come_and_go() -> None:
    dice = Dice(0, {})
    assert not dice.strikes(Fault.SYSTEM_BUSY, "push 1")
    dice.add(Fault.SYSTEM_BUSY)
    assert dice.strikes(Fault.SYSTEM_BUSY, "push 1")
    dice.clear()
    assert not dice.strikes(Fault.SYSTEM_BUSY, "push 1")
