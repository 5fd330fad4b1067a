"""Phone numbers: read, shown, grouped, hidden."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.domain.phone import group, local, mask, mask_in, network, parse_phone
from pos_app.errors import BadInput

nationals = st.from_regex(r"\A[17][0-9]{8}\Z")
ways_to_type = st.sampled_from(["0{}", "{}", "254{}", "+254{}"])
noise = st.text(st.characters(exclude_categories=["Nd", "Cs"]), max_size=12)


@pytest.mark.parametrize(
    "text",
    [
        "0712345678",
        "712345678",
        "254712345678",
        "+254712345678",
        "0712 345 678",
        "+254 712-345-678",
        "(0712) 345.678",
        " 0712\u00a0345\u00a0678 ",
    ],
)
def test_every_usual_way_to_type_a_number(text: str) -> None:
    assert parse_phone(text) == "254712345678"


def test_numbers_that_begin_with_01_are_mobile_too() -> None:
    assert parse_phone("0110000222") == "254110000222"


@pytest.mark.parametrize("text", ["", "+", "07123a5678", "0712/345678", "٠٧١٢٣٤٥٦٧٨", "++254712345678"])
def test_digits_only(text: str) -> None:
    with pytest.raises(BadInput) as refused:
        parse_phone(text)
    assert refused.value.user_text == ("A phone number has digits only, for example 0712 345 678. Nothing was sent.")


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("07", 8),
        ("071234567", 1),
        ("71234567", 1),
        ("254", 9),
        ("2547", 8),
        ("254712345", 3),
        ("2547123456", 2),
        ("25471234567", 1),
    ],
)
def test_says_how_many_digits_are_missing(text: str, missing: int) -> None:
    with pytest.raises(BadInput, match=rf"^That number is not complete: {missing} more to type\. Nothing was sent\.$"):
        parse_phone(text)


@pytest.mark.parametrize(
    "text", ["07123456789", "0212345678", "254254712345678", "255712345678", "254812345678", "2540712345678"]
)
def test_other_numbers_are_refused_without_repeating_them(text: str) -> None:
    with pytest.raises(BadInput) as refused:
        parse_phone(text)
    assert refused.value.user_text == (
        "That is not a Kenyan mobile number: those start with 07 or 01 and have 10 digits. Nothing was sent."
    )


@given(nationals, ways_to_type)
def test_grouping_while_typing_keeps_the_number(national: str, way: str) -> None:
    typed = way.format(national)
    assert parse_phone(group(typed)) == parse_phone(typed) == "254" + national


@given(st.text() | st.from_regex(r"\A\+?[0-9 ]{0,16}\Z"))
def test_grouping_what_is_grouped_changes_nothing(text: str) -> None:
    assert group(group(text)) == group(text)


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("", ""),
        ("07", "07"),
        ("07123", "0712 3"),
        ("0712345678", "0712 345 678"),
        ("07123456789", "0712 345 678"),
        ("712345678", "712 345 678"),
        ("+254712345678", "+254 712 345 678"),
        ("  +2547123", "+254 712 3"),
        ("2547123", "254 712 3"),
        ("2547123456789", "254 712 345 678"),
        ("7123456789", "712 345 678"),
        ("0712x345", "0712 345"),
    ],
)
def test_grouping(typed: str, shown: str) -> None:
    assert group(typed) == shown


@given(nationals, ways_to_type, noise, noise)
def test_no_full_number_survives_masking_in_a_text(national: str, way: str, before: str, after: str) -> None:
    masked = mask_in(f"{before}{way.format(national)}{after}")
    assert national not in masked
    assert masked.endswith(national[-3:] + after)


@given(nationals, st.from_regex(r"\A[0-9]{8,20}\Z"), noise, noise)
def test_no_full_number_survives_inside_a_checkout_id(national: str, stamp: str, before: str, after: str) -> None:
    masked = mask_in(f"{before}ws_CO_{stamp}{national}{after}")
    assert national not in masked.removeprefix(f"{before}ws_CO_{stamp}")  # the stamp may look like the number


@given(st.lists(nationals, min_size=2, max_size=5))
def test_every_number_of_a_text_is_masked(numbers: list[str]) -> None:
    masked = mask_in(",".join("254" + number for number in numbers))
    assert all(number not in masked for number in numbers)


def test_masking_leaves_amounts_dates_and_receipts_alone() -> None:
    text = '{"Amount": 250, "TransactionDate": 20261123140512, "MpesaReceiptNumber": "UKN4X7Q2ZT"}'
    assert mask_in(text) == text


def test_a_masked_number_is_recognisable() -> None:
    assert mask_in("PhoneNumber: 254712345678") == "PhoneNumber: 712•••678"
    assert mask_in("ws_CO_23112026140000123708374149") == "ws_CO_23112026140000123•••"
    assert mask("254712345678") == "0712 ••• 678"
    assert mask("254712345678", "xxx") == "0712 xxx 678"
    assert local("254712345678") == "0712345678"


# The prefixes stand here a second time, as ranges: a slip in one of the lists shows.
NETWORKS = {
    "Safaricom": "700-729 740-743 745-746 748-749 757-759 768-769 790-799 110-119 140-149 180-189",
    "Airtel": "730-739 750-756 760-760 762-767 780-789 100-109 135-139",
    "Telkom": "761-761 770-779 120-120",
}


@pytest.mark.parametrize("prefix", [*range(100, 200), *range(700, 800)])
def test_the_network_is_a_hint_from_the_longest_prefix(prefix: int) -> None:
    names = [
        name
        for name, ranges in NETWORKS.items()
        for first, last in (part.split("-") for part in ranges.split())
        if int(first) <= prefix <= int(last)
    ]
    assert network(f"254{prefix}000000") == (names[0] if names else None)
