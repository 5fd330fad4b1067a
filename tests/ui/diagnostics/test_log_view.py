"""The log, to read: the newest day first, any day, and only the lines that have a word in them."""

from datetime import date

from PySide6.QtWidgets import QLineEdit, QPlainTextEdit
from pytestqt.qtbot import QtBot

from pos_app.errors import PosError
from pos_app.messages import checks as words
from pos_app.ui.diagnostics.log_view import LogView
from pos_app.ui.style.theme import ThemeManager
from pos_app.ui.tasks import Tasks
from pos_app.ui.widgets.choice_button import ChoiceButton
from tests.ui.parts import part

TODAY, BEFORE = date(2026, 11, 23), date(2026, 11, 22)


class FakeFiles:
    """A log of two days."""

    def __init__(self, lines: dict[date, list[str]]) -> None:
        self.lines = lines
        self.fails = False

    def days(self) -> list[date]:
        return list(self.lines)

    def log(self, day: date) -> list[str]:
        if self.fails:
            raise PosError("The log cannot be read just now.")
        return self.lines[day]


def opened(files: FakeFiles, tasks: Tasks, qtbot: QtBot) -> LogView:
    view = LogView(files, tasks)
    view.show()
    qtbot.waitUntil(lambda: view.note != "")
    return view


def find(view: LogView, text: str) -> None:
    part(view, QLineEdit, "logFind").setText(text)


def test_the_newest_day_is_shown_at_its_end_and_nothing_can_be_changed(
    tasks: Tasks, theme: ThemeManager, qtbot: QtBot
) -> None:
    files = FakeFiles({TODAY: [f"line {number}" for number in range(400)], BEFORE: ["old"]})
    view = opened(files, tasks, qtbot)
    assert view.text.splitlines()[-1] == "line 399"
    assert view.note == "400 lines"
    text = view.findChild(QPlainTextEdit, "logText")
    assert text is not None
    assert text.isReadOnly()
    assert text.verticalScrollBar().value() == text.verticalScrollBar().maximum() > 0
    view.close()


def test_another_day(tasks: Tasks, theme: ThemeManager, qtbot: QtBot) -> None:
    view = opened(FakeFiles({TODAY: ["new"], BEFORE: ["old"]}), tasks, qtbot)
    days = view.findChild(ChoiceButton, "logDay")
    assert days is not None
    assert days.choice == "23 Nov 2026"
    days.choose("22 Nov 2026")
    qtbot.waitUntil(lambda: view.text == "old")
    assert view.note == "1 line"
    view.close()


def test_only_the_lines_with_a_word(tasks: Tasks, theme: ThemeManager, qtbot: QtBot) -> None:
    view = opened(FakeFiles({TODAY: ["payment A-0042: paid", "till A open", "payment A-0043: Paid"]}), tasks, qtbot)
    find(view, "PAID")
    qtbot.waitUntil(lambda: view.note == "2 lines")
    assert view.text == "payment A-0042: paid\npayment A-0043: Paid"
    find(view, "nothing like it")
    qtbot.waitUntil(lambda: view.note == "0 lines")
    find(view, "")
    qtbot.waitUntil(lambda: view.note == "3 lines")
    view.close()


def test_of_very_many_lines_the_last_are_shown(tasks: Tasks, theme: ThemeManager, qtbot: QtBot) -> None:
    view = opened(FakeFiles({TODAY: [f"line {number}" for number in range(7_000)]}), tasks, qtbot)
    assert view.note == "The last 5,000 of 7,000 lines."
    assert view.text.splitlines()[0] == "line 2000"
    view.close()


def test_no_log_yet(tasks: Tasks, theme: ThemeManager, qtbot: QtBot) -> None:
    view = opened(FakeFiles({}), tasks, qtbot)
    assert view.note == words.NO_LOG
    view.close()


def test_a_log_that_cannot_be_read_is_said_in_words(tasks: Tasks, theme: ThemeManager, qtbot: QtBot) -> None:
    files = FakeFiles({TODAY: ["line"]})
    files.fails = True
    view = opened(files, tasks, qtbot)
    assert view.note == "The log cannot be read just now."
    view.close()
