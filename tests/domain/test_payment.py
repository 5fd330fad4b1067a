"""A payment, and what is told about it."""

import pytest

from pos_app.domain.payment import (
    BY_OWNER,
    NOT_PAID_STATES,
    OPEN_STATES,
    Change,
    Outcome,
    Remark,
    State,
    StateReason,
    read_reason,
)
from tests.support.builders import a_payment

OPEN = {State.REQUESTED, State.PROMPTED, State.UNKNOWN, State.REVIEW}
NOT_PAID = {State.CANCELLED, State.DECLINED, State.EXPIRED, State.NOT_SENT}


@pytest.mark.parametrize("state", State)
def test_rule_7_which_states_are_open(state: State) -> None:
    assert state.open == (state in OPEN)


def test_every_state_is_open_or_paid_or_not_paid() -> None:
    assert OPEN_STATES == OPEN
    assert NOT_PAID_STATES == NOT_PAID
    assert set(State) - OPEN - NOT_PAID == {State.PAID}


@pytest.mark.parametrize("state", State)
def test_a_review_needs_attention_whatever_its_remarks(state: State) -> None:
    assert a_payment(state).needs_attention == (state is State.REVIEW)


@pytest.mark.parametrize(
    ("remark", "attention"),
    [
        (Remark.LATE, False),
        (Remark.CONFLICT, True),
        (Remark.PHONE_DIFFERS, False),
        (Remark.AMOUNT_DIFFERS, True),
        (Remark.RECEIPT_CLASH, True),
        (Remark.IDS_DIFFER, True),
        (Remark.INCOMPLETE, False),
        (Remark.DOUBLE, True),
    ],
)
def test_which_remarks_stand_on_the_attention_list(remark: Remark, attention: bool) -> None:
    assert a_payment(State.PAID, remarks=frozenset({remark})).needs_attention == attention


def test_granted_is_the_grant_itself() -> None:
    assert a_payment(State.PAID).granted
    assert not a_payment(State.PROMPTED).granted


def test_a_change_grants_only_where_there_was_no_grant() -> None:
    waiting, paid = a_payment(State.PROMPTED), a_payment(State.PAID)
    assert Change(before=waiting, after=paid, outcome=Outcome.APPLIED).granted
    assert not Change(before=paid, after=paid, outcome=Outcome.DUPLICATE).granted
    assert not Change(before=waiting, after=waiting, outcome=Outcome.IGNORED).granted


@pytest.mark.parametrize(
    ("state", "word", "reason"),
    [
        (State.PAID, None, StateReason()),
        (State.CANCELLED, "1032", StateReason(result_code="1032")),
        (State.DECLINED, "SFC_IC0003", StateReason(result_code="SFC_IC0003")),
        (State.DECLINED, "", StateReason(result_code="")),
        (State.DECLINED, "by_owner", BY_OWNER),
        (State.EXPIRED, "by_owner", BY_OWNER),
        (State.PAID, "by_owner", BY_OWNER),
        (State.REVIEW, "by_owner", BY_OWNER),
        (State.NOT_SENT, "unreachable", StateReason(refusal="unreachable")),
        (State.NOT_SENT, "500.003.03", StateReason(refusal="500.003.03")),
        (State.NOT_SENT, None, StateReason()),
        (State.REVIEW, "amount_differs", StateReason(review=Remark.AMOUNT_DIFFERS)),
        (State.REVIEW, "1032", StateReason(result_code="1032")),
        (State.DECLINED, "amount_differs", StateReason(result_code="amount_differs")),
    ],
)
def test_a_reason_is_read_from_the_word_that_is_stored_and_stored_as_that_word(
    state: State, word: str | None, reason: StateReason
) -> None:
    assert read_reason(state, word) == reason
    assert reason.word == word
