"""Who can be offered by a masked number, and who looks like somebody else."""

from hypothesis import given
from hypothesis import strategies as st

from pos_app.domain.customer import KnownPhone, told_apart
from pos_app.domain.phone import mask

PHONES = st.lists(st.from_regex(r"\A254[17][0-9]\d{3}5678\Z").map(lambda text: KnownPhone(text[:12])), unique=True)


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
