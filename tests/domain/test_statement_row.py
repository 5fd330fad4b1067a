"""Whether a masked number may be a customer's."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.domain.statement_row import may_be, visible_digits

AMINA = "254708374366"


@pytest.mark.parametrize(
    ("phone", "digits"),
    [
        ("070****366", 5), ("25470****366", 5), ("2547****366", 4), ("+25470****366", 5), ("0708374366", 9),
        ("254708374366", 9), ("708374366", 9), ("25****366", 3), ("0****366", 3), ("2547xxx4366", 5), ("***366", 0),
        ("070****", 2), ("", 0), ("SP", 0),
    ],
)  # fmt: skip
def test_what_can_be_seen_of_hers_contradicts_nothing(phone: str, digits: int) -> None:
    assert may_be(phone, AMINA)
    assert visible_digits(phone) == digits


@pytest.mark.parametrize(
    "phone",
    ["071****366", "070****367", "25471****366", "0708374367", "1234567", "11****366", "7083743661", "70837****74366"],
)
def test_one_digit_that_differs_is_enough(phone: str) -> None:
    assert not may_be(phone, AMINA)


def test_of_an_erased_customer_three_digits_are_left() -> None:
    assert may_be("071****366", "erased #17 …366")
    assert may_be("070****66", "erased #17 …366")
    assert may_be("", "erased #17 …366")
    assert not may_be("070****367", "erased #17 …366")


@given(st.integers(0, 199_999_999), st.integers(2, 5), st.integers(1, 4), st.sampled_from(["0", "254"]))
def test_every_mask_of_a_number_may_be_it(place: int, shown: int, end: int, before: str) -> None:
    number = f"{'17'[place // 100_000_000]}{place % 100_000_000:08}"
    assert may_be(f"{before}{number[:shown]}****{number[-end:]}", "254" + number)
