"""The catalogue on a real store: what is kept here can be sold."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from pos_app.domain.catalogue import Post, draft_post
from pos_app.domain.phone import parse_phone
from pos_app.sales.test_payment import Trial
from pos_app.sales.till import Till
from pos_app.ui.posts.editor import FINISH_FIRST, PostEditor
from pos_app.ui.posts.find_row import ALL_CATEGORIES
from pos_app.ui.posts.form import NO_CATEGORY
from pos_app.ui.posts.import_view import ImportColumn
from pos_app.ui.posts.model import PostColumn
from pos_app.ui.posts.page import PostsPage
from pos_app.ui.style.theme import ThemeManager
from pos_app.ui.tasks import Tasks
from pos_app.ui.till_events import TillEvents
from pos_app.ui.widgets.choice_button import ChoiceButton
from pos_app.ui.widgets.list_table import ListTable
from tests.ui.selling import add_posts


class Seen:
    """The page, and a file chooser that a test answers."""

    def __init__(self, till: Till, tasks: Tasks, events: TillEvents, qtbot: QtBot) -> None:
        self.qtbot = qtbot
        self.file = self.target = ""
        self.page = PostsPage(
            till,
            tasks,
            events,
            choose_csv=lambda _parent: self.file,
            choose_target=lambda _parent: self.target,
        )
        qtbot.addWidget(self.page)
        self.page.resize(1196, 740)
        with qtbot.waitExposed(self.page):
            self.page.show()
        table = self.page.findChild(ListTable)
        editor = self.page.findChild(PostEditor)
        assert table is not None
        assert editor is not None
        self.table, self.editor = table, editor

    def titles(self) -> list[str]:
        model = self.table.model()
        return [str(model.index(row, PostColumn.NAME).data()) for row in range(model.rowCount())]

    def until(self, *titles: str) -> None:
        self.qtbot.waitUntil(lambda: self.titles() == list(titles))

    def choose_access(self, access: str) -> None:
        """How long it lasts."""
        button = self.editor.findChild(ChoiceButton, "postAccess")
        assert button is not None
        button.choose(access)

    def field(self, name: str) -> QLineEdit:
        found = self.page.findChild(QLineEdit, name)
        assert found is not None
        return found

    def footer(self) -> str:
        found = self.page.findChild(QLabel, "postsFooter")
        assert found is not None
        return found.text()

    def trouble(self) -> str:
        found = self.page.findChild(QLabel, "postTrouble")
        assert found is not None
        return found.text()

    def press(self, key: Qt.Key) -> None:
        QTest.keyClick(self.page.focusWidget() or self.page, key)


@pytest.fixture
def empty(till: Till, events: TillEvents, tasks: Tasks, theme: ThemeManager, qtbot: QtBot) -> Iterator[Seen]:
    seen = Seen(till, tasks, events, qtbot)
    yield seen
    seen.page.hide()


@pytest.fixture
def seen(till: Till, events: TillEvents, tasks: Tasks, theme: ThemeManager, qtbot: QtBot) -> Iterator[Seen]:
    add_posts(till)
    opened = Seen(till, tasks, events, qtbot)
    opened.until("Day pass", "Tea")
    yield opened
    opened.page.hide()


def test_after_the_set_up_s_test_the_examples_are_still_offered(empty: Seen, till: Till) -> None:
    Trial(till.catalogue, till.checkout).charge(parse_phone("0712345678"))
    empty.page.reload()
    accept = empty.page.findChild(QAbstractButton, "postExamplesAccept")
    assert accept is not None
    empty.qtbot.waitUntil(accept.isVisible)
    accept.click()
    empty.until("Day pass", "Week pass", "Tea")
    empty.qtbot.waitUntil(lambda: "off" not in empty.footer())


def test_an_empty_catalogue_offers_three_examples_by_one_key(empty: Seen, till: Till) -> None:
    accept = empty.page.findChild(QAbstractButton, "postExamplesAccept")
    assert accept is not None
    empty.qtbot.waitUntil(accept.hasFocus)
    with empty.qtbot.waitSignal(empty.page.posts_changed):
        empty.press(Qt.Key.Key_Return)

    empty.until("Day pass", "Week pass", "Tea")
    assert [post.price for post in till.catalogue.posts()] == [50, 250, 30]


def test_ins_adds_a_post(seen: Seen, till: Till) -> None:
    seen.press(Qt.Key.Key_Insert)
    seen.field("postTitle").setText("Locker")
    seen.field("postPrice").setText("100")
    seen.choose_access("No access")
    with seen.qtbot.waitSignal(seen.page.posts_changed):
        seen.press(Qt.Key.Key_Return)

    seen.until("Day pass", "Tea", "Locker")
    assert seen.titles()[seen.table.currentIndex().row()] == "Locker"
    assert not seen.editor.editing
    assert till.catalogue.posts()[-1].price == 100


def test_a_click_on_a_row_opens_its_post(seen: Seen) -> None:
    place = seen.table.visualRect(seen.table.model().index(1, PostColumn.NAME)).center()
    QTest.mouseClick(seen.table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert seen.field("postTitle").text() == "Tea"


def test_enter_changes_the_chosen_post(seen: Seen, till: Till) -> None:
    seen.press(Qt.Key.Key_Down)
    seen.press(Qt.Key.Key_Down)
    seen.press(Qt.Key.Key_Return)
    assert seen.field("postTitle").text() == "Tea"
    seen.field("postPrice").setText("35")
    with seen.qtbot.waitSignal(seen.page.posts_changed):
        seen.press(Qt.Key.Key_Return)

    assert {post.title: post.price for post in till.catalogue.posts()} == {"Day pass": 50, "Tea": 35}
    seen.qtbot.waitUntil(lambda: seen.table.model().index(1, PostColumn.PRICE).data() == "35")


def test_a_price_that_another_set_while_the_form_was_open_stays(seen: Seen, till: Till) -> None:
    seen.page.edit_current()
    before = till.catalogue.posts()[0]
    till.catalogue.change(before.id, draft_post("Day pass", 80, 1, 1))
    seen.field("postBarcode").setText("222")
    seen.editor.submit()
    seen.qtbot.waitUntil(lambda: "it is Day pass, KES 80 now. Nothing was saved." in seen.trouble())
    assert till.catalogue.posts()[0].price == 80
    seen.qtbot.waitUntil(lambda: seen.table.model().index(0, PostColumn.PRICE).data() == "80")
    seen.editor.leave()
    seen.page.edit_current()
    assert seen.field("postPrice").text() == "80"


def test_what_another_post_holds_is_said_beside_the_form(seen: Seen, till: Till) -> None:
    seen.page.new_post()
    seen.field("postTitle").setText("Soda")
    seen.field("postBarcode").setText("4006381333931")
    seen.choose_access("No access")
    seen.press(Qt.Key.Key_Return)

    seen.qtbot.waitUntil(lambda: bool(seen.trouble()))
    assert seen.editor.editing
    assert len(till.catalogue.posts()) == 2


def test_a_form_that_is_not_kept_is_not_thrown_away(seen: Seen) -> None:
    seen.page.edit_current()
    seen.field("postTitle").setText("Half typed")
    seen.page.new_post()

    assert seen.trouble() == FINISH_FIRST
    assert seen.field("postTitle").text() == "Half typed"


def test_finding(seen: Seen) -> None:
    QTest.keyClicks(seen.field("postsFind"), "te")
    assert seen.titles() == ["Tea"]

    QTest.keyClicks(seen.field("postsFind"), "xx")
    nothing = seen.page.findChild(QLabel, "postsNothing")
    assert nothing is not None
    assert nothing.isVisible()
    assert nothing.text() == 'No post matches "texx". Ins adds a new one.'

    seen.press(Qt.Key.Key_Escape)
    assert seen.titles() == ["Day pass", "Tea"]


def button(seen: Seen, name: str) -> QAbstractButton:
    found = seen.page.findChild(QAbstractButton, name)
    assert found is not None, name
    return found


def look_at_file(seen: Seen, file: Path) -> None:
    """Choose a file, and wait until the page says what it would do."""
    seen.file = str(file)
    seen.page.import_csv()
    seen.qtbot.waitUntil(lambda: seen.page.findChild(QLabel, "importWords") is not None)
    seen.qtbot.waitUntil(lambda: button(seen, "importAccept").isVisible() and label(seen, "importWords") != "")


def test_a_file_is_imported_whole(seen: Seen, till: Till, tmp_path: Path) -> None:
    file = tmp_path / "posts.csv"
    file.write_text("title,price,days\nSoda,60,0\nMonth pass,800,30\n", "utf-8")
    look_at_file(seen, file)
    assert till.catalogue.posts()[2:] == [], "nothing is done before somebody has seen it"
    with seen.qtbot.waitSignal(seen.page.posts_changed):
        button(seen, "importAccept").click()

    seen.until("Day pass", "Tea", "Month pass", "Soda")
    assert seen.footer() == "2 posts were imported."


def test_a_price_list_without_days_is_not_imported_without_a_word_about_access(
    seen: Seen, till: Till, tmp_path: Path
) -> None:
    till.owner.passphrase.choose(PASSPHRASE)
    file = tmp_path / "prices.csv"
    file.write_text("title,price\nSoap,30\n", encoding="utf-8")
    look_at_file(seen, file)
    assert "1 new. 1 of them gives access for ever" in label(seen, "importWords")
    button(seen, "importAccept").click()
    seen.qtbot.waitUntil(lambda: owner_bar(seen).isVisible())
    assert "To be saved: 1 post of prices.csv. 1 of them gives access for ever" in label(seen, "ownerWords")
    type_passphrase(seen, PASSPHRASE)
    seen.qtbot.waitUntil(lambda: "1 post was imported. 1 of them gives access for ever" in seen.footer())


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"name;cost\n", "The first line names the columns"),
        (b"\xff\xfe\x00", "That file cannot be read as text"),
    ],
)
def test_a_file_with_a_fault_imports_nothing(
    seen: Seen, till: Till, tmp_path: Path, content: bytes, words: str
) -> None:
    file = tmp_path / "posts.csv"
    file.write_bytes(content)
    seen.file = str(file)
    seen.page.import_csv()

    seen.qtbot.waitUntil(lambda: words in seen.footer())
    assert len(till.catalogue.posts()) == 2


def test_a_line_that_cannot_be_used_is_shown_first_and_nothing_can_be_imported(
    seen: Seen, till: Till, tmp_path: Path
) -> None:
    file = tmp_path / "posts.csv"
    file.write_text("title,price\nSoda,60\nMilk,x\n", "utf-8")
    look_at_file(seen, file)
    table = seen.page.findChild(ListTable, "importTable")
    assert table is not None
    rows = [[str(table.model().index(row, column).data()) for column in ImportColumn] for row in range(2)]
    assert rows == [
        ["3", "cannot be used", "Milk", "'x' is not a price."],
        ["2", "new", "Soda", "KES 60, for ever"],
    ]
    assert label(seen, "importLine").startswith("Line 3, Milk: 'x' is not a price.")
    assert "Nothing is imported until each line can be used." in label(seen, "importWords")
    assert not button(seen, "importAccept").isEnabled()
    seen.press(Qt.Key.Key_Return)
    seen.press(Qt.Key.Key_Escape)
    assert seen.table.isVisible()
    assert len(till.catalogue.posts()) == 2


def test_the_enter_that_chose_the_file_imports_nothing(seen: Seen, till: Till, tmp_path: Path) -> None:
    file = tmp_path / "posts.csv"
    file.write_text("title,price\nSoda,60\n", "utf-8")
    look_at_file(seen, file)
    for _ in range(3):
        seen.press(Qt.Key.Key_Return)
    assert button(seen, "importAccept").isEnabled()
    assert len(till.catalogue.posts()) == 2


def test_what_another_till_changed_after_the_look_is_looked_at_again(seen: Seen, till: Till, tmp_path: Path) -> None:
    file = tmp_path / "posts.csv"
    file.write_text("post_id,title,price\n2,Tea,35\n", "utf-8")
    look_at_file(seen, file)
    till.catalogue.change(2, draft_post("Tea", 32, 0))
    button(seen, "importAccept").click()
    seen.qtbot.waitUntil(lambda: "Somebody has changed posts meanwhile" in label(seen, "importWords"))
    assert "Price KES 32 \u2192 KES 35" in label(seen, "importLine")
    button(seen, "importAccept").click()
    seen.qtbot.waitUntil(lambda: seen.footer() == "1 post was changed.")
    assert [post.price for post in till.catalogue.posts()] == [50, 35]


def test_what_cannot_be_saved_can_be_tried_again(
    seen: Seen, till: Till, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "posts.csv"
    file.write_text("title,price,days\nSoda,60,0\n", "utf-8")
    look_at_file(seen, file)
    monkeypatch.setattr(till.writer, "saving", False)
    monkeypatch.setattr(till.writer, "why", "The disk is full.")
    button(seen, "importAccept").click()
    seen.qtbot.waitUntil(lambda: label(seen, "importWords") == "The disk is full.")
    monkeypatch.setattr(till.writer, "saving", True)
    button(seen, "importAccept").click()
    seen.qtbot.waitUntil(lambda: seen.footer() == "1 post was imported.")


def test_posts_are_written_to_a_file_that_says_the_same_when_it_is_read(seen: Seen, till: Till, tmp_path: Path) -> None:
    seen.target = str(tmp_path / "all")
    seen.page.export_csv()
    seen.qtbot.waitUntil(lambda: seen.footer() == "2 posts were written to all.csv.")
    look_at_file(seen, tmp_path / "all.csv")
    assert label(seen, "importWords") == "2 unchanged."
    assert not button(seen, "importAccept").isEnabled()
    seen.page.export_csv()
    seen.qtbot.waitUntil(lambda: "all.csv is there already and stays as it is" in seen.footer())


def test_a_scan_chooses_its_post_and_presses_nothing(seen: Seen) -> None:
    QTest.keyClicks(seen.field("postsFind"), "day")
    seen.page.take_scan("04006381333931")
    assert seen.field("postsFind").text() == ""
    assert seen.titles()[seen.table.currentIndex().row()] == "Tea"
    assert seen.table.hasFocus()
    assert not seen.editor.editing
    seen.page.take_scan("9999999999999")
    assert seen.field("postsFind").text() == "9999999999999"
    assert seen.titles() == []
    seen.page.begin_scan()
    assert seen.field("postsFind").text() == ""


def test_a_scan_throws_nothing_away_that_is_typed(seen: Seen) -> None:
    seen.page.edit_current()
    seen.field("postTitle").setText("Half typed")
    seen.page.show_order()  # beside the form the window refuses the scan itself
    seen.qtbot.waitUntil(lambda: not seen.editor.isVisible())
    seen.page.take_scan("4006381333931")
    assert seen.trouble() == FINISH_FIRST
    assert seen.field("postTitle").text() == "Half typed"


def test_a_post_is_put_into_a_category(seen: Seen, till: Till) -> None:
    seen.page.edit_current()
    choice = seen.editor.findChild(ChoiceButton, "postCategory")
    assert choice is not None
    assert not choice.isVisible()
    seen.editor.leave()
    till.catalogue.categories.add("Passes")
    seen.page.reload()
    seen.qtbot.waitUntil(lambda: len(seen.editor._categories) == 2)
    seen.page.edit_current()
    assert choice.isVisible()
    choice.choose("Passes")
    seen.editor.submit()
    seen.qtbot.waitUntil(lambda: seen.table.model().index(0, PostColumn.CATEGORY).data() == "Passes")
    till.catalogue.categories.rename(till.catalogue.categories.all()[0], "Tickets")
    seen.page.edit_current()
    seen.field("postTitle").setText("Day ticket")
    seen.editor.submit()
    seen.qtbot.waitUntil(lambda: "Somebody has changed this post meanwhile" in seen.trouble())


def test_a_category_is_all_that_is_shown_where_it_is_chosen(seen: Seen, till: Till) -> None:
    choice = seen.page.findChild(ChoiceButton, "postsCategory")
    assert choice is not None
    assert not choice.isVisible()
    drinks = till.catalogue.categories.add("Tea & more")
    till.catalogue.categories.add("Passes")
    till.catalogue.change(2, draft_post("Tea", 30, barcode="4006381333931", category="Tea & more"))
    seen.page.reload()
    seen.qtbot.waitUntil(choice.isVisible)
    choice.choose("Tea & more")
    seen.until("Tea")
    QTest.keyClicks(seen.field("postsFind"), "day")
    nothing = seen.page.findChild(QLabel, "postsNothing")
    assert nothing is not None
    assert nothing.text() == 'No post in Tea & more matches "day". Ins adds a new one.'
    seen.field("postsFind").clear()
    choice.choose(NO_CATEGORY)
    seen.until("Day pass")
    seen.page.take_scan("4006381333931")
    assert (choice.choice, seen.titles()) == (ALL_CATEGORIES, ["Day pass", "Tea"])

    choice.choose("Tea & more")
    till.catalogue.categories.rename(drinks, "Hot")  # at another till
    seen.page.reload()
    seen.until("Day pass", "Tea")
    choice.choose("Passes")
    assert nothing.text() == "No post in Passes yet. Ins adds a new one."
    seen.page.new_post()
    seen.field("postTitle").setText("Bread")
    seen.field("postPrice").setText("100")
    seen.choose_access("No access")
    seen.editor.submit()
    seen.until("Day pass", "Bread", "Tea")  # in no category: who keeps it sees it


def test_no_file_chosen_does_nothing(seen: Seen) -> None:
    before = seen.footer()
    seen.page.import_csv()
    seen.page.export_csv()

    assert seen.footer() == before


def test_the_footer_counts(seen: Seen, till: Till) -> None:
    assert seen.footer() == "2 posts"
    till.catalogue.change(2, draft_post("Tea", 30, active=False))
    seen.page.hide()
    seen.page.show()

    seen.qtbot.waitUntil(lambda: seen.footer() == "2 posts, 1 off")


def test_nothing_is_kept_while_the_computer_cannot_save(seen: Seen, events: TillEvents) -> None:
    new = seen.page.findChild(QAbstractButton, "postsNew")
    assert new is not None
    events.saving_changed.emit(False)
    assert not new.isEnabled()
    events.saving_changed.emit(True)
    assert new.isEnabled()


def test_a_page_made_while_the_computer_cannot_save_knows_it(
    till: Till, tasks: Tasks, events: TillEvents, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(till.writer, "saving", False)
    page = PostsPage(till, tasks, events)
    qtbot.addWidget(page)
    new = page.findChild(QAbstractButton, "postsNew")
    assert new is not None
    assert not new.isEnabled()


def test_every_control_has_both_names(seen: Seen) -> None:
    seen.page.edit_current()
    controls: list[QWidget] = [*seen.page.findChildren(QAbstractButton), *seen.page.findChildren(QLineEdit)]

    assert [
        control
        for control in controls
        if control.isVisibleTo(seen.page) and not (control.objectName() and control.accessibleName())
    ] == []


@pytest.mark.parametrize("size", [(940, 540), (1196, 740)])
def test_it_fits_the_window(seen: Seen, size: tuple[int, int]) -> None:
    seen.page.edit_current()
    seen.page.resize(*size)

    assert seen.page.minimumSizeHint().width() <= size[0]
    assert seen.page.minimumSizeHint().height() <= size[1]


PASSPHRASE = "mama njeri 1987"


def owner_bar(seen: Seen) -> QWidget:
    bar = seen.page.findChild(QWidget, "ownerBar")
    assert bar is not None
    return bar


def type_passphrase(seen: Seen, passphrase: str) -> None:
    """Into the bar, once it is there."""
    seen.qtbot.waitUntil(lambda: owner_bar(seen).isVisible() and seen.field("ownerPassphrase").isEnabled())
    seen.field("ownerPassphrase").setText(passphrase)
    QTest.keyClick(seen.field("ownerPassphrase"), Qt.Key.Key_Return)


def label(seen: Seen, name: str) -> str:
    found = seen.page.findChild(QLabel, name)
    assert found is not None
    return found.text()


def test_on_a_small_screen_what_asks_the_owner_is_whole(seen: Seen, till: Till) -> None:
    till.owner.passphrase.choose(PASSPHRASE)
    seen.page.resize(930, 530)
    seen.page.edit_current()
    seen.field("postPrice").setText("1")
    seen.editor.submit()
    find = seen.field("postsFind")
    seen.qtbot.waitUntil(lambda: owner_bar(seen).isVisible() and not find.isVisible())
    for name in ("ownerCancel", "ownerOpen", "ownerForgotten"):
        button = seen.page.findChild(QAbstractButton, name)
        assert button is not None
        seen.qtbot.waitUntil(lambda button=button: button.visibleRegion().boundingRect() == button.rect())  # type: ignore[misc]
    assert seen.field("ownerPassphrase").height() > 20
    QTest.keyClick(seen.field("ownerPassphrase"), Qt.Key.Key_Escape)
    assert find.isVisible()


def test_a_price_needs_the_owners_passphrase_then_not_again_for_five_minutes(seen: Seen, till: Till) -> None:
    till.owner.passphrase.choose(PASSPHRASE)
    seen.page.edit_current()
    before = next(post for post in till.catalogue.posts() if post.title == seen.titles()[0])
    seen.field("postPrice").setText("1")
    seen.editor.submit()
    seen.qtbot.waitUntil(lambda: owner_bar(seen).isVisible())
    assert "type the owner's passphrase. Nothing was saved." in seen.trouble()
    type_passphrase(seen, "guess")
    seen.qtbot.waitUntil(lambda: "not the owner's passphrase" in label(seen, "ownerWords"))
    assert seen.field("ownerPassphrase").text() == ""
    assert till.reader.post(before.id) == before
    type_passphrase(seen, PASSPHRASE)
    seen.qtbot.waitUntil(lambda: not seen.editor.editing)
    assert not owner_bar(seen).isVisible()
    assert [post.price for post in till.catalogue.posts() if post.id == before.id] == [1]

    seen.page.edit_current()
    seen.qtbot.waitUntil(lambda: f"Price KES {before.price} \u2192 KES 1" in label(seen, "postPrices"))
    assert "by the owner" in label(seen, "postPrices")
    seen.field("postPrice").setText("2")
    seen.editor.submit()
    seen.qtbot.waitUntil(lambda: not seen.editor.editing)
    assert not owner_bar(seen).isVisible()


def test_an_import_needs_it_too_and_esc_imports_nothing(seen: Seen, till: Till, tmp_path: Path) -> None:
    till.owner.passphrase.choose(PASSPHRASE)
    file = tmp_path / "posts.csv"
    file.write_text("title,price\nSoap,30\n", encoding="utf-8")
    look_at_file(seen, file)
    button(seen, "importAccept").click()
    seen.qtbot.waitUntil(lambda: owner_bar(seen).isVisible())
    seen.field("ownerPassphrase").setText("half")
    QTest.keyClick(seen.field("ownerPassphrase"), Qt.Key.Key_Escape)
    assert not owner_bar(seen).isVisible()
    assert seen.field("ownerPassphrase").text() == ""
    assert len(till.catalogue.posts()) == 2
    look_at_file(seen, file)
    button(seen, "importAccept").click()
    type_passphrase(seen, PASSPHRASE)
    seen.qtbot.waitUntil(lambda: "Soap" in seen.titles())


def wait_with_a_price(seen: Seen, till: Till) -> Post:
    """The first post is to cost KES 1, and the bar asks for the passphrase."""
    till.owner.passphrase.choose(PASSPHRASE)
    seen.page.edit_current()
    seen.field("postPrice").setText("1")
    seen.editor.submit()
    seen.qtbot.waitUntil(lambda: owner_bar(seen).isVisible())
    return next(post for post in till.catalogue.posts() if post.title == seen.titles()[0])


def test_the_bar_says_what_waits_for_the_passphrase(seen: Seen, till: Till) -> None:
    wait_with_a_price(seen, till)
    assert label(seen, "ownerWords").endswith("To be saved: Day pass, KES 1, 24 hours.")
    type_passphrase(seen, "guess")
    seen.qtbot.waitUntil(lambda: "not the owner's passphrase" in label(seen, "ownerWords"))
    assert label(seen, "ownerWords").endswith("To be saved: Day pass, KES 1, 24 hours.")


def test_a_change_that_was_taken_back_is_not_carried_out_by_a_later_passphrase(seen: Seen, till: Till) -> None:
    before = wait_with_a_price(seen, till)
    seen.field("postPrice").setFocus()
    seen.press(Qt.Key.Key_Escape)
    assert not seen.editor.editing
    assert not owner_bar(seen).isVisible()
    assert till.reader.post(before.id) == before


def test_who_comes_to_the_page_next_finds_neither_the_bar_nor_half_a_passphrase(seen: Seen, till: Till) -> None:
    before = wait_with_a_price(seen, till)
    seen.field("ownerPassphrase").setText("mama nj")
    seen.page.hide()
    seen.page.show()
    assert not owner_bar(seen).isVisible()
    assert seen.field("ownerPassphrase").text() == ""
    assert seen.editor.editing, "what was typed about the post stands there and can be saved again"
    assert till.reader.post(before.id) == before


def test_a_passphrase_that_is_found_right_after_the_owner_has_left_opens_nothing(seen: Seen, till: Till) -> None:
    before = wait_with_a_price(seen, till)
    type_passphrase(seen, PASSPHRASE)
    seen.page.hide()
    deadline = time.monotonic() + 20
    while till.catalogue.locked:  # the window hears of nothing meanwhile
        assert time.monotonic() < deadline, "the passphrase was never found right"
    seen.page.show()
    seen.qtbot.waitUntil(lambda: till.catalogue.locked)
    assert till.reader.post(before.id) == before


def test_what_is_kept_late_leaves_the_next_form_open(seen: Seen, till: Till) -> None:
    seen.page.edit_current()
    seen.field("postPrice").setText("55")
    seen.editor.submit()
    seen.editor.leave()
    seen.page.new_post()
    seen.field("postTitle").setText("Half typed")
    seen.qtbot.waitUntil(lambda: seen.footer() == "Day pass is kept.")
    assert seen.field("postTitle").text() == "Half typed"
    assert seen.editor.editing
    assert till.catalogue.posts()[0].price == 55


def test_what_could_not_be_kept_is_told_also_after_the_page_was_left(seen: Seen, till: Till, tasks: Tasks) -> None:
    said: list[str] = []
    tasks.trouble.connect(said.append)
    seen.page.new_post()
    seen.field("postTitle").setText("Soda")
    seen.field("postPrice").setText("100")
    seen.field("postBarcode").setText("4006381333931")
    seen.choose_access("No access")
    seen.editor.submit()
    seen.page.hide()
    seen.qtbot.waitUntil(lambda: bool(said))
    assert said[0].startswith("Soda: ")
    assert "Nothing was saved." in said[0]
    tasks.trouble.disconnect(said.append)


def test_what_another_till_has_changed_is_there_at_once_but_not_over_what_is_typed(
    seen: Seen, till: Till, events: TillEvents
) -> None:
    till.catalogue.add(draft_post("Cold water", 20))
    events.shop_changed.emit(frozenset({"charge"}))
    events.shop_changed.emit(frozenset({"posts"}))
    seen.until("Day pass", "Tea", "Cold water")
    seen.page.edit_current()
    seen.field("postTitle").setText("Half typed")
    till.catalogue.add(draft_post("Hot water", 20))
    events.shop_changed.emit(frozenset({"posts"}))
    assert seen.field("postTitle").text() == "Half typed"
    assert seen.editor.editing
