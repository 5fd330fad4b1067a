"""How the till looks, sounds and shows itself to customers: a menu for anybody at the till, with keys of its own."""

from collections.abc import Mapping

from PySide6.QtCore import QPoint, Qt, Slot
from PySide6.QtGui import QAction, QActionGroup, QKeySequence, QShortcut
from PySide6.QtWidgets import QMenu, QWidget

from pos_app.ui.preferences import COLOURS, TEXT_SIZE, Preferences
from pos_app.ui.style.theme import RING, SIZES, Scheme
from pos_app.ui.widgets.buttons import Button, Kind

SIZE_WORDS = {"normal": "Normal text", "large": "Large text", "larger": "Very large text"}
COLOUR_WORDS = {
    Scheme.SYSTEM: "Colours of this computer",
    Scheme.LIGHT: "Light colours",
    Scheme.DARK: "Dark colours",
}
_ORDER = tuple(SIZES)


class AppearanceButton(Button):
    """Shows at once what is chosen in its menu."""

    def __init__(self, preferences: Preferences, parent: QWidget | None = None) -> None:
        spoken = "Text, colours, sounds, customer display"
        super().__init__("Aa", name="appearance", kind=Kind.QUIET, height=38, spoken=spoken, parent=parent)
        self.setToolTip(f"{spoken} (Ctrl+T)")
        self._preferences = preferences
        self._menu = QMenu(self)
        self._menu.setObjectName("appearanceMenu")
        self._menu.setAccessibleName(spoken)
        self._actions: dict[tuple[str, str], QAction] = {}
        self._add(TEXT_SIZE, SIZE_WORDS)
        self._menu.addSeparator()
        self._add(COLOURS, {str(scheme): words for scheme, words in COLOUR_WORDS.items()})
        self._menu.aboutToShow.connect(self._complete, Qt.ConnectionType.SingleShotConnection)
        preferences.changed.connect(self._mark)
        self._mark()
        self.clicked.connect(self.open)
        for keys, act in (
            ((QKeySequence("Ctrl+T"),), self.open),
            ((QKeySequence("Ctrl++"), QKeySequence("Ctrl+=")), self.larger),  # the same key with and without Shift
            ((QKeySequence("Ctrl+-"),), self.smaller),
        ):
            shortcut = QShortcut(self)
            shortcut.setKeys(keys)
            shortcut.activated.connect(act)

    def open(self) -> None:
        """Open the menu below the button."""
        self._menu.popup(self.mapToGlobal(QPoint(RING, self.height())))
        self._menu.setActiveAction(self._actions[TEXT_SIZE, self._preferences.text_size])

    def larger(self) -> None:
        """The next larger text, if there is one."""
        self._step(1)

    def smaller(self) -> None:
        """The next smaller text, if there is one."""
        self._step(-1)

    def _step(self, by: int) -> None:
        place = _ORDER.index(self._preferences.text_size) + by
        if 0 <= place < len(_ORDER):
            self._preferences.choose(TEXT_SIZE, _ORDER[place])

    def _add(self, name: str, choices: Mapping[str, str]) -> None:
        group = QActionGroup(self)
        for value, words in choices.items():
            action = QAction(words, self, checkable=True)
            action.setObjectName(f"appearance-{value}")
            action.triggered.connect(lambda _=False, value=value: self._preferences.choose(name, value))
            group.addAction(action)
            self._menu.addAction(action)
            self._actions[name, value] = action

    @Slot()
    def _complete(self) -> None:
        """The rest of the menu, when it is first opened."""
        from pos_app.ui.shell.computer_menus import DisplayMenu, SoundsMenu

        self._menu.addSeparator()
        for menu in (SoundsMenu(self._preferences, self), DisplayMenu(self._preferences, self)):
            self._menu.addMenu(menu)

    @Slot()
    def _mark(self) -> None:
        chosen = {(TEXT_SIZE, self._preferences.text_size), (COLOURS, self._preferences.colours)}
        for key, action in self._actions.items():
            action.setChecked(key in chosen)
