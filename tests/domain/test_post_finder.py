"""Finding posts."""

import pytest

from pos_app.domain.catalogue import Post
from pos_app.domain.category import Category
from pos_app.domain.post_finder import PostFinder, Shelf

POSTS = [
    Post(id=1, title="Wi-Fi day", price=50, favourite=2),
    Post(id=2, title="Wi-Fi month", price=900, barcode="1"),
    Post(id=3, title="Hot shower", price=100, favourite=1),
    Post(id=4, title="Apples", price=20),
]


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("", [3, 1, 4, 2]),
        ("wi-fi", [1, 2]),
        ("FI mon", [2]),
        ("1", [2]),
        ("3", [3]),
        ("nothing", []),
        (" shower hot ", [3]),
    ],
)
def test_finding_posts(text: str, ids: list[int]) -> None:
    """A scanned barcode picks its post alone; otherwise words or the id, favourites first, then by name."""
    assert [post.id for post in PostFinder(POSTS).find(text)] == ids


def test_an_id_stands_among_the_names_that_hold_it() -> None:
    four = [Post(id=5, title="Tea 4", price=1), Post(id=6, title="A 4", price=1), Post(id=44, title="44", price=1)]
    assert [post.id for post in PostFinder([*POSTS, *four]).find("4")] == [44, 6, 4, 5]
    assert [post.id for post in PostFinder([*POSTS, *four]).find("44")] == [44]
    assert PostFinder(POSTS).find("04") == []
    assert PostFinder(POSTS).find("\u0664") == []


def test_what_a_favourite_key_and_a_scan_pick() -> None:
    finder = PostFinder(POSTS)
    assert finder.by_favourite[1].title == "Hot shower"
    assert finder.scanned("1") == POSTS[1]
    assert finder.scanned("2") is None
    assert finder.scanned(" ") is None
    assert PostFinder().find("a") == []


def test_a_shelf_finds_among_all_and_among_those_for_sale() -> None:
    off = Post(id=8, title="Wi-Fi week", price=1, active=False, favourite=9, barcode="22")
    shelf = Shelf.of([*POSTS, off], [Category(id=1, name="Drinks", place=1)])
    assert [post.id for post in shelf.all.find("wi-fi")] == [1, 8, 2]
    assert [post.id for post in shelf.sold.find("wi-fi")] == [1, 2]
    assert (shelf.all.scanned("22"), shelf.sold.scanned("22")) == (off, None)
    assert 9 not in shelf.sold.by_favourite
    assert 8 not in shelf.sold.by_id
    assert shelf.posts[-1] == off
