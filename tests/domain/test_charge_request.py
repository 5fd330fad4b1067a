"""What a customer is asked for: one object, compared with what is stored."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.domain.charge_request import (
    ChargeLine,
    ChargeRequest,
    NotSold,
    PostChanged,
    read_open_price,
    read_quantity,
)
from pos_app.domain.money import MAX_AMOUNT
from pos_app.domain.payment import State
from pos_app.domain.payment_line import MAX_LINES, MAX_QUANTITY, PaymentLine
from pos_app.domain.phone import parse_phone
from pos_app.errors import BadInput
from tests.support.builders import a_line, a_payment, a_post

MSISDN = parse_phone("0712 345 678")
OPEN = a_post(price=50, highest=500)


def asked(*lines: ChargeLine) -> ChargeRequest:
    return ChargeRequest(lines=lines, msisdn=MSISDN)


def test_a_line_is_sold_as_the_operator_saw_it() -> None:
    seen = a_post()
    stored = replace(seen, favourite=3, barcode="4006381333931")  # how it is found is no matter of the customer's
    assert ChargeLine(seen, 3).sold(stored) == a_line(stored, 3)


def test_a_price_that_was_asked_is_the_lines_price() -> None:
    line = ChargeLine(OPEN, 2, 120)
    assert (line.price, line.amount) == (120, 240)
    assert line.sold(OPEN) == PaymentLine(post_id=7, title=OPEN.title, price=120, quantity=2, days=30)


@pytest.mark.parametrize(
    "change", [{"title": "Wi-Fi"}, {"price": 101}, {"days": None}, {"active": False}, {"highest": 300}]
)
def test_a_line_that_is_another_offer_now_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(
        PostChanged, match=r"Wi-Fi month has just been changed. Nothing was sent. Look at the new price"
    ):
        ChargeLine(a_post()).sold(a_post(**change))


def test_bounds_that_moved_are_another_offer() -> None:
    with pytest.raises(PostChanged):
        ChargeLine(OPEN, 1, 120).sold(replace(OPEN, highest=200))


def test_what_is_not_there_or_was_seen_switched_off_is_not_sold() -> None:
    off = a_post(active=False)
    for line, stored in ((ChargeLine(a_post()), None), (ChargeLine(off), off), (ChargeLine(off), a_post())):
        with pytest.raises(
            NotSold, match=r"^Wi-Fi month is not sold any more: there is no post 7 to sell. Nothing was sent"
        ):
            line.sold(stored)


def test_of_a_basket_one_line_that_changed_refuses_all() -> None:
    tea = a_post(id=4, title="Tea", price=30)
    request = asked(ChargeLine(a_post()), ChargeLine(tea))
    assert request.sold({7: a_post(), 4: tea}) == (a_line(a_post()), a_line(tea))
    with pytest.raises(PostChanged, match=r"Tea has just been changed"):
        request.sold({7: a_post(), 4: replace(tea, price=40)})
    with pytest.raises(NotSold, match=r"no post 4"):
        request.sold({7: a_post()})


@pytest.mark.parametrize("count", [0, MAX_LINES + 1])
def test_a_charge_has_a_line_and_not_too_many(count: int) -> None:
    with pytest.raises(BadInput, match=f"A charge is for 1 to 50 posts, not for {count}. Nothing was sent."):
        asked(*(ChargeLine(a_post(id=number + 1)) for number in range(count)))


def test_a_post_stands_in_a_charge_once() -> None:
    with pytest.raises(BadInput, match=r"twice. Nothing was sent"):
        asked(ChargeLine(a_post()), ChargeLine(a_post(), 2))


@pytest.mark.parametrize("quantity", [0, -1, MAX_QUANTITY + 1, 10_000])
def test_a_quantity_that_is_none_is_refused(quantity: int) -> None:
    with pytest.raises(BadInput, match=r"from 1 to 999: '-?[0-9]+' is not. Nothing was sent"):
        ChargeLine(a_post(), quantity)


def test_what_is_for_ever_is_needed_once() -> None:
    assert ChargeLine(a_post(days=None)).access_days is None
    with pytest.raises(BadInput, match=r"is for ever: a customer needs it once only. Nothing was sent"):
        ChargeLine(a_post(days=None), 2)
    assert ChargeLine(a_post(days=30), 2).access_days == 60


def test_the_sum_is_what_m_pesa_takes_at_most() -> None:
    dear, cheap = a_post(price=MAX_AMOUNT - 1), a_post(id=4, price=1)
    assert asked(ChargeLine(dear), ChargeLine(cheap)).amount == MAX_AMOUNT
    with pytest.raises(BadInput, match=r"KES 250,001 is more than the KES 250,000 that M-PESA takes at once"):
        asked(ChargeLine(dear), ChargeLine(cheap, 2))


@pytest.mark.parametrize("price", [None, 0, 49, 501, -50])
def test_a_price_that_is_asked_stands_between_its_bounds(price: int | None) -> None:
    with pytest.raises(BadInput, match=r"price of Wi-Fi month.* KES 50 to 500"):
        ChargeLine(OPEN, 1, price)


def test_a_fixed_price_is_not_asked() -> None:
    with pytest.raises(BadInput, match=r"Wi-Fi month costs KES 100: its price is not asked"):
        ChargeLine(a_post(), 1, 100)


@pytest.mark.parametrize(("typed", "price"), [("50", 50), (" 500 ", 500), ("KES 120", 120)])
def test_a_price_is_read_as_people_type_it(typed: str, price: int) -> None:
    assert read_open_price(OPEN, typed) == price


@pytest.mark.parametrize("typed", ["", "x", "49", "501", "120.50", "1.000", "１２０", "-60", "0712345678", "1" * 400])
def test_what_is_no_price_between_the_bounds_is_refused_in_words(typed: str) -> None:
    with pytest.raises(BadInput, match=r"KES 50 to 500.*Nothing was sent"):
        read_open_price(OPEN, typed)


@pytest.mark.parametrize("typed", ["", "0", "-1", "+2", "2.0", "02", "1,0", "٢", "1000", "10000", "x", "9" * 400])
def test_what_is_no_quantity_is_refused_in_words(typed: str) -> None:
    with pytest.raises(BadInput, match=r"from 1 to 999.*Nothing was sent"):
        read_quantity(typed)


@given(st.lists(st.tuples(st.integers(1, 250_000), st.integers(1, MAX_QUANTITY)), min_size=1, max_size=8))
def test_the_amount_of_the_request_is_the_sum_of_its_payments_lines(wanted: list[tuple[int, int]]) -> None:
    posts = [a_post(id=number, price=price) for number, (price, _) in enumerate(wanted, 1)]
    lines = tuple(ChargeLine(post, quantity) for post, (_, quantity) in zip(posts, wanted, strict=True))
    amount = sum(price * quantity for price, quantity in wanted)
    if amount > MAX_AMOUNT:
        with pytest.raises(BadInput, match=r"more than"):
            asked(*lines)
        return
    request = asked(*lines)
    assert request.amount == amount
    assert sum(line.amount for line in request.sold({post.id: post for post in posts})) == amount


def test_it_goes_past_what_the_operator_was_told_of_and_nothing_else() -> None:
    request = ChargeRequest(lines=(ChargeLine(a_post()),), msisdn=MSISDN, retry_of=1, despite=frozenset({2}))
    assert [request.goes_past(a_payment(State.CANCELLED, id=number)) for number in (1, 2, 3)] == [True, True, False]
    alone = replace(request, past_ended=True)
    assert alone.goes_past(a_payment(State.CANCELLED, id=3))
    assert not alone.goes_past(a_payment(State.PROMPTED, id=3))
