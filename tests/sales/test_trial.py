"""The one-shilling payment of the set-up."""

import pytest

from pos_app.errors import BadInput
from pos_app.sales.trial import AMOUNT, TITLE, Trial
from tests.conftest import Shelf


def test_it_asks_for_one_shilling_and_is_sold_to_nobody_else(shelf: Shelf) -> None:
    trial = Trial(shelf.till.catalogue, shelf.till.checkout)
    payment = trial.charge("0712 345 678")
    assert (payment.post_title, payment.amount, payment.days) == (TITLE, AMOUNT, 0)
    assert [post.active for post in shelf.till.catalogue.posts()] == [False]
    shelf.executor.shutdown()
    assert [push.amount for push in shelf.gateway.pushes] == [AMOUNT]


def test_another_try_uses_the_same_post(shelf: Shelf) -> None:
    trial = Trial(shelf.till.catalogue, shelf.till.checkout)
    trial.charge("0712345678")
    trial.charge("0722345678")
    assert [post.active for post in shelf.till.catalogue.posts()] == [False]


def test_what_is_refused_leaves_nothing_to_sell(shelf: Shelf) -> None:
    trial = Trial(shelf.till.catalogue, shelf.till.checkout)
    with pytest.raises(BadInput, match="not complete"):
        trial.charge("0712")
    trial.charge("0712345678")
    with pytest.raises(BadInput, match="was asked for KES 1"):  # the guard looks here too
        trial.charge("0712345678")
    assert not any(post.active for post in shelf.till.catalogue.posts())
