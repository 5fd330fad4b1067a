"""The tiles below the find field: as many widgets among 20,000 posts as among sixty; categories change no key."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from pos_app.domain.catalogue import draft_post
from pos_app.ui.charge.post_tile import PostTile
from pos_app.ui.widgets.buttons import Button
from tests.ui.counter import Counter

PHONE = "0712345678"
TEA = "4006381333931"
LEFT = Qt.MouseButton.LeftButton


def tiles(counter: Counter) -> list[str]:
    """The names on the tiles that are there, in their order."""
    there = [tile for tile in counter.page.grid.findChildren(PostTile) if not tile.isHidden()]
    return [tile.post.title for tile in sorted(there, key=lambda tile: (tile.y(), tile.x()))]


def read_again(counter: Counter) -> None:
    """The page shows what the till sells now."""
    wanted = {post.id for post in counter.harness.till.catalogue.posts() if post.active}
    counter.page.flow.read_posts()
    counter.qtbot.waitUntil(lambda: set(counter.page.grid.by_id) == wanted)


@pytest.fixture
def many(counter: Counter) -> Counter:
    """A hundred more posts."""
    counter.harness.till.catalogue.add_all([draft_post(f"Soap {number:03}", 10, 0) for number in range(100)])
    read_again(counter)
    return counter


@pytest.fixture
def sorted_ones(counter: Counter) -> Counter:
    """Drinks, passes, and a category that nothing is in."""
    catalogue = counter.harness.till.catalogue
    for name in ("Passes", "Drinks", "Empty"):
        catalogue.categories.add(name)
    for post in catalogue.posts():
        catalogue.change(post.id, replace(post, category="Drinks" if post.title == "Tea" else "Passes"))
    counter.page.flow.read_posts()
    counter.qtbot.waitUntil(lambda: chips(counter) == ["All", "Passes", "Drinks"])
    return counter


def chips(counter: Counter) -> list[str]:
    return [chip.text() for chip in counter.page.grid.findChildren(Button) if chip.objectName()[:8] == "category"]


def chip(counter: Counter, name: str) -> Button:
    return next(chip for chip in counter.page.grid.findChildren(Button) if chip.text() == name)


def test_what_is_typed_gives_the_same_tiles_other_posts(many: Counter) -> None:
    made = many.page.grid.findChildren(PostTile)
    assert len(made) == 60
    many.write("soap 09")
    assert tiles(many) == [f"Soap {number:03}" for number in (9, *range(90, 100))]
    assert many.page.grid.findChildren(PostTile) == made
    assert many.page.grid.findChild(PostTile, "post1") is None
    many.press(Qt.Key.Key_Escape)
    assert len(tiles(many)) == 60


def test_more_of_them_come_when_they_are_asked_for(many: Counter) -> None:
    more = many.button("morePosts")
    assert more.text() == "Show more: 43 posts"
    many.page.form.phone.setFocus()
    QTest.mouseClick(more, LEFT)
    assert len(tiles(many)) == 103
    assert not more.isVisible()
    many.write("soap")
    assert len(tiles(many)) == 60


def test_enter_never_chooses_what_came_under_the_cursor_by_itself(many: Counter) -> None:
    many.part(PostTile, "post1").setFocus()
    post = many.harness.till.catalogue.posts()[0]
    many.harness.till.catalogue.change(post.id, replace(post, active=False))
    read_again(many)
    many.enter()
    assert many.chosen() == ""


def test_a_finger_on_a_tile_chooses_no_other_post(many: Counter) -> None:
    tile = many.part(PostTile, "post1")
    QTest.mousePress(tile, LEFT, pos=QPoint(20, 20))
    post = many.harness.till.catalogue.posts()[0]
    many.harness.till.catalogue.change(post.id, replace(post, active=False))
    read_again(many)
    QTest.mouseRelease(tile, LEFT, pos=QPoint(20, 20))
    assert many.chosen() == ""


def test_without_categories_there_is_nothing_to_choose(counter: Counter) -> None:
    assert chips(counter) == []


def test_a_category_is_what_is_shown_where_nothing_is_typed(sorted_ones: Counter) -> None:
    QTest.mouseClick(chip(sorted_ones, "Drinks"), LEFT)
    assert tiles(sorted_ones) == ["Tea"]
    sorted_ones.write("pass")
    assert tiles(sorted_ones) == ["Day pass", "Week pass"]
    assert not chip(sorted_ones, "All").isVisible()
    sorted_ones.press(Qt.Key.Key_Escape)
    assert tiles(sorted_ones) == ["Tea"]
    QTest.mouseClick(chip(sorted_ones, "All"), LEFT)
    assert tiles(sorted_ones) == ["Day pass", "Week pass", "Tea"]


def test_no_key_means_something_else_behind_a_category(sorted_ones: Counter) -> None:
    """Twelve keys for a phone of ten digits, as without: the touch leaves the cursor where it was."""
    assert sorted_ones.page.form.phone.edit.hasFocus()
    QTest.mouseClick(chip(sorted_ones, "Drinks"), LEFT)
    assert sorted_ones.page.form.phone.edit.hasFocus()
    sorted_ones.choose("2")
    assert sorted_ones.chosen() == "Week pass"
    sorted_ones.write("day")
    sorted_ones.enter()
    assert sorted_ones.chosen() == "Week pass + Day pass"
    sorted_ones.scan(TEA)
    assert sorted_ones.chosen() == "Week pass + Day pass + Tea"
    sorted_ones.write(PHONE)
    sorted_ones.enter()
    sorted_ones.qtbot.waitUntil(lambda: len(sorted_ones.page.active.payments()) == 1)


def test_the_next_customer_finds_everything(sorted_ones: Counter) -> None:
    QTest.mouseClick(chip(sorted_ones, "Drinks"), LEFT)
    sorted_ones.next_customer()
    assert tiles(sorted_ones) == ["Day pass", "Week pass", "Tea"]
    assert chip(sorted_ones, "All").isChecked()


def test_a_category_that_is_gone_is_not_shown_any_more(sorted_ones: Counter) -> None:
    QTest.mouseClick(chip(sorted_ones, "Drinks"), LEFT)
    catalogue = sorted_ones.harness.till.catalogue
    tea = next(post for post in catalogue.posts() if post.title == "Tea")
    catalogue.change(tea.id, replace(tea, category=None))
    sorted_ones.page.flow.read_posts()
    sorted_ones.qtbot.waitUntil(lambda: chips(sorted_ones) == ["All", "Passes"])
    assert tiles(sorted_ones) == ["Day pass", "Week pass", "Tea"]
