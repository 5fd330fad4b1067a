"""Which event moves a payment where: the whole table, each rule of money, and what no sequence of events can do."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from math import prod
from typing import Any, TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.domain.access import Held
from pos_app.domain.apply import apply
from pos_app.domain.bind_event import Bound, Identified, Unbound
from pos_app.domain.correction import RefundTakenBack, is_owners_word, is_refused
from pos_app.domain.facts import Facts
from pos_app.domain.manual_settlement import allowed_settlements, needs_amount
from pos_app.domain.payment import BY_OWNER, Change, Outcome, Payment, Remark, Source, State
from pos_app.domain.payment_event import (
    Accepted,
    Answer,
    Callback,
    CodeTaken,
    Interrupted,
    ManualSettlement,
    NoAnswer,
    NotSent,
    OtherRefunded,
    PaymentEvent,
    RefundCodeTaken,
    Refunded,
    Result,
    Settlement,
    Silence,
    Unanswered,
    UnreadableCallback,
)
from pos_app.domain.payment_line import Grant
from pos_app.domain.record_event import Difference, RecordDiffers, Recorded, Reversed
from pos_app.domain.transitions import Evidence, Substate, substate
from tests.support.builders import (
    CHECKOUT,
    MERCHANT,
    RECEIPT,
    a_line,
    a_payment,
    a_post,
    accepted,
    answer,
    failure,
    grant_of,
    success,
    without_ids,
)
from tests.support.builders import a_payment as payment_in
from tests.support.examples import examples
from tests.support.fakes import PHONE, START

LATER = START + timedelta(minutes=1)
NOTHING_KNOWN = Facts()
OTHER_ID = "ws_CO_23112026140000999708374149"
OTHER_RECEIPT = "AAA1112223"
REVERSAL = "UKR0000001"


def told(payment: Payment, *many: PaymentEvent, facts: Facts = NOTHING_KNOWN) -> Payment:
    """The payment after these events, one after the other."""
    for event in many:
        payment = apply(payment, event, facts, LATER).after
    return payment


# The table -----------------------------------------------------------------------------------------------------------

# A cell says what becomes of a payment with this substate (row) when an event proves this (column):
#   state        it goes there (applied); "+late" with this remark, "+late+identified" with both
#   .            it stays (ignored)           =   it stays (a repetition)
#   !            it stays (conflict), journal line only;  !remark: with this remark (!odd: what is odd about the event)
COLUMNS = (
    "accepted accepted_other not_sent unanswered silent nothing unreadable foreign"
    " paid paid_curable paid_held cancelled declined expired owner_paid owner_declined owner_closed"
    " owner_refunded owner_meant owner_seen code_taken money_back refund_clash refund_taken_back other_back"
    " recorded reversed record_differs bound unbound identified unidentified"
)
TABLE = """
requested prompted unknown! not_sent unknown unknown . . ! paid review review cancelled declined expired \
 paid+by_owner . expired+by_owner . . requested . . . . . paid . !record_differs paid+bound . . .
prompted = ! . . unknown . . ! paid review review cancelled declined expired paid+by_owner . expired+by_owner . . \
 prompted . . . . . paid . !record_differs . . . .
unknown prompted ! not_sent . . . . ! paid review review cancelled declined expired paid+by_owner . expired+by_owner \
 . . unknown . . . . . paid . !record_differs . . paid+identified .
curable = ! . . . . . ! paid . review !conflict !conflict !conflict paid+by_owner declined+by_owner . . . . . . . . \
 . . . !record_differs . . . .
held = ! . . . . . ! . . . !conflict !conflict !conflict paid+by_owner declined+by_owner . . . . . . . . . . . \
 !record_differs . . . .
paid = !ids_differ . . . . . ! = !odd !odd !conflict !conflict !conflict . declined+by_owner . paid+refunded \
 paid+both_meant paid !code_lost paid !refund_clash paid paid+other_back = paid+reversed !record_differs . \
 declined+unbound . expired+unidentified
cancelled = ! . . . . . ! paid+late review+late review+late = . . . . . . . cancelled . . . . . paid+late . \
 !record_differs . . paid+late+identified .
declined = ! . . . . . ! paid+late review+late review+late . = . . . . . . declined . . . . . paid+late . \
 !record_differs . . paid+late+identified .
expired = ! . . . . . ! paid+late review+late review+late . . = . . . . . expired . . . . . paid+late . \
 !record_differs . . paid+late+identified .
not_sent = ! . . . . . ! paid+late review+late review+late . . . . . . . . not_sent . . . . . . . !record_differs . \
 . paid+late+identified .
refused = ! . . . . . ! review+late review+late review+late . . . paid . . . . declined . declined \
 !refund_clash declined . . declined+reversed !record_differs . . . .
