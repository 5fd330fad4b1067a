"""Categories, as they are stored, on both kinds of database."""

from dataclasses import replace

import pytest

from pos_app.domain.catalogue import draft_post
from pos_app.errors import Clash
from tests.store.conftest import Shop


def names(shop: Shop) -> list[tuple[str, int]]:
    return [(one.name, one.place) for one in shop.reader.categories()]


def test_they_stand_in_the_owners_order(shop: Shop) -> None:
    with shop.database.write() as transaction:
        ids = [transaction.add_category(name).id for name in ("Drinks", "Passes", "Soap")]
    assert names(shop) == [("Drinks", 1), ("Passes", 2), ("Soap", 3)]
    with shop.database.write() as transaction:
        transaction.place_categories([ids[2], ids[0], ids[1]])
        assert [one.name for one in transaction.categories()] == ["Soap", "Drinks", "Passes"]
    assert names(shop) == [("Soap", 1), ("Drinks", 2), ("Passes", 3)]


@pytest.mark.parametrize("spelt", ["drinks", "ＤＲＩＮＫＳ"])
def test_a_name_is_there_once_in_the_one_spelling_that_counts(shop: Shop, spelt: str) -> None:
    with shop.database.write() as transaction:
        transaction.add_category("Drinks")
        soap = transaction.add_category("Soap")
    with pytest.raises(Clash, match="There is a category Drinks already"), shop.database.write() as transaction:
        transaction.add_category(spelt)
    with pytest.raises(Clash, match="There is a category Drinks already"), shop.database.write() as transaction:
        transaction.rename_category(soap.id, spelt)
    with shop.database.write() as transaction:
        transaction.rename_category(soap.id, "SOAP")
    assert names(shop) == [("Drinks", 1), ("SOAP", 2)]


def test_a_post_is_in_one_or_none_and_follows_its_name(shop: Shop) -> None:
    with shop.database.write() as transaction:
        drinks = transaction.add_category("Drinks")
    tea, soap = shop.post("Tea", category="drinks"), shop.post("Soap")
    assert (tea.category, soap.category) == ("Drinks", None)
    with shop.database.write() as transaction:
        transaction.rename_category(drinks.id, "Hot drinks")
    assert [post.category for post in shop.reader.posts()] == ["Hot drinks", None]
    with shop.database.write() as transaction:
        transaction.change_post(replace(tea, category=None))
    assert shop.reader.post(tea.id) == replace(tea, category=None)


def test_one_that_is_gone_takes_no_post(shop: Shop) -> None:
    with pytest.raises(Clash, match="There is no category Drinks any more"), shop.database.write() as transaction:
        transaction.add_post(draft_post("Tea", 30, category="Drinks"))
    assert shop.reader.posts() == []


def test_only_one_that_no_post_is_in_is_taken_away(shop: Shop) -> None:
    with shop.database.write() as transaction:
        drinks = transaction.add_category("Drinks")
    tea = shop.post("Tea", category="Drinks")
    with pytest.raises(Clash, match="1 post is in it"), shop.database.write() as transaction:
        transaction.remove_category(drinks.id)
    shop.post("Coffee", category="Drinks")
    with pytest.raises(Clash, match="2 posts are in it"), shop.database.write() as transaction:
        transaction.remove_category(drinks.id)
    with shop.database.write() as transaction:
        for post in shop.reader.posts():
            transaction.change_post(replace(post, category=None))
        transaction.remove_category(drinks.id)
    assert names(shop) == []
    assert shop.reader.post(tea.id) == replace(tea, category=None)


def test_the_names_of_the_shop_are_masked_with_the_others(shop: Shop) -> None:
    with shop.database.write() as transaction:
        transaction.add_category("Mama Njeri's")
    assert "Mama Njeri's" in shop.reader.names()
