"""Letters and digits that are not taken for one another."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.domain.base32 import base32, from_base32


@given(st.integers(0, 2**40 - 1))
def test_there_and_back(value: int) -> None:
    letters = base32(value, 40)
    assert len(letters) == 8
    assert not set(letters) & set("ILOU")
    assert from_base32(letters) == from_base32(letters.lower()) == value


def test_what_is_taken_for_another_is_read_as_that() -> None:
    assert from_base32("oIl0") == from_base32("0110")


@pytest.mark.parametrize("text", ["U", "A B", "7-7", "é"])
def test_what_no_code_has(text: str) -> None:
    with pytest.raises(ValueError, match="not found"):
        from_base32(text)