"""
CELLS = [
    (Substate(row.split()[0]), Evidence(column), cell)
    for row in TABLE.replace("\\\n", "").strip().splitlines()
    for column, cell in zip(COLUMNS.split(), row.split()[1:], strict=True)
]
PAYMENTS = {
    Substate.CURABLE: payment_in(State.REVIEW, reason="ids_differ", receipt=RECEIPT),
    Substate.HELD: payment_in(State.REVIEW, reason="amount_differs", receipt=RECEIPT),
    Substate.REFUSED: payment_in(State.DECLINED, reason="by_owner", remarks=frozenset({Remark.BY_OWNER})),
    **{
        Substate(state.value): payment_in(state, reason="unreachable" if state is State.NOT_SENT else reason)
        for state in State
        if state is not State.REVIEW
        for reason in [payment_in(state).reason.word]
    },
}
OURS = payment_in()
EVENTS: dict[Evidence, list[tuple[PaymentEvent, Facts, Remark | None]]] = {
    Evidence.ACCEPTED: [(accepted(OURS), NOTHING_KNOWN, None)],
    Evidence.ACCEPTED_OTHER: [
        (Accepted(MERCHANT, OTHER_ID), NOTHING_KNOWN, None),
        (Accepted("other", CHECKOUT), NOTHING_KNOWN, None),
        (accepted(OURS), Facts(checkout_taken=True), None),
    ],
    Evidence.NOT_SENT: [(NotSent("unreachable"), NOTHING_KNOWN, None)],
    Evidence.UNANSWERED: [(Unanswered(detail="HTTP 503"), NOTHING_KNOWN, None), (Interrupted(), NOTHING_KNOWN, None)],
    Evidence.SILENT: [(Silence(), NOTHING_KNOWN, None)],
    Evidence.NOTHING: [
        (NoAnswer(detail="ReadTimeout"), NOTHING_KNOWN, None),
        (answer(OURS, "4999"), NOTHING_KNOWN, None),
        (Answer(Result.SUCCESS, "0", OTHER_ID), NOTHING_KNOWN, None),
        (Answer(Result.SUCCESS, "0", None), NOTHING_KNOWN, None),
        (failure(OURS, "4999"), NOTHING_KNOWN, None),
    ],
    Evidence.UNREADABLE: [(UnreadableCallback(detail="no JSON"), NOTHING_KNOWN, None)],
    Evidence.FOREIGN: [
        (failure(OURS, checkout_request_id=OTHER_ID), NOTHING_KNOWN, None),
        (failure(OURS, merchant_request_id="other"), NOTHING_KNOWN, None),
        (failure(OURS, merchant_request_id=None), NOTHING_KNOWN, None),
        (failure(OURS), Facts(checkout_taken=True), None),
    ],
    Evidence.PAID: [
        (success(OURS), NOTHING_KNOWN, None),
        (success(OURS, amount=Decimal("100.00")), NOTHING_KNOWN, None),
        (success(OURS, phone=None), NOTHING_KNOWN, None),
        (answer(OURS), NOTHING_KNOWN, None),
    ],
    Evidence.PAID_CURABLE: [
        (success(OURS, checkout_request_id=OTHER_ID), NOTHING_KNOWN, Remark.IDS_DIFFER),
        (success(OURS, merchant_request_id=None), NOTHING_KNOWN, Remark.IDS_DIFFER),
        (success(OURS), Facts(checkout_taken=True), Remark.IDS_DIFFER),
        (success(OURS, amount=None), NOTHING_KNOWN, Remark.INCOMPLETE),
        (success(OURS, receipt=None), NOTHING_KNOWN, Remark.INCOMPLETE),
    ],
    Evidence.PAID_HELD: [
        (success(OURS, amount=Decimal(99)), NOTHING_KNOWN, Remark.AMOUNT_DIFFERS),
        (success(OURS, amount=Decimal("100.01")), NOTHING_KNOWN, Remark.AMOUNT_DIFFERS),
        (success(OURS), Facts(receipt_taken=True), Remark.RECEIPT_CLASH),
        (success(OURS, amount=None), Facts(receipt_taken=True), Remark.RECEIPT_CLASH),
        (success(OURS, merchant_request_id="other"), Facts(receipt_taken=True), Remark.RECEIPT_CLASH),
    ],
    Evidence.CANCELLED: [(failure(OURS, "1032"), NOTHING_KNOWN, None), (answer(OURS, "1032"), NOTHING_KNOWN, None)],
    Evidence.DECLINED: [(failure(OURS, "2001"), NOTHING_KNOWN, None), (answer(OURS, "2001"), NOTHING_KNOWN, None)],
    Evidence.EXPIRED: [(failure(OURS, "1037"), NOTHING_KNOWN, None), (answer(OURS, "1037"), NOTHING_KNOWN, None)],
    Evidence.OWNER_PAID: [
        (
            ManualSettlement(Settlement.PAID, OTHER_RECEIPT, 99, LATER - timedelta(hours=1), detail="on the statement"),
            NOTHING_KNOWN,
            None,
        )
    ],
    Evidence.OWNER_DECLINED: [(ManualSettlement(Settlement.DECLINED, detail="too little"), NOTHING_KNOWN, None)],
    Evidence.OWNER_CLOSED: [(ManualSettlement(Settlement.CLOSED, detail="not on the statement"), NOTHING_KNOWN, None)],
    Evidence.OWNER_REFUNDED: [(ManualSettlement(Settlement.REFUNDED, detail="sent back"), NOTHING_KNOWN, None)],
    Evidence.OWNER_MEANT: [(ManualSettlement(Settlement.BOTH_MEANT, detail="two months"), NOTHING_KNOWN, None)],
    Evidence.OWNER_SEEN: [(ManualSettlement(Settlement.SEEN, detail="the statement is right"), NOTHING_KNOWN, None)],
    Evidence.OTHER_BACK: [(OtherRefunded(detail="A-20261123-0043, with its access"), NOTHING_KNOWN, None)],
    Evidence.CODE_TAKEN: [(CodeTaken(detail="M-PESA gave it to A-20261123-0043"), NOTHING_KNOWN, None)],
    Evidence.MONEY_BACK: [
        (Refunded(100, REVERSAL, withdraw=False, version=1, detail="wanted another"), NOTHING_KNOWN, None),
        (Refunded(1, REVERSAL, withdraw=True, version=1, detail="a part of it"), NOTHING_KNOWN, None),
    ],
    Evidence.REFUND_TAKEN_BACK: [
        (RefundTakenBack(100, REVERSAL, 1, detail="another's"), Facts(refund_of=OURS.id), None),
        (RefundTakenBack(1, REVERSAL, 1, detail="mistyped"), Facts(refund_of=OURS.id), None),
    ],
    Evidence.REFUND_CLASH: [
        (RefundCodeTaken(REVERSAL, detail="M-PESA gave it to A-20261123-0043"), NOTHING_KNOWN, None)
    ],
    Evidence.RECORDED: [(Recorded(RECEIPT, OURS.amount, LATER), NOTHING_KNOWN, None)],
    Evidence.REVERSED: [(Reversed(40, REVERSAL), NOTHING_KNOWN, None)],
    Evidence.RECORD_DIFFERS: [(RecordDiffers(Difference.MISSING), NOTHING_KNOWN, None)],
    Evidence.BOUND: [(Bound(OTHER_RECEIPT, OURS.amount, LATER), NOTHING_KNOWN, None)],
    Evidence.UNBOUND: [(Unbound(1, "Brian", detail="the wrong customer"), NOTHING_KNOWN, None)],
    Evidence.IDENTIFIED: [
        (Identified(OTHER_RECEIPT, OURS.amount, LATER - timedelta(hours=24), 1, detail="by Brian"), NOTHING_KNOWN, None)
    ],
    Evidence.UNIDENTIFIED: [(Unbound(1, "Brian", detail="the wrong one"), NOTHING_KNOWN, None)],
}
NEEDS: dict[Evidence, dict[str, Any]] = {  # what a payment needs, so that an event can prove this
    Evidence.OWNER_PAID: {"merchant_request_id": None, "checkout_request_id": None},
    Evidence.OWNER_REFUNDED: {"remarks": frozenset({Remark.DOUBLE})},
    Evidence.OWNER_MEANT: {"remarks": frozenset({Remark.DOUBLE})},
    Evidence.OTHER_BACK: {"remarks": frozenset({Remark.DOUBLE})},
    Evidence.OWNER_SEEN: {"remarks": frozenset({Remark.CONFLICT})},
    Evidence.MONEY_BACK: {"amount_paid": 100},
    Evidence.REFUND_TAKEN_BACK: {"amount_paid": 100, "refunded": 100},
    Evidence.REVERSED: {"amount_paid": 100},
    Evidence.UNBOUND: {"remarks": frozenset({Remark.BOUND})},
    Evidence.IDENTIFIED: {"receipt": None},
    Evidence.UNIDENTIFIED: {"remarks": frozenset({Remark.IDENTIFIED})},
}


def test_the_table_has_every_substate_and_every_evidence_once() -> None:
    assert sorted((at, evidence) for at, evidence, _ in CELLS) == sorted(
        (at, evidence) for at in Substate for evidence in Evidence
    )


@pytest.mark.parametrize(("at", "payment"), PAYMENTS.items())
def test_the_substate_splits_review_by_its_reason(at: Substate, payment: Payment) -> None:
    assert substate(payment) is at


@pytest.mark.parametrize(
    ("reason", "at"),
    [
        (Remark.IDS_DIFFER, Substate.CURABLE),
        (Remark.INCOMPLETE, Substate.CURABLE),
        (Remark.AMOUNT_DIFFERS, Substate.HELD),
        (Remark.RECEIPT_CLASH, Substate.HELD),
        (None, Substate.HELD),
    ],
)
def test_rule_9_who_may_leave_a_review(reason: str | None, at: Substate) -> None:
    assert substate(payment_in(State.REVIEW, reason=reason)) is at


@pytest.mark.parametrize(("at", "evidence", "cell"), CELLS, ids=lambda value: str(value))
def test_every_cell_of_the_table(at: Substate, evidence: Evidence, cell: str) -> None:
    payment = replace(PAYMENTS[at], created_at=LATER - timedelta(hours=24), **NEEDS.get(evidence, {}))
    if (at, evidence) == (Substate.PAID, Evidence.CODE_TAKEN):
        payment = replace(payment, receipt_by=Source.OWNER)
    if (at, evidence) == (Substate.PAID, Evidence.OWNER_DECLINED):
        payment = replace(payment, receipt_by=Source.OWNER, reason=BY_OWNER)
    for event, facts, flag in EVENTS[evidence]:
        change = apply(payment, event, facts, LATER)
        assert expected_of(change) == read_cell(cell, payment, flag), event
        if evidence is Evidence.PAID_HELD and cell.startswith("review"):
            assert substate(change.after) is Substate.HELD
        if evidence is Evidence.PAID_CURABLE and cell.startswith("review"):
            assert substate(change.after) is (Substate.HELD if at is Substate.REFUSED else Substate.CURABLE)


Expected = tuple[State, Outcome, frozenset[Remark]]


def expected_of(change: Change) -> Expected:
    return change.after.state, change.outcome, change.after.remarks - change.before.remarks


def read_cell(cell: str, payment: Payment, flag: Remark | None) -> Expected:
    if cell in (".", "="):
        return payment.state, Outcome.DUPLICATE if cell == "=" else Outcome.IGNORED, frozenset()
    state, conflict, remark = cell.partition("!")
    if not conflict:
        state, _, remark = cell.partition("+")
    name = flag.value if remark == "odd" and flag else remark
    return (
        State(state) if state else payment.state,
        Outcome.CONFLICT if conflict else Outcome.APPLIED,
        frozenset(Remark(each) for each in name.split("+") if each),
    )


# The rules -----------------------------------------------------------------------------------------------------------


def test_rule_5_accepted_after_a_callback_only_fills_in_missing_ids() -> None:
    paid = told(without_ids(payment_in(State.REQUESTED)), success(OURS, merchant_request_id=None))
    assert (paid.state, paid.merchant_request_id, paid.checkout_request_id) == (State.PAID, None, CHECKOUT)
    change = apply(paid, accepted(OURS), NOTHING_KNOWN, LATER)
    assert change.after == replace(paid, merchant_request_id=MERCHANT)
    assert change.outcome is Outcome.APPLIED
    assert apply(change.after, accepted(OURS), NOTHING_KNOWN, LATER).outcome is Outcome.DUPLICATE


@pytest.mark.parametrize("code", ["0", "1032", "2001", "1037", "4999"])
def test_rule_5_a_callbacks_ids_are_stored_when_ours_are_unknown(code: str) -> None:
    waiting = without_ids(payment_in(State.UNKNOWN))
    event = success(OURS) if code == "0" else failure(OURS, code)
    learnt = told(waiting, event)
    assert (learnt.merchant_request_id, learnt.checkout_request_id) == (MERCHANT, CHECKOUT)


@pytest.mark.parametrize("amount", [None, Decimal(1), Decimal(100)])
@pytest.mark.parametrize("state", [State.REQUESTED, State.UNKNOWN, State.EXPIRED, State.PAID, State.REVIEW])
def test_rule_5_clashing_ids_and_codes_stay_in_the_journal(state: State, amount: Decimal | None) -> None:
    """Whatever else is odd about the callback: a key of another payment in the column would undo the whole event."""
    payment = replace(without_ids(payment_in(state)), receipt=None)
    clash = Facts(receipt_taken=True, checkout_taken=True)
    after = told(payment, success(OURS, amount=amount), facts=clash)
    assert (after.checkout_request_id, after.merchant_request_id, after.receipt) == (None, None, None)


def test_rule_5_a_clashing_code_does_not_keep_good_ids_out() -> None:
    after = told(without_ids(payment_in(State.UNKNOWN)), success(OURS), facts=Facts(receipt_taken=True))
    assert (after.state, after.reason.word) == (State.REVIEW, "receipt_clash")
    assert (after.checkout_request_id, after.receipt) == (CHECKOUT, None)


def test_rule_5_an_acceptance_with_a_clashing_id_leaves_the_payment_not_sure() -> None:
    payment = without_ids(payment_in(State.REQUESTED))
    change = apply(payment, accepted(OURS), Facts(checkout_taken=True), LATER)
    assert (change.after.state, change.after.checkout_request_id) == (State.UNKNOWN, None)
    assert change.outcome is Outcome.CONFLICT


ASK_NOW: Sequence[PaymentEvent] = (
    UnreadableCallback(detail="no JSON"),
    failure(OURS, checkout_request_id=OTHER_ID),
    success(OURS, merchant_request_id="other"),
    success(OURS, amount=None),
    Interrupted(),
)


@pytest.mark.parametrize("event", ASK_NOW)
def test_what_makes_the_next_query_due_at_once(event: PaymentEvent) -> None:
    assert apply(payment_in(State.REQUESTED), event, NOTHING_KNOWN, LATER).ask_now
    assert apply(payment_in(State.CANCELLED), event, NOTHING_KNOWN, LATER).ask_now
    assert not apply(payment_in(State.PAID), event, NOTHING_KNOWN, LATER).ask_now


@pytest.mark.parametrize(
    "event", [UnreadableCallback(detail="no JSON"), Interrupted(), Unanswered(detail="ReadTimeout")]
)
def test_nothing_can_be_asked_without_a_checkout_request_id(event: PaymentEvent) -> None:
    assert not apply(without_ids(payment_in(State.REQUESTED)), event, NOTHING_KNOWN, LATER).ask_now


@pytest.mark.parametrize("event", [success(OURS), failure(OURS), answer(OURS, "4999"), NoAnswer(detail="x"), Silence()])
def test_other_events_wait_for_the_schedule(event: PaymentEvent) -> None:
    assert not apply(payment_in(State.PROMPTED), event, NOTHING_KNOWN, LATER).ask_now


SUCCESSES: Sequence[PaymentEvent] = (success(OURS), answer(OURS))
FAILURES: Sequence[PaymentEvent] = tuple(
    event for code in ("1032", "2001", "1037") for event in (failure(OURS, code), answer(OURS, code))
)


@pytest.mark.parametrize("yes", SUCCESSES)
@pytest.mark.parametrize("no", FAILURES)
def test_rule_6_not_paid_then_success_is_paid_late(no: PaymentEvent, yes: PaymentEvent) -> None:
    paid = told(OURS, no, yes)
    assert (paid.state, paid.remarks, paid.granted, paid.reason.word) == (
        State.PAID,
        frozenset({Remark.LATE}),
        True,
        None,
    )


@pytest.mark.parametrize("yes", SUCCESSES)
@pytest.mark.parametrize("no", FAILURES)
def test_rule_6_success_then_not_paid_stays_paid_in_conflict(no: PaymentEvent, yes: PaymentEvent) -> None:
    paid = told(OURS, yes)
    after = told(paid, no)
    assert after == replace(paid, remarks=frozenset({Remark.CONFLICT}))
    assert after.needs_attention
    assert told(after, no) == after


def test_rule_6_a_success_lifts_what_was_not_sent() -> None:
    paid = told(without_ids(payment_in(State.REQUESTED)), NotSent("unreachable"), success(OURS))
    assert (paid.state, paid.remarks) == (State.PAID, frozenset({Remark.LATE}))


@pytest.mark.parametrize("first", FAILURES)
@pytest.mark.parametrize("second", FAILURES)
def test_rule_6_of_two_not_paid_codes_the_first_stays(first: PaymentEvent, second: PaymentEvent) -> None:
    closed = told(OURS, first)
    assert told(closed, second) == closed


def test_rule_7_not_paid_keeps_mpesas_code_as_its_reason() -> None:
    closed = told(OURS, failure(OURS, "2001"))
    assert (closed.state, closed.reason.word, closed.closed_at) == (State.DECLINED, "2001", LATER)


def test_rule_7_silence_only_makes_it_unknown() -> None:
    silent = told(OURS, Silence(), Silence())
    assert (silent.state, silent.closed_at) == (State.UNKNOWN, None)
    assert silent.state.open


def test_rule_7_a_connection_that_never_opened_closes() -> None:
    closed = told(without_ids(payment_in(State.REQUESTED)), NotSent("unreachable"))
    assert (closed.state, closed.reason.word, closed.closed_at) == (State.NOT_SENT, "unreachable", LATER)


def test_rule_8a_a_callback_as_asked_grants() -> None:
    change = apply(OURS, success(OURS), NOTHING_KNOWN, LATER)
    assert change.granted
    assert (change.after.state, change.after.receipt, change.after.closed_at) == (State.PAID, RECEIPT, LATER)
    assert change.after.updated_at == LATER
    assert (change.after.amount_paid, change.after.receipt_by) == (100, Source.MPESA)


def test_rule_8a_ids_that_we_do_not_know_are_no_condition() -> None:
    assert told(without_ids(payment_in(State.UNKNOWN)), success(OURS)).state is State.PAID


def test_rule_8b_our_own_query_grants_and_the_code_follows() -> None:
    paid = told(OURS, answer(OURS))
    assert (paid.granted, paid.receipt) == (True, None)
    change = apply(paid, success(OURS), NOTHING_KNOWN, LATER)
    assert paid.amount_paid == 100  # "0" means what we asked
    assert change.after == replace(paid, receipt=RECEIPT, receipt_by=Source.MPESA)
    assert not change.granted


@pytest.mark.parametrize("checkout", [None, OTHER_ID])
def test_rule_8b_an_answer_about_another_id_is_no_answer(checkout: str | None) -> None:
    assert told(OURS, Answer(Result.SUCCESS, "0", checkout)) == OURS


def test_rule_8b_no_id_no_evidence() -> None:
    payment = without_ids(payment_in(State.UNKNOWN))
    assert told(payment, Answer(Result.SUCCESS, "0", None)) == payment


@pytest.mark.parametrize(("phone", "remark"), [(None, None), (PHONE, None), ("254712345678", Remark.PHONE_DIFFERS)])
def test_rule_8_the_phone_is_never_a_condition(phone: str | None, remark: Remark | None) -> None:
    paid = told(OURS, success(OURS, phone=phone))
    assert (paid.state, paid.remarks) == (State.PAID, frozenset({remark} if remark else ()))


def test_what_a_not_paid_callback_says_of_receipt_and_phone_is_not_believed() -> None:
    closed = told(OURS, replace(failure(OURS), receipt=OTHER_RECEIPT, phone="254712345678"))
    assert (closed.state, closed.receipt, closed.remarks) == (State.CANCELLED, None, frozenset())


def test_rule_8_the_grants_access() -> None:
    grants = {days: grant_of(told(payment_in(days=days), success(OURS))) for days in (None, 0, 1, 30)}
    assert {days: (grant.access, grant.until) for days, grant in grants.items()} == {
        None: (True, None),
        0: (False, None),
        1: (True, LATER + timedelta(days=1)),
        30: (True, LATER + timedelta(days=30)),
    }


def test_rule_9_a_receipt_code_that_is_not_the_first_goes_to_review_or_adds_a_remark() -> None:
    second = success(OURS, receipt=OTHER_RECEIPT)
    review = told(payment_in(State.PROMPTED, receipt=RECEIPT), second)
    assert (review.state, review.reason.word, review.receipt) == (State.REVIEW, "receipt_clash", RECEIPT)
    paid = told(OURS, success(OURS), second)
    assert (paid.state, paid.remarks, paid.receipt) == (State.PAID, frozenset({Remark.RECEIPT_CLASH}), RECEIPT)


@pytest.mark.parametrize(
    ("event", "reason"),
    [
        (success(OURS, amount=Decimal(250)), "amount_differs"),
        (success(OURS, amount=None), "incomplete"),
        (success(OURS, receipt=None), "incomplete"),
        (success(OURS, merchant_request_id="other"), "ids_differ"),
    ],
)
def test_rule_9_a_success_that_is_not_as_asked_is_reviewed(event: PaymentEvent, reason: str) -> None:
    review = told(OURS, event)
    assert (review.state, review.reason.word, review.granted, review.closed_at) == (State.REVIEW, reason, False, None)
    assert review.needs_attention


@pytest.mark.parametrize("event", [success(OURS, amount=None), success(OURS, merchant_request_id="other")])
def test_rule_9_ids_or_missing_items_are_settled_by_our_own_query(event: PaymentEvent) -> None:
    paid = told(OURS, event, answer(OURS))
    assert (paid.state, paid.granted, paid.reason.word) == (State.PAID, True, None)


@pytest.mark.parametrize("event", [success(OURS, amount=Decimal(1)), success(OURS, receipt=OTHER_RECEIPT)])
@pytest.mark.parametrize("then", [answer(OURS), success(OURS), answer(OURS, "1032")])
def test_rule_9_amount_or_receipt_code_is_left_to_the_owner(event: PaymentEvent, then: PaymentEvent) -> None:
    review = told(payment_in(State.PROMPTED, receipt=RECEIPT), event)
    assert review.state is State.REVIEW
    after = told(review, then)
    assert (after.state, after.reason.word, after.granted) == (State.REVIEW, review.reason.word, False)


def test_rule_9_what_only_the_owner_may_settle_takes_over_what_a_query_could() -> None:
    review = told(OURS, success(OURS, merchant_request_id="other"), success(OURS, amount=Decimal(1)))
    assert review.reason.word == "amount_differs"
    assert told(review, answer(OURS)).state is State.REVIEW


@pytest.mark.parametrize(
    ("event", "remark"),
    [
        (success(OURS, amount=None), Remark.INCOMPLETE),
        (success(OURS, checkout_request_id=OTHER_ID), Remark.IDS_DIFFER),
    ],
)
def test_rule_9_on_a_paid_payment_it_only_adds_a_remark(event: PaymentEvent, remark: Remark) -> None:
    paid = told(OURS, answer(OURS))
    assert told(paid, event) == replace(paid, remarks=frozenset({remark}))


def test_rule_9_a_review_after_not_paid_is_late() -> None:
    review = told(OURS, failure(OURS), success(OURS, amount=None))
    assert (review.state, review.remarks) == (State.REVIEW, frozenset({Remark.LATE}))
    assert told(review, answer(OURS)).remarks == {Remark.LATE}


def test_rule_9_what_the_owner_lets_pass_gives_the_post_with_the_statements_code() -> None:
    held = told(OURS, success(OURS, amount=Decimal(60)))
    assert held.amount_paid == 60
    paid = told(held, ManualSettlement(Settlement.PAID, OTHER_RECEIPT, detail="the rest in cash"))
    assert paid.granted
    assert paid.receipt == OTHER_RECEIPT
    assert Remark.BY_OWNER in paid.remarks


@pytest.mark.parametrize(
    ("amount", "shown"),
    [
        (Decimal(60), 60),
        (Decimal(61), 61),
        (Decimal(0), 0),
        (Decimal("60.5"), None),
        (Decimal(-1), None),
        (Decimal(999_999_999), 999_999_999),
        (Decimal(1_000_000_000), None),
    ],
)
def test_another_amount_is_kept_where_it_can_be_shown(amount: Decimal, shown: int | None) -> None:
    assert told(OURS, success(OURS, amount=amount)).amount_paid == shown
    assert told(payment_in(State.PAID), success(OURS, amount=amount)).amount_paid is None


@pytest.mark.parametrize("code", [None, "", "short", "ukn4x7q2zt", "UKN4X7Q2ZT!"])
def test_rule_9_the_owner_needs_the_statements_code(code: str | None) -> None:
    held = PAYMENTS[Substate.HELD]
    assert told(held, ManualSettlement(Settlement.PAID, code, detail="x")) == held


def test_rule_9_a_code_that_another_payment_holds_settles_nothing() -> None:
    held = PAYMENTS[Substate.HELD]
    word = ManualSettlement(Settlement.PAID, OTHER_RECEIPT, detail="x")
    assert told(held, word, facts=Facts(receipt_taken=True)) == held


@pytest.mark.parametrize("event", [success(OURS), answer(OURS), success(OURS, checkout_request_id=OTHER_ID)])
def test_rule_9_what_the_owner_refused_only_the_owner_lets_pass(event: PaymentEvent) -> None:
    refused = told(PAYMENTS[Substate.HELD], ManualSettlement(Settlement.DECLINED, detail="too little"))
    assert refused.receipt == RECEIPT, "M-PESA's code is what the refund is found by"
    again = told(refused, event, answer(OURS), success(OURS))
    assert again.state is State.REVIEW
    assert again.reason.word == Remark.BY_OWNER
    assert told(again, ManualSettlement(Settlement.PAID, RECEIPT, detail="the statement has it")).granted


def test_rule_7_the_owner_closes_after_a_day_and_a_success_still_lifts_it() -> None:
    word = ManualSettlement(Settlement.CLOSED, detail="not on the statement")
    young = replace(OURS, created_at=LATER - timedelta(hours=24) + timedelta(seconds=1))
    assert allowed_settlements(young, LATER) == ()
    assert told(young, word) == young
    old = replace(OURS, created_at=LATER - timedelta(hours=24))
    assert allowed_settlements(old, LATER) == (Settlement.CLOSED,)
    closed = told(old, word)
    assert (closed.state, closed.granted, closed.reason.word) == (State.EXPIRED, False, "by_owner")
    lifted = told(closed, success(OURS))
    assert lifted.granted
    assert lifted.remarks == {Remark.BY_OWNER, Remark.LATE}


def test_rule_13_a_second_payment_of_the_chain_is_a_double_without_access() -> None:
    change = apply(OURS, success(OURS), Facts(chain_paid=True), LATER)
    assert change.granted
    assert change.after.remarks == {Remark.DOUBLE}
    assert change.after.needs_attention
    assert not grant_of(change.after).access
    assert grant_of(change.after).until is None


def test_rule_13_what_was_paid_first_stays_no_double() -> None:
    paid = told(OURS, success(OURS))
    assert told(paid, success(OURS), facts=Facts(chain_paid=True)) == paid


def test_rule_3_a_locked_subscriber_makes_the_phones_payments_due() -> None:
    payment = without_ids(payment_in(State.REQUESTED))
    assert apply(payment, NotSent("subscriber_locked"), NOTHING_KNOWN, LATER).phone_due
    assert not apply(payment, NotSent("credentials"), NOTHING_KNOWN, LATER).phone_due


def test_events_that_change_nothing_leave_the_time_alone() -> None:
    assert apply(OURS, NoAnswer(detail="x"), NOTHING_KNOWN, LATER).after is OURS


# Asked and paid ------------------------------------------------------------------------------------------------------


def test_a_paid_payment_says_what_m_pesa_has() -> None:
    """By a callback its own figure, by a query what we asked; nothing before either."""
    assert told(OURS, success(OURS)).amount_paid == 100
    assert told(OURS, answer(OURS)).amount_paid == 100
    assert told(OURS, failure(OURS), answer(OURS)).amount_paid == 100
    for event in (accepted(OURS), failure(OURS), success(OURS, amount=None), Silence()):
        assert told(without_ids(payment_in(State.REQUESTED)), event).amount_paid is None


def test_another_amount_after_a_querys_0_is_what_m_pesa_has() -> None:
    """The query does not name an amount, the callback does; the rest of it changes nothing (rule 9)."""
    paid = told(OURS, answer(OURS))
    after = told(paid, success(OURS, amount=Decimal(99)))
    assert after == replace(paid, amount_paid=99, remarks=frozenset({Remark.AMOUNT_DIFFERS}))
    assert after.needs_attention
    assert (after.amount, after.received) == (100, 99)


@pytest.mark.parametrize("other_ids", [{"merchant_request_id": "other"}, {"checkout_request_id": OTHER_ID}])
def test_another_amount_that_came_with_other_ids_is_not_what_m_pesa_has(other_ids: dict[str, str]) -> None:
    paid = told(OURS, answer(OURS))
    assert told(paid, success(OURS, amount=Decimal(99), **other_ids)).amount_paid == 100


def test_the_amount_that_comes_with_the_code_is_what_m_pesa_has_under_it() -> None:
    """Paid by a query, another amount was named, then the callback as asked: its code stands beside its own figure."""
    other = told(OURS, answer(OURS), success(OURS, amount=Decimal(99), receipt=None))
    assert other.amount_paid == 99
    after = told(other, success(OURS))
    assert (after.amount_paid, after.receipt, after.remarks) == (100, RECEIPT, other.remarks)
    assert told(after, success(OURS, amount=Decimal(98))).amount_paid == 100


def test_of_two_amounts_that_m_pesa_names_the_first_stays() -> None:
    paid = told(OURS, success(OURS), success(OURS, amount=Decimal(99)))
    assert (paid.amount_paid, paid.remarks) == (100, frozenset({Remark.AMOUNT_DIFFERS}))


def test_settled_as_paid_it_keeps_what_m_pesa_said_was_paid() -> None:
    held = told(OURS, success(OURS, amount=Decimal(99)))
    paid = told(held, ManualSettlement(Settlement.PAID, RECEIPT, 100, detail="one shilling is a gift"))
    assert (paid.amount, paid.amount_paid, paid.receipt_by) == (100, 99, Source.MPESA)
    assert told(paid, success(OURS, amount=Decimal(99))) == paid, "that is known"
    cents = told(OURS, success(OURS, amount=Decimal("99.50")))
    assert told(cents, ManualSettlement(Settlement.PAID, RECEIPT, 99, detail="x")).amount_paid == 99


# Access adds up ------------------------------------------------------------------------------------------------------

WEEK = timedelta(days=7)


@pytest.mark.parametrize(
    ("held", "days", "until"),
    [
        (None, 7, LATER + WEEK),
        (Held(LATER - timedelta(days=1)), 7, LATER + WEEK),  # it had ended
        (Held(LATER + timedelta(days=3)), 7, LATER + timedelta(days=10)),
        (Held(LATER + timedelta(days=3)), None, None),
        (Held(None), 7, None),  # for ever swallows days
        (Held(None), None, None),
    ],
)
def test_rule_15_access_starts_where_what_the_customer_has_ends(
    held: Held | None, days: int | None, until: datetime | None
) -> None:
    grant = grant_of(told(payment_in(days=days), success(OURS), facts=Facts(held=(held,))))
    assert (grant.access, grant.until, grant.granted_at) == (True, until, LATER)
    assert grant.starts_at == (
        until - timedelta(days=7) if until else max(LATER, held.until if held and held.until else LATER)
    )


def test_rule_15_it_counts_by_m_pesas_clock_and_not_by_this_computers() -> None:
    here = LATER + timedelta(minutes=3)
    grant = grant_of(apply(payment_in(days=7), success(OURS), NOTHING_KNOWN, LATER, here).after)
    assert grant == Grant(granted_at=LATER, access=True, until=LATER + WEEK, starts_at=LATER)


def test_rule_15_late_money_and_what_the_owner_settles_count_like_any_other() -> None:
    facts = Facts(held=(Held(LATER + WEEK),))
    late = told(told(OURS, failure(OURS)), answer(OURS), facts=facts)
    settled = told(
        PAYMENTS[Substate.HELD], ManualSettlement(Settlement.PAID, OTHER_RECEIPT, 99, detail="x"), facts=facts
    )
    for paid in (late, settled):
        assert grant_of(paid).until == LATER + WEEK + timedelta(days=30)


def test_rule_15_no_access_stays_none_and_a_double_adds_none() -> None:
    facts = Facts(held=(Held(None),), chain_paid=True)
    for payment in (payment_in(days=0), payment_in(days=7)):
        grant = grant_of(told(payment, success(OURS), facts=facts))
        assert grant == Grant(granted_at=LATER, access=False, until=None)


# Settled by hand -----------------------------------------------------------------------------------------------------

UNANSWERED = replace(without_ids(payment_in(State.UNKNOWN)), created_at=LATER - timedelta(minutes=10))
COMPLETED = LATER - timedelta(minutes=9)
FROM_STATEMENT = ManualSettlement(Settlement.PAID, OTHER_RECEIPT, 99, COMPLETED, detail="on the statement")
BY_HAND = replace(UNANSWERED, created_at=LATER - timedelta(hours=1))


def by_hand() -> Payment:
    """Settled to paid by the owner for 99 of 100, and nothing was heard of M-PESA."""
    return told(BY_HAND, replace(FROM_STATEMENT, completed_at=LATER - timedelta(minutes=50)))


@pytest.mark.parametrize("state", [State.REQUESTED, State.UNKNOWN])
def test_rule_9_what_cannot_be_asked_about_is_settled_from_ten_minutes_on(state: State) -> None:
    old = replace(UNANSWERED, state=state)
    paid = told(old, FROM_STATEMENT)
    assert (paid.state, paid.amount_paid, paid.receipt, paid.receipt_by) == (
        State.PAID,
        99,
        OTHER_RECEIPT,
        Source.OWNER,
    )
    assert (paid.completed_at, paid.remarks, paid.granted) == (COMPLETED, frozenset({Remark.BY_OWNER}), True)
    assert not paid.needs_attention
    assert allowed_settlements(old, LATER) == (Settlement.PAID,)
    young = replace(old, created_at=old.created_at + timedelta(seconds=1))
    assert allowed_settlements(young, LATER) == ()
    assert told(young, FROM_STATEMENT) == young


def test_rule_9_what_can_be_asked_about_is_not_the_owners() -> None:
    asked = replace(payment_in(State.UNKNOWN), created_at=LATER - timedelta(hours=23))
    assert allowed_settlements(asked, LATER) == ()
    assert told(asked, FROM_STATEMENT) == asked
    day = replace(UNANSWERED, created_at=LATER - timedelta(hours=24))
    assert allowed_settlements(day, LATER) == (Settlement.PAID, Settlement.CLOSED)


@pytest.mark.parametrize(
    "word",
    [
        replace(FROM_STATEMENT, receipt=None),
        replace(FROM_STATEMENT, receipt="short"),
        replace(FROM_STATEMENT, amount=None),
        replace(FROM_STATEMENT, amount=0),
        replace(FROM_STATEMENT, amount=250_001),
        replace(FROM_STATEMENT, completed_at=None),
        replace(FROM_STATEMENT, completed_at=LATER + timedelta(seconds=1)),
        replace(FROM_STATEMENT, completed_at=UNANSWERED.created_at - timedelta(seconds=61)),
    ],
)
def test_rule_9_the_statements_line_must_be_whole_and_fit(word: ManualSettlement) -> None:
    assert told(UNANSWERED, word) == UNANSWERED


@pytest.mark.parametrize("taken", [Facts(receipt_taken=True), Facts(typed_for=7)])
def test_rule_9_a_code_that_another_payment_holds_in_whatever_way_settles_nothing(taken: Facts) -> None:
    assert told(UNANSWERED, FROM_STATEMENT, facts=taken) == UNANSWERED


def test_rule_9_m_pesa_may_have_been_a_minute_ahead_of_our_clock() -> None:
    early = replace(FROM_STATEMENT, completed_at=UNANSWERED.created_at - timedelta(seconds=60))
    assert told(UNANSWERED, early).granted


def test_a_payment_from_a_clock_that_was_wrong_is_not_locked() -> None:
    """Its own time says nothing, so the statement's may be any up to now."""
    future = replace(UNANSWERED, created_at=LATER + timedelta(days=400))
    assert allowed_settlements(future, LATER) == (Settlement.PAID, Settlement.CLOSED)
    assert told(future, FROM_STATEMENT).granted


