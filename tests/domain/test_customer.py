"""Who can be offered by a masked number, and who looks like somebody else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.domain.customer import MAX_NAME, KnownPhone, read_name, told_apart
from pos_app.domain.phone import mask
from pos_app.errors import BadInput

PHONES = st.lists(
    st.builds("254{}{:04}5678".format, st.sampled_from("17"), st.integers(0, 9_999)).map(KnownPhone), unique=True
)


@given(PHONES)
def test_nobody_who_is_told_apart_looks_like_another_one(found: list[KnownPhone]) -> None:
    offered = told_apart(found)
    assert [known for known in found if known in offered] == list(offered), "in their order"
    for known in found:
        alike = [other for other in found if mask(other.phone) == mask(known.phone)]
        assert (known in offered) == (alike == [known])


def test_two_that_look_alike_are_both_left_out() -> None:
    one, two, three = (KnownPhone(phone) for phone in ("254712345678", "254712995678", "254733345678"))
    assert told_apart([one, three, two]) == (three,)
    assert told_apart([]) == ()


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Amina", "Amina"),
        ("  Amina   Wanjiru ", "Amina Wanjiru"),
        ("Njoki 2", "Njoki 2"),
        ("\u200fAmi\u200dna", "Amina"),
        ("\u0623\u0645\u064a\u0646\u0629", "\u0623\u0645\u064a\u0646\u0629"),
        ("N" * MAX_NAME, "N" * MAX_NAME),
        ("", None),
        (" \t", None),
    ],
)
def test_a_name_is_kept_as_it_was_typed(typed: str, name: str | None) -> None:
    assert read_name(typed) == name


@pytest.mark.parametrize(
    "typed", ["N" * (MAX_NAME + 1), "4006381333931", "0712 345 678", "-", "Ami\x00na", "Amina 0712345678"]
)
def test_what_is_no_name_is_refused_whole(typed: str) -> None:
    with pytest.raises(BadInput, match="Nothing was saved"):
        read_name(typed)
