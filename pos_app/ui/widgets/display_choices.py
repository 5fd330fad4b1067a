"""Where the customer display may be chosen to stand, among the screens that are connected now."""

from typing import NamedTuple

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from pos_app.messages import computer_choices as words
from pos_app.ui.preferences import CUSTOMER_DISPLAY, CUSTOMER_SCREEN, OFF, ON, Preferences


class DisplayChoice(NamedTuple):
    """One choice: its words, and what it means in the settings."""

    words: str
    display: str
    screen: str = ""

    def take(self, preferences: Preferences) -> None:
        """Choose it for this computer."""
        preferences.choose(CUSTOMER_SCREEN, self.screen)
        preferences.choose(CUSTOMER_DISPLAY, self.display)


def display_choices(preferences: Preferences, window: QWidget) -> tuple[list[DisplayChoice], DisplayChoice]:
    """All there are, and the one that counts; what was chosen is among them, also where its screen is gone.

    Args:
        window: the screen that it is on is no choice.
    """
    own = window.screen()
    found = [screen.name() for screen in QGuiApplication.screens() if screen is not own]
    kept = preferences.customer_screen
    off = DisplayChoice(words.NO_DISPLAY, OFF)
    free = DisplayChoice(words.ANY_SCREEN if found else words.NO_SECOND_SCREEN, ON)
    named = [
        DisplayChoice(words.on_screen(name, connected=name in found), ON, name)
        for name in dict.fromkeys([*found, *([kept] if kept else [])])
    ]
    if not preferences.customer_display:
        chosen = off
    else:
        chosen = next((choice for choice in named if choice.screen == kept), free)
    return [off, free, *named], chosen
