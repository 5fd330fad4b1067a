"""What is told of a customer before anything is asked."""

import pytest

from pos_app.domain.catalogue import Post, draft_post
from pos_app.domain.customer import KnownPhone, Possession
from pos_app.domain.operators import Act
from pos_app.domain.payment import Payment
from pos_app.errors import BadInput
from pos_app.sales.checkout import GUARD
from tests.support.builders import end, prompt, sell, success, tell
from tests.support.fakes import PHONE, START
from tests.support.till_harness import TillHarness


@pytest.fixture
def post(harness: TillHarness) -> Post:
    return harness.till.catalogue.add(draft_post("Week pass", 250, 7))


def paid(harness: TillHarness, post: Post, token: str) -> Payment:
    payment = prompt(harness, sell(harness, post, token=token))
    return tell(harness, payment, success(payment, receipt=f"UKN00000{payment.id:02}"))


def test_nobody_is_known_at_a_number_that_was_never_asked(harness: TillHarness) -> None:
    assert harness.till.customers.about(PHONE) is None


def test_what_they_have_and_their_last_three_sales(harness: TillHarness, post: Post) -> None:
    sold = [paid(harness, post, token) for token in "1234"]
    harness.clock.advance(GUARD + 1)
    found = harness.till.customers.about(PHONE)
    assert found is not None
    assert [sale.id for sale in found.sales] == [payment.id for payment in reversed(sold[1:])]
    assert [one.title for one in found.has] == ["Week pass"]
    assert found.has[0] != Possession("Week pass", START), "28 days, by four payments"
    assert found.pending == ()
    harness.clock.advance(28 * 86_400)
    later = harness.till.customers.about(PHONE)
    assert later is not None
    assert later.has == ()


def test_rule_13_what_the_guard_sees_is_told_before(harness: TillHarness, post: Post) -> None:
    left_open = prompt(harness, sell(harness, post, token="1"))
    cancelled = end(harness, prompt(harness, sell(harness, post, token="2")), "1032")
    found = harness.till.customers.about(PHONE)
    assert found is not None
    assert [payment.id for payment in found.pending] == [
        caution.payment.id for caution in harness.till.checkout.cautions(PHONE)
    ]
    assert {payment.id for payment in found.pending} == {left_open.id, cancelled.id}
    harness.clock.advance(GUARD + 1)
    found = harness.till.customers.about(PHONE)
    assert found is not None
    assert [payment.id for payment in found.pending] == [left_open.id]


def test_four_digits_mean_those_who_have_paid(harness: TillHarness, post: Post) -> None:
    prompt(harness, sell(harness, post, token="1"))
    assert harness.till.customers.ending(PHONE[-4:]) == []
    paid(harness, post, "2")
    assert harness.till.customers.ending(PHONE[-4:]) == [KnownPhone(PHONE)]
    assert harness.till.customers.ending("0000") == []


def test_a_customer_gets_a_name_another_one_and_none(harness: TillHarness, post: Post) -> None:
    paid(harness, post, "1")
    customers = harness.till.customers
    for typed, name in ((" Amina ", "Amina"), ("Amina W.", "Amina W."), ("", None)):
        customers.give_name(PHONE, typed)
        found = customers.about(PHONE)
        assert found is not None
        assert found.name == name
        assert customers.ending(PHONE[-4:]) == [KnownPhone(PHONE, name)]
    with pytest.raises(BadInput, match="has letters"):
        customers.give_name(PHONE, "0712345678")
    with pytest.raises(BadInput, match="Nobody is known at that phone"):
        customers.give_name("254712345678", "Nobody")
    assert customers.about("254712345678") is None
    lines = [line for line in harness.till.reader.audit(99) if line.act is Act.NAME]
    assert [(line.subject, line.new) for line in reversed(lines)] == [
        ("customer 1", "changed"),
        ("customer 1", "changed"),
        ("customer 1", None),
    ]
