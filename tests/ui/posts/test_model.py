"""The catalogue as a table."""

from dataclasses import replace

from PySide6.QtWidgets import QApplication

from pos_app.domain.catalogue import Post
from pos_app.domain.post_finder import Shelf
from pos_app.ui.posts.model import PostColumn, PostsModel
from pos_app.ui.widgets.list_model import ROW_ROLE
from tests.support.model_rules import watched

DAY = Post(id=1, title="Day pass", price=1250, days=1, favourite=2, barcode="4006381333931")
TEA = Post(id=2, title="Tea", price=30, days=0, favourite=1)
OLD = Post(id=3, title="A locker", price=80, active=False)


def titles(model: PostsModel) -> list[str]:
    return [str(model.index(row, PostColumn.NAME).data()) for row in range(model.rowCount())]


def test_it_keeps_the_rules_of_qts_models(qapp: QApplication) -> None:
    model = watched(PostsModel())
    model.show_shelf(Shelf.of([DAY, TEA, OLD]))
    model.find("tea")
    model.show_kept(Post(id=2, title="Tea, big", price=30, days=0, favourite=1))
    model.find("")
    model.show_shelf(Shelf.of([]))


def test_favourites_come_first(qapp: QApplication) -> None:
    model = PostsModel()
    model.show_shelf(Shelf.of([DAY, TEA, OLD]))

    assert titles(model) == ["Tea", "Day pass", "A locker"]
    assert [model.index(1, column).data() for column in PostColumn] == [
        "2",
        "Day pass",
        "1,250",
        "24 hours",
        "4006381333931",
        "",
        "on",
    ]
    assert model.index(2, PostColumn.ACTIVE).data() == "off"
    assert model.index(0, 0).data(ROW_ROLE) == TEA
    assert model.row_of(3) == 2
    assert model.row_of(9) is None


def test_finding_keeps_when_posts_change(qapp: QApplication) -> None:
    model = PostsModel()
    model.show_shelf(Shelf.of([DAY, TEA]))
    model.find("day")
    assert titles(model) == ["Day pass"]

    model.show_shelf(Shelf.of([DAY, TEA, Post(id=4, title="Two day pass", price=90)]))
    assert titles(model) == ["Day pass", "Two day pass"]
    assert len(model.shelf.posts) == 3

    model.find("4006381333931")
    assert titles(model) == ["Day pass"]


def test_a_category_narrows_what_is_typed(qapp: QApplication) -> None:
    model = PostsModel()
    posts = [replace(DAY, category="Passes"), replace(TEA, category="Drinks"), OLD]
    model.show_shelf(Shelf.of(posts))
    for text, category, shown in (
        ("", "Drinks", ["Tea"]),
        ("day", "Drinks", []),
        ("day", "Passes", ["Day pass"]),
        ("", "", ["A locker"]),
        ("", None, ["Tea", "Day pass", "A locker"]),
    ):
        model.find(text, category)
        assert titles(model) == shown
