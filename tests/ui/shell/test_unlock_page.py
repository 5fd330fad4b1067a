"""Asking for the passphrase of the keys, in the till's place."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot
from shiboken6 import delete

from pos_app.ui.main_window import SMALLEST, MainWindow
from pos_app.ui.shell.unlock_page import AGAIN_AFTER, UnlockPage
from pos_app.ui.style.theme import ThemeManager
from tests.ui.test_application import SHOP

WRONG = "That passphrase does not open the keys. Nothing was changed."


@pytest.fixture
def page(theme: ThemeManager, qtbot: QtBot) -> Iterator[UnlockPage]:
    """The page in the window that asks."""
    window = MainWindow(SHOP, "A")
    window.resize(*SMALLEST)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is window)
    yield window.show_unlock(offer_others=True)
    window.let_go()
    delete(window)


def field(page: UnlockPage) -> QLineEdit:
    found = page.findChild(QLineEdit, "unlockPassphrase")
    assert isinstance(found, QLineEdit)
    return found


def button(page: UnlockPage, name: str) -> QPushButton:
    found = page.findChild(QPushButton, name)
    assert isinstance(found, QPushButton)
    return found


def test_what_is_typed_at_once_is_the_passphrase_and_enter_gives_it(page: UnlockPage, qtbot: QtBot) -> None:
    qtbot.waitUntil(field(page).hasFocus)
    assert not button(page, "unlockOpen").isEnabled()
    QTest.keyClicks(field(page), "kahawa 1987", delay=40)  # as a person types, not a scanner
    assert field(page).displayText() == "●" * 11
    with qtbot.waitSignal(page.submitted) as submitted:
        QTest.keyClick(field(page), Qt.Key.Key_Return)
    assert submitted.args == ["kahawa 1987"]


def test_who_comes_back_from_another_page_finds_no_passphrase(page: UnlockPage, qtbot: QtBot) -> None:
    qtbot.waitUntil(field(page).hasFocus)
    field(page).setText("kahawa 19")
    page.hide()
    page.show()
    assert field(page).text() == ""
    assert not button(page, "unlockOpen").isEnabled()


def test_what_a_password_manager_types_stays(page: UnlockPage, qtbot: QtBot) -> None:
    qtbot.waitUntil(field(page).hasFocus)
    QTest.keyClicks(field(page), "kahawa 1987")
    QTest.keyClick(field(page), Qt.Key.Key_Return)
    assert field(page).text() == "kahawa 1987"


def test_one_try_at_a_time_and_a_pause_after_a_wrong_one(page: UnlockPage, qtbot: QtBot) -> None:
    field(page).setText("wrong")
    with qtbot.waitSignal(page.submitted):
        button(page, "unlockOpen").click()
    assert not field(page).isEnabled()
    assert not button(page, "action-PRACTICE").isEnabled()  # the till may be opening
    with qtbot.assertNotEmitted(page.submitted):
        field(page).returnPressed.emit()
        page.refuse(WRONG)
        field(page).returnPressed.emit()
    assert page.trouble == WRONG
    assert button(page, "action-PRACTICE").isEnabled()
    assert not button(page, "unlockOpen").isEnabled()
    qtbot.waitUntil(button(page, "unlockOpen").isEnabled, timeout=AGAIN_AFTER * 10)
    qtbot.waitUntil(field(page).hasFocus)
    assert field(page).selectedText() == "wrong"
    with qtbot.waitSignal(page.submitted):
        button(page, "unlockOpen").click()
    assert page.trouble == ""


def test_practice_stays_possible(page: UnlockPage, qtbot: QtBot) -> None:
    with qtbot.waitSignal(page.action_chosen):
        button(page, "action-PRACTICE").click()


def test_it_fits_into_the_smallest_window(page: UnlockPage) -> None:
    page.refuse(WRONG)
    assert page.minimumSizeHint().height() <= page.height()
    assert page.minimumSizeHint().width() <= page.width()
