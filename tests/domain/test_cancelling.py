"""Ending a look-up that nobody waits for any more."""

import pytest

from pos_app.domain.cancelling import Cancel
from pos_app.errors import Cancelled


def test_what_is_cancelled_inside_hears_of_it_and_says_so() -> None:
    cancel, heard = Cancel(), []
    assert not cancel.cancelled
    with pytest.raises(Cancelled), cancel.ending_by(lambda: heard.append(1)):
        cancel.cancel()
    assert (heard, cancel.cancelled) == ([1], True)


def test_what_was_cancelled_before_does_not_begin() -> None:
    cancel = Cancel()
    cancel.cancel()
    with pytest.raises(Cancelled), cancel.ending_by(pytest.fail):
        pytest.fail("it began")


def test_what_has_ended_is_left_alone() -> None:
    cancel = Cancel()
    with cancel.ending_by(pytest.fail):
        pass
    cancel.cancel()


def test_a_fault_of_its_own_is_not_hidden() -> None:
    with pytest.raises(ZeroDivisionError), Cancel().ending_by(pytest.fail):
        raise ZeroDivisionError
