"""The window that puts a copy back: which there are, what goes, asked once, and what became of it."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QListWidget, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import delete

from pos_app.domain.database_copy import Gone, Loss
from pos_app.errors import BadInput
from pos_app.messages import copies as words
from pos_app.ui.next_action import NextAction
from pos_app.ui.preferences import Chosen
from pos_app.ui.restore_window import RestoreWindow, run_restore
from pos_app.ui.style.theme import SIZES, ThemeManager
from pos_app.ui.tasks import Tasks
from pos_app.ui.widgets.notice import Notice
from tests.support.copies import PASSPHRASE, MemoryCopies, a_copy
from tests.ui.layout import faults_of
from tests.ui.parts import part


@pytest.fixture
def copies() -> MemoryCopies:
    return MemoryCopies([a_copy(), a_copy(24, payments=900)])


@pytest.fixture
def window(copies: MemoryCopies, tasks: Tasks, theme: ThemeManager, qtbot: QtBot) -> Iterator[RestoreWindow]:
    made = RestoreWindow(copies, tasks)
    made.show()
    made.load()
    qtbot.waitUntil(lambda: not made._working)
    yield made
    delete(made)


def press(window: RestoreWindow, name: str, qtbot: QtBot) -> None:
    button = part(window, QAbstractButton, name)
    assert button.isVisible()
    button.click()
    qtbot.waitUntil(lambda: not window._working)


def type_passphrase(window: RestoreWindow, typed: str) -> None:
    part(window, QLineEdit, "copyPassphrase").setText(typed)


def said(window: RestoreWindow, name: str) -> str:
    notice = part(window, Notice, name)
    return notice.words if notice.isVisible() else ""


def test_the_newest_is_chosen_first_and_the_list_has_the_keys(window: RestoreWindow, copies: MemoryCopies) -> None:
    listed = part(window, QListWidget, "copiesList")
    assert [listed.item(row).text() for row in range(2)] == [words.copy_words(copy) for copy in copies.copies()]
    assert listed.currentRow() == 0
    assert window.focusWidget() is listed


def test_what_goes_is_said_and_asked_once(window: RestoreWindow, copies: MemoryCopies, qtbot: QtBot) -> None:
    assert said(window, "copyQuestion") == ""
    press(window, "copyChoose", qtbot)
    assert "31 payments" in said(window, "copyQuestion")
    assert copies.put == []
    type_passphrase(window, PASSPHRASE)
    press(window, "copyReally", qtbot)
    assert copies.put == [copies.copies()[0]]
    assert "practice.db.replaced-20261123-110000" in said(window, "copyDone")
    assert not part(window, QListWidget, "copiesList").isVisible()
    with qtbot.waitSignal(window.accepted):
        press(window, "copyLeave", qtbot)


def test_closes_that_went_with_the_file_are_named(window: RestoreWindow, copies: MemoryCopies, qtbot: QtBot) -> None:
    copies.gone = Gone(117, 118, 1, 250)
    press(window, "copyChoose", qtbot)
    type_passphrase(window, PASSPHRASE)
    press(window, "copyReally", qtbot)
    assert words.gone_words(copies.gone) in said(window, "copyDone")
    assert not list(faults_of(window, ()))


def test_enter_goes_through_it_and_another_copy_is_asked_for_anew(
    window: RestoreWindow, copies: MemoryCopies, qtbot: QtBot
) -> None:
    listed = part(window, QListWidget, "copiesList")
    QTest.keyClick(listed, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(said(window, "copyQuestion")))
    listed.setCurrentRow(1)
    assert said(window, "copyQuestion") == ""
    press(window, "copyChoose", qtbot)
    assert "900 payments" in said(window, "copyQuestion")
    edit = part(window, QLineEdit, "copyPassphrase")
    edit.setText(PASSPHRASE)
    QTest.keyClick(edit, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(said(window, "copyDone")))
    assert copies.put == [copies.copies()[1]]


def test_a_wrong_passphrase_and_an_open_payment_are_said_and_nothing_is_done(
    window: RestoreWindow, copies: MemoryCopies, qtbot: QtBot
) -> None:
    press(window, "copyChoose", qtbot)
    type_passphrase(window, "wrong")
    press(window, "copyReally", qtbot)
    assert said(window, "copyTrouble").startswith("That is not the owner's passphrase")
    assert part(window, QLineEdit, "copyPassphrase").text() == ""
    copies.refuse = BadInput("1 payment waits.")
    type_passphrase(window, PASSPHRASE)
    press(window, "copyReally", qtbot)
    assert said(window, "copyTrouble") == "1 payment waits."
    assert copies.put == []


def test_without_a_passphrase_none_is_asked(tasks: Tasks, theme: ThemeManager, qtbot: QtBot) -> None:
    copies = MemoryCopies([a_copy()])
    copies.passphrase, copies.lost = None, Loss(payments=None)
    window = RestoreWindow(copies, tasks)
    window.show()
    window.load()
    qtbot.waitUntil(lambda: not window._working)
    press(window, "copyChoose", qtbot)
    assert not part(window, QLineEdit, "copyPassphrase").isVisible()
    assert not part(window, QAbstractButton, "copyReally").hasFocus(), "a second Enter must not put it back"
    press(window, "copyReally", qtbot)
    assert copies.put == [a_copy()]
    delete(window)


def test_without_a_copy_that_is_said(tasks: Tasks, theme: ThemeManager, qtbot: QtBot) -> None:
    window = RestoreWindow(MemoryCopies(), tasks)
    window.show()
    window.load()
    qtbot.waitUntil(lambda: not window._working)
    assert said(window, "copyTrouble") == words.NONE
    assert not part(window, QAbstractButton, "copyChoose").isVisible()
    delete(window)


def test_while_a_copy_is_put_back_the_window_stays(window: RestoreWindow, copies: MemoryCopies, qtbot: QtBot) -> None:
    press(window, "copyChoose", qtbot)
    type_passphrase(window, PASSPHRASE)
    copies.may_put.clear()
    part(window, QAbstractButton, "copyReally").click()
    window.close()
    assert window.isVisible()
    assert said(window, "copyWorking") == words.WORKING
    copies.may_put.set()
    qtbot.waitUntil(lambda: bool(said(window, "copyDone")))
    assert said(window, "copyWorking") == ""
    window.close()
    assert not window.isVisible()


@pytest.mark.parametrize("size", SIZES)
def test_nothing_is_cut(window: RestoreWindow, qtbot: QtBot, theme: ThemeManager, size: str) -> None:
    theme.choose(text_size=size)
    found: list[str] = []

    def look_at(page: str) -> None:
        for shape in ((640, 480), (820, 640), (1024, 560)):
            window.resize(*shape)
            found.extend(f"{page} at {shape}: {fault}" for fault in faults_of(window, ()))

    look_at("copies")
    press(window, "copyChoose", qtbot)
    look_at("question")
    press(window, "copyReally", qtbot)
    look_at("trouble")
    type_passphrase(window, PASSPHRASE)
    window._at_work.show()
    look_at("working")
    press(window, "copyReally", qtbot)
    look_at("done")
    theme.choose(text_size="normal")
    assert not found, "\n".join(found)


@pytest.mark.parametrize("leave", [lambda window: part(window, QAbstractButton, "copyLeave").click(), QWidget.close])
def test_whoever_leaves_comes_back_to_the_till(
    qapp: QApplication, theme: ThemeManager, leave: Callable[[QWidget], object]
) -> None:
    timer = QTimer(interval=5)

    def look() -> None:
        for shown in qapp.topLevelWidgets():
            if isinstance(shown, RestoreWindow) and shown.isVisible() and not shown._working:
                timer.stop()
                leave(shown)

    timer.timeout.connect(look)
    timer.start()
    assert run_restore(MemoryCopies([a_copy()]), Chosen()) is NextAction.AGAIN
