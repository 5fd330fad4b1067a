"""The lines of a payment: what they cost, what access they give, and how they are called."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.domain.payment_line import Grant, PaymentLine, prompt_title, same_sale, short_title
from tests.support.builders import GRANT, a_line, a_post
from tests.support.fakes import START

TEA = a_line(a_post(id=4, title="Tea", price=30, days=0))
WEEK = a_line(a_post(id=2, title="Week pass", price=250, days=7))
PRINT = a_line(a_post(id=5, title="Printing", price=10, days=None))


def times(line: PaymentLine, quantity: int) -> PaymentLine:
    return PaymentLine(
        post_id=line.post_id, title=line.title, price=line.price, quantity=quantity, days=line.days, grant=line.grant
    )


def test_price_and_days_are_those_of_one_and_count_as_often_as_it_was_sold() -> None:
    assert (times(WEEK, 3).amount, times(WEEK, 3).access_days) == (750, 21)
    assert (times(TEA, 3).amount, times(TEA, 3).access_days) == (90, 0)
    assert (PRINT.amount, PRINT.access_days) == (10, None)


@pytest.mark.parametrize(
    ("lines", "listed", "on_phone"),
    [
        ((TEA,), "Tea", "Tea"),
        ((times(TEA, 2),), "Tea x2", "2 Tea"),
        ((times(TEA, 2), PRINT), "Tea x2 and 1 more", "3 items"),
        ((WEEK, TEA, PRINT), "Week pass and 2 more", "3 items"),
    ],
)
def test_how_lists_and_phones_call_it(lines: tuple[PaymentLine, ...], listed: str, on_phone: str) -> None:
    assert short_title(lines) == listed
    assert prompt_title(lines) == on_phone


def test_a_line_gives_access_by_its_grant_alone() -> None:
    none = Grant(granted_at=START, access=False, until=None)
    week = Grant(granted_at=START, access=True, until=START + timedelta(days=7))
    granted = [PaymentLine(post_id=2, title="x", price=1, days=7, grant=grant) for grant in (None, none, week, GRANT)]
    assert [line.gives_access for line in granted] == [False, False, True, True]


lines = st.lists(
    st.builds(PaymentLine, post_id=st.integers(1, 4), title=st.just("x"), price=st.sampled_from([10, 20]),
              quantity=st.integers(1, 2), days=st.none()),
    min_size=1, max_size=4, unique_by=lambda line: line.post_id,
)  # fmt: skip


@given(lines, lines)
def test_rule_13_the_same_is_asked_for_in_any_order_and_nothing_less_or_more(
    one: list[PaymentLine], other: list[PaymentLine]
) -> None:
    def asked(of: list[PaymentLine]) -> list[tuple[int, int, int]]:
        return sorted((line.post_id, line.price, line.quantity) for line in of)

    assert same_sale(one, reversed(one))
    assert same_sale(one, other) == same_sale(other, one) == (asked(one) == asked(other))
