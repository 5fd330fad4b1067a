"""A customer is asked again only on M-PESA's fresh word, whenever the prompt leaves. The rest is in test_checkout."""

import pytest

from pos_app.domain.catalogue import Post, PostDraft
from pos_app.domain.payment import Payment, State
from pos_app.domain.payment_event import Answer, NoAnswer, Result
from pos_app.errors import BadInput
from pos_app.sales.asking_again import FRESH
from tests.support.builders import charge, end, prompt, sell
from tests.support.fakes import QueryAnswer
from tests.support.till_harness import TillHarness

UNPAID = Answer(Result.EXPIRED, "1037", "c1")


@pytest.fixture
def post(harness: TillHarness) -> Post:
    return harness.till.catalogue.add(PostDraft(title="Wi-Fi month", price=100, days=30))


@pytest.fixture
def expired(harness: TillHarness, post: Post) -> Payment:
    """Nobody answered; M-PESA may be asked about it, and the customer asked again."""
    payment = end(harness, sell(harness, post), "1037")
    harness.clock.advance(120)
    return payment


def test_rule_13_a_charge_right_after_the_question_asks_m_pesa_no_second_time(
    harness: TillHarness, post: Post, expired: Payment
) -> None:
    harness.gateway.query_answers.append(UNPAID)
    harness.till.checkout.may_ask_again(expired)
    harness.clock.advance(FRESH)
    assert charge(harness.till, post, retry_of=expired.id).retry_of == expired.id
    assert harness.gateway.queries == ["c1"]


def test_rule_13_a_charge_long_after_it_asks_once_more(harness: TillHarness, post: Post, expired: Payment) -> None:
    harness.gateway.query_answers += [UNPAID, UNPAID]
    harness.till.checkout.may_ask_again(expired)
    harness.clock.advance(3_600)
    charge(harness.till, post, retry_of=expired.id)
    assert harness.gateway.queries == ["c1", "c1"]


@pytest.mark.parametrize(
    ("said", "words", "state"),
    [
        (Answer(Result.SUCCESS, "0", "c1"), "has paid after all", State.PAID),
        (Answer(Result.PENDING, "4999", "c1"), "still working", State.EXPIRED),
        (NoAnswer(detail="ReadTimeout"), "does not answer just now", State.EXPIRED),
    ],
)
def test_rule_13_what_it_learns_then_keeps_the_prompt_from_leaving(
    harness: TillHarness, post: Post, expired: Payment, said: QueryAnswer, words: str, state: State
) -> None:
    harness.gateway.query_answers += [UNPAID, said]
    harness.till.checkout.may_ask_again(expired)
    harness.clock.advance(3_600)
    with pytest.raises(BadInput, match=words):
        charge(harness.till, post, retry_of=expired.id)
    found = harness.till.reader.payment(expired.id)
    assert found
    assert (found.state, harness.gateway.pushes) == (state, [])


def test_rule_13_what_cannot_be_answered_late_is_asked_for_again_without_a_question(
    harness: TillHarness, post: Post
) -> None:
    cancelled = end(harness, sell(harness, post), "1032")
    charge(harness.till, post, retry_of=cancelled.id)
    assert harness.gateway.queries == []


def test_while_the_till_itself_asks_about_it_nobody_else_does(harness: TillHarness, expired: Payment) -> None:
    with harness.till.reconciler.alone(expired.id) as free:
        assert free
        with pytest.raises(BadInput, match="is just being asked about this payment"):
            harness.till.checkout.may_ask_again(expired)
    assert harness.gateway.queries == []
    harness.gateway.query_answers.append(UNPAID)
    harness.till.checkout.may_ask_again(expired)


def test_while_the_operator_has_it_asked_about_the_till_asks_nothing_and_a_second_later_about_another(
    harness: TillHarness, post: Post
) -> None:
    mine, other = (prompt(harness, sell(harness, post, token=token)) for token in "ab")
    harness.clock.advance(21)
    with harness.till.reconciler.alone(other.id):
        harness.till.reconciler.step()
        assert harness.gateway.queries == []
        harness.clock.advance(1)
        for _ in range(2):
            harness.till.reconciler.step()
            harness.clock.advance(1)
        assert harness.gateway.queries == [mine.checkout_request_id]
    harness.till.reconciler.step()
    assert harness.gateway.queries == [mine.checkout_request_id, other.checkout_request_id]
