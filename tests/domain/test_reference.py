"""The AccountReference: twelve characters that say what was paid for, and by whom."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pos_app.domain.reference import (
    MAX_LENGTH,
    PostReference,
    SaleReference,
    account_reference,
    read_reference,
)
from pos_app.errors import BadInput
from tests.support.builders import a_line, a_payment, a_post

ids = st.integers(0, 40_000) | st.integers(0, 36**9)


@pytest.mark.parametrize(
    ("post", "customer", "text"),
    [
        (1, 1, "POST_1_1"),
        (123, 456, "POST_123_456"),
        (123, 4567, "P3F_3IV"),
        (36, 10**7, "P10_5YC1S"),
        (0, 10**7, "P0_5YC1S"),
        (32_141, 12_345, "POST_9IX"),  # "OST" is a number in base 36
    ],
)
def test_plain_while_it_fits_then_base_36(post: int, customer: int, text: str) -> None:
    assert PostReference(post, customer).text() == text
    assert read_reference(text) == PostReference(post, customer)


@given(ids, ids)
@example(32_141, 36**5)
def test_every_reference_fits_and_decodes_back_or_is_refused(post: int, customer: int) -> None:
    try:
        text = PostReference(post, customer).text()
    except BadInput:
        assert max(post, customer) >= 36**5  # five digits of each always fit
        return
    assert len(text) <= MAX_LENGTH == 12
    assert read_reference(text) == PostReference(post, customer)


@pytest.mark.parametrize(("payment", "text"), [(1, "S_1"), (42, "S_16"), (36**10 - 1, "S_ZZZZZZZZZZ")])
def test_a_basket_is_its_payment_in_base_36(payment: int, text: str) -> None:
    assert SaleReference(payment).text() == text
    assert read_reference(text) == SaleReference(payment)


@given(st.integers(1, 36**10 - 1))
def test_every_payment_has_a_reference_that_fits_and_decodes_back(payment: int) -> None:
    text = SaleReference(payment).text()
    assert len(text) <= MAX_LENGTH
    assert read_reference(text) == SaleReference(payment)


def test_one_post_once_names_post_and_customer_and_anything_else_the_payment() -> None:
    tea = a_line(a_post(id=4))
    assert account_reference(a_payment(lines=(tea,))) == PostReference(4, 5)
    assert account_reference(a_payment(lines=(a_line(a_post(id=4), 2),))) == SaleReference(42)
    assert account_reference(a_payment(lines=(tea, a_line(a_post(id=5))))) == SaleReference(42)


@pytest.mark.parametrize("reference", [PostReference(36**5, 36**5), SaleReference(36**10)])
def test_too_long_a_reference_is_refused_in_words(reference: PostReference | SaleReference) -> None:
    with pytest.raises(BadInput) as refused:
        reference.text()
    assert refused.value.user_text == (
        "This post and customer have numbers too long for M-PESA's reference. Nothing was sent."
    )


@pytest.mark.parametrize(
    "text", ["", "POST", "INVOICE 7", "p1_2", "P1_2_3", "POST_1_2 ", "P_1", "S_", "s_1", "S_1_2", "S1", "S_1\n"]
)
def test_other_references_are_not_ours(text: str) -> None:
    with pytest.raises(ValueError, match=r"^not a reference of ours$"):
        read_reference(text)
