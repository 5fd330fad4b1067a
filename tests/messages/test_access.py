"""Whether a customer has a post, in one line."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from pos_app.domain.access import Held
from pos_app.domain.customer_record import GivenAccess
from pos_app.domain.note import Note
from pos_app.domain.payment import State
from pos_app.domain.withdrawal import ByHand
from pos_app.messages.access import (
    access_promised,
    by_hand_words,
    given_words,
    has_words,
    makes_it_words,
    note_line,
    possessions,
    withdraws_words,
)
from tests.support.builders import GRANT, a_payment
from tests.support.fakes import START

DAY = timedelta(days=1)


def test_what_a_post_gives() -> None:
    assert [access_promised(days) for days in (None, 0, 1, 7)] == [
        "Access for ever",
        "No access",
        "Access for 24 hours from payment",
        "Access for 7 days from payment",
    ]


@pytest.mark.parametrize(
    ("held", "words"),
    [
        (None, "0712 ••• 678 does not have Week pass."),
        (Held(None), "0712 ••• 678 has Week pass for ever."),
        (Held(START + DAY), "0712 ••• 678 has Week pass until 24 Nov 2026 14:00."),
        (Held(START), "0712 ••• 678 does not have Week pass: it ended 23 Nov 2026 14:00."),
    ],
)
def test_has_or_has_not(held: Held | None, words: str) -> None:
    assert has_words("254712345678", "Week pass", held, START) == words


def given(**changes: Any) -> GivenAccess:
    values: dict[str, Any] = {
        "origin": ByHand(1),
        "number": None,
        "post_id": 1,
        "title": "Week pass",
        "days": 7,
        "given_at": START,
        "starts_at": START,
        "until": START + DAY,
        "reason": "a regular",
    }
    return GivenAccess(**values | changes)


def test_what_has_given_it_in_a_menu_and_in_a_line() -> None:
    assert given_words(given()) == "By hand, until 24 Nov 2026"
    assert given_words(given(number="A-20261123-0042", until=None)) == "A-0042, for ever"
    assert by_hand_words(given()) == "Week pass by hand, 23 Nov 2026 14:00, the owner: a regular"
    assert by_hand_words(given(operator="Amina", reason="")) == "Week pass by hand, 23 Nov 2026 14:00, Amina: erased"


def test_what_they_have_and_what_more_makes_of_it() -> None:
    assert possessions([]) == "Has nothing now."
    both = [("Locker", Held(None)), ("Week pass", Held(START + DAY))]
    assert possessions(both) == "Locker for ever\nWeek pass until 24 Nov 2026 14:00"
    assert makes_it_words(Held(None)) == "That makes it for ever."
    assert makes_it_words(Held(START + DAY)) == "That makes it 24 Nov 2026 14:00."


def test_a_note() -> None:
    assert note_line(Note(at=START, text="a regular")) == "23 Nov 2026 14:00: a regular"
    assert note_line(Note(at=START, text="", operator="Amina")) == "23 Nov 2026 14:00, Amina: erased"


def test_what_ends_where_a_payments_access_is_withdrawn() -> None:
    payment = a_payment(State.PAID, grant=replace(GRANT, until=START + DAY))
    assert withdraws_words(payment, START).startswith("Ends now: Wi-Fi month, until 24 Nov 2026 14:00. Days that wait")
    ever = a_payment(State.PAID)
    assert withdraws_words(ever, START).startswith("Ends now: Wi-Fi month, for ever. ")
