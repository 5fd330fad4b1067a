"""Which payments' callbacks can arrive."""

from datetime import timedelta

from pos_app.domain.callback_route import RouteState, RouteStatus
from tests.support.fakes import START


def test_a_payment_is_reached_where_it_was_given_the_address_that_is_good_now() -> None:
    status = RouteStatus(state=RouteState.UP, since=START, address_since=START)
    assert status.reaches(START)
    assert status.reaches(START + timedelta(minutes=1))
    assert not status.reaches(START - timedelta(seconds=1))


def test_without_an_address_nobody_is_reached() -> None:
    assert not RouteStatus(state=RouteState.DOWN, since=START).reaches(START + timedelta(days=1))
