"""What M-PESA's record says about a payment, carried out: it gives what a late callback gives."""

from dataclasses import replace
from datetime import timedelta

import pytest

from pos_app.domain.apply import apply
from pos_app.domain.classify import is_reversal_of, is_row_of
from pos_app.domain.facts import Facts
from pos_app.domain.payment import BY_OWNER, Change, Outcome, Payment, Remark, Source, State
from pos_app.domain.payment_event import EventKind, PaymentEvent
from pos_app.domain.record_event import Difference, RecordDiffers, Recorded, Reversed
from pos_app.domain.refund import refundable
from tests.support.builders import RECEIPT, a_payment, grant_of, success
from tests.support.fakes import START

LATER = START + timedelta(hours=3)
OTHER = "UKN7H7OI90"
ROW = Recorded(RECEIPT, 100, START + timedelta(seconds=20), detail="statement ab12cd34")
BACK = Reversed(100, "UKR0000001", detail="statement ab12cd34")


def told(payment: Payment, event: PaymentEvent, facts: Facts = Facts()) -> Change:
    return apply(payment, event, facts, LATER)


def test_as_the_journal_has_them() -> None:
    differs = RecordDiffers(Difference.AMOUNT, f"{RECEIPT} · KES 90")
    assert [(event.code, event.body, event.claims.receipt) for event in (ROW, BACK, differs)] == [
        ("paid", f"{RECEIPT} · KES 100 · 23 Nov 2026 14:00", RECEIPT),
        ("left", "UKR0000001 · KES 100", "UKR0000001"),
        ("amount", f"{RECEIPT} · KES 90", None),
    ]
    assert RecordDiffers(Difference.MISSING).body is None
    kinds = (EventKind.RECORDED, EventKind.REVERSED, EventKind.RECORD_DIFFERS)
    assert {kind.source for kind in kinds} == {"record"}


def test_rule_6_it_settles_what_is_open_and_what_is_not_paid_late() -> None:
    for state in (State.REQUESTED, State.PROMPTED, State.UNKNOWN):
        after = told(a_payment(state), ROW).after
        assert (after.state, after.remarks, after.receipt) == (State.PAID, frozenset(), RECEIPT)
        assert (after.receipt_by, after.amount_paid, after.closed_at) == (Source.MPESA, 100, LATER)
        assert grant_of(after).access
    for state in (State.CANCELLED, State.DECLINED, State.EXPIRED):
        after = told(a_payment(state), ROW).after
        assert (after.state, after.remarks, after.reason.word) == (State.PAID, frozenset({Remark.LATE}), None)


def test_rule_13_a_double_is_one_whoever_says_paid() -> None:
    after = told(a_payment(State.UNKNOWN), ROW, Facts(chain_paid=True)).after
    assert (after.remarks, grant_of(after).access) == (frozenset({Remark.DOUBLE}), False)


def test_it_fills_in_a_code_once() -> None:
    paid = replace(a_payment(State.PAID), receipt=None)
    filled = told(paid, ROW)
    assert (filled.outcome, filled.after.receipt, filled.after.receipt_by) == (Outcome.APPLIED, RECEIPT, Source.MPESA)
    assert filled.after.lines == paid.lines
    again = told(filled.after, ROW)
    assert (again.outcome, again.after) == (Outcome.DUPLICATE, filled.after)
    assert told(filled.after, success(filled.after)).after.remarks == frozenset()


@pytest.mark.parametrize(
    ("payment", "facts"),
    [
        (a_payment(State.PAID), Facts(receipt_taken=True)),
        (replace(a_payment(State.PAID), receipt=OTHER), Facts()),
        (replace(a_payment(State.UNKNOWN), amount=99), Facts()),
        (replace(a_payment(State.PAID), receipt=None, amount_paid=90), Facts()),
        (replace(a_payment(State.UNKNOWN), phone="erased #4 …149"), Facts()),
        (a_payment(State.UNKNOWN), Facts(typed_for=7)),
        (a_payment(State.UNKNOWN), Facts(refund_of=7)),
        (a_payment(State.NOT_SENT), Facts()),
        (a_payment(State.REVIEW, reason="ids_differ"), Facts()),
        (a_payment(State.DECLINED, reason="by_owner", remarks=frozenset({Remark.BY_OWNER})), Facts()),
        (replace(a_payment(State.PAID), receipt=None, remarks=frozenset({Remark.CODE_LOST})), Facts()),
        (replace(a_payment(State.PAID), reason=BY_OWNER, receipt_by=Source.OWNER), Facts()),
    ],
)
def test_rule_22_what_does_not_surely_fit_gives_nothing(payment: Payment, facts: Facts) -> None:
    change = told(payment, ROW, facts)
    assert (change.after, change.outcome) == (payment, Outcome.IGNORED)


def test_a_code_is_a_code() -> None:
    assert is_row_of(a_payment(State.UNKNOWN), ROW, Facts())
    assert not is_row_of(a_payment(State.UNKNOWN), replace(ROW, receipt="no code"), Facts())
    assert not is_reversal_of(a_payment(State.PAID), replace(BACK, reversal="no code"), Facts())


def test_rule_19_a_reversal_nobody_recorded_leaves_the_access_and_asks_for_a_look() -> None:
    paid = a_payment(State.PAID)
    after = told(paid, BACK).after
    assert (after.state, after.refunded, after.unseen) == (State.PAID, 100, frozenset({Remark.REVERSED}))
    assert (after.lines, refundable(after)) == (paid.lines, 0)
    part = told(told(paid, replace(BACK, amount=30)).after, replace(BACK, amount=70, reversal="UKR0000002")).after
    assert part.refunded == 100
    refused = a_payment(State.DECLINED, reason="by_owner", amount_paid=100)
    assert told(refused, BACK).after.refunded == 100


def test_a_second_reversal_asks_for_a_look_of_its_own() -> None:
    seen = replace(told(a_payment(State.PAID), replace(BACK, amount=30)).after, seen=frozenset({Remark.REVERSED}))
    assert told(seen, replace(BACK, amount=30, reversal="UKR0000002")).after.unseen == {Remark.REVERSED}


@pytest.mark.parametrize(
    ("event", "facts"),
    [
        (replace(BACK, amount=101), Facts()),
        (replace(BACK, amount=0), Facts()),
        (replace(BACK, reversal=RECEIPT), Facts()),
        (BACK, Facts(receipt_taken=True)),
        (BACK, Facts(refund_of=42)),
    ],
)
def test_what_cannot_have_gone_back_is_no_refund(event: Reversed, facts: Facts) -> None:
    paid = a_payment(State.PAID)
    assert told(paid, event, facts).after == paid


def test_all_of_it_back_works_a_double_off() -> None:
    double = a_payment(State.PAID, remarks=frozenset({Remark.DOUBLE}))
    after = told(double, BACK).after
    assert (after.refund_due, after.unseen) == (False, frozenset({Remark.REVERSED}))


@pytest.mark.parametrize("state", [State.PAID, State.UNKNOWN, State.NOT_SENT])
def test_what_differs_is_a_remark_that_asks_for_a_look(state: State) -> None:
    payment = a_payment(state)
    change = told(payment, RecordDiffers(Difference.MISSING))
    assert change.outcome is Outcome.CONFLICT
    assert change.after.unseen == {Remark.RECORD_DIFFERS}
    assert (change.after.state, change.after.lines) == (payment.state, payment.lines)
