"""Which post each favourite key picks."""

import pytest

from pos_app.domain.catalogue import draft_post
from pos_app.errors import BadInput, OwnerNeeded
from pos_app.sales.favourites import by_key
from pos_app.sales.till import Till


@pytest.fixture(autouse=True)
def _posts(till: Till) -> None:
    till.catalogue.add_all([draft_post("Tea", 30, 0, 1), draft_post("Soap", 50, 0, 2), draft_post("Key", 90)])


def keys(till: Till) -> dict[int, str]:
    return {key: post.title for key, post in sorted(by_key(till.catalogue.posts()).items())}


def test_two_keys_pick_each_others_posts_and_each_post_has_its_line(till: Till) -> None:
    till.catalogue.favourites.swap(by_key(till.catalogue.posts()), 1, 2)
    assert keys(till) == {1: "Soap", 2: "Tea"}
    for post, old, new in ((1, "1", "2"), (2, "2", "1")):
        line = till.reader.post_changes(post, 1)[0]
        assert (line.field, line.old, line.new) == ("favourite", old, new)


@pytest.mark.parametrize(("one", "other"), [(1, 9), (9, 1)])
def test_a_post_moves_to_a_free_key(till: Till, one: int, other: int) -> None:
    till.catalogue.favourites.swap(by_key(till.catalogue.posts()), one, other)
    assert keys(till) == {2: "Soap", 9: "Tea"}


@pytest.mark.parametrize(("one", "other"), [(1, 1), (8, 9)])
def test_nothing_is_noted_where_nothing_moves(till: Till, one: int, other: int) -> None:
    before = till.reader.last_post_change()
    till.catalogue.favourites.swap(by_key(till.catalogue.posts()), one, other)
    assert till.reader.last_post_change() == before
    assert keys(till) == {1: "Tea", 2: "Soap"}


def test_what_another_till_has_moved_meanwhile_stays_there(till: Till) -> None:
    seen = by_key(till.catalogue.posts())
    till.catalogue.favourites.swap(seen, 1, 3)
    with pytest.raises(BadInput, match="Somebody has changed the favourite keys meanwhile"):
        till.catalogue.favourites.swap(seen, 1, 2)
    assert keys(till) == {2: "Soap", 3: "Tea"}


def test_rule_16_they_are_for_whoever_may_change_posts(till: Till) -> None:
    till.owner.passphrase.choose("mama njeri 1987")
    with pytest.raises(OwnerNeeded):
        till.catalogue.favourites.swap(by_key(till.catalogue.posts()), 1, 2)
    assert keys(till) == {1: "Tea", 2: "Soap"}
