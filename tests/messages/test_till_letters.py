"""Which computer has which letter, in words."""

import pytest

from pos_app.domain.till_claim import LEASE, TillClaim
from pos_app.messages.till_letters import LetterStanding, letters_words, standing, taken_words

NOW = 1_000_000.0


def claim(holder: str, seen: float = 0.0) -> TillClaim:
    return TillClaim(holder=holder, computer=f"computer {holder}" if holder else "", account="600123", seen=seen)


@pytest.mark.parametrize(
    ("claimed", "how"),
    [
        (None, LetterStanding.FREE),
        (claim("mine"), LetterStanding.MINE),
        (claim("other", NOW - 5), LetterStanding.OPEN),
        (claim("other", NOW - LEASE), LetterStanding.CLOSED),
        (claim("other"), LetterStanding.CLOSED),
        (claim(""), LetterStanding.UNCLAIMED),
    ],
)
def test_how_a_letter_stands_for_a_computer_that_would_have_it(claimed: TillClaim | None, how: LetterStanding) -> None:
    assert standing({"B": claimed} if claimed else {}, "B", "mine", NOW) is how


def test_who_has_which() -> None:
    claims = {"C": claim("other"), "A": claim("mine"), "B": claim("other", NOW), "D": claim("")}
    said = letters_words(claims, "mine", NOW)
    assert said == (
        "Taken: A by this computer; B by computer other, open now; C by computer other, not open now; "
        "D by a till that was never seen on this server."
    )
    assert letters_words({}, "mine", NOW) == "No letter is taken yet."


def test_why_one_cannot_be_had_and_which_can() -> None:
    assert taken_words("B", LetterStanding.OPEN, "counter-2", "C") == (
        "B is the till on the computer counter-2, which is open now. C is free."
    )
    assert taken_words("B", LetterStanding.UNCLAIMED, "", "C") == "B has payments. C is free."
