"""The one-shilling payment of the set-up."""

import pytest

from pos_app.domain.catalogue import NO_ACCESS, Post, PostDraft, draft_post
from pos_app.domain.phone import parse_phone
from pos_app.errors import BadInput, CannotSave
from pos_app.sales.catalogue import Catalogue
from pos_app.sales.test_payment import AMOUNT, TITLE, Trial
from tests.support.builders import said
from tests.support.till_harness import TillHarness


def test_it_asks_for_one_shilling_and_is_sold_to_nobody_else(harness: TillHarness) -> None:
    trial = Trial(harness.till.catalogue, harness.till.checkout)
    payment = trial.charge(parse_phone("0712 345 678"))
    assert (payment.post_title, payment.amount, payment.lines[0].days) == (TITLE, AMOUNT, 0)
    assert [post.active for post in harness.till.reader.posts()] == [False]
    harness.executor.shutdown()
    assert [push.amount for push in harness.gateway.pushes] == [AMOUNT]


def test_another_try_uses_the_same_post(harness: TillHarness) -> None:
    trial = Trial(harness.till.catalogue, harness.till.checkout)
    trial.charge(parse_phone("0712345678"))
    trial.charge(parse_phone("0722345678"))
    assert [post.active for post in harness.till.reader.posts()] == [False]


def test_a_post_of_the_shop_s_own_is_not_taken_for_it(harness: TillHarness) -> None:
    dear = harness.till.catalogue.add(draft_post(TITLE, 100))
    cheap = harness.till.catalogue.add(draft_post("Sweet", AMOUNT))
    payment = Trial(harness.till.catalogue, harness.till.checkout).charge(parse_phone("0712345678"))
    assert payment.post_id not in (dear.id, cheap.id)


def test_a_post_that_cannot_be_switched_off_is_logged_and_the_charge_counts(
    harness: TillHarness, caplog: pytest.LogCaptureFixture
) -> None:
    catalogue = Stubborn(harness.till.reader, harness.till.writer, harness.clock, harness.till.authority)
    payment = Trial(catalogue, harness.till.checkout).charge(parse_phone("0712345678"))
    assert harness.till.reader.payment(payment.id)
    assert said(caplog, "pos_app.sales.test_payment") == [
        f"the post of the set-up's test is still sold: {CannotSave().user_text}"
    ]


class Stubborn(Catalogue):
    """Cannot save a change."""

    def change(self, post_id: int, draft: PostDraft, *, seen: Post | None = None) -> Post:
        raise CannotSave()


def test_what_is_refused_leaves_nothing_to_sell(harness: TillHarness) -> None:
    trial = Trial(harness.till.catalogue, harness.till.checkout)
    with pytest.raises(BadInput, match="not complete"):
        trial.charge(parse_phone("0712"))
    trial.charge(parse_phone("0712345678"))
    with pytest.raises(BadInput, match="was asked for KES 1"):  # the guard looks here too
        trial.charge(parse_phone("0712345678"))
    assert not any(post.active for post in harness.till.reader.posts())


def test_its_post_is_none_of_the_shop_s(harness: TillHarness) -> None:
    """It must not stand in the list for ever, nor in the way of the first posts that are offered."""
    catalogue = harness.till.catalogue
    Trial(catalogue, harness.till.checkout).charge(parse_phone("0712345678"))
    assert catalogue.posts() == []
    tea = catalogue.add(draft_post("Tea", 30, 0))
    assert catalogue.posts() == [tea]


def test_a_post_that_only_looks_like_it_is_the_shop_s(harness: TillHarness) -> None:
    catalogue = harness.till.catalogue
    own = [
        catalogue.add(draft_post(TITLE, AMOUNT, NO_ACCESS, favourite=1, active=False)),
        catalogue.add(draft_post(TITLE, AMOUNT, 1, active=False)),
        catalogue.add(draft_post(TITLE, 2, NO_ACCESS, active=False)),
    ]
    assert catalogue.posts() == own


def test_one_that_could_not_be_switched_off_is_seen(harness: TillHarness) -> None:
    Trial(
        Stubborn(harness.till.reader, harness.till.writer, harness.clock, harness.till.authority),
        harness.till.checkout,
    ).charge(parse_phone("0712345678"))
    assert [post.title for post in harness.till.catalogue.posts()] == [TITLE]
