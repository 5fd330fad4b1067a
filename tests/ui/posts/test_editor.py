"""The form for a post: its rules are the catalogue's, its words stand beside it."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QMenu
from pytestqt.qtbot import QtBot

from pos_app.domain.catalogue import Post, PostDraft
from pos_app.ui.posts.editor import PostEditor
from pos_app.ui.style.theme import ThemeManager
from pos_app.ui.widgets.choice_button import ChoiceButton

WEEK = Post(id=7, title="Week pass", price=250, days=7, favourite=2, barcode="4006381333931")


class Form:
    def __init__(self, editor: PostEditor, qtbot: QtBot) -> None:
        self.editor = editor
        self.qtbot = qtbot

    def field(self, name: str) -> QLineEdit:
        found = self.editor.findChild(QLineEdit, name)
        assert found is not None
        return found

    def choice(self, name: str) -> ChoiceButton:
        found = self.editor.findChild(ChoiceButton, name)
        assert found is not None
        return found

    def fill(self, **texts: str) -> None:
        for name, text in texts.items():
            self.field(name).setText(text)

    def submit(self) -> tuple[Post | None, PostDraft]:
        with self.qtbot.waitSignal(self.editor.submitted) as told:
            QTest.keyClick(self.field("postTitle"), Qt.Key.Key_Return)
        seen, draft = told.args
        return seen, draft

    def refused(self) -> str:
        with self.qtbot.assertNotEmitted(self.editor.submitted):
            QTest.keyClick(self.field("postTitle"), Qt.Key.Key_Return)
        label = self.editor.findChild(QLabel, "postTrouble")
        assert label is not None
        assert label.isVisible()
        return label.text()


@pytest.fixture
def form(qtbot: QtBot, theme: ThemeManager) -> Form:
    editor = PostEditor()
    qtbot.addWidget(editor)
    editor.resize(376, 700)
    editor.show()
    return Form(editor, qtbot)


def test_a_price_that_is_asked_has_bounds(form: Form) -> None:
    form.editor.edit_post(Post(id=7, title="Posting", price=50, days=0, highest=500))
    assert form.field("postHighest").text() == "500"
    form.fill(postHighest="400")
    assert form.submit()[1].highest == 400
    form.editor.edit_post(Post(id=7, title="Posting", price=50, days=0, highest=500))
    form.fill(postHighest="")
    assert form.submit()[1].highest is None
    form.editor.edit_post(Post(id=7, title="Posting", price=50, days=0, highest=500))
    form.fill(postHighest="50")
    assert "more than the lowest, KES 50" in form.refused()


def test_a_new_post_has_no_price_until_one_is_typed(form: Form) -> None:
    form.editor.edit_new()
    assert form.field("postTitle").hasFocus()
    form.fill(postTitle="Locker")
    form.choice("postAccess").choose("For ever")
    assert form.refused() == "Price: type what it costs, in whole shillings. Nothing was saved."
    assert form.field("postPrice").hasFocus()
    form.fill(postPrice="120")

    assert form.submit() == (None, PostDraft(title="Locker", price=120))


def test_how_long_the_access_lasts_is_chosen_and_never_guessed(form: Form) -> None:
    form.editor.edit_new()
    form.fill(postTitle="Locker", postPrice="120")
    assert form.choice("postAccess").choice == "Choose..."
    assert "choose how long it lasts, or no access. Nothing was saved." in form.refused()
    assert form.choice("postAccess").hasFocus()
    form.choice("postAccess").choose("No access")
    assert form.submit() == (None, PostDraft(title="Locker", price=120, days=0))


def test_an_old_post_comes_back_as_it_was(form: Form) -> None:
    form.editor.edit_post(WEEK)
    assert not form.editor.changed
    seen, draft = form.submit()

    assert seen == WEEK
    assert draft == PostDraft(title="Week pass", price=250, days=7, favourite=2, barcode="4006381333931")


def test_access_favourite_and_off_are_chosen(form: Form) -> None:
    form.editor.edit_post(WEEK)
    form.choice("postAccess").choose("No access")
    assert not form.field("postDays").isVisible()
    form.choice("postFavourite").choose("No key")
    form.choice("postActive").choose("Off")
    form.fill(postBarcode="")

    assert form.submit()[1] == PostDraft(title="Week pass", price=250, days=0, active=False)


@pytest.mark.parametrize(
    ("field", "text", "words"),
    [
        ("postTitle", "  ", "A post needs a name"),
        ("postPrice", "12.50", "whole shillings"),
        ("postPrice", "250001", "between KES 1 and KES 250,000"),
        ("postDays", "", "type how many days"),
        ("postDays", "4000", "from 0 to 3,650"),
        ("postBarcode", "é", "letters and digits"),
    ],
)
def test_what_is_wrong_is_said_beside_the_form(form: Form, field: str, text: str, words: str) -> None:
    form.editor.edit_post(WEEK)
    form.fill(**{field: text})

    assert words in form.refused()
    assert form.editor.editing


def test_it_is_handed_on_only_once_until_there_is_an_answer(form: Form) -> None:
    form.editor.edit_post(WEEK)
    form.submit()
    with form.qtbot.assertNotEmitted(form.editor.submitted):
        form.editor.submit()

    form.editor.show_error("The key belongs to another post.")
    form.submit()


def test_escape_leaves(form: Form) -> None:
    form.editor.edit_post(WEEK)
    form.fill(postTitle="Other")
    assert form.editor.changed
    with form.qtbot.waitSignal(form.editor.left):
        QTest.keyClick(form.field("postTitle"), Qt.Key.Key_Escape)

    assert not form.editor.editing
    assert not form.editor.changed


@pytest.mark.qt_log_ignore("This plugin does not support")
def test_a_menu_chooses_by_keys(form: Form) -> None:
    form.editor.edit_new()
    access = form.choice("postAccess")
    access.setFocus()
    QTest.keyClick(access, Qt.Key.Key_Space)
    menu = access.findChild(QMenu, "postAccessMenu")
    assert menu is not None
    for _ in range(3):
        QTest.keyClick(menu, Qt.Key.Key_Down)
    QTest.keyClick(menu, Qt.Key.Key_Return)

    assert access.choice == "Days"
    assert access.accessibleName() == "Access: Days"