@pytest.mark.parametrize("hours", [3, -3])
def test_a_clock_that_is_wrong_keeps_no_paid_customer_from_being_settled(hours: int) -> None:
    """M-PESA's clock is known; whether the payment was saved by the wrong one is not."""
    by_mpesa = LATER - timedelta(hours=hours)
    for completed in (COMPLETED, COMPLETED - timedelta(hours=hours)):
        word = replace(FROM_STATEMENT, completed_at=completed)
        assert apply(UNANSWERED, word, NOTHING_KNOWN, by_mpesa, LATER).granted
    long_before = replace(FROM_STATEMENT, completed_at=COMPLETED - timedelta(hours=4))
    still_to_come = replace(FROM_STATEMENT, completed_at=LATER + timedelta(hours=4))
    for word in (long_before, still_to_come):
        assert not apply(UNANSWERED, word, NOTHING_KNOWN, by_mpesa, LATER).granted


def test_rule_9_m_pesas_own_code_and_amount_take_the_place_of_the_typed_ones() -> None:
    paid = by_hand()
    after = told(paid, success(OURS, amount=Decimal(100)))
    assert (after.receipt, after.receipt_by, after.amount_paid) == (RECEIPT, Source.MPESA, 100)
    assert (after.merchant_request_id, after.checkout_request_id) == (MERCHANT, CHECKOUT)
    assert after.remarks == {Remark.BY_OWNER, Remark.AMOUNT_DIFFERS}
    assert grant_of(after) == grant_of(paid)
    as_typed = told(paid, success(OURS, amount=Decimal(99), receipt=OTHER_RECEIPT))
    assert (as_typed.receipt_by, as_typed.amount_paid) == (Source.MPESA, 99)
    assert as_typed.remarks == {Remark.BY_OWNER}


