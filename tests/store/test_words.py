"""The words of names go with the names, whoever writes those."""

from dataclasses import replace

import pytest

from pos_app.domain.catalogue import Post
from pos_app.domain.operators import Actor
from pos_app.domain.post_csv import read_lines
from pos_app.domain.post_import import PostBatch, plan_import
from pos_app.domain.search import Search
from pos_app.store import tables as t
from tests.store.conftest import Shop
from tests.support.fakes import PHONE, START


def found(shop: Shop, text: str) -> int:
    return len(shop.reader.search(Search(text=text)))


def test_a_post_is_found_by_the_name_that_it_has_now(shop: Shop, post: Post) -> None:
    shop.open(post)
    assert found(shop, "maj") == 1
    with shop.database.write() as transaction:
        transaction.change_post(replace(post, title="Caf\u00e9 au lait"))
    assert (found(shop, "maj"), found(shop, "cafe LAIT")) == (0, 1)
    with shop.database.write() as transaction:
        transaction.change_post(replace(post, title="Caf\u00e9 au lait", price=90))
    assert found(shop, "lai") == 1


@pytest.mark.parametrize("by_hand", [False, True])
def test_a_customer_whose_name_is_taken_away_is_found_by_none_of_it(shop: Shop, post: Post, by_hand: bool) -> None:
    shop.open(post)
    with shop.database.write() as transaction:
        transaction.name_customer(PHONE, "Zo\u00eb Ng'ang'a")
    assert [found(shop, text) for text in ("zoe", "nga", "ng'a", "ang")] == [1, 1, 1, 0]
    if by_hand:  # as an erasure does, which knows nothing of words
        with shop.engines.writer.begin() as connection:
            connection.execute(t.customer.update().values(name=None))
    else:
        with shop.database.write() as transaction:
            transaction.name_customer(PHONE, None)
    assert found(shop, "zoe") == 0
    assert shop.scalar("SELECT count(*) FROM customer_word") == 0


def test_a_name_without_a_word_is_kept_all_the_same(shop: Shop) -> None:
    assert shop.post("***").title == "***"


def test_posts_that_come_in_one_go_have_their_words_too(shop: Shop, post: Post) -> None:
    plan = plan_import(read_lines(f"post_id,title,price\n{post.id},Chai,30\n,Mkate mkubwa,50\n"), shop.reader.posts())
    with shop.database.write() as transaction:
        [bread] = transaction.import_posts(PostBatch.of(plan), START, "command", Actor(owner=True))
    for each in (post.id, bread):
        renamed = shop.reader.post(each)
        assert renamed
        shop.open(renamed)
    assert [found(shop, text) for text in ("maji", "cha", "mkub", "mk")] == [0, 1, 1, 1]
