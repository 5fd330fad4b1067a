"""The receipt."""

from dataclasses import replace
from datetime import timedelta
from string import ascii_uppercase, digits
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.domain.payment import Payment, Remark, State
from pos_app.domain.payment_line import Grant
from pos_app.domain.receipt import (
    WIDTH,
    Line,
    Mark,
    Shop,
    Style,
    ascii_lines,
    receipt_lines,
    receipt_message,
    receipt_text,
    typed_code,
)
from pos_app.errors import BadInput
from tests.support.builders import GRANT, RECEIPT, a_line, a_payment, a_post
from tests.support.fakes import START

SHOP = Shop("Mama Njeri Shop", ("Moi Avenue, Nairobi",))


def text_of(payment: Payment, shop: Shop = SHOP, copy: int = 1) -> str:
    return receipt_text(receipt_lines(shop, payment, copy))


def paid(**changes: Any) -> Payment:
    return a_payment(State.PAID, phone="254712345678", **changes)


def test_the_whole_receipt() -> None:
    assert text_of(paid()) == (
        "        Mama Njeri Shop\n"
        "      Moi Avenue, Nairobi\n"
        "--------------------------------\n"
        "    PAYMENT RECEIPT / RISITI\n"
        "       Not a tax invoice\n"
        "No               A-20261123-0042\n"
        "Date       23 Nov 2026 14:00 EAT\n"
        "Wi-Fi month              KES 100\n"
        "TOTAL                    KES 100\n"
        "M-PESA code           UKN4X7Q2ZT\n"
        "Phone               0712 xxx 678\n"
        "Access                  for ever\n"
        "--------------------------------\n"
        "      Asante! / Thank you\n"
    )


def test_asked_and_paid_both_stand_there_where_they_differ() -> None:
    """What M-PESA has is what counts; a receipt of 100 under the code of 99 would be a lie."""
    lines = text_of(paid(amount_paid=99, remarks=frozenset({Remark.BY_OWNER}))).splitlines()
    assert lines[7:10] == [
        "Wi-Fi month              KES 100",
        "Asked                    KES 100",
        "PAID                      KES 99",
    ]
    assert "TOTAL                    KES 100" in text_of(paid(amount_paid=100))


@pytest.mark.parametrize(
    ("remarks", "access", "words"),
    [
        ({Remark.DOUBLE}, False, "Paid twice: refund due"),
        ({Remark.DOUBLE, Remark.REFUNDED}, False, "Paid twice: refunded"),
        ({Remark.DOUBLE, Remark.BOTH_MEANT}, True, "Access                  for ever"),
    ],
)
def test_what_became_of_a_double_is_on_its_receipt(remarks: set[Remark], access: bool, words: str) -> None:
    seen = frozenset({Remark.DOUBLE}) if len(remarks) > 1 else frozenset()
    grant = Grant(granted_at=START, access=access, until=None)
    text = text_of(paid(remarks=frozenset(remarks), seen=seen, grant=grant))
    assert words in text
    assert ("refund due" in text) == (not seen)


@pytest.mark.parametrize("mark", [Mark.PRACTICE, Mark.SANDBOX])
def test_money_that_is_not_real_is_marked_at_both_ends(mark: Mark) -> None:
    lines = receipt_lines(replace(SHOP, mark=mark), paid())
    assert lines[0] == lines[-1] == Line(Style.CENTRE, mark)
    assert mark.value in ("MAZOEZI - SI RISITI", "SANDBOX - SI RISITI")


def test_how_each_line_is_set() -> None:
    """Paper and PDF go by the style: labels left and values right, and the total larger than the rest."""
    payment = paid(receipt=None, receipt_typed="AAA1112223", remarks=frozenset({Remark.BY_OWNER}))
    assert [(line.style, line.text) for line in receipt_lines(SHOP, payment, 2)] == [
        (Style.TITLE, "Mama Njeri Shop"),
        (Style.CENTRE, "Moi Avenue, Nairobi"),
        (Style.RULE, ""),
        (Style.CENTRE, "PAYMENT RECEIPT / RISITI"),
        (Style.CENTRE, "Not a tax invoice"),
        (Style.CENTRE, "COPY 2"),
        (Style.PAIR, "No"),
        (Style.PAIR, "Date"),
        (Style.PAIR, "Wi-Fi month"),
        (Style.TOTAL, "TOTAL"),
        (Style.PAIR, "M-PESA code"),
        (Style.PAIR, "Code from SMS (not checked)"),
        (Style.PAIR, "Phone"),
        (Style.PAIR, "Access"),
        (Style.CENTRE, "Settled by the owner"),
        (Style.RULE, ""),
        (Style.CENTRE, "Asante! / Thank you"),
    ]
    assert Line(Style.PAIR, "M-PESA code", RECEIPT) in receipt_lines(SHOP, paid())


