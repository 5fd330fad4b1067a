"""Text size and colours, chosen by whoever is at the till."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot
from shiboken6 import delete

from pos_app.domain.receipt import Shop
from pos_app.ui.main_window import MainWindow
from pos_app.ui.preferences import Chosen, Preferences
from pos_app.ui.shell.appearance_button import AppearanceButton
from pos_app.ui.shell.navigation import Navigation
from pos_app.ui.style.theme import DARK, Scheme, ThemeManager, current_theme
from tests.ui.parts import part

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def preferences() -> Preferences:
    return Preferences(Chosen(text_size="normal", colours="light"))


@pytest.fixture
def window(preferences: Preferences, theme: ThemeManager, qtbot: QtBot) -> Iterator[MainWindow]:
    """Not opened yet: the look is nobody's secret."""
    preferences.changed.connect(lambda name, value: theme.choose(**{name: value}))
    made = MainWindow(Shop("Mama Njeri Shop"), "A", preferences)
    with qtbot.waitExposed(made):
        made.show()
    yield made
    made.let_go()
    delete(made)
    theme.choose(text_size="normal", colours=Scheme.LIGHT)


def action(window: MainWindow, name: str) -> QAction:
    found = window.findChild(QAction, f"appearance-{name}")
    assert found is not None
    return found


@pytest.mark.qt_log_ignore("This plugin does not support")
def test_the_menu_marks_what_is_chosen_and_changes_it_at_once(
    window: MainWindow, preferences: Preferences, qtbot: QtBot
) -> None:
    button = window.findChild(AppearanceButton)
    assert button is not None
    button.click()
    menu = window.findChild(QMenu, "appearanceMenu")
    assert menu is not None
    assert menu.isVisible()
    assert menu.actionGeometry(action(window, "normal")).height() >= 40, "as tall as a finger wants"
    assert action(window, "normal").isChecked()
    assert action(window, "light").isChecked()
    with qtbot.waitSignal(preferences.changed) as told:
        action(window, "dark").trigger()
    assert told.args == ["colours", "dark"]
    assert current_theme().ground == DARK.ground
    menu.close()


def opened(window: MainWindow, name: str) -> dict[str, QAction]:
    """The entries of a menu within the menu, by their words, as when it is opened."""
    part(window, QMenu, "appearanceMenu").aboutToShow.emit()
    menu = part(window, QMenu, name)
    menu.aboutToShow.emit()
    return {entry.text(): entry for entry in menu.actions()}


def checked(entries: dict[str, QAction]) -> list[str]:
    return [text for text, entry in entries.items() if entry.isChecked()]


def test_sounds_are_chosen_there(window: MainWindow, preferences: Preferences, qtbot: QtBot) -> None:
    entries = opened(window, "soundsMenu")
    assert list(entries) == ["No sounds", "Quiet", "Normal", "Loud"]
    assert checked(entries) == ["Normal"]
    with qtbot.waitSignal(preferences.changed) as told:
        entries["No sounds"].trigger()
    assert told.args == ["sounds", "off"]
    assert checked(opened(window, "soundsMenu")) == ["No sounds"]


def test_the_customer_display_is_chosen_there(window: MainWindow, preferences: Preferences) -> None:
    entries = opened(window, "displayMenu")
    assert checked(entries) == ["No customer display"]
    entries["On the second screen, once there is one"].trigger()
    assert (preferences.customer_display, preferences.customer_screen) == (True, "")
    preferences.choose("customer_screen", "HDMI & more")
    entries = opened(window, "displayMenu")
    assert checked(entries) == ["Only on HDMI && more (not connected)"]
    entries["No customer display"].trigger()
    assert (preferences.customer_display, preferences.customer_screen) == (False, "")


def test_keys_write_larger_and_smaller_and_stop_at_the_ends(window: MainWindow, preferences: Preferences) -> None:
    window.activateWindow()
    for key, size in (
        (Qt.Key.Key_Plus, "large"),
        (Qt.Key.Key_Equal, "larger"),
        (Qt.Key.Key_Plus, "larger"),
        (Qt.Key.Key_Minus, "large"),
        (Qt.Key.Key_Minus, "normal"),
        (Qt.Key.Key_Minus, "normal"),
    ):
        QTest.keyClick(window, key, CONTROL)
        assert preferences.text_size == size
        assert action(window, size).isChecked()


@pytest.mark.qt_log_ignore("This plugin does not support")
def test_a_key_opens_the_menu(window: MainWindow) -> None:
    window.activateWindow()
    QTest.keyClick(window, Qt.Key.Key_T, CONTROL)
    menu = window.findChild(QMenu, "appearanceMenu")
    assert menu is not None
    assert menu.isVisible()
    menu.close()


def test_the_column_of_places_grows_with_the_text(window: MainWindow, preferences: Preferences) -> None:
    before = part(window, Navigation, "navigation").width()
    preferences.choose("text_size", "larger")
    assert part(window, Navigation, "navigation").width() > before


def test_nothing_is_told_twice(preferences: Preferences, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(preferences.changed):
        preferences.choose("colours", "light")
