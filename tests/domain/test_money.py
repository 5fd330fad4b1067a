"""Amounts are whole shillings."""

from string import digits

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pos_app.domain.money import MAX_AMOUNT, MIN_AMOUNT, kes, parse_price
from pos_app.errors import BadInput


@pytest.mark.parametrize(
    ("text", "price"),
    [
        ("250", 250),
        (" 250 ", 250),
        ("1,250", 1_250),
        ("KES 50", 50),
        ("kes1,000", 1_000),
        ("250.00", 250),
        (1, 1),
        ("250,000", 250_000),
        ("KES 1,250", 1_250),
        ("1,250.00", 1_250),
    ],
)
def test_reads_what_a_person_types(text: str | int, price: int) -> None:
    assert parse_price(text) == price


@pytest.mark.parametrize(
    "text",
    [
        "", "abc", "12a", "--5", "1 000", "-1", "+250", "NaN", "sNaN", "Infinity", "1e3", "1E3", "1e-9", "1_000",
        "0250", "00", ".5", "5.", "250.", "1,250.50", "0,250", "1.000,00", "250 KES", "2KES50", "KESKES 5", "KES",
        "0x10", "٢٥٠", "२५०", "１２", "1２", "²", "\N{ROMAN NUMERAL TWELVE}", "１,２５０",
        "\N{KELVIN SIGN}ES 250", "KE\N{LATIN SMALL LETTER LONG S} 250", "\N{FULLWIDTH LATIN CAPITAL LETTER K}ES 250",
        "250\x00", "2\N{ZERO WIDTH SPACE}50", "250\n5",
    ],
)  # fmt: skip
def test_what_is_no_number_is_refused_in_words(text: str) -> None:
    with pytest.raises(BadInput) as refused:
        parse_price(text)
    assert refused.value.user_text == f"{text!r} is not a price. Type whole shillings, for example 250."


@pytest.mark.parametrize("text", ["2.50", "0.1", "1.000", "250.0", "6.5"])
def test_part_shillings_are_refused(text: str) -> None:
    with pytest.raises(BadInput) as refused:
        parse_price(text)
    assert refused.value.user_text == f"A price is in whole shillings: {text} is not. Nothing was saved."


@pytest.mark.parametrize("text", ["0", "250001", "1000000000000", -5, MAX_AMOUNT + 1])
def test_only_what_mpesa_takes(text: str | int) -> None:
    with pytest.raises(BadInput) as refused:
        parse_price(text)
    assert refused.value.user_text == (f"A price is between KES 1 and KES 250,000 (M-PESA's limit): {text} is not.")


def test_a_long_input_is_not_repeated_in_full() -> None:
    for text in ("x" * 5_000, "1" * 5_000, "1." + "5" * 5_000):
        with pytest.raises(BadInput) as refused:
            parse_price(text)
        assert text[:40] in refused.value.user_text
        assert text[:41] not in refused.value.user_text


@given(st.text() | st.integers() | st.decimals().map(str) | st.text(digits + ".,eE+-", min_size=1, max_size=20))
@example("1E999999999999999999")
@example("9" * 6_000)
@example("1," + "000," * 2_000 + "000")
def test_any_input_gives_an_allowed_amount_or_a_refusal(text: str | int) -> None:
    try:
        price = parse_price(text)
    except BadInput:
        return
    assert type(price) is int
    assert MIN_AMOUNT <= price <= MAX_AMOUNT


@given(st.integers(MIN_AMOUNT, MAX_AMOUNT))
def test_what_we_show_can_be_typed_back(amount: int) -> None:
    assert parse_price(kes(amount)) == parse_price(str(amount)) == parse_price(f"{amount}.00") == amount


def test_amounts_have_thousands_separated() -> None:
    assert kes(1_250) == "KES 1,250"


def test_a_comma_that_does_not_part_thousands_is_refused() -> None:
    """Whoever types "1,25" may mean 1.25; it must not become 125."""
    for text in ("1,25", "12,5", "1,2500", ",250"):
        with pytest.raises(BadInput):
            parse_price(text)
    assert parse_price("250,000") == 250_000
