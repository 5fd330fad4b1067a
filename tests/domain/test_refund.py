"""Money that went back: how much can, and what it means for the payment (rule 19)."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from pos_app.domain.access import Held
from pos_app.domain.apply import apply
from pos_app.domain.facts import Facts
from pos_app.domain.manual_settlement import allowed_settlements
from pos_app.domain.payment import Outcome, Payment, Remark, State
from pos_app.domain.payment_event import ManualSettlement, PaymentEvent, RefundCodeTaken, Refunded, Settlement
from pos_app.domain.refund import due_back, refundable, whole
from tests.support.builders import RECEIPT, a_payment, answer, failure, grant_of, success
from tests.support.fakes import START

LATER = START + timedelta(hours=1)
REVERSAL = "UKR0000001"
NOTHING_KNOWN = Facts()


def told(payment: Payment, *many: PaymentEvent, facts: Facts = NOTHING_KNOWN) -> Payment:
    for event in many:
        payment = apply(payment, event, facts, LATER).after
    return payment


def back(amount: int = 100, code: str = REVERSAL, **changes: Any) -> Refunded:
    return replace(Refunded(amount, code, withdraw=False, version=1, detail="wrong room"), **changes)


PAID = told(a_payment(), success(a_payment()))


def test_the_state_stays_and_the_sum_grows() -> None:
    part = told(PAID, back(30))
    assert part == replace(PAID, refunded=30, updated_at=LATER)
    assert (refundable(part), whole(part)) == (70, False)
    rest = told(part, back(70, "UKR0000002"))
    assert (rest.state, rest.refunded, refundable(rest), whole(rest)) == (State.PAID, 100, 0, True)
    assert not whole(PAID)


@pytest.mark.parametrize(
    ("event", "facts"),
    [
        (back(101), NOTHING_KNOWN),
        (back(0), NOTHING_KNOWN),
        (back(-1), NOTHING_KNOWN),
        (back(version=2), NOTHING_KNOWN),
        (back(code=RECEIPT), NOTHING_KNOWN),
        (back(code="in cash"), NOTHING_KNOWN),
        (back(), Facts(receipt_taken=True)),
        (back(), Facts(typed_for=7)),
        (back(), Facts(refund_of=7)),
        (back(), Facts(refund_of=42)),
    ],
)
def test_what_cannot_have_gone_back_changes_nothing(event: Refunded, facts: Facts) -> None:
    change = apply(PAID, event, facts, LATER)
    assert (change.after, change.outcome) == (PAID, Outcome.IGNORED)


@pytest.mark.parametrize("state", [state for state in State if state is not State.PAID])
def test_of_what_is_not_paid_nothing_goes_back(state: State) -> None:
    payment = a_payment(state)
    assert refundable(payment) == 0
    assert told(payment, back(1)) == payment


def test_what_the_owner_refused_goes_back_as_far_as_m_pesa_has_named_it() -> None:
    held = told(a_payment(), success(a_payment(), amount=Decimal(60)))
    assert refundable(held) == 0, "in review nobody has decided yet"
    refused = told(held, ManualSettlement(Settlement.DECLINED, detail="too little"))
    assert refundable(refused) == 60
    after = told(refused, back(60))
    assert (after.state, after.refunded, whole(after)) == (State.DECLINED, 60, True)
    unnamed = told(a_payment(), success(a_payment()), facts=Facts(receipt_taken=True))
    assert refundable(told(unnamed, ManualSettlement(Settlement.DECLINED, detail="x"))) == 0


def test_late_evidence_changes_nothing_of_a_refund() -> None:
    asked = told(a_payment(receipt=None), answer(a_payment()))
    after = told(told(asked, back()), success(asked, amount=Decimal(40)), failure(asked))
    assert (after.state, after.refunded, after.amount_paid) == (State.PAID, 100, 100)
    assert after.unseen == {Remark.AMOUNT_DIFFERS, Remark.CONFLICT}, "somebody looks all the same"
    more = told(told(asked, back(30)), success(asked, amount=Decimal(40)))
    assert (more.refunded, more.amount_paid) == (30, 40)


def test_what_was_refused_and_refunded_is_not_settled_for_less() -> None:
    held = told(a_payment(), success(a_payment(), amount=Decimal(60)))
    refused = told(held, ManualSettlement(Settlement.DECLINED, detail="too little"), back(60))
    again = told(refused, success(refused, amount=Decimal(50), receipt="UKN0000009"))
    assert (again.state, again.amount_paid) == (State.REVIEW, 60)
    word = ManualSettlement(Settlement.PAID, "UKN0000009", 59, detail="x")
    assert told(again, word) == again
    assert told(again, replace(word, amount=60)).state is State.PAID


def double(**facts: Any) -> Payment:
    return told(a_payment(), success(a_payment()), facts=Facts(chain_paid=True, **facts))


def test_rule_13_a_double_is_due_until_all_of_it_is_back() -> None:
    part = told(double(), back(40))
    assert (part.refund_due, part.remarks) == (True, frozenset({Remark.DOUBLE}))
    assert allowed_settlements(part, LATER) == (Settlement.REFUNDED, Settlement.BOTH_MEANT)
    rest = told(part, back(60, "UKR0000002"))
    assert (rest.refund_due, rest.remarks) == (False, frozenset({Remark.DOUBLE, Remark.REFUNDED}))
    assert allowed_settlements(rest, LATER) == ()


def test_what_was_meant_twice_and_goes_back_is_no_double_any_more() -> None:
    meant = told(double(), ManualSettlement(Settlement.BOTH_MEANT, detail="x"))
    after = told(meant, back(withdraw=True))
    assert after.remarks == {Remark.DOUBLE, Remark.BOTH_MEANT}
    assert not after.gives_access
    assert told(after, success(after), answer(after)).lines == after.lines, "what is withdrawn is not given again"


@pytest.mark.parametrize(("amount", "remains"), [(100, False), (99, True)])
def test_what_asked_for_a_look_asks_no_more_once_all_is_back(amount: int, remains: bool) -> None:
    paid = told(a_payment(), success(a_payment()), facts=Facts(other_paid=True))
    after = told(paid, back(amount))
    assert (after.remarks, after.needs_attention) == (frozenset({Remark.OTHER_PAID}), remains)


def test_a_contradiction_of_m_pesa_is_looked_at_also_when_all_is_back() -> None:
    assert told(told(PAID, failure(PAID)), back()).unseen == {Remark.CONFLICT}


def test_withdrawn_access_ends_and_stays_readable() -> None:
    held = Facts(held=(Held(LATER + timedelta(days=7)),))
    paid = told(a_payment(), success(a_payment()), facts=held)
    after = told(paid, back(withdraw=True))
    grant = grant_of(after)
    assert (grant.access, grant.withdrawn_at) == (False, LATER)
    assert (grant.until, grant.starts_at) == (grant_of(paid).until, grant_of(paid).starts_at)
    assert after.granted, "one grant for each line, for ever"
    assert not after.gives_access
    assert told(paid, back()).lines == paid.lines
    again = told(told(paid, back(1, withdraw=True)), back(1, "UKR0000002", withdraw=True))
    assert grant_of(again) == grant, "withdrawn once"


def test_what_gives_no_access_has_none_to_withdraw() -> None:
    assert told(double(), back(withdraw=True)).lines == double().lines


def test_m_pesa_gives_the_code_of_the_refund_to_a_payment() -> None:
    refunded = told(PAID, back())
    clash = told(refunded, RefundCodeTaken("UKR0000001", detail="M-PESA gave it to A-20261123-0043"))
    assert clash == replace(refunded, remarks=frozenset({Remark.REFUND_CLASH}))
    assert clash.needs_attention
    assert allowed_settlements(clash, LATER) == (Settlement.SEEN,)


def test_rule_9_the_owner_settles_nothing_with_the_code_of_a_refund() -> None:
    held = told(a_payment(), success(a_payment(), amount=Decimal(60)))
    word = ManualSettlement(Settlement.PAID, REVERSAL, detail="x")
    assert told(held, word, facts=Facts(refund_of=7)) == held
    assert told(held, success(held), facts=Facts(refund_of=7)) == held
    paid = told(a_payment(), success(a_payment()), facts=Facts(refund_of=7))
    assert paid.state is State.PAID, "M-PESA's own word comes before what a person typed"


def test_of_money_that_was_bound_what_came_beyond_the_sale_is_due() -> None:
    bound = a_payment(State.PAID, amount=50, amount_paid=130, remarks=frozenset({Remark.BOUND, Remark.REST_DUE}))
    assert (due_back(bound), refundable(bound)) == (80, 130)
    assert due_back(replace(bound, refunded=30)) == 50
    assert due_back(replace(bound, seen=frozenset({Remark.REST_DUE}))) == 130, "the owner has looked at it"
    assert due_back(replace(bound, refunded=80)) == 50
    assert due_back(a_payment(State.PAID, amount=50)) == 50
