"""What is said of a customer: all where there is room, what weighs most where there is little, and nothing cut."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.domain.customer import Customer, Possession
from pos_app.domain.payment import Remark, State
from pos_app.messages.customers import NEW, about, in_full, nobody, others
from tests.support.builders import a_payment
from tests.support.fakes import PHONE, START

DAY = timedelta(days=1)
WEEK = Possession("Week pass", START + 10 * DAY)
TEA = a_payment(State.PAID, title="Tea", created_at=START)
OLD = a_payment(State.PAID, title="Week pass", created_at=START - 3 * DAY)
WAITS = a_payment(State.PROMPTED, title="Week pass", amount=250)
AMINA = Customer(phone=PHONE, name="Amina", has=(WEEK,), sales=(TEA, OLD), pending=(WAITS,))


def longest(customer: Customer | None, lines: int) -> list[str]:
    return [line[0] for line in about(customer, START, lines)]


def test_with_room_everything_has_its_line() -> None:
    assert longest(AMINA, 3) == [
        "Amina · Week pass until 3 Dec",
        "Waiting for PIN: KES 250, Week pass, 14:00",
        "Before: Tea today · Week pass 20 Nov",
    ]
    assert in_full(AMINA, START) == ". ".join(longest(AMINA, 3))


def test_with_less_what_weighs_most_comes_first() -> None:
    assert longest(AMINA, 2) == longest(AMINA, 3)[:2]
    assert longest(AMINA, 1) == ["Amina · Week pass until 3 Dec · 1 open payment"]
    calm = replace(AMINA, pending=())
    assert longest(calm, 2) == ["Amina · Week pass until 3 Dec", "Before: Tea today · Week pass 20 Nov"]
    assert longest(calm, 1) == ["Amina · Week pass until 3 Dec"]
    assert longest(replace(calm, has=()), 1) == ["Amina · last sale today"]


@pytest.mark.parametrize(
    ("customer", "first"),
    [
        (None, NEW[0]),
        (Customer(phone=PHONE), "Customer from before · has never paid yet"),
        (Customer(phone=PHONE, sales=(TEA,)), "Customer from before"),
        (Customer(phone=PHONE, has=(WEEK,), sales=(TEA,)), "Has Week pass until 3 Dec"),
        (
            Customer(phone=PHONE, has=(WEEK, Possession("Locker", None)), sales=(TEA,)),
            "Has Week pass until 3 Dec, Locker for ever",
        ),
        (Customer(phone=PHONE, name="Amina Wanjiru", sales=(TEA,)), "Amina Wanjiru"),
    ],
)
def test_who_it_is(customer: Customer | None, first: str) -> None:
    assert longest(customer, 3)[0] == first


def test_the_open_payment_comes_before_those_that_ended() -> None:
    cancelled = a_payment(State.CANCELLED, title="Tea", amount=30)
    both = replace(AMINA, pending=(cancelled, WAITS))
    assert longest(both, 2)[1] == "Waiting for PIN: KES 250, Week pass, 14:00 · 1 more"
    ended = replace(AMINA, pending=(cancelled,))
    assert about(ended, START, 2)[1] == (
        "Cancelled: KES 30, Tea, 14:00",
        "Cancelled: KES 30, 14:00",
        "Cancelled: KES 30",
        "Cancelled",
    )
    assert longest(ended, 1) == ["Amina · Week pass until 3 Dec"]
    yesterday = replace(AMINA, pending=(replace(WAITS, created_at=START - DAY),) * 2)
    assert longest(yesterday, 2)[1] == "Waiting for PIN: KES 250, Week pass, 22 Nov · 1 more"
    assert longest(yesterday, 1)[0].endswith("2 open payments")


def test_a_refund_that_is_due_is_said() -> None:
    twice = replace(TEA, remarks=frozenset({Remark.DOUBLE}))
    assert longest(replace(AMINA, sales=(twice,)), 3)[2] == "Before: Tea today (refund due)"


def test_those_who_are_not_offered_are_counted() -> None:
    assert others(3, "5678", alone=False)[0] == "3 more: type the whole number"
    assert others(2, "5678", alone=True)[0] == "2 customers end in 5678 and look alike: type the whole number"
    assert "5678" in nobody("5678")[-1]


NAMES = st.lists(st.text("abcdefgh", min_size=1, max_size=60), min_size=1, max_size=4).map(" ".join)


@given(
    name=st.none() | NAMES,
    has=st.lists(st.sampled_from([WEEK, Possession("Locker", None), Possession("M" * 60, START + DAY)]), max_size=3),
    sales=st.lists(st.sampled_from([TEA, OLD]), max_size=3),
    pending=st.lists(st.sampled_from([WAITS, OLD, a_payment(State.CANCELLED)]), max_size=3),
    lines=st.integers(1, 3),
)
def test_every_line_comes_ever_shorter_and_the_shortest_is_short(
    name: str | None, has: list[Possession], sales: list[object], pending: list[object], lines: int
) -> None:
    customer = Customer(
        phone=PHONE,
        name=name,
        has=tuple(has),
        sales=tuple(sales),  # type: ignore[arg-type]
        pending=tuple(pending),  # type: ignore[arg-type]
    )
    told = about(customer, START, lines)
    assert 1 <= len(told) <= lines
    for line in told:
        assert list(line) == sorted(line, key=len, reverse=True)
        assert len(set(line)) == len(line)
        assert 0 < len(line[-1]) <= 34
    if any(payment.state.open for payment in customer.pending):
        assert any("open" in text or "Waiting" in text for line in told for text in line[-1:]) or lines > 1