@pytest.mark.parametrize("junk", [{"receipt": None}, {"receipt": OTHER_RECEIPT}])
def test_rule_9_an_amount_by_hand_gives_way_only_to_one_with_a_code_of_its_own(junk: dict[str, str | None]) -> None:
    """Else whoever knows its address could change the shop's sums as often as he likes."""
    paid = by_hand()
    facts = Facts(receipt_taken=junk["receipt"] is not None)
    after = told(paid, success(OURS, amount=Decimal(7), **junk), facts=facts)
    assert (after.amount_paid, after.receipt, after.needs_attention) == (99, OTHER_RECEIPT, True)
    assert told(after, success(OURS, amount=Decimal(8), **junk), facts=facts) == after
    assert told(after, success(OURS, amount=Decimal(98))).amount_paid == 98


def test_another_amount_after_a_querys_0_is_taken_once() -> None:
    paid = told(OURS, answer(OURS), success(OURS, amount=Decimal(99)))
    assert told(paid, success(OURS, amount=Decimal(98))) == paid


def test_rule_9_the_amount_that_m_pesa_named_goes_with_its_own_code() -> None:
    held = told(OURS, success(OURS, amount=Decimal(7)))
    paid = told(held, ManualSettlement(Settlement.PAID, OTHER_RECEIPT, 100, detail="the other was a forger's"))
    assert (paid.receipt, paid.receipt_by, paid.amount_paid) == (OTHER_RECEIPT, Source.OWNER, 100)
    assert told(held, ManualSettlement(Settlement.PAID, RECEIPT, 100, detail="mistyped")).amount_paid == 7
    assert told(held, ManualSettlement(Settlement.PAID, OTHER_RECEIPT, detail="no amount")).amount_paid == 7


