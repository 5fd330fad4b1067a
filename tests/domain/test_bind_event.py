"""A person's word about money without a prompt, carried out: what it gives, and that it can be taken back."""

from dataclasses import replace
from datetime import timedelta

import pytest

from pos_app.domain.apply import apply
from pos_app.domain.bind_event import Bound, Unbound
from pos_app.domain.erasure import without_person
from pos_app.domain.facts import Facts
from pos_app.domain.payment import BY_OWNER, Change, Outcome, Payment, Remark, Source, State
from pos_app.domain.payment_event import CodeTaken, EventKind, PaymentEvent, Refunded
from pos_app.domain.record_event import Recorded
from tests.support.builders import RECEIPT, a_payment, grant_of, without_ids
from tests.support.fakes import START

LATER = START + timedelta(hours=3)
CAME = START - timedelta(hours=5)
MONEY = Bound(RECEIPT, 100, CAME)
NEW = without_ids(a_payment(State.REQUESTED, created_at=LATER))
BACK = Unbound(1, "Brian", detail="the wrong customer")


def told(payment: Payment, event: PaymentEvent, facts: Facts = Facts()) -> Change:
    return apply(payment, event, facts, LATER)


def bound(amount: int = 100) -> Payment:
    return told(NEW, replace(MONEY, amount=amount)).after


def test_as_the_journal_has_them() -> None:
    assert (MONEY.code, MONEY.body) == ("paid", f"{RECEIPT} · KES 100 · 23 Nov 2026 09:00")
    assert (BACK.code, BACK.body, BACK.detail, BACK.claims.receipt) == ("unbound", "Brian", "the wrong customer", None)
    assert {kind.source for kind in (EventKind.BOUND, EventKind.UNBOUND)} == {"person"}
    assert [without_person(event) for event in (MONEY, BACK)] == [MONEY, BACK]


def test_bound_it_is_paid_by_m_pesas_code_amount_and_time_and_marked() -> None:
    after = bound()
    assert (after.state, after.receipt, after.receipt_by, after.amount_paid) == (State.PAID, RECEIPT, Source.OWNER, 100)
    assert (after.completed_at, after.closed_at, after.remarks) == (CAME, LATER, frozenset({Remark.BOUND}))
    assert (grant_of(after).granted_at, grant_of(after).until) == (LATER, LATER + timedelta(days=30))
    assert (after.rest, after.needs_attention) == (0, False)


@pytest.mark.parametrize(
    "facts", [Facts(receipt_taken=True), Facts(typed_for=7), Facts(refund_of=7)], ids=["payment", "typed", "refund"]
)
def test_a_code_that_anybody_holds_proves_nothing(facts: Facts) -> None:
    assert told(NEW, MONEY, facts) == Change(before=NEW, after=NEW, outcome=Outcome.IGNORED)


def test_neither_do_less_money_no_code_and_an_erased_customer() -> None:
    erased = replace(NEW, phone="erased #5 …149")
    for payment, event in (
        (NEW, replace(MONEY, amount=99)), (NEW, replace(MONEY, receipt="ukn")), (erased, MONEY)
    ):  # fmt: skip
        assert told(payment, event).after == payment


def test_what_is_left_is_due_until_that_much_went_back() -> None:
    more = bound(130)
    assert (more.amount, more.amount_paid, more.rest, more.unseen) == (100, 130, 30, frozenset({Remark.REST_DUE}))
    part = told(more, Refunded(29, "UKR0000001", withdraw=False, version=1)).after
    assert part.unseen == {Remark.REST_DUE}
    all_due = told(part, Refunded(1, "UKR0000002", withdraw=False, version=1)).after
    assert (all_due.unseen, all_due.gives_access) == (frozenset(), True)
    whole = told(more, Refunded(130, "UKR0000001", withdraw=True, version=1)).after
    assert (whole.unseen, whole.gives_access) == (frozenset(), False)


def test_undone_nothing_was_paid_and_what_it_gave_is_withdrawn() -> None:
    after = told(bound(130), BACK).after
    assert (after.state, after.reason, after.closed_at) == (State.DECLINED, BY_OWNER, LATER)
    assert (after.receipt, after.receipt_by, after.amount_paid, after.completed_at) == (None, None, None, None)
    assert (after.remarks, after.unseen) == (frozenset({Remark.BOUND, Remark.REST_DUE, Remark.UNBOUND}), frozenset())
    assert (grant_of(after).access, grant_of(after).withdrawn_at) == (False, LATER)
    assert after.granted
    assert told(after, BACK).outcome is Outcome.IGNORED
    assert told(after, Recorded(RECEIPT, 100, LATER)).after == after


def test_only_what_was_bound_is_undone_as_it_was_seen_and_while_nothing_went_back() -> None:
    back = told(bound(), Refunded(1, "UKR0000001", withdraw=False, version=1)).after
    for payment, event in (
        (a_payment(State.PAID), BACK), (bound(), replace(BACK, version=2)), (back, BACK)
    ):  # fmt: skip
        assert told(payment, event).after == payment


def test_rule_9_its_code_can_be_lost_and_then_it_is_undone() -> None:
    lost = told(bound(), CodeTaken(detail="M-PESA gave it to A-20261123-0043")).after
    assert (lost.state, lost.receipt, lost.unseen) == (State.PAID, None, frozenset({Remark.CODE_LOST}))
    assert told(lost, BACK).after.needs_attention is False
