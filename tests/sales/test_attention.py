"""What needs a person at a till, and who may do what about it."""

from datetime import timedelta

import pytest

from pos_app.domain.attention import Concern
from pos_app.domain.catalogue import draft_post
from pos_app.domain.operators import Act, Need, Role
from tests.support.builders import end, prompt, sell
from tests.support.staff import hire, stand
from tests.support.till_harness import TillHarness

PHONES = ("254712345678", "254722345678")


def test_what_is_open_for_long_waits_until_it_has_its_answer(harness: TillHarness) -> None:
    post = harness.till.catalogue.add(draft_post("Week pass", 250, days=7))
    payment = prompt(harness, sell(harness, post, PHONES[0]))
    assert harness.till.attention.look().items == ()
    harness.clock.advance(601)
    [item] = harness.till.attention.look().items
    assert (item.concern, item.payment and item.payment.id) == (Concern.NOT_SURE, payment.id)
    assert harness.till.attention.look().at - item.since >= timedelta(minutes=10)
    end(harness, payment, "0")
    assert harness.till.attention.look().total == 0


@pytest.mark.parametrize(
    ("role", "missing"),
    [
        (Role.OPERATOR, {Act.SETTLE, Act.REFUND, Act.CLOSE, Act.BIND, Act.STATEMENT}),
        (Role.SUPERVISOR, {Act.SETTLE, Act.REFUND}),
        (Role.OWNER, set()),
    ],
)
def test_rule_16_who_may_do_what_about_it(harness: TillHarness, role: Role, missing: set[Act]) -> None:
    hire(harness.till)
    stand(harness.till, role)
    needs = harness.till.attention.needs()
    assert {act for act, need in needs.items() if need is not Need.NOTHING} == missing