def test_whoever_served_is_named_where_the_shop_has_operators() -> None:
    assert "Served by                  Amina\n" in text_of(paid(operator="Amina"))
    assert "Served by" not in text_of(paid())


def test_copies_say_so() -> None:
    assert "COPY" not in text_of(paid(), copy=1)
    assert receipt_lines(SHOP, paid()) == receipt_lines(SHOP, paid(), 1)
    assert "COPY 2" in text_of(paid(), copy=2)


@pytest.mark.parametrize("state", [state for state in State if state is not State.PAID])
def test_rule_12_only_paid_payments_have_a_receipt(state: State) -> None:
    with pytest.raises(BadInput) as refused:
        receipt_lines(SHOP, a_payment(state))
    assert refused.value.user_text == "This payment is not paid, so it has no receipt."


def test_a_paid_payment_without_its_time_has_no_receipt() -> None:
    with pytest.raises(BadInput, match="not paid"):
        receipt_lines(SHOP, paid(closed_at=None))


def test_rule_8_a_typed_code_is_marked_as_not_checked() -> None:
    text = text_of(paid(receipt=None, receipt_typed="AAA1112223"))
    assert "M-PESA code               coming" in text
    assert "Code from SMS (not checked)\n" + "AAA1112223".rjust(WIDTH) in text


def test_mpesas_own_code_stands_alone() -> None:
    text = text_of(paid(receipt_typed="AAA1112223"))
    assert RECEIPT in text
    assert "AAA1112223" not in text


def test_where_m_pesa_cannot_tell_the_code_the_receipt_does_not_promise_it() -> None:
    """A till that only asks; the customer has it in the SMS."""
    lines = receipt_lines(SHOP, paid(receipt=None), code_comes=False)
    assert Line(Style.PAIR, "M-PESA code", "in your SMS") in lines


def test_without_a_code_it_is_coming() -> None:
    text = text_of(paid(receipt=None))
    assert "coming" in text
    assert "SMS" not in text


@pytest.mark.parametrize(
    ("grant", "words"),
    [
        (Grant(granted_at=START, access=True, until=START + timedelta(days=7)), "Access until   30 Nov 2026 14:00"),
        (Grant(granted_at=START, access=True, until=None), "Access                  for ever"),
    ],
)
def test_access_on_the_receipt(grant: Grant, words: str) -> None:
    assert words in text_of(paid(grant=grant))


@pytest.mark.parametrize("grant", [None, Grant(granted_at=START, access=False, until=None)])
def test_no_access_no_line(grant: Grant | None) -> None:
    assert "Access" not in text_of(paid(grant=grant))


def test_rule_13_a_double_says_refund_due_and_gives_no_access() -> None:
    payment = paid(remarks=frozenset({Remark.DOUBLE}))
    assert Line(Style.CENTRE, "Paid twice: refund due") in receipt_lines(SHOP, payment)
    assert "Access" not in text_of(payment)


@given(
    name=st.text(max_size=80),
    line=st.text(max_size=80),
    title=st.text(max_size=60),
    number=st.builds(
        "{}-{}-{}".format,
        st.text(ascii_uppercase, min_size=1, max_size=30),
        st.text(digits, min_size=8, max_size=8),
        st.text(digits, min_size=4, max_size=9),
    ),
    amount=st.integers(1, 250_000),
    width=st.integers(16, 48),
    mark=st.sampled_from(Mark),
)
def test_no_line_is_wider_than_the_paper(
    name: str, line: str, title: str, number: str, amount: int, width: int, mark: Mark
) -> None:
    payment = paid(
        title=title, number=number, amount=amount, receipt=None, receipt_typed="AAA1112223", operator="W" * 24
    )
    text = receipt_text(receipt_lines(Shop(name, (line,), mark), payment, 12), width)
    assert max(map(len, text.split("\n"))) <= width


def test_a_title_that_just_fits_shares_its_line_with_the_price() -> None:
    assert f"{'x' * 24} KES 100\n" in text_of(paid(title="x" * 24))
    assert f"{'x' * 25}\n{'KES 100'.rjust(WIDTH)}\n" in text_of(paid(title="x" * 25))


def test_a_long_title_is_wrapped_and_its_price_stays_on_the_right() -> None:
    text = text_of(paid(title="One whole month of the fastest Wi-Fi in town"))
    assert "One whole month of the fastest\nWi-Fi in town\n" + "KES 100".rjust(WIDTH) in text


def test_a_basket_has_a_line_for_each_post_one_total_and_the_end_of_each_access() -> None:
    week = Grant(granted_at=START, access=True, until=START + timedelta(days=7))
    none = Grant(granted_at=START, access=False, until=None)
    lines = (
        a_line(a_post(id=4, title="Tea", price=30, days=0), 2, grant=none),
        a_line(a_post(id=2, title="Week pass", price=250), grant=week),
        a_line(a_post(id=3, title="Key", price=90), grant=GRANT),
    )
    text = text_of(paid(amount=400, lines=lines))
    assert (
        "Tea 2 x 30                KES 60\n"
        "Week pass                KES 250\n"
        "Key                       KES 90\n"
        "TOTAL                    KES 400\n"
    ) in text
    assert "Week pass until\n               30 Nov 2026 14:00\n" in text
    assert "Key                     for ever\n" in text
    assert "Tea until" not in text


