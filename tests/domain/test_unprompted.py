"""Money without a prompt: what may be meant by a text, what may be done with it, what may help. Pure."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from pos_app.domain.payment import Payment, Remark, State
from pos_app.domain.unprompted import (
    FEW,
    RowWord,
    Unprompted,
    bindable,
    bound_by,
    fits_phone,
    is_close,
    money_meaning,
    payer_hints,
    post_hints,
    prompt_hints,
)
from tests.support.builders import a_payment, a_post
from tests.support.fakes import PHONE, START

MONEY = Unprompted(id=1, receipt="UKN0000007", cents=10_000, at=START, phone="070****149", name="AMINA **** OTIENO")
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("ukn", ("UKN", None, "", "", ("ukn",))),
        ("UKN 0000 007", ("UKN0000007", None, "", "", ("ukn", "0000", "007"))),
        ("uk", ("", None, "", "", ("uk",))),
        ("KES 1,250", ("", 125_000, "", "", ("kes", "1", "250"))),
        ("149", ("", 14_900, "", "149", ("149",))),
        ("1490", ("", 149_000, "", "", ("1490",))),
        ("0708 374 149", ("", None, "070****149", "149", ("0708", "374", "149"))),
        ("070****149", ("", None, "070****149", "", ("070", "149"))),
        ("Ng'ang'a", ("", None, "", "", ("nganga",))),
        ("???", ("", None, "", "", ())),
        ("amina " * 9 + "a b c d e f g h", ("", None, "", "", ())),  # more words than a name has
        ("\u00e9" * 100_000, ("", None, "", "", ())),
    ],
)
def test_what_a_text_may_mean(text: str, meant: tuple[Any, ...]) -> None:
    assert tuple(money_meaning(text)) == meant


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({}, ""),
        ({"word": RowWord.BOUND, "number": "A-1"}, "It is bound already, to payment A-1."),
        ({"word": RowWord.REVERSED}, "going back"),
        ({"word": RowWord.TEST}, "Take that back first"),
        ({"cents": 10_050}, "cents"),
        ({"cents": 0}, "cents"),
        ({"forgotten": True}, "erased"),
        ({"otherwise": True}, "two amounts"),
    ],
)
def test_what_can_be_bound(changes: dict[str, Any], why: str) -> None:
    said = bindable(replace(MONEY, **changes))
    assert why in said if why else said == ""


def test_a_phone_fits_where_no_digit_contradicts_it() -> None:
    assert [fits_phone(MONEY, phone) for phone in (PHONE, "254708374148", "254718374149")] == [True, False, False]
    assert fits_phone(replace(MONEY, phone=""), "254718374148")


def test_whoever_has_bound_it() -> None:
    bound = a_payment(State.PAID, remarks=frozenset({Remark.BOUND}))
    assert bound_by(bound) == "the owner"
    assert bound_by(replace(bound, operator="Brian")) == "Brian"
    assert bound_by(a_payment(State.PAID, operator="Brian")) == ""


@pytest.mark.parametrize(("seconds", "close"), [(-61, False), (-60, True), (0, True), (600, True), (601, False)])
def test_how_near_a_prompt_and_its_money_lie(seconds: int, close: bool) -> None:
    assert is_close(timedelta(seconds=seconds)) is close


def of(number: int, state: State, minutes: int = 0, **changes: Any) -> Payment:
    return a_payment(state, id=number, created_at=START - minutes * MINUTE, **changes)


def test_payments_that_may_be_meant_are_told_the_likeliest_first() -> None:
    near, far = of(1, State.CANCELLED, 2), of(2, State.PROMPTED, 9)
    other = of(3, State.CANCELLED, 1, phone="254712000149")
    bound = of(4, State.DECLINED, 1, remarks=frozenset({Remark.BOUND}))
    counted, old = of(5, State.PAID, 3, receipt=None), of(6, State.PROMPTED, 60)
    told = prompt_hints(MONEY, [old, far, near, other, bound, counted])
    assert [(hint.payment.id, hint.close, hint.stops) for hint in told] == [
        (1, True, False), (5, True, True), (2, True, True), (6, False, False)
    ]  # fmt: skip
    assert all(hint.fits for hint in told)
    assert told[0].after == 2 * MINUTE
    unseen = prompt_hints(replace(MONEY, phone=""), [near, other])
    assert [(hint.payment.id, hint.fits) for hint in unseen] == [(3, False), (1, False)]
    assert len(prompt_hints(MONEY, [of(number, State.CANCELLED) for number in range(9)])) == FEW


def test_customers_that_fit_are_told_those_first_who_have_the_name() -> None:
    known = [
        ("254701000149", "Zawadi"),
        ("254702000149", "amina W."),
        ("254703000149", None),
        ("254711000149", "Amina"),
    ]
    assert [(hint.phone[4:6], hint.named) for hint in payer_hints(MONEY, known)] == [
        ("02", True), ("01", False), ("03", False)
    ]  # fmt: skip
    assert not any(hint.named for hint in payer_hints(replace(MONEY, name=""), known))


def test_posts_that_cost_what_came() -> None:
    month, tea, cake = a_post(), a_post(id=8, title="Tea", price=50), a_post(id=9, title="Cake", price=60)
    off, asked = a_post(id=10, active=False), a_post(id=11, price=100, highest=200)
    juice, ever = a_post(id=12, title="Juice", price=40), a_post(id=13, price=25, days=None)
    told = post_hints(100, [cake, off, asked, juice, tea, month, ever])
    assert [[(post.id, many) for post, many in hint.lines] for hint in told] == [
        [(7, 1)], [(8, 2)], [(9, 1), (12, 1)]
    ]  # fmt: skip
    assert post_hints(7, [month, tea]) == []
