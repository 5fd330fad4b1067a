"""What is said aloud: the words of the states, short, and nothing that names a customer."""

from collections.abc import Callable

import pytest

from pos_app.domain.payment import Payment, Remark, State
from pos_app.domain.receipt import Mark
from pos_app.messages.announcements import announcement, announcements, said_anew
from pos_app.messages.payments import state_words

Make = Callable[..., Payment]


@pytest.mark.parametrize("state", State)
def test_every_state_is_said_in_its_own_words_and_the_phone_is_not(make_payment: Make, state: State) -> None:
    payment = make_payment(state=state, reason="2001" if state is State.DECLINED else None)
    assert announcement(payment) == f"{state_words(payment)}. KES 250, Week pass, phone ending 678."


@pytest.mark.parametrize(
    ("before", "after", "anew"),
    [
        (None, {}, True),
        ({}, {}, False),
        ({}, {"receipt": "UKN4X7Q2ZT", "next_check_at": None}, False),
        ({}, {"state": State.PAID}, True),
        ({"state": State.PAID}, {"state": State.PAID, "remarks": frozenset({Remark.DOUBLE})}, True),
        ({"state": State.EXPIRED}, {"state": State.PAID, "remarks": frozenset({Remark.LATE})}, True),
        ({}, {"state": State.PAID, "remarks": frozenset({Remark.BOUND})}, False),
    ],
)
def test_what_is_in_the_same_words_is_no_news(
    make_payment: Make, before: dict[str, object] | None, after: dict[str, object], anew: bool
) -> None:
    assert said_anew(None if before is None else make_payment(**before), make_payment(**after)) is anew


def test_what_is_paid_comes_first_and_many_are_counted(make_payment: Make) -> None:
    changed = [make_payment(id=place, state=State.UNKNOWN) for place in range(1, 8)]
    changed.append(make_payment(id=9, state=State.PAID, amount=30))
    said = announcements(changed, Mark.NONE)
    assert said.startswith("Paid. KES 30, Week pass, phone ending 678. Not sure yet")
    assert said.endswith("phone ending 678. 3 more payments changed.")
    assert announcements(changed[:6], Mark.NONE).endswith(" 1 more payment changed.")


@pytest.mark.parametrize(
    ("mark", "words"),
    [(Mark.NONE, ""), (Mark.PRACTICE, " Practice, not real money."), (Mark.SANDBOX, " Sandbox, test money.")],
)
def test_money_that_is_not_real_is_said_to_be_so(make_payment: Make, mark: Mark, words: str) -> None:
    payment = make_payment()
    assert announcements([payment], mark) == f"{announcement(payment)}{words}"