@pytest.mark.parametrize("amount", [None, 0])
def test_rule_9_where_m_pesas_amount_is_unknown_the_owner_names_it(amount: int | None) -> None:
    """Cents cannot be kept, and before schema 0002 nothing was: what was asked is surely not what was paid."""
    held = told(OURS, success(OURS, amount=Decimal("99.50")))
    assert needs_amount(held)
    assert told(held, ManualSettlement(Settlement.PAID, RECEIPT, amount, detail="x")) == held
    assert told(held, ManualSettlement(Settlement.PAID, RECEIPT, 99, detail="x")).amount_paid == 99
    assert not needs_amount(told(OURS, success(OURS, amount=None)))


@pytest.mark.parametrize("version", [1, 3])
def test_what_the_owner_decided_about_a_payment_that_changed_since_changes_nothing(version: int) -> None:
    held = replace(told(OURS, success(OURS, amount=Decimal(99))), version=2)
    word = ManualSettlement(Settlement.DECLINED, detail="x", version=version)
    assert told(held, word) == held
    assert told(held, replace(word, version=2)).state is State.DECLINED


def test_rule_9_m_pesas_not_paid_does_not_lower_what_the_owner_settled() -> None:
    after = told(by_hand(), failure(OURS))
    assert (after.state, after.remarks) == (State.PAID, frozenset({Remark.BY_OWNER, Remark.CONFLICT}))


