"""Customers one by one, as a till shows them and hands them out."""

import pytest

from pos_app.domain.access import Held
from pos_app.domain.catalogue import Post, draft_post
from pos_app.domain.operators import Act, Role
from pos_app.errors import BadInput, SignInNeeded
from pos_app.sales import customer_cards
from tests.support.builders import prompt, sell, success, tell
from tests.support.fakes import PHONE, START
from tests.support.staff import PASSPHRASE, hire, stand
from tests.support.till_harness import TillHarness


@pytest.fixture
def post(harness: TillHarness) -> Post:
    return harness.till.catalogue.add(draft_post("Wi-Fi month", 100, 30))


def buy(harness: TillHarness, post: Post, token: str) -> None:
    payment = prompt(harness, sell(harness, post, token=token))
    tell(harness, payment, success(payment, receipt=f"UKN00000{payment.id:02}"))


def test_a_card_has_each_post_once_and_what_ends_last(harness: TillHarness, post: Post) -> None:
    till = harness.till
    for token in "12":
        buy(harness, post, token)
    till.notes.about_customer(PHONE, "a regular")
    [found] = till.cards.find("")
    card = till.cards.card(found.id)
    assert card is not None
    assert card.found == found
    [(title, held)] = card.has()
    assert (title, held) == ("Wi-Fi month", Held(till.reader.held(PHONE, [post.id])[post.id].until))
    assert [payment.id for payment in card.payments] == [2, 1]
    assert [note.text for note in card.notes] == ["a regular"]
    assert till.cards.card(99) is None


def test_a_customer_is_found_by_the_whole_number(harness: TillHarness, post: Post) -> None:
    till = harness.till
    buy(harness, post, "1")
    assert till.cards.at(PHONE) == till.cards.card(1)
    with pytest.raises(BadInput, match="Nobody is known"):
        till.cards.at("254700000000")


def test_a_customer_is_not_hidden_by_a_newer_one_whose_name_has_their_number(harness: TillHarness, post: Post) -> None:
    buy(harness, post, "1")
    other = prompt(harness, sell(harness, post, token="2", phone="254799000000"))
    tell(harness, other, success(other, receipt="UKN0000099"))
    old_name = f"Brother of {PHONE}"  # it was typed before such names were refused
    harness.till.writer.run(lambda transaction: transaction.name_customer("254799000000", old_name))
    assert harness.till.cards.at(PHONE).found.phone == PHONE
    assert harness.till.cards.whole(PHONE).found.phone == PHONE


def test_what_has_no_end_comes_first(harness: TillHarness, post: Post) -> None:
    till = harness.till
    till.owner.passphrase.choose(PASSPHRASE)
    buy(harness, post, "1")
    till.access.give(till.access.look(PHONE, post.id)[1], None, "a friend", PASSPHRASE)
    card = till.cards.card(1)
    assert card is not None
    assert card.has() == [("Wi-Fi month", Held(None))]


def test_all_of_a_customer_is_told_and_that_is_recorded(
    harness: TillHarness, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(customer_cards, "PAGE", 2)
    for token in "1234":
        buy(harness, post, token)
    whole = harness.till.cards.whole(PHONE)
    assert [each.payment.id for each in whole.payments] == [4, 3, 2, 1]
    assert len(whole.access) == 4
    assert all(each.journal for each in whole.payments)
    [line] = [line for line in harness.till.reader.audit(9) if line.act is Act.REVEAL]
    assert (line.subject, line.at) == ("customer 1", START)
    with pytest.raises(BadInput, match=r"Nobody is known at that phone\. Nothing was written"):
        harness.till.cards.whole("254799000000")


def test_rule_16_nobody_who_is_not_signed_in_looks_anybody_up(harness: TillHarness, post: Post) -> None:
    buy(harness, post, "1")
    hire(harness.till)
    for look in (lambda: harness.till.cards.find(""), lambda: harness.till.cards.whole(PHONE)):
        with pytest.raises(SignInNeeded):
            look()
    stand(harness.till, Role.OPERATOR)
    assert len(harness.till.cards.find("")) == 1
    harness.till.operators.allow({Act.REVEAL: False}, PASSPHRASE)
    with pytest.raises(BadInput):
        harness.till.cards.whole(PHONE)
    assert harness.till.cards.whole(PHONE, PASSPHRASE).found.phone == PHONE
