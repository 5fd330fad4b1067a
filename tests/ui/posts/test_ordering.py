"""Favourite keys and categories are moved, by keys and by touch, and two tills never write over each other."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from pos_app.domain.catalogue import draft_post
from pos_app.domain.post_finder import Shelf
from pos_app.sales.favourites import by_key
from pos_app.sales.till import Till
from pos_app.ui.posts.order_view import OrderModel, OrderView
from pos_app.ui.posts.page import PostsPage
from pos_app.ui.style.theme import ThemeManager
from pos_app.ui.tasks import Tasks
from pos_app.ui.till_events import TillEvents
from pos_app.ui.widgets.labels import Label
from pos_app.ui.widgets.list_table import ListTable
from tests.support.model_rules import watched
from tests.ui.parts import part

ALT = Qt.KeyboardModifier.AltModifier
PASSPHRASE = "mama njeri 1987"


class Owner:
    """Whoever moves things."""

    def __init__(self, page: PostsPage, till: Till, qtbot: QtBot) -> None:
        self.page, self.till, self.qtbot = page, till, qtbot

    def press(self, name: str) -> None:
        part(self.page, QAbstractButton, name).click()

    def table(self, name: str) -> ListTable:
        return part(self.page, ListTable, f"{name}Table")

    def key(self, name: str, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(self.table(name), key, modifiers)

    def rows(self, name: str) -> list[str]:
        model = self.table(name).model()
        return [str(model.index(row, 1).data()) for row in range(model.rowCount())]

    def until(self, name: str, *rows: str) -> None:
        self.qtbot.waitUntil(lambda: tuple(self.rows(name)[: len(rows)]) == rows)

    def current(self, name: str) -> str:
        return self.rows(name)[self.table(name).currentIndex().row()]

    def words(self) -> str:
        return part(self.page, Label, "orderWords").text()

    def name(self, text: str) -> None:
        part(self.page, QLineEdit, "categoryName").setText(text)


@pytest.fixture
def owner(till: Till, events: TillEvents, tasks: Tasks, theme: ThemeManager, qtbot: QtBot) -> Iterator[Owner]:
    till.catalogue.add_all([draft_post("Tea", 30, 0, 1), draft_post("Soap", 50, 0, 2), draft_post("Key", 90, None, 4)])
    for name in ("Drinks", "Goods", "Passes"):
        till.catalogue.categories.add(name)
    page = PostsPage(till, tasks, events)
    qtbot.addWidget(page)
    page.resize(1196, 740)
    with qtbot.waitExposed(page):
        page.show()
    qtbot.waitUntil(lambda: len(page._model.shelf.posts) == 3)
    page.show_order()
    yield Owner(page, till, qtbot)
    page.hide()


def test_the_keys_are_moved_by_keyboard(owner: Owner) -> None:
    assert owner.rows("favourites")[:5] == ["Tea", "Soap", "free", "Key", "free"]
    owner.key("favourites", Qt.Key.Key_Down, ALT)
    owner.until("favourites", "Soap", "Tea", "free")
    assert owner.current("favourites") == "Tea"
    owner.key("favourites", Qt.Key.Key_9)
    owner.qtbot.waitUntil(lambda: owner.rows("favourites")[8] == "Tea")
    owner.key("favourites", Qt.Key.Key_Up, ALT)
    owner.qtbot.waitUntil(lambda: owner.rows("favourites")[7] == "Tea")
    kept = by_key(owner.till.catalogue.posts())
    assert {key: post.title for key, post in kept.items()} == {1: "Soap", 4: "Key", 8: "Tea"}


def test_the_keys_are_moved_by_touch(owner: Owner) -> None:
    owner.press("favouritesUp")
    owner.key("favourites", Qt.Key.Key_0)
    owner.press("favouritesDown")
    owner.until("favourites", "Soap", "Tea")
    owner.table("favourites").go_to_row(5)
    owner.press("favouritesDown")
    assert owner.words() == "", "two free keys have nothing to exchange"


def test_categories_are_moved_added_renamed_and_taken_away(owner: Owner) -> None:
    owner.press("order1")
    owner.press("categoriesDown")
    owner.until("categories", "Goods", "Drinks", "Passes")
    assert owner.current("categories") == "Drinks"
    owner.key("categories", Qt.Key.Key_Down, ALT)
    owner.until("categories", "Goods", "Passes", "Drinks")
    owner.press("categoriesDown")
    owner.name("Bread")
    owner.press("categoryAdd")
    owner.until("categories", "Goods", "Passes", "Drinks", "Bread")
    owner.qtbot.waitUntil(lambda: owner.current("categories") == "Bread")
    assert part(owner.page, QLineEdit, "categoryName").text() == ""
    owner.name("Bread and cakes")
    owner.press("categoryRename")
    owner.until("categories", "Goods", "Passes", "Drinks", "Bread and cakes")
    owner.press("categoryRemove")
    owner.qtbot.waitUntil(lambda: owner.rows("categories") == ["Goods", "Passes", "Drinks"])
    assert [one.name for one in owner.till.catalogue.categories.all()] == ["Goods", "Passes", "Drinks"]


def test_what_is_refused_is_said_and_what_was_typed_stays(owner: Owner) -> None:
    owner.press("order1")
    owner.press("categoryRename")
    assert owner.words().startswith("Type the other name")
    owner.press("categoryAdd")
    owner.name("goods")
    owner.press("categoryRename")
    owner.qtbot.waitUntil(lambda: "There is a category Goods already" in owner.words())
    owner.till.catalogue.change(1, draft_post("Tea", 30, 0, 1, category="Drinks"))
    owner.press("categoryRemove")
    owner.qtbot.waitUntil(lambda: "1 post is in it" in owner.words())


def test_what_another_till_moved_meanwhile_is_shown_and_nothing_is_written_over(owner: Owner) -> None:
    owner.till.catalogue.favourites.swap(by_key(owner.till.catalogue.posts()), 1, 3)
    owner.key("favourites", Qt.Key.Key_Down, ALT)
    owner.qtbot.waitUntil(lambda: "Somebody has changed the favourite keys meanwhile" in owner.words())
    owner.until("favourites", "free", "Soap", "Tea", "Key")


def test_the_owner_is_asked_and_the_move_goes_on_then(owner: Owner) -> None:
    owner.till.owner.passphrase.choose(PASSPHRASE)
    owner.key("favourites", Qt.Key.Key_Down, ALT)
    field = part(owner.page, QLineEdit, "ownerPassphrase")
    owner.qtbot.waitUntil(field.isVisible)
    assert "keys 1 and 2 change places" in part(owner.page, Label, "ownerWords").text()
    field.setText(PASSPHRASE)
    QTest.keyClick(field, Qt.Key.Key_Return)
    owner.until("favourites", "Soap", "Tea")
    assert part(owner.page, OrderView, "orderView").isVisible()
    owner.key("favourites", Qt.Key.Key_Escape)
    assert part(owner.page, ListTable, "postsTable").isVisible()


def test_it_keeps_the_rules_of_qts_models(qapp: QApplication) -> None:
    model = watched(OrderModel(("Key", "Post")))
    for rows in ([("1", "Tea"), ("2", "free")], [], [("1", "Tea")]):
        model.show_rows(rows)
    assert model.rowCount() == 1


def test_an_empty_shop_has_nine_free_keys(owner: Owner) -> None:
    part(owner.page, OrderView, "orderView").show_shelf(Shelf.of(()))
    assert owner.rows("favourites") == ["free"] * 9
    owner.press("categoriesDown")
    owner.press("categoryRemove")
