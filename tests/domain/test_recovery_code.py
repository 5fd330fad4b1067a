"""The recovery code: hard to guess, easy to read aloud and to type, and a slip of the hand is found."""

import math

import pytest

from pos_app.domain.recovery_code import ALPHABET, GROUP, GROUPS, make_code, read_code
from pos_app.errors import BadInput


def test_a_code_has_at_least_a_hundred_bits_and_no_letters_that_look_alike() -> None:
    assert GROUPS * (GROUP - 1) * math.log2(len(ALPHABET)) > 100
    for alike in ("0ODQ", "1IL7", "2Z", "5S", "8B", "6G", "UV", "NM"):
        assert sum(letter in ALPHABET for letter in alike) <= 1
    codes = {make_code() for _ in range(100)}
    assert len(codes) == 100
    for code in codes:
        assert [len(group) for group in code.split("-")] == [GROUP] * GROUPS
        assert set(code) <= {*ALPHABET, "-"}


@pytest.mark.parametrize("between", ["-", "", " ", " \u2013 ", "\n"])
def test_it_is_read_however_it_was_typed(between: str) -> None:
    code = make_code()
    assert read_code(f"  {code.lower().replace('-', between)} ") == code


def test_a_digit_that_was_read_as_a_letter_is_that_digit() -> None:
    meant = str.maketrans("8652", "BGSZ")
    codes = [code for code in (make_code() for _ in range(20)) if set(code) & set("8652")]
    assert codes
    assert [read_code(code.translate(meant)) for code in codes] == codes


def test_one_wrong_letter_is_found_and_the_group_is_named() -> None:
    letters = make_code().replace("-", "")
    for place, right in enumerate(letters):
        for wrong in ALPHABET.replace(right, ""):
            with pytest.raises(BadInput, match=f"^Group {place // GROUP + 1} of the recovery code") as refused:
                read_code(letters[:place] + wrong + letters[place + 1 :])
            assert letters[:GROUP] not in refused.value.user_text


def test_two_letters_or_groups_that_changed_places_are_found() -> None:
    letters = make_code().replace("-", "")
    for place in range(len(letters) - 1):
        first, second = letters[place], letters[place + 1]
        if first != second:
            with pytest.raises(BadInput, match="Group"):
                read_code(letters[:place] + second + first + letters[place + 2 :])
    groups = make_code().split("-")
    with pytest.raises(BadInput, match="Group 1"):
        read_code("-".join([groups[1], groups[0], *groups[2:]]))


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "Type the recovery code"),
        (" - ", "Type the"),
        ("2222", "Here are 4"),
        ("2" * 31, "Here are 31"),
    ],
)
def test_what_can_be_none_is_refused_in_words(typed: str, words: str) -> None:
    with pytest.raises(BadInput, match=words):
        read_code(typed)


@pytest.mark.parametrize("letter", "01ILNOQUV")
def test_a_letter_that_no_code_has_is_found(letter: str) -> None:
    code = make_code()
    with pytest.raises(BadInput, match="Group 6"):
        read_code(code[:-2] + letter + code[-1])