def test_a_basket_that_was_paid_twice_gives_no_access_for_any_line() -> None:
    none = Grant(granted_at=START, access=False, until=None)
    lines = tuple(a_line(a_post(id=number), grant=none) for number in (1, 2))
    text = text_of(paid(amount=200, lines=lines, remarks=frozenset({Remark.DOUBLE})))
    assert "refund due" in text
    assert "until" not in text


def test_the_receipt_as_a_message() -> None:
    assert receipt_message(SHOP, paid()) == (
        "Mama Njeri Shop\n"
        "Wi-Fi month\n"
        "TOTAL: KES 100\n"
        "M-PESA code: UKN4X7Q2ZT\n"
        "No: A-20261123-0042\n"
        "Date: 23 Nov 2026 14:00 EAT\n"
        "Access: for ever\n"
        "Not a tax invoice. Asante!"
    )


def test_a_message_says_what_the_paper_says() -> None:
    """Practice, another amount, a code that is not there, a refund that is due."""
    practice = receipt_message(replace(SHOP, mark=Mark.PRACTICE), paid(receipt=None), code_comes=False)
    assert practice.startswith("MAZOEZI - SI RISITI\nMama Njeri Shop\n")
    assert "M-PESA code: in your SMS" in practice
    assert "Asked: KES 100\nPAID: KES 99" in receipt_message(SHOP, paid(amount_paid=99))
    double = receipt_message(SHOP, paid(remarks=frozenset({Remark.DOUBLE})))
    assert "Paid twice: refund due" in double
    assert "254712345678" not in double
    with pytest.raises(BadInput, match="not paid"):
        receipt_message(SHOP, a_payment(State.EXPIRED))
    with pytest.raises(BadInput, match="not paid"):
        receipt_message(SHOP, paid(closed_at=None))


@pytest.mark.parametrize("remark", [Remark.DOUBLE, Remark.REFUNDED])
def test_a_message_stays_short_however_much_was_sold(remark: Remark) -> None:
    lines = tuple(a_line(a_post(id=number, title=f"Post {number}"), grant=GRANT) for number in range(1, 6))
    assert "Post 1\nPost 2\nPost 3\nPost 4\nTOTAL" in receipt_message(SHOP, paid(lines=lines[:4]))
    many = receipt_message(SHOP, paid(lines=lines))
    assert "Post 1 and 4 more\nTOTAL" in many
    assert "for ever" not in many
    assert "Paid twice" in receipt_message(SHOP, paid(lines=lines, remarks=frozenset({Remark.DOUBLE, remark})))


def test_lines_for_a_printer_are_plain() -> None:
    [line] = ascii_lines([Line(Style.PAIR, "Café\x1b", "0712 ••• 678")])
    assert line == Line(Style.PAIR, "Cafe?", "0712 xxx 678")


def test_who_served_the_customer_stands_there() -> None:
    text = text_of(paid(operator="Amina"))
    assert "Phone               0712 xxx 678\nServed by                  Amina\n" in text
    assert "Served by" not in text_of(paid())


def test_what_went_back_stands_on_the_receipt_too() -> None:
    grant = replace(GRANT, access=False, withdrawn_at=START)
    payment = a_payment(State.PAID, grant=grant, refunded=100)
    lines = receipt_lines(SHOP, payment)
    assert Line(Style.PAIR, "Refunded", "KES 100") in lines
    assert Line(Style.CENTRE, "Access withdrawn") in lines
    assert not any(line.text == "Refunded" for line in receipt_lines(SHOP, a_payment(State.PAID)))


@pytest.mark.parametrize(
    ("typed", "code"),
    [(" ukn4x7q2zt ", "UKN4X7Q2ZT"), ("UKN4 X7Q2 ZT", "UKN4X7Q2ZT"), ("0708374149", None), ("UKN4", None)],
)
def test_a_code_as_it_is_typed_and_a_phone_is_none(typed: str, code: str | None) -> None:
    assert typed_code(typed) == code


def test_a_check_value_stands_on_paper_and_in_the_message() -> None:
    lines = receipt_lines(SHOP, paid(), check="7K3F-9D2M")
    assert Line(Style.PAIR, "Check", "7K3F-9D2M") in lines
    assert "Check: 7K3F-9D2M" in receipt_message(SHOP, paid(), check="7K3F-9D2M")
    assert not any(line.text == "Check" for line in receipt_lines(SHOP, paid()))
