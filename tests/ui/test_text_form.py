"""A few words that are typed inside a detail, and kept."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from pos_app.errors import BadInput, CannotSave
from pos_app.ui.style.theme import ThemeManager
from pos_app.ui.tasks import Tasks
from pos_app.ui.text_form import TextForm
from pos_app.ui.widgets.buttons import Button
from pos_app.ui.widgets.text_area import TextArea
from tests.support.held_executor import HeldExecutor
from tests.ui.parts import part


class Notes:
    """What was kept; refuses what has no letters."""

    def __init__(self) -> None:
        self.kept: list[str] = []

    def keep(self, text: str) -> str:
        if not text:
            raise BadInput("Type the note first.")
        if text == "disk full":
            raise CannotSave()
        self.kept.append(text)
        return text.upper()


@dataclass
class Staff:
    """Who stands there."""

    signed_in: int = 1


@pytest.fixture
def staff() -> Staff:
    return Staff()


@pytest.fixture
def notes() -> Notes:
    return Notes()


@pytest.fixture
def held() -> HeldExecutor:
    return HeldExecutor()


@pytest.fixture
def tasks(held: HeldExecutor) -> Iterator[Tasks]:
    made = Tasks(held)
    yield made
    made.close()


@pytest.fixture
def form(tasks: Tasks, notes: Notes, staff: Staff, theme: ThemeManager, qtbot: QtBot) -> TextForm:
    made = TextForm(
        tasks,
        lambda: staff.signed_in,
        "note",
        "the note",
        "It stays.",
        TextArea(name="noteField", spoken="Note", placeholder=""),
    )
    qtbot.addWidget(made)
    made.start(notes.keep, "A-0042", 42)
    return made


def field(form: TextForm) -> TextArea:
    return part(form, TextArea, "noteField")


def press(form: TextForm, key: Qt.Key) -> None:
    QTest.keyClick(field(form), key)


def test_enter_twice_keeps_it_once(form: TextForm, held: HeldExecutor, notes: Notes, qtbot: QtBot) -> None:
    told: list[str] = []
    form.kept.connect(told.append)
    form.closed.connect(lambda: told.append("closed"))
    QTest.keyClicks(field(form), "phone was off")
    press(form, Qt.Key.Key_Return)
    press(form, Qt.Key.Key_Return)
    held.run_all()
    assert notes.kept == ["phone was off"]
    assert told == ["closed", "PHONE WAS OFF"]
    assert form.isHidden()


def test_what_is_refused_is_said_beside_it_and_can_be_tried_again(
    form: TextForm, held: HeldExecutor, notes: Notes
) -> None:
    press(form, Qt.Key.Key_Return)
    held.run_all()
    assert part(form, QLabel, "noteTrouble").text() == "Type the note first."
    QTest.keyClicks(field(form), "phone was off")
    part(form, Button, "noteKeep").click()
    held.run_all()
    assert notes.kept == ["phone was off"]


def test_what_fails_after_it_was_left_is_told_to_whoever_is_there(
    form: TextForm, held: HeldExecutor, notes: Notes, tasks: Tasks
) -> None:
    told: list[str] = []
    tasks.trouble.connect(told.append)
    QTest.keyClicks(field(form), "disk full")
    press(form, Qt.Key.Key_Return)
    press(form, Qt.Key.Key_Escape)
    form.start(notes.keep, "A-0043", 43)
    held.run_all()
    assert told == [f"A-0042: {CannotSave().user_text}"]
    assert not part(form, QLabel, "noteTrouble").isVisible()
    assert not form.isHidden()


@pytest.mark.parametrize("leaving", ["left", "escape", "another"])
def test_what_was_begun_is_there_again_however_the_form_was_left(form: TextForm, notes: Notes, leaving: str) -> None:
    QTest.keyClicks(field(form), "says the phone")
    if leaving == "left":
        form.leave()
    elif leaving == "escape":
        press(form, Qt.Key.Key_Escape)
    else:
        form.start(notes.keep, "A-0043", 43)
        assert field(form).text() == ""
    assert form.has_draft(42)
    form.start(notes.keep, "A-0042", 42)
    QTest.keyClicks(field(form), " was off")
    assert field(form).text() == "says the phone was off"


def test_cancel_throws_it_away(form: TextForm, notes: Notes) -> None:
    QTest.keyClicks(field(form), "says the phone")
    part(form, Button, "noteCancel").click()
    assert not form.has_draft(42)
    form.start(notes.keep, "A-0042", 42)
    assert field(form).text() == ""


def test_nobody_goes_on_with_what_somebody_else_began(form: TextForm, notes: Notes, staff: Staff) -> None:
    QTest.keyClicks(field(form), "says the phone")
    staff.signed_in = 2
    form.leave()
    assert not form.has_draft(42)
    form.start(notes.keep, "A-0042", 42)
    assert field(form).text() == ""
    staff.signed_in = 1
    form.leave()
    assert form.has_draft(42)


def test_what_is_kept_after_the_form_was_left_was_not_only_begun(
    form: TextForm, held: HeldExecutor, notes: Notes
) -> None:
    QTest.keyClicks(field(form), "phone was off")
    press(form, Qt.Key.Key_Return)
    form.leave()
    assert form.has_draft(42), "it may fail yet"
    held.run_all()
    assert notes.kept == ["phone was off"]
    assert not form.has_draft(42)
