"""Categories, for whoever may change posts."""

import pytest

from pos_app.domain.category import MAX_CATEGORIES, Category
from pos_app.domain.operators import Act
from pos_app.errors import BadInput, OwnerNeeded
from pos_app.sales.categories import Categories
from pos_app.sales.till import Till


@pytest.fixture
def categories(till: Till) -> Categories:
    for name in ("Drinks", "Passes", "Soap"):
        till.catalogue.categories.add(name)
    return till.catalogue.categories


def names(categories: Categories) -> list[str]:
    return [one.name for one in categories.all()]


def test_they_are_added_behind_each_other_and_noted(categories: Categories, till: Till) -> None:
    assert names(categories) == ["Drinks", "Passes", "Soap"]
    told = [(line.act, line.subject, line.old, line.new) for line in till.reader.audit(1)]
    assert told == [(Act.POSTS, "category 3 name", None, "Soap")]


@pytest.mark.parametrize(
    ("moved", "by", "then"),
    [
        (3, -1, ["Drinks", "Soap", "Passes"]),
        (1, 1, ["Passes", "Drinks", "Soap"]),
        (1, 99, ["Passes", "Soap", "Drinks"]),
        (2, -99, ["Passes", "Drinks", "Soap"]),
    ],
)
def test_they_are_moved(categories: Categories, till: Till, moved: int, by: int, then: list[str]) -> None:
    categories.move(categories.all(), moved, by)
    assert names(categories) == then
    assert [line.subject for line in till.reader.audit(1)] == ["categories order"]


def test_what_stays_where_it_is_is_not_noted(categories: Categories, till: Till) -> None:
    before = till.reader.audit(99)
    categories.move(categories.all(), 1, -1)
    assert till.reader.audit(99) == before


def test_an_order_that_another_till_has_changed_is_not_written_over(categories: Categories) -> None:
    seen = categories.all()
    categories.move(seen, 1, 2)
    with pytest.raises(BadInput, match="Somebody has changed the categories meanwhile"):
        categories.move(seen, 1, 2)
    assert names(categories) == ["Passes", "Soap", "Drinks"]


def test_one_gets_another_name(categories: Categories, till: Till) -> None:
    drinks = categories.all()[0]
    categories.rename(drinks, " Hot  drinks ")
    assert names(categories)[0] == "Hot drinks"
    told = till.reader.audit(1)[0]
    assert (told.subject, told.old, told.new) == ("category 1 name", "Drinks", "Hot drinks")
    with pytest.raises(BadInput, match="meanwhile"):
        categories.rename(drinks, "Cold")
    with pytest.raises(BadInput, match="meanwhile"):
        categories.remove(drinks)
    with pytest.raises(BadInput, match="There is a category Soap already"):
        categories.rename(categories.all()[0], "soap")


def test_an_empty_one_is_taken_away(categories: Categories, till: Till) -> None:
    categories.remove(categories.all()[1])
    assert names(categories) == ["Drinks", "Soap"]
    told = till.reader.audit(1)[0]
    assert (told.subject, told.old, told.new) == ("category 2 name", "Passes", "")


def test_there_are_not_too_many(categories: Categories) -> None:
    for number in range(MAX_CATEGORIES - 3):
        categories.add(f"No {number}")
    with pytest.raises(BadInput, match="100 categories at most"):
        categories.add("One more")


def test_rule_16_they_are_for_whoever_may_change_posts(categories: Categories, till: Till) -> None:
    till.owner.passphrase.choose("mama njeri 1987")
    seen = categories.all()
    acts = (
        lambda: categories.add("More"),
        lambda: categories.rename(seen[0], "More"),
        lambda: categories.move(seen, 1, 1),
        lambda: categories.remove(Category(id=1, name="Drinks", place=1)),
    )
    for act in acts:
        with pytest.raises(OwnerNeeded):
            act()
    assert categories.all() == seen
