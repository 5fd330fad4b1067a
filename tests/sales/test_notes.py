"""Case notes: who wrote what, and when."""

import pytest

from pos_app.domain.catalogue import draft_post
from pos_app.domain.note import Note
from pos_app.domain.operators import Act, Role
from pos_app.domain.payment import Payment
from pos_app.domain.payment_event import Callback, Result
from pos_app.errors import BadInput, SignInNeeded
from pos_app.sales.checkout import GUARD
from tests.support.builders import prompt, sell, tell
from tests.support.fakes import PHONE, START
from tests.support.staff import NAMES, PASSPHRASE, hire, stand
from tests.support.till_harness import TillHarness


@pytest.fixture
def payment(harness: TillHarness) -> Payment:
    return prompt(harness, sell(harness, harness.till.catalogue.add(draft_post("Tea", 30, 0))))


def test_a_note_stays_with_its_payment_and_moves_nothing(harness: TillHarness, payment: Payment) -> None:
    till = harness.till
    till.notes.about_payment(payment, "Says the phone was off")
    harness.clock.advance(60)
    till.notes.about_payment(payment, "Came back")
    first, second = till.reader.payment_notes(payment.id)
    assert (first.text, first.operator) == ("Says the phone was off", None)
    assert (second.text, second.at - first.at) == ("Came back", harness.clock.corrected() - first.at)
    assert till.reader.payment(payment.id) == payment
    assert till.reader.customer_notes(PHONE) == []


def test_a_note_about_a_customer(harness: TillHarness, payment: Payment) -> None:
    harness.till.notes.about_customer(PHONE, "Wants receipts on paper")
    assert harness.till.reader.customer_notes(PHONE) == [Note(at=START, text="Wants receipts on paper")]
    assert harness.till.reader.payment_notes(payment.id) == []


def test_nobody_was_asked_at_that_phone(harness: TillHarness) -> None:
    with pytest.raises(BadInput, match="Nobody was ever asked for money at that phone"):
        harness.till.notes.about_customer("254712345678", "Who is that?")
    assert harness.till.reader.customer_notes("254712345678") == []


def test_rule_16_who_wrote_it_is_told_with_it_and_in_the_audit(harness: TillHarness, payment: Payment) -> None:
    till = harness.till
    hire(till)
    with pytest.raises(SignInNeeded):
        till.notes.about_payment(payment, "Nobody's")
    stand(till, Role.OPERATOR)
    till.notes.about_payment(payment, "Came back")
    till.notes.about_customer(PHONE, "Reads no SMS")
    for note in (*till.reader.payment_notes(payment.id), *till.reader.customer_notes(PHONE)):
        assert note.operator == NAMES[Role.OPERATOR]
    lines = [line for line in till.reader.audit(99) if line.act is Act.NOTE]
    assert [(line.operator, line.subject, line.old, line.new) for line in lines] == [
        (NAMES[Role.OPERATOR], "customer 1", None, None),
        (NAMES[Role.OPERATOR], payment.number, None, None),
    ]


def test_nothing_is_written_about_who_was_erased(harness: TillHarness) -> None:
    """Nobody could take it away again."""
    till = harness.till
    post = till.catalogue.add(draft_post("Maji", 50))
    payment = tell(harness, sell(harness, post), Callback(Result.CANCELLED, "1032", "m", "c"))
    harness.clock.advance(GUARD + 1)
    till.authority.passphrase.choose(PASSPHRASE)
    till.erasure.erase(PHONE, "asked by letter", PASSPHRASE)
    with pytest.raises(BadInput, match="was erased"):
        till.notes.about_payment(payment, "Amina rang")
    assert till.reader.payment_notes(payment.id) == []
