"""What Enter does on the pages of the set-up: it goes on, or presses the button that has the focus."""

from enum import Enum, auto

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QPlainTextEdit, QWidget

from pos_app.ui.widgets.enter import ENTER
from pos_app.ui.widgets.options import is_chosen_option

KEY, KEY_AMONG_LINES = "Enter", "Ctrl Enter"


class Enter(Enum):
    """What a key press means."""

    NONE = auto()  # it is not Enter
    GO_ON = auto()
    PRESS = auto()  # the button that has the focus
    SWALLOW = auto()  # a key that is held down goes through no pages


def meaning(event: QKeyEvent, focus: QWidget | None) -> Enter:
    """What a key press means while `focus` has the focus. Among lines it is a new line, and never gets here."""
    if event.key() not in ENTER:
        return Enter.NONE
    if event.isAutoRepeat():
        return Enter.SWALLOW
    if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
        return Enter.GO_ON
    if isinstance(focus, QAbstractButton) and not is_chosen_option(focus):
        return Enter.PRESS
    return Enter.GO_ON


def key_that_goes_on(focus: QWidget | None) -> str:
    """Which key to show on the button that goes on."""
    return KEY_AMONG_LINES if isinstance(focus, QPlainTextEdit) else KEY