def test_rule_9_a_typed_code_that_m_pesa_gave_to_another_payment_is_lost() -> None:
    paid = by_hand()
    taken = CodeTaken(detail="M-PESA gave it to A-20261123-0043")
    after = told(paid, taken)
    assert after == replace(paid, receipt=None, receipt_by=None, remarks=paid.remarks | {Remark.CODE_LOST})
    assert after.needs_attention
    assert told(after, taken) == after
    found = told(after, success(OURS, amount=Decimal(99)))
    assert (found.receipt, found.receipt_by, found.needs_attention) == (RECEIPT, Source.MPESA, False)
    certain = told(OURS, success(OURS))
    assert told(certain, taken) == certain, "M-PESA's own code is nobody else's"


def test_rule_9_a_code_by_hand_keeps_no_genuine_callback_from_granting() -> None:
    paid = told(OURS, success(OURS), facts=Facts(typed_for=7))
    assert (paid.state, paid.receipt, paid.receipt_by) == (State.PAID, RECEIPT, Source.MPESA)


# Doubles -------------------------------------------------------------------------------------------------------------


def test_rule_13_both_meant_of_a_post_without_access_is_settled_once() -> None:
    """A grant made anew by every callback would be as many changes as somebody cares to send."""
    twice = told(payment_in(days=0), success(OURS), facts=Facts(chain_paid=True))
    meant = told(twice, ManualSettlement(Settlement.BOTH_MEANT, detail="two of them"))
    assert grant_of(meant) == grant_of(twice)
    assert apply(meant, success(OURS), NOTHING_KNOWN, LATER + timedelta(hours=1)).after == meant


def double() -> Payment:
    return told(OURS, success(OURS), facts=Facts(chain_paid=True, other_paid=True))


