"""Which computer is which till, and who asks for one that is gone."""

import pytest

from pos_app.domain.till_claim import LEASE, TillClaim, beat, claims_text, free_letter, read_claims, taken_by

NOW = 1_000_000.0


def claim(holder: str, seen: float = NOW, account: str = "600123", asks: tuple[str, ...] = ()) -> TillClaim:
    return TillClaim(holder=holder, computer=f"computer {holder}", account=account, seen=seen, asks=asks)


def test_what_is_kept_is_read_again() -> None:
    claims = {"A": claim("one", asks=("C", "D")), "B": claim("two", 0.0)}
    assert read_claims(claims_text(claims)) == claims


def test_what_a_newer_till_says_besides_hides_nobody() -> None:
    text = claims_text({"A": claim("one")})
    assert read_claims(text.replace('"holder"', '"mood": "good", "holder"')) == {"A": claim("one")}


@pytest.mark.parametrize("text", [None, "", "{", "[]", "[1]", '{"A": 1}', '{"A": {"asks": []}}', '{"A": {"asks": 1}}'])
def test_what_nobody_can_read_is_nobodys(text: str | None) -> None:
    assert read_claims(text) == {}


@pytest.mark.parametrize("away", [0.0, 1.0, LEASE - 1, -1.0])
def test_a_letter_that_was_heard_of_just_now_is_taken(away: float) -> None:
    claims = {"A": claim("one", NOW - away)}
    assert taken_by(claims, "A", "two", NOW) == claims["A"]
    assert taken_by(claims, "A", "one", NOW) is None, "its own is had again at once"
    assert taken_by(claims, "B", "two", NOW) is None


@pytest.mark.parametrize("away", [LEASE, 10 * LEASE, -LEASE, NOW])
def test_a_letter_that_was_not_heard_of_for_long_is_free_whatever_the_clock_does(away: float) -> None:
    assert taken_by({"A": claim("one", NOW - away)}, "A", "two", NOW) is None


def test_a_till_asks_for_those_that_are_gone_and_asked_for_by_no_other() -> None:
    gone = NOW - LEASE
    claims = {
        "B": claim("two", asks=("C",)),
        "C": claim("three", gone),
        "D": claim("four", gone),
        "E": claim("five", gone, account="512345"),
        "F": claim("six", gone, asks=("D",)),
        "G": claim("seven", 0.0),
    }
    after = beat(claims, "A", claim("one", 0.0), NOW)
    assert after["A"] == claim("one", NOW, asks=("D", "F", "G"))
    assert {letter: after[letter] for letter in claims} == claims


def test_of_two_tills_one_asks_and_the_other_when_that_one_is_gone_too() -> None:
    claims = {"C": claim("three", NOW - LEASE)}
    claims = beat(claims, "A", claim("one"), NOW)
    claims = beat(claims, "B", claim("two"), NOW)
    assert (claims["A"].asks, claims["B"].asks) == (("C",), ())
    claims = beat(claims, "B", claim("two"), NOW + LEASE)
    assert claims["B"].asks == ("A", "C")


def test_one_that_comes_back_asks_for_itself() -> None:
    claims = beat({"C": claim("three", NOW - LEASE)}, "A", claim("one"), NOW)
    claims = beat(claims, "C", claim("three"), NOW + 1)
    assert claims["C"].asks == ()
    assert beat(claims, "A", claim("one"), NOW + 2)["A"].asks == ()


def test_a_free_letter_is_one_that_no_till_ever_had() -> None:
    assert free_letter(["A", "C"]) == "B"
    assert free_letter("ABCDEFGHIJKLMNOPQRSTUVWXYZ") == "A2"
