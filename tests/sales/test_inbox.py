"""The way from the listener into the ledger: by the address a callback came to."""

import pytest

from pos_app.domain.catalogue import draft_post
from pos_app.domain.payment import Payment, State
from pos_app.sales.inbox import LedgerInbox
from pos_app.sales.ledger import address_of
from tests.support.builders import prompt, sell, success
from tests.support.till_harness import TillHarness


@pytest.fixture
def inbox(harness: TillHarness) -> LedgerInbox:
    return LedgerInbox(harness.till.ledger, harness.till.reader)


@pytest.fixture
def sold(harness: TillHarness) -> Payment:
    """Its address token is "secret"."""
    return prompt(harness, sell(harness, harness.till.catalogue.add(draft_post("Wi-Fi month", 100, 30))))


def test_an_address_is_known_when_its_payment_is_saved(inbox: LedgerInbox, sold: Payment) -> None:
    assert inbox.knows(["secret", "guessed"]) == {"secret"}
    assert inbox.knows([]) == set()


def test_only_what_was_charged_in_this_run_is_expected_without_a_look(harness: TillHarness, inbox: LedgerInbox) -> None:
    assert not inbox.expects("fresh")
    harness.till.ledger.expect(address_of("fresh"))
    assert inbox.expects("fresh")


def test_a_callback_is_recorded_at_its_address_and_nowhere_else(inbox: LedgerInbox, sold: Payment) -> None:
    paid = success(sold)
    assert inbox.receive("guessed", paid, "{}").result(10) is None
    change = inbox.receive("secret", paid, "{}").result(10)
    assert change
    assert (change.after.id, change.after.state) == (sold.id, State.PAID)
