"""Numbers and codes are read in one form only."""

import unicodedata
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.domain.strict import is_text, plain, upper, whole

ODD = [
    "", " ", " 7", "7 ", "7\n", "+7", "-7", "-0", "007", "00", "1_000", "1,000", "1e3", "1E3", "0x7", "0b1", "NaN",
    "inf", "٢٥٠", "२५०", "１２", "1２", "²", "½", "Ⅶ", "7\x00", "\N{ZERO WIDTH SPACE}7",
]  # fmt: skip


@pytest.mark.parametrize("text", [*ODD, "7.0", "9" * 19, "9" * 5_000])
def test_what_is_no_whole_number_in_its_one_form(text: str) -> None:
    assert whole(text) is None


@pytest.mark.parametrize("text", [*ODD, ".5", "5.", "1.2.3", "1._5", "00.5", "1.٥"])
def test_what_is_no_plain_number(text: str) -> None:
    assert plain(text) is None


@given(st.integers(0, 10**18 - 1))
def test_a_whole_number_is_read_as_it_is_written(number: int) -> None:
    assert whole(str(number)) == number
    assert plain(str(number)) == number


@pytest.mark.parametrize("text", ["0", "0.5", "250.00", "6.25", "9" * 6_000])
def test_a_plain_number_is_read_as_it_is_written(text: str) -> None:
    assert plain(text) == Decimal(text)


@given(st.text())
def test_no_other_digit_is_taken(text: str) -> None:
    if whole(text) is not None or plain(text) is not None:
        assert text.isascii()


def test_only_plain_letters_become_capitals() -> None:
    assert upper("ukn4x7q2zt KES") == "UKN4X7Q2ZT KES"
    for letter in map(chr, range(128, 0x30000)):
        if unicodedata.category(letter).startswith("L"):
            assert upper(letter) == letter


@pytest.mark.parametrize(
    ("text", "whether"), [("", True), ("Wanjikũ 😀", True), ("\ud83d", False), ("a\udfff", False), ("\ue000", True)]
)
def test_half_a_character_is_no_text(text: str, whether: bool) -> None:
    assert is_text(text) == whether
