"""Two menus of what this computer does beside its window: how loud it sounds, and where customers see what to pay."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import NamedTuple

from PySide6.QtCore import Slot
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from pos_app.messages import computer_choices as words
from pos_app.ui.preferences import SOUNDS, Preferences
from pos_app.ui.widgets.display_choices import display_choices


class _Entry(NamedTuple):
    """An entry of a menu: its words, whether it counts now, and what choosing it does."""

    words: str
    counts: bool
    choose: Callable[[], None]


class _ChoiceMenu(QMenu):
    """A menu of which one entry counts; anew each time it is opened."""

    def __init__(self, title: str, name: str, parent: QWidget) -> None:
        super().__init__(title, parent)
        self.setObjectName(name)
        self.setAccessibleName(title)
        self._group = QActionGroup(self)
        self.aboutToShow.connect(self._refresh)

    def entries(self) -> Iterable[_Entry]:
        """What can be chosen now."""
        return ()

    @Slot()
    def _refresh(self) -> None:
        for action in self.actions():
            self._group.removeAction(action)
            self.removeAction(action)
            action.deleteLater()
        for entry in self.entries():
            action = QAction(entry.words.replace("&", "&&"), self, checkable=True, checked=entry.counts)
            action.triggered.connect(entry.choose)
            self._group.addAction(action)
            self.addAction(action)


class SoundsMenu(_ChoiceMenu):
    """How loud the sounds are."""

    def __init__(self, preferences: Preferences, parent: QWidget) -> None:
        super().__init__(words.SOUNDS, "soundsMenu", parent)
        self._preferences = preferences

    def entries(self) -> Iterable[_Entry]:
        now = self._preferences.sounds
        for volume, text in words.SOUND_WORDS.items():
            yield _Entry(text, volume == now, partial(self._preferences.choose, SOUNDS, volume))


class DisplayMenu(_ChoiceMenu):
    """No customer display, one on any second screen, or on one of a name."""

    def __init__(self, preferences: Preferences, parent: QWidget) -> None:
        super().__init__(words.DISPLAY, "displayMenu", parent)
        self._preferences = preferences
        self._owner = parent

    def entries(self) -> Iterable[_Entry]:
        choices, chosen = display_choices(self._preferences, self._owner)
        for choice in choices:
            yield _Entry(choice.words, choice == chosen, partial(choice.take, self._preferences))
