"""Phone numbers: read, shown, grouped, hidden."""

from string import digits

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.domain.phone import (
    compact,
    erased_phone,
    group,
    is_erased,
    last_digits,
    local,
    mask,
    mask_in,
    mask_spelt,
    may_become_last_digits,
    network,
    parse_phone,
    shown,
    without_payer,
)
from pos_app.errors import BadInput

nationals = st.builds("{}{}".format, st.sampled_from("17"), st.text(digits, min_size=8, max_size=8))
ways_to_type = st.sampled_from(["0{}", "{}", "254{}", "+254{}"])
SEPARATORS = (
    " ",
    "-",
    ".",
    "(",
    ")",
    "/",
    "\u00a0",
    "\u2011",
    "\u200f",
    "\u202c",
    "\ufeff",
    "\t",
    "\n",
    "\u2044",
    "\u00b7",
)


def spaced(longest: int) -> st.SearchStrategy[str]:
    """Digits and spaces, that many at most, with a plus before them or without."""
    return st.builds("{}{}".format, st.sampled_from(["", "+"]), st.text(digits + " ", max_size=longest))


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
        "0712/345678",
        "\t0712\u2009345\u202f678\r\n",
        "\u202a+254 712\u2011345\u2011678\u202c",
        "\u2066[0712]\u2013{345}\u2014678\u2069",
        "\ufeff0712\u00ad345\u2212678\u200b",
        "0712\u2007345\u3000678\u2028",
        "0\ufe0f7\ufe0f12\u2800345\u3164678",
    ],
)
def test_every_usual_way_to_type_a_number(text: str) -> None:
    assert parse_phone(text) == "254712345678"


def test_numbers_that_begin_with_01_are_mobile_too() -> None:
    assert parse_phone("0110000222") == "254110000222"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "+",
        "07123a5678",
        "O712345678",
        "0712 345 678 Njeri",
        "٠٧١٢٣٤٥٦٧٨",
        "０７１２３４５６７８",
        "071234567²",
        "++254712345678",
        "254+712345678",
        "0712 ••• 678",
        "0712345678, 0722333444",
        "071\x00345678",
    ],
)
def test_digits_only(text: str) -> None:
    with pytest.raises(BadInput) as refused:
        parse_phone(text)
    assert refused.value.user_text == ("A phone number has digits only, for example 0712 345 678. Nothing was sent.")


@pytest.mark.parametrize("text", ["UKN4X7Q2ZT", "ukn4 x7q2 zt"])
def test_a_receipt_code_is_no_phone(text: str) -> None:
    with pytest.raises(BadInput, match=r"That is an M-PESA code, not a phone number. Type it on Payments \(F6\)"):
        parse_phone(text)


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
        ("2", 11),
        ("+25", 10),
        ("0", 9),
    ],
)
def test_says_how_many_digits_are_missing(text: str, missing: int) -> None:
    with pytest.raises(BadInput, match=rf"^That number is not complete: {missing} more to type\. Nothing was sent\.$"):
        parse_phone(text)


@pytest.mark.parametrize(
    "text",
    [
        "02",
        "0212345678",
        "0254712345678",
        "00254712345678",
        "254254712345678",
        "255",
        "255712345678",
        "254812345678",
        "2540712345678",
        "+254 (0)712 345 678",
        "+0712345678",
        "+712345678",
        "+1 712 345 678",
        "4006381333931",
        "99",
    ],
)
def test_other_numbers_are_refused_without_repeating_them(text: str) -> None:
    with pytest.raises(BadInput) as refused:
        parse_phone(text)
    assert refused.value.user_text == (
        "That is not a Kenyan mobile number: those start with 07 or 01 and have 10 digits. Nothing was sent."
    )


@pytest.mark.parametrize(
    ("text", "surplus"),
    [
        ("07123456789", "1 digit too many."),
        ("7123345678", "1 digit too many."),
        ("254712345678 9", "1 digit too many."),
        ("+254 712 345 678 99", "2 digits too many."),
        ("0712 345 678 12345678", "8 digits too many."),
        ("0712 345 678 / 722 333 444", "9 digits too many: is it two numbers?"),
        ("0712345678\n0722333444", "10 digits too many: is it two numbers?"),
        ("0712345678" * 5_000, "49990 digits too many: is it two numbers?"),
    ],
)
def test_says_how_many_digits_are_too_many_and_never_cuts_them(text: str, surplus: str) -> None:
    with pytest.raises(BadInput) as refused:
        parse_phone(text)
    assert refused.value.user_text == f"That number has {surplus} Nothing was sent."


@given(nationals, ways_to_type, st.lists(st.sampled_from(SEPARATORS), max_size=14))
def test_what_stands_between_the_digits_does_not_matter(national: str, way: str, marks: list[str]) -> None:
    spelled = "".join(
        character + (marks[place] if place < len(marks) else "") for place, character in enumerate(way.format(national))
    )
    assert parse_phone(spelled) == "254" + national
    assert compact(spelled) == way.format(national)


@given(st.text() | spaced(40) | st.text(st.sampled_from("+0127٣x \u200e-")))
def test_what_is_read_as_a_number_is_all_of_its_digits(text: str) -> None:
    """Whatever is asked, nothing of what was typed was left out, and grouping shows it all."""
    shown = group(text)
    assert compact(shown) == compact(text)
    try:
        msisdn = parse_phone(text)
    except BadInput:
        with pytest.raises(BadInput):
            parse_phone(shown)
        return
    digits = shown.replace(" ", "").removeprefix("+")
    assert digits in (msisdn, local(msisdn), msisdn[3:])
    assert parse_phone(shown) == msisdn


