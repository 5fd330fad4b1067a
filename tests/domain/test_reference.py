"""The AccountReference: twelve characters that say what was paid for, and by whom."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pos_app.domain.reference import MAX_LENGTH, account_reference, read_reference
from pos_app.errors import BadInput

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
    assert account_reference(post, customer) == text
    assert read_reference(text) == (post, customer)


@given(ids, ids)
@example(32_141, 36**5)
def test_every_reference_fits_and_decodes_back_or_is_refused(post: int, customer: int) -> None:
    try:
        text = account_reference(post, customer)
    except BadInput:
        assert max(post, customer) >= 36**5  # five digits of each always fit
        return
    assert len(text) <= MAX_LENGTH == 12
    assert read_reference(text) == (post, customer)


def test_too_long_a_reference_is_refused_in_words() -> None:
    with pytest.raises(BadInput) as refused:
        account_reference(36**5, 36**5)
    assert refused.value.user_text == (
        "This post and customer have numbers too long for M-PESA's reference. Nothing was sent."
    )


@pytest.mark.parametrize("text", ["", "POST", "INVOICE 7", "p1_2", "P1_2_3", "POST_1_2 ", "P_1"])
def test_other_references_are_not_ours(text: str) -> None:
    with pytest.raises(ValueError, match=r"^not a reference of ours$"):
        read_reference(text)