def test_rule_13_a_refund_works_a_double_off_and_grants_nothing() -> None:
    paid = double()
    assert allowed_settlements(paid, LATER) == (Settlement.REFUNDED, Settlement.BOTH_MEANT)
    assert paid.remarks == {Remark.DOUBLE}, "one reason to look is enough"
    after = told(paid, ManualSettlement(Settlement.REFUNDED, OTHER_RECEIPT, detail="sent back"))
    assert after == replace(paid, remarks=paid.remarks | {Remark.REFUNDED}, seen=frozenset({Remark.DOUBLE}))
    assert (after.needs_attention, after.refund_due, allowed_settlements(after, LATER)) == (False, False, ())
    for word in (
        ManualSettlement(Settlement.REFUNDED, detail="x"),
        ManualSettlement(Settlement.BOTH_MEANT, detail="x"),
        ManualSettlement(Settlement.SEEN, detail="x"),
    ):
        assert told(after, word) == after


def test_rule_13_both_were_meant_adds_the_access_from_that_moment() -> None:
    facts = Facts(chain_paid=True, held=(Held(LATER + WEEK),))
    after = told(double(), ManualSettlement(Settlement.BOTH_MEANT, detail="two months"), facts=facts)
    assert grant_of(after) == Grant(
        granted_at=LATER, access=True, until=LATER + WEEK + timedelta(days=30), starts_at=LATER + WEEK
    )
    assert not after.needs_attention
    assert told(after, success(OURS), answer(OURS), facts=facts) == after


def test_rule_13_something_else_that_was_gone_past_asks_for_a_look_and_adds_the_access() -> None:
    paid = told(OURS, success(OURS), facts=Facts(other_paid=True))
    assert paid.remarks == {Remark.OTHER_PAID}
    assert grant_of(paid).access
    assert paid.needs_attention
    assert allowed_settlements(paid, LATER) == (Settlement.SEEN,)


def test_what_was_seen_asks_for_no_further_look_but_something_new_does() -> None:
    paid = told(OURS, success(OURS), failure(OURS))
    seen = told(paid, ManualSettlement(Settlement.SEEN, detail="the statement has it"))
    assert seen == replace(paid, seen=frozenset({Remark.CONFLICT}))
    assert not seen.needs_attention
    assert not told(seen, failure(OURS), facts=Facts(told_before=True)).needs_attention
    assert told(seen, success(OURS, receipt=OTHER_RECEIPT)).needs_attention


def test_rule_13_a_remark_that_comes_anew_asks_anew() -> None:
    paid = told(OURS, success(OURS), failure(OURS), success(OURS, amount=Decimal(50), receipt=OTHER_RECEIPT))
    seen = told(paid, ManualSettlement(Settlement.SEEN, detail="the statement has it"))
    again = told(seen, success(OURS, amount=Decimal(9_000), receipt="UKN0000009"))
    assert (again.remarks, again.unseen) == (seen.remarks, frozenset({Remark.AMOUNT_DIFFERS}))
    assert told(again, failure(OURS, "1037")).unseen == {Remark.AMOUNT_DIFFERS, Remark.CONFLICT}
    assert told(seen, success(OURS)).unseen == frozenset(), "nothing is odd about that"


def test_a_double_with_more_to_look_at_is_worked_off_in_two_words() -> None:
    paid = told(double(), failure(OURS))
    assert allowed_settlements(paid, LATER) == (Settlement.REFUNDED, Settlement.BOTH_MEANT, Settlement.SEEN)
    seen = told(paid, ManualSettlement(Settlement.SEEN, detail="x"))
    assert seen.refund_due
    assert not told(seen, ManualSettlement(Settlement.REFUNDED, detail="x")).needs_attention


# No sequence of events -----------------------------------------------------------------------------------------------

Made = TypeVar("Made")


def drawn(make: Callable[..., Made], **choices: Iterable[Any]) -> st.SearchStrategy[Made]:
    """One made of any of each: drawn at once, since of these the drawing takes most of the time."""
    listed = {name: list(values) for name, values in choices.items()}

    def pick(place: int) -> Made:
        chosen = {}
        for name, values in listed.items():
            place, at = divmod(place, len(values))
            chosen[name] = values[at]
        return make(**chosen)

    return st.integers(0, prod(map(len, listed.values())) - 1).map(pick)


some_ids = [None, MERCHANT, "other"], [None, CHECKOUT, OTHER_ID]
outcomes = [(Result.SUCCESS, "0")] * 3 + [
    (Result.CANCELLED, "1032"),
    (Result.DECLINED, "2001"),
    (Result.DECLINED, "17"),
    (Result.EXPIRED, "1037"),
    (Result.PENDING, "4999"),
]
callbacks = drawn(
    lambda outcome, **rest: Callback(*outcome, **rest),
    outcome=outcomes,
    merchant_request_id=some_ids[0],
    checkout_request_id=some_ids[1],
    amount=[None, Decimal(100), Decimal("100.00"), Decimal(1)],
    receipt=[None, RECEIPT, OTHER_RECEIPT],
    phone=[None, PHONE, "254712345678"],
)
any_events: st.SearchStrategy[PaymentEvent] = st.one_of(
    callbacks,
    callbacks,
    drawn(lambda outcome, checkout: Answer(outcome[0], outcome[1], checkout), outcome=outcomes, checkout=some_ids[1]),
    drawn(Accepted, merchant_request_id=some_ids[0], checkout_request_id=[CHECKOUT, OTHER_ID]),
    st.sampled_from(
        [
            NotSent("unreachable"),
            NotSent("subscriber_locked"),
            Unanswered(detail="x"),
            UnreadableCallback(detail="x"),
            NoAnswer(detail="x"),
            Silence(),
            Interrupted(),
        ]
    ),
    drawn(
        ManualSettlement,
        settlement=Settlement,
        receipt=[None, "x", RECEIPT, OTHER_RECEIPT],
        amount=[None, 100, 99],
        completed_at=[None, START, START + timedelta(hours=1)],
        detail=["because"],
    ),
    drawn(
        Refunded,
        amount=[1, 30, 99, 100, 250],
        reversal=[REVERSAL, RECEIPT, "x"],
        withdraw=[False, True],
        version=[1, 1, 1, 2],
        detail=["because"],
    ),
    st.sampled_from(
        [CodeTaken(detail="M-PESA gave it to another"), RefundCodeTaken(REVERSAL, detail="M-PESA gave it to another")]
    ),
)
any_facts = drawn(
    Facts,
    receipt_taken=[False, False, False, True],
    checkout_taken=[False, False, False, True],
    chain_paid=[False, True],
    typed_for=[None, None, 7],
    refund_of=[None, None, 7],
    other_paid=[False, True],
    held=[(), (Held(None),), (Held(START + timedelta(hours=9)),)],
)
stories = st.lists(st.tuples(any_events, any_facts), min_size=1, max_size=12)


def tell(story: list[tuple[PaymentEvent, Facts]]) -> list[tuple[PaymentEvent, Facts, Change]]:
    payment = without_ids(payment_in(State.REQUESTED))
    told_so_far = []
    for step, (event, facts) in enumerate(story):
        change = apply(payment, event, facts, moment(step))
        told_so_far.append((event, facts, change))
        payment = change.after
    return told_so_far


def moment(step: int) -> datetime:
    """When the events of a story come."""
    return START + timedelta(hours=4 * step)


def says_paid(payment: Payment, event: PaymentEvent, facts: Facts, now: datetime) -> bool:
    """Rule 8 and the exceptions of rule 9, written a second time."""
    if isinstance(event, ManualSettlement):
        free = not facts.receipt_taken and facts.typed_for is None and facts.refund_of is None
        free = free and (event.amount is None or event.amount >= payment.refunded)
        coded = event.receipt in (RECEIPT, OTHER_RECEIPT) and free and event.settlement is Settlement.PAID
        silent = payment.state.open and payment.checkout_request_id is None and now >= START + timedelta(minutes=10)
        line = event.amount is not None and event.completed_at is not None and START <= event.completed_at <= now
        return coded and (payment.state is State.REVIEW or (silent and line))
    if substate(payment) in (Substate.HELD, Substate.REFUSED):
        return False
    if isinstance(event, Answer):
        known = payment.checkout_request_id
        return event.result is Result.SUCCESS and known is not None and event.checkout_request_id == known
    return (
        isinstance(event, Callback)
        and event.result is Result.SUCCESS
        and not facts.checkout_taken
        and (payment.merchant_request_id is None or event.merchant_request_id == payment.merchant_request_id)
        and (payment.checkout_request_id is None or event.checkout_request_id == payment.checkout_request_id)
        and event.amount == payment.amount
        and event.receipt is not None
        and not facts.receipt_taken
        and payment.receipt in (None, event.receipt)
    )


