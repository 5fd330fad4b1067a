"""The calm page that stands in for a till that cannot open."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel
from pytestqt.qtbot import QtBot

from pos_app.ui.next_action import NextAction
from pos_app.ui.shell.error_page import ErrorPage
from pos_app.ui.style.theme import ThemeManager

LINES = ["The settings file is damaged.", "Nothing was changed. <b>Call</b> the owner."]


def test_it_says_what_is_wrong_and_what_to_do_in_plain_text(qtbot: QtBot, theme: ThemeManager) -> None:
    page = ErrorPage("The till cannot open", LINES)
    qtbot.addWidget(page)
    labels = page.findChildren(QLabel)

    assert [label.text() for label in labels] == ["The till cannot open", *LINES]
    assert {label.textFormat() for label in labels} == {Qt.TextFormat.PlainText}
    assert page.accessibleName() == "The till cannot open"
    assert page.findChildren(QAbstractButton) == []


def test_enter_presses_the_first_of_its_buttons(qtbot: QtBot, theme: ThemeManager) -> None:
    page = ErrorPage(
        "No keys yet", ["The till needs the shop's M-PESA keys."], (NextAction.SET_UP, NextAction.PRACTICE)
    )
    qtbot.addWidget(page)
    page.resize(940, 540)
    with qtbot.waitExposed(page):
        page.show()
    first, second = page.findChildren(QAbstractButton)
    qtbot.waitUntil(first.hasFocus)
    with qtbot.waitSignal(page.action_chosen) as action_chosen:
        QTest.keyClick(first, Qt.Key.Key_Return)
    assert action_chosen.args == [NextAction.SET_UP]
    with qtbot.waitSignal(page.action_chosen) as action_chosen:
        second.click()
    assert action_chosen.args == [NextAction.PRACTICE]
    assert page.minimumSizeHint().width() <= 940


def test_what_is_asked_before_it_cannot_be_taken_back_comes_into_view(qtbot: QtBot, theme: ThemeManager) -> None:
    page = ErrorPage("The till cannot open", [*LINES * 6], (NextAction.AGAIN, NextAction.HERE))
    qtbot.addWidget(page)
    page.resize(640, 480)
    with qtbot.waitExposed(page):
        page.show()
    here = page.findChild(QAbstractButton, "action-HERE")
    really = page.findChild(QAbstractButton, "really-HERE")
    assert here
    assert really
    here.click()
    qtbot.waitUntil(lambda: really.visibleRegion().boundingRect().height() == really.height())


def test_enter_never_throws_settings_away(qtbot: QtBot, theme: ThemeManager) -> None:
    page = ErrorPage("The till cannot open", LINES, (NextAction.AGAIN, NextAction.FRESH))
    qtbot.addWidget(page)
    with qtbot.waitExposed(page):
        page.show()
    again = page.findChild(QAbstractButton, "action-AGAIN")
    fresh = page.findChild(QAbstractButton, "action-FRESH")
    really = page.findChild(QAbstractButton, "really-FRESH")
    assert again
    assert fresh
    assert really
    qtbot.waitUntil(again.hasFocus)
    assert not really.isVisible()
    with qtbot.assertNotEmitted(page.action_chosen):
        fresh.click()
    assert really.isVisible()
    assert "for the owner" in " ".join(label.text() for label in page.findChildren(QLabel))
    with qtbot.waitSignal(page.action_chosen) as action_chosen:
        QTest.keyClick(again, Qt.Key.Key_Return)
    assert action_chosen.args == [NextAction.AGAIN]
    with qtbot.waitSignal(page.action_chosen) as action_chosen:
        really.click()
    assert action_chosen.args == [NextAction.FRESH]
