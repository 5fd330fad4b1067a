"""What needs a person in words: each thing with its next step, and whose that is."""

from dataclasses import replace
from datetime import timedelta

import pytest

from pos_app.domain.attention import Attention, Concern, Waiting, concern_of
from pos_app.domain.operators import Act, Need
from pos_app.domain.payment import ATTENTION_REMARKS, Payment, Remark, State, StateReason
from pos_app.messages import attention as words
from tests.support.builders import a_payment
from tests.support.fakes import START

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
OWNERS = {
    Act.SETTLE: Need.PASSPHRASE,
    Act.REFUND: Need.SIGN_IN,
    Act.CLOSE: Need.OFF,
    Act.BIND: Need.OFF,
    Act.STATEMENT: Need.OFF,
}
NOBODYS = dict.fromkeys(OWNERS, Need.NOTHING)


def waiting(state: State, *remarks: Remark, **more: object) -> Waiting:
    payment = replace(a_payment(state), remarks=frozenset(remarks), created_at=START - HOUR, **more)  # type: ignore[arg-type]
    concern = concern_of(payment.state, payment.unseen, payment.created_at, START)
    assert concern is not None
    return Waiting(concern=concern, since=payment.created_at, payment=payment)


HELD = StateReason(review=Remark.AMOUNT_DIFFERS)
CURABLE = StateReason(review=Remark.IDS_DIFFER)
DAY_OPEN = Waiting(concern=Concern.DAY_OPEN, since=START - DAY)
UNPROMPTED = Waiting(concern=Concern.UNPROMPTED, since=START - DAY, many=3)
NO_RECORD = Waiting(concern=Concern.NO_RECORD, since=START - DAY)


@pytest.mark.parametrize(
    ("item", "name", "step", "whose"),
    [
        (waiting(State.REVIEW, reason=HELD), "Needs checking", "Settle...", "owner"),
        (waiting(State.REVIEW, reason=CURABLE), "Needs checking", words.ASK, ""),
        (waiting(State.REVIEW, reason=CURABLE, checkout_request_id=None), "Needs checking", "Settle...", "owner"),
        (waiting(State.PAID, Remark.DOUBLE), "Refund due", "Refund...", "owner"),
        (waiting(State.UNKNOWN), "Not sure yet", words.ASK, ""),
        (waiting(State.UNKNOWN, checkout_request_id=None), "Not sure yet", "Settle...", "owner"),
        (waiting(State.PAID, Remark.RECORD_DIFFERS), "Differs", "Compare...", "owner"),
        (waiting(State.PAID, Remark.REVERSED), "Sent back", "Compare...", "owner"),
        (waiting(State.PAID, Remark.ERASED, Remark.CODE_LOST), "Code lost", "Look...", "owner"),
        (UNPROMPTED, "No prompt", "Bind or name...", "supervisor"),
        (DAY_OPEN, "Day not closed", "Close the day...", "supervisor"),
        (NO_RECORD, "Not compared", "Statement...", "supervisor"),
    ],
)
def test_each_has_its_next_step_and_says_whose_it_is(item: Waiting, name: str, step: str, whose: str) -> None:
    assert words.name_of(item) == name
    assert words.step_words(item, NOBODYS) == words.step_words(item, {}) == step
    assert words.step_words(item, OWNERS) == (f"{step} ({whose})" if whose else step)
    asked = step == words.ASK
    assert words.asks(item) is asked
    assert words.button_words(item, OWNERS) == (words.OPEN if asked else words.step_words(item, OWNERS))


@pytest.mark.parametrize("remark", sorted(ATTENTION_REMARKS))
def test_each_remark_has_words_of_its_own(remark: Remark) -> None:
    item = waiting(State.PAID, remark)
    assert words.name_of(item)
    assert words.what_words(item).endswith(".")


def test_what_happened_and_whether_money_moved() -> None:
    said = {item.concern: words.selected_words(item) for item in (waiting(State.REVIEW, reason=HELD), DAY_OPEN)}
    payment = a_payment(State.REVIEW)
    assert said[Concern.REVIEW].startswith(f"{payment.number}, {payment.post_title}. ")
    assert "Nothing is given for it yet" in said[Concern.REVIEW]
    assert said[Concern.DAY_OPEN] == "Money from 22 Nov 2026 on is in no close yet."
    assert "no prompt asked for (3)" in words.what_words(UNPROMPTED)
    assert "A close (Z)" in words.what_words(replace(DAY_OPEN, counts=False))
    assert "is not held against M-PESA's own record" in words.what_words(NO_RECORD)
    assert "Do not send again" in words.what_words(waiting(State.UNKNOWN))


def test_how_much_there_is_of_what() -> None:
    counts = {Concern.REVIEW: 2, Concern.REFUND_DUE: 1_000, Concern.DAY_OPEN: 1}
    found = Attention(at=START, counts=counts)
    assert words.counted_words(found) == "2 to check · 1,000 to refund · the day not closed"
    assert words.counted_words(Attention(at=START, counts={})) == ""
    assert (words.total_words(1), words.total_words(1_003)) == ("1 thing needs a person", "1,003 things need a person")


def test_its_age_is_never_less_than_nothing() -> None:
    assert words.age_words(waiting(State.UNKNOWN), START) == "1 h 0 min"
    assert words.age_words(waiting(State.UNKNOWN), START - DAY) == "0:00"


def test_payments_are_told_apart() -> None:
    one: Payment | None = waiting(State.UNKNOWN).payment
    assert one is not None
    assert words.selected_words(waiting(State.UNKNOWN)).startswith(one.number)
