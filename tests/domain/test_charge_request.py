"""What a customer is asked for: one object, compared with what is stored."""

from dataclasses import replace

import pytest

from pos_app.domain.charge_request import ChargeLine, ChargeRequest, NotSold, PostChanged
from pos_app.domain.payment import State
from pos_app.domain.phone import parse_phone
from pos_app.errors import BadInput
from tests.support.builders import a_payment, a_post

MSISDN = parse_phone("0712 345 678")


def test_a_line_is_sold_as_the_operator_saw_it() -> None:
    seen = a_post()
    stored = replace(seen, favourite=3, barcode="4006381333931")  # how it is found is no matter of the customer's
    assert ChargeLine(seen).check(stored) == stored


@pytest.mark.parametrize("change", [{"title": "Wi-Fi"}, {"price": 101}, {"days": None}, {"active": False}])
def test_a_line_that_is_another_offer_now_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(PostChanged, match="Look at the new price, then ask"):
        ChargeLine(a_post()).check(a_post(**change))


def test_what_is_not_there_or_was_seen_switched_off_is_not_sold() -> None:
    off = a_post(active=False)
    for line, stored in ((ChargeLine(a_post()), None), (ChargeLine(off), off), (ChargeLine(off), a_post())):
        with pytest.raises(NotSold, match="There is no post 7 to sell"):
            line.check(stored)


@pytest.mark.parametrize("count", [0, 2])
def test_a_charge_has_exactly_one_line_today(count: int) -> None:
    with pytest.raises(BadInput, match=f"A charge is for one post, and this one has {count}. Nothing was sent."):
        ChargeRequest(lines=(ChargeLine(a_post()),) * count, msisdn=MSISDN)


def test_it_goes_past_what_the_operator_was_told_of_and_nothing_else() -> None:
    request = ChargeRequest(lines=(ChargeLine(a_post()),), msisdn=MSISDN, retry_of=1, despite=frozenset({2}))
    assert [request.goes_past(a_payment(State.CANCELLED, id=number)) for number in (1, 2, 3)] == [True, True, False]
    alone = replace(request, past_ended=True)
    assert alone.goes_past(a_payment(State.CANCELLED, id=3))
    assert not alone.goes_past(a_payment(State.PROMPTED, id=3))
