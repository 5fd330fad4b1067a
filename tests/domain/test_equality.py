"""The matrix and the judge that it takes the place of say the same, over every cell and about whatever comes."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pos_app.domain import payment as p
from pos_app.domain.access import Held
from pos_app.domain.apply import apply
from pos_app.domain.payment import Change, Facts, Grant, News, Payment, Remark, Result, Ruling, Source, State
from pos_app.domain.transitions import MATRIX, RUNNING, Evidence, Substate, substate
from tests.domain.old_judge import moves as old
from tests.support.builders import CHECKOUT, MERCHANT, RECEIPT, a_payment
from tests.support.fakes import PHONE, START

NOW = START + timedelta(hours=25)
OTHER_ID, OTHER_RECEIPT = "ws_CO_23112026140000999708374149", "AAA1112223"
REASONS = {
    Substate.CURABLE: (State.REVIEW, "ids_differ"),
    Substate.HELD: (State.REVIEW, "amount_differs"),
    Substate.REFUSED: (State.DECLINED, "by_owner"),
    Substate.CANCELLED: (State.CANCELLED, "1032"),
    Substate.DECLINED: (State.DECLINED, "2001"),
    Substate.EXPIRED: (State.EXPIRED, "1037"),
    Substate.NOT_SENT: (State.NOT_SENT, "unreachable"),
}


def both(payment: Payment, event: News, facts: Facts, by_mpesa: timedelta = timedelta(0)) -> Change:
    """What the matrix makes of an event, after seeing that the old judge says the very same."""
    new = apply(payment, event, facts, NOW, NOW + by_mpesa)
    was = old.judge(payment, event, facts, NOW, NOW + by_mpesa)
    assert new == was, (payment, event, facts)
    assert new.found == was.found, (payment, event, facts)
    return new


# Every cell ----------------------------------------------------------------------------------------------------------

CODES = [
    (Result.SUCCESS, "0"),
    (Result.CANCELLED, "1032"),
    (Result.CANCELLED, "1031"),
    (Result.DECLINED, "2001"),
    (Result.EXPIRED, "1037"),
    (Result.PENDING, "4999"),
]
EVENTS: list[News] = [
    *(p.Accepted(*ids) for ids in [(MERCHANT, CHECKOUT), (MERCHANT, OTHER_ID), ("other", CHECKOUT), (None, CHECKOUT)]),
    *map(p.NotSent, ["unreachable", "subscriber_locked"]),
    p.Unanswered("HTTP 503"),
    p.Interrupted(),
    p.Silence(),
    p.NoAnswer("ReadTimeout", reached=True),
    p.UnreadableCallback("no JSON"),
    p.CodeTaken("M-PESA gave it to another"),
    *(p.Answer(*code, checkout) for code in CODES for checkout in [CHECKOUT, OTHER_ID, None]),
    *(
        p.Callback(*code, merchant, checkout, amount, receipt, phone)
        for code in CODES
        for merchant, checkout in [(MERCHANT, CHECKOUT), (None, CHECKOUT), (MERCHANT, OTHER_ID)]
        for amount in [None, Decimal(100), Decimal(99), Decimal("99.5")]
        for receipt in [None, RECEIPT, OTHER_RECEIPT]
        for phone in [PHONE, "254712345678"]
        if code[0] is Result.SUCCESS or (amount is None and receipt is None)
    ),
    *(
        p.OwnerWord(ruling, "because", receipt, amount, completed, version)
        for ruling in Ruling
        for receipt in [None, RECEIPT, OTHER_RECEIPT, "short"]
        for amount, completed in [(None, None), (99, START + timedelta(hours=1)), (0, NOW + timedelta(hours=1))]
        for version in [None, 2]
        if ruling is Ruling.PAID or (receipt is None and amount is None)
    ),
]


def payments(at: Substate) -> Iterator[Payment]:
    """Payments that stand there, which differ in all that an event is held against."""
    state, reason = REASONS.get(at, (State(at.value) if at.value in tuple(State) else State.REVIEW, None))
    codes: list[dict[str, Any]] = [
        {"receipt": None, "receipt_by": None},
        {"receipt": None, "receipt_by": None, "remarks": frozenset({Remark.CODE_LOST})},
        {"receipt": RECEIPT, "receipt_by": Source.MPESA, "remarks": frozenset({Remark.CONFLICT, Remark.DOUBLE})},
        {"receipt": OTHER_RECEIPT, "receipt_by": Source.OWNER, "remarks": frozenset({Remark.BY_OWNER})},
    ]
    ids = [(MERCHANT, CHECKOUT), (None, None)]
    for code, (merchant, checkout), amount in product(codes, ids, [None, 99]):
        yield a_payment(
            state, reason=reason, merchant_request_id=merchant, checkout_request_id=checkout, amount_paid=amount, **code
        )


FACTS = [
    Facts(receipt_taken=receipt, checkout_taken=checkout, chain_paid=chain, typed_for=typed, other_paid=other)
    for receipt, checkout, (chain, other), typed in product(
        [False, True], [False, True], [(False, False), (True, True), (False, True)], [None, 7]
    )
]


@pytest.mark.parametrize("at", Substate)
def test_every_cell(at: Substate) -> None:
    seen = set()
    for payment, event, facts in product(payments(at), EVENTS, FACTS):
        assert substate(payment) is at
        change = both(payment, event, facts)
        seen.add(Evidence(change.found.split()[0]))
    impossible = {
        # The owner settles as paid what is in review or runs, as not paid what is in review, closes what runs.
        Substate.CURABLE: {Evidence.OWNER_CLOSED, Evidence.OWNER_SEEN, Evidence.OWNER_REFUNDED, Evidence.OWNER_MEANT},
        Substate.HELD: {Evidence.OWNER_CLOSED, Evidence.OWNER_SEEN, Evidence.OWNER_REFUNDED, Evidence.OWNER_MEANT},
        **{running: {Evidence.OWNER_DECLINED} for running in RUNNING},
    }.get(at, {Evidence.OWNER_PAID, Evidence.OWNER_DECLINED, Evidence.OWNER_CLOSED})
    assert seen == set(Evidence) - impossible
    assert all((at, evidence) in MATRIX for evidence in Evidence)


# Whatever comes ------------------------------------------------------------------------------------------------------

ids = st.sampled_from([None, MERCHANT, "other"]), st.sampled_from([None, CHECKOUT, OTHER_ID])
codes = st.tuples(st.sampled_from(Result), st.sampled_from(["0", "1032", "2001", "1037", "4999", "by_owner"]))
receipts = st.sampled_from([None, "", "short", RECEIPT, OTHER_RECEIPT])
moments = st.one_of(st.none(), st.timedeltas(timedelta(days=-2), timedelta(days=2)).map(lambda age: NOW + age))
some_remarks = st.frozensets(st.sampled_from(Remark), max_size=5)
events: st.SearchStrategy[News] = st.one_of(
    st.builds(
        lambda code, **rest: p.Callback(*code, **rest),
        codes,
        merchant_request_id=ids[0],
        checkout_request_id=ids[1],
        amount=st.one_of(st.none(), st.decimals(-5, 250_001, places=2), st.sampled_from([Decimal(100), Decimal(99)])),
        receipt=receipts,
        phone=st.sampled_from([None, PHONE, "254712345678"]),
    ),
    st.builds(lambda code, checkout: p.Answer(code[0], code[1], checkout), codes, ids[1]),
    st.builds(p.Accepted, ids[0], ids[1].map(lambda checkout: checkout or CHECKOUT)),
    st.builds(
        p.OwnerWord,
        st.sampled_from(Ruling),
        st.just("because"),
        receipts,
        st.one_of(st.none(), st.integers(-1, 250_001)),
        moments,
        st.sampled_from([None, 1, 2]),
    ),
    st.sampled_from(EVENTS[:12]),
)
facts_of_others = st.builds(
    Facts,
    receipt_taken=st.booleans(),
    checkout_taken=st.booleans(),
    chain_paid=st.booleans(),
    typed_for=st.sampled_from([None, 7]),
    other_paid=st.booleans(),
    held=st.one_of(st.none(), moments.map(Held)),
)
grants = st.one_of(
    st.none(),
    st.builds(Grant, granted_at=st.just(START), access=st.booleans(), until=moments, starts_at=moments),
)
# Also what no history leads to: whatever a database holds is judged as before.
any_payments = st.builds(
    lambda **values: a_payment(**values),
    state=st.sampled_from(State),
    reason=st.sampled_from([None, "0", "1032", "2001", "1037", "4999", "unreachable", *Remark]),
    merchant_request_id=ids[0],
    checkout_request_id=ids[1],
    receipt=receipts,
    receipt_by=st.sampled_from([None, *Source]),
    amount_paid=st.sampled_from([None, 0, 99, 100]),
    completed_at=moments,
    remarks=some_remarks,
    seen=some_remarks,
    days=st.sampled_from([None, 0, 1, 30]),
    created_at=moments.map(lambda at: at or NOW),
    version=st.sampled_from([1, 2]),
    grant=grants,
)
ahead = st.sampled_from([timedelta(0), timedelta(hours=3), timedelta(hours=-3)])


@given(any_payments, events, facts_of_others, ahead)
@settings(max_examples=2_000)
def test_whatever_a_payment_is(payment: Payment, event: News, facts: Facts, by_mpesa: timedelta) -> None:
    both(payment, event, facts, by_mpesa)


@given(st.lists(st.tuples(events, facts_of_others), min_size=2, max_size=12))
@settings(max_examples=500)
def test_whatever_a_history_is(story: list[tuple[News, Facts]]) -> None:
    payment = a_payment(State.REQUESTED, merchant_request_id=None, checkout_request_id=None)
    for step, (event, facts) in enumerate(story):
        payment = replace(both(payment, event, facts).after, version=step + 1)