@given(stories)
@examples(150)
def test_nothing_lowers_paid_and_there_is_one_grant(story: list[tuple[PaymentEvent, Facts]]) -> None:
    steps = tell(story)
    assert sum(change.granted for _, _, change in steps) <= 1
    for event, facts, change in steps:
        assert change.after.granted or change.after.state is not State.PAID
        if change.after.granted and change.after.state is not State.PAID:  # rule 30: the owner's word, taken back
            assert not change.after.gives_access
            assert change.before.granted
        if change.before.state is State.PAID and not (is_owners_word(change.before) and is_refused(change.after)):
            assert change.after.state is State.PAID
            meant = Remark.BOTH_MEANT in change.after.remarks - change.before.remarks
            withdrawn = isinstance(event, Refunded) and event.withdraw and change.outcome is Outcome.APPLIED
            assert meant or withdrawn or change.after.lines == change.before.lines
            assert change.after.remarks >= change.before.remarks
            anew = change.before.seen - change.after.seen
            assert not anew or (anew <= change.after.remarks and not facts.told_before), "what was seen is gone"


@given(stories)
@examples(150)
def test_a_grant_comes_with_the_evidence_of_rule_8_and_only_with_it(story: list[tuple[PaymentEvent, Facts]]) -> None:
    for step, (event, facts, change) in enumerate(tell(story)):
        before = change.before
        assert change.granted == (not before.granted and says_paid(before, event, facts, moment(step)))


@given(stories)
@examples(150)
def test_only_evidence_closes_and_nothing_reopens_but_a_success(story: list[tuple[PaymentEvent, Facts]]) -> None:
    for event, _, change in tell(story):
        before, after = change.before, change.after
        if before.state.open and not after.state.open:
            final = isinstance(event, Callback | Answer) and event.result is not Result.PENDING
            assert final or isinstance(event, NotSent | ManualSettlement)
            assert after.closed_at is not None
        owners = is_owners_word(before) or is_refused(before)  # rule 30: the owner takes back what only the owner said
        if not before.state.open and before.state is not after.state:
            if isinstance(event, ManualSettlement):
                assert owners
                continue
            assert isinstance(event, Callback | Answer)
            assert event.result is Result.SUCCESS
            assert after.state in (State.PAID, State.REVIEW)
            assert Remark.LATE in after.remarks
        assert (after.closed_at is None) == after.state.open


@given(stories)
@examples(150)
def test_applying_is_pure_and_its_outcomes_tell_the_truth(story: list[tuple[PaymentEvent, Facts]]) -> None:
    told_once = tell(story)
    assert told_once == tell(story)
    for _, _, change in told_once:
        before, after = change.before, change.after
        if change.outcome in (Outcome.IGNORED, Outcome.DUPLICATE):
            assert after == before
        if change.outcome is Outcome.APPLIED:
            assert after != before
        if before.state is not after.state:
            assert change.outcome is not Outcome.IGNORED
        assert (after.updated_at != before.updated_at) <= (after != before)


@given(stories)
@examples(150)
def test_ids_and_codes_are_learnt_once_and_never_taken_from_another_payment(
    story: list[tuple[PaymentEvent, Facts]],
) -> None:
    for event, facts, change in tell(story):
        for name in ("merchant_request_id", "checkout_request_id", "receipt"):
            before, after = getattr(change.before, name), getattr(change.after, name)
            by_hand = name == "receipt" and (
                isinstance(event, ManualSettlement) or change.before.receipt_by is Source.OWNER
            )
            assert before is None or after == before or by_hand
        learnt = {
            name: getattr(change.after, name) not in (None, getattr(change.before, name))
            for name in ("checkout_request_id", "receipt")
        }
        assert not (facts.checkout_taken and learnt["checkout_request_id"])
        assert not (facts.receipt_taken and learnt["receipt"])


@given(stories)
@examples(300)
def test_rule_19_never_more_goes_back_than_was_paid(story: list[tuple[PaymentEvent, Facts]]) -> None:
    """Whatever is learnt before, between and after: also of what was paid."""
    for event, facts, change in tell(story):
        before, after = change.before, change.after
        assert after.refunded <= (after.amount_paid or 0), "more than was paid"
        counts = isinstance(event, Refunded) and change.outcome is Outcome.APPLIED
        assert after.refunded - before.refunded == (event.amount if counts else 0)  # type: ignore[attr-defined]
        if counts:
            assert (after.state, after.reason, after.receipt) == (before.state, before.reason, before.receipt)
            assert not facts.receipt_taken
            assert facts.typed_for is facts.refund_of is None
        was = {number for number, line in enumerate(before.lines) if line.grant and line.grant.withdrawn_at}
        assert not any(after.lines[number].gives_access for number in was), "what was withdrawn came back"


@given(st.permutations([0, 1, 2, 3]))
def test_rule_6_the_end_does_not_depend_on_the_order(order: list[int]) -> None:
    """The push's answer, a not-paid callback, a success by callback and one by query: paid, once, in any order."""
    event: list[PaymentEvent] = [accepted(OURS), failure(OURS), success(OURS), answer(OURS)]
    paid = told(without_ids(payment_in(State.REQUESTED)), *(event[index] for index in order))
    assert paid.state is State.PAID
    assert paid.receipt == RECEIPT
    assert paid.checkout_request_id == CHECKOUT


# Baskets -------------------------------------------------------------------------------------------------------------

BASKET = a_payment(
    amount=560,
    lines=(
        a_line(a_post(id=2, title="Week pass", price=250, days=7), 2),
        a_line(a_post(id=4, title="Tea", price=30, days=0), 2),
    ),
)


def test_rule_8_every_line_of_a_basket_is_granted_with_days_as_often_as_it_was_sold() -> None:
    facts = Facts(held=(Held(LATER + WEEK), None))
    paid = told(BASKET, success(BASKET), facts=facts)
    week, tea = (line.grant for line in paid.lines)
    assert paid.granted
    assert week == Grant(granted_at=LATER, access=True, until=LATER + 3 * WEEK, starts_at=LATER + WEEK)
    assert tea == Grant(granted_at=LATER, access=False, until=None)
    assert told(paid, success(BASKET), answer(BASKET), facts=facts).lines == paid.lines


@pytest.mark.parametrize("amount", [500, 60, 561])
def test_rule_9_a_part_of_a_baskets_money_grants_no_line(amount: int) -> None:
    review = told(BASKET, success(BASKET, amount=Decimal(amount)))
    assert (review.state, review.reason.word) == (State.REVIEW, "amount_differs")
    assert [line.grant for line in review.lines] == [None, None]


def test_rule_13_a_doubles_lines_are_all_without_access_and_both_meant_adds_them_all() -> None:
    twice = told(BASKET, success(BASKET), facts=Facts(chain_paid=True, held=(None, None)))
    assert [line.gives_access for line in twice.lines] == [False, False]
    meant = told(twice, ManualSettlement(Settlement.BOTH_MEANT, detail="x"), facts=Facts(held=(None, Held(None))))
    assert [line.gives_access for line in meant.lines] == [True, False]
    assert meant.lines[1].grant == twice.lines[1].grant


@given(stories, st.integers(1, 3))
@examples(100)
def test_a_baskets_lines_are_granted_all_or_none(story: list[tuple[PaymentEvent, Facts]], count: int) -> None:
    lines = tuple(a_line(a_post(id=number + 1, price=100), days=number) for number in range(count))
    payment = without_ids(payment_in(State.REQUESTED, lines=lines))
    for step, (event, facts) in enumerate(story):
        payment = apply(payment, event, replace(facts, held=()), moment(step)).after
        [granted] = {line.grant is not None for line in payment.lines}
        assert granted or payment.state is not State.PAID
        assert payment.state is State.PAID or not payment.gives_access  # rule 30: the owner's word, taken back