@given(nationals, ways_to_type)
def test_grouping_while_typing_keeps_the_number(national: str, way: str) -> None:
    typed = way.format(national)
    assert parse_phone(group(typed)) == parse_phone(typed) == "254" + national


@given(st.text() | spaced(16))
def test_grouping_what_is_grouped_changes_nothing(text: str) -> None:
    assert group(group(text)) == group(text)


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("", ""),
        ("07", "07"),
        ("07123", "0712 3"),
        ("0712345678", "0712 345 678"),
        ("07123456789", "0712 345 678 9"),
        ("712345678", "712 345 678"),
        ("+254712345678", "+254 712 345 678"),
        ("  +2547123", "+254 712 3"),
        ("2547123", "254 712 3"),
        ("2547123456789", "254 712 345 678 9"),
        ("7123456789", "712 345 678 9"),
        ("0712345678" * 2, "0712 345 678 071 234 567 8"),
        ("\u202a0712-345/678\u202c", "0712 345 678"),
        ("+", "+"),
        ("0712x345", "0712x345"),
        ("0712 345 678 Njeri", "0712 345 678 Njeri"),
        ("٠٧١٢", "٠٧١٢"),
    ],
)
def test_grouping(typed: str, shown: str) -> None:
    assert group(typed) == shown


@given(nationals, ways_to_type, noise, noise)
def test_no_full_number_survives_masking_in_a_text(national: str, way: str, before: str, after: str) -> None:
    masked = mask_in(f"{before}{way.format(national)}{after}")
    assert national not in masked
    assert masked.endswith(national[-3:] + after)


@given(nationals, st.text(digits, min_size=8, max_size=20), noise, noise)
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


@pytest.mark.parametrize(
    ("text", "last", "may_become"),
    [
        ("", None, False),
        ("5", None, True),
        ("567", None, True),
        ("5678", "5678", True),
        ("567 8", "5678", True),
        ("0712", "0712", True),
        ("56 78 9", None, False),
        ("+254", None, False),
        ("567x", None, False),
        ("\u0665\u0666\u0667\u0668", None, False),
        ("0712345678", None, False),
        ("0712345678 0722333444", None, False),
    ],
)
def test_four_digits_may_be_the_last_ones_of_a_number(text: str, last: str | None, may_become: bool) -> None:
    assert (last_digits(text), may_become_last_digits(text)) == (last, may_become)


@given(nationals, ways_to_type)
def test_the_last_digits_of_a_number_are_read_as_such_and_no_whole_number_is(national: str, way: str) -> None:
    assert last_digits(national[-4:]) == parse_phone(way.format(national))[-4:]
    assert last_digits(way.format(national)) is None


class TestErased:
    """What stands in the place of an erased customer's number (rule 21)."""

    def test_it_has_the_last_three_digits_and_is_no_number(self) -> None:
        left = erased_phone("254708374149", 17)
        assert left == "erased #17 …149"
        assert is_erased(left)
        assert not is_erased("254708374149")
        assert shown(left) == mask(left) == mask(left, "xxx") == local(left) == group(local(left)) == "erased …149"
        assert shown("254708374149") == "254708374149"

    def test_no_other_customers_last_digits_end_it(self) -> None:
        assert not erased_phone("254708374149", 1234).endswith("1234")

    def test_an_id_loses_its_payer(self) -> None:
        assert without_payer("ws_CO_04052026210410237708374149") == "ws_CO_04052026210410237…149"
        assert without_payer(without_payer("ws_CO_04052026210410237708374149")) == "ws_CO_04052026210410237…149"
        assert without_payer("29115-34620561-1") == "29115-34620561-1"

    @pytest.mark.parametrize(
        "text", ["0708374149", "0708 374 149", "0708-374-149", "+254 708 374 149", "708 374 149", "7 0 8 3 7 4 1 4 9"]
    )
    def test_a_number_that_a_person_wrote_is_masked(self, text: str) -> None:
        masked = mask_spelt(f"call {text} today")
        assert masked == "call 0708 ••• 149 today"
        assert mask_spelt(masked) == masked
        assert mask_spelt(f"{text},{text}") == "0708 ••• 149,0708 ••• 149"

    def test_what_a_person_copied_is_masked_whatever_stands_beside_it(self) -> None:
        assert mask_spelt("1 712345678 5") == "1 0712 ••• 678 5"
        assert mask_spelt("1234 0712345678") == "1234 0712 ••• 678"
        assert mask_spelt("id ws_CO_04052026210410237708374149") == "id ws_CO_04052026210410237•••"

    @pytest.mark.parametrize("text", ["A-20261123-0001", "KES 1,250 on 23-11-2026", "192.168.1.20", "12 34", "254"])
    def test_other_figures_stay(self, text: str) -> None:
        assert mask_spelt(text) == text


def test_a_number_in_the_digits_of_another_script_is_masked_too() -> None:
    typed = "call \u0660\u0667\u0660\u0668 \u0663\u0667\u0664 \u0661\u0664\u0669"
    assert mask_spelt(typed) == "call 0708 ••• 149"
    assert mask_spelt("\u0663 days") == "\u0663 days"
