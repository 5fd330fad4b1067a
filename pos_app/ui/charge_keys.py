"""Where a key goes on the charge page: to the post, to the phone, or to the one big button."""

from collections.abc import Callable
from enum import Enum, auto

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_CHORD = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier
_MOVING = (Qt.Key.Key_Tab, Qt.Key.Key_Backtab, Qt.Key.Key_Shift, Qt.Key.Key_Control, Qt.Key.Key_Alt, Qt.Key.Key_AltGr)
_FIRST_OF_PHONE = "0172"
ENTER_PAUSE = 0.7  # seconds in which a second Enter is a slip


class Press(Enum):
    """What a key press means, whatever has the focus."""

    SEND = auto()
    ENTER = auto()
    POST = auto()  # a character for the find field
    PHONE = auto()  # a character for the phone field
    FAVOURITE = auto()
    SWALLOW = auto()
    LEAVE = auto()  # to the widget that has the focus


def meaning(
    event: QKeyEvent, *, in_find: bool, in_phone: bool, find_empty: bool, phone_empty: bool, post_chosen: bool
) -> Press:
    """What a key press means on the charge form."""
    if event.key() in ENTER:
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        return Press.SWALLOW if event.isAutoRepeat() else (Press.SEND if control else Press.ENTER)
    text = event.text()
    if len(text) != 1 or event.modifiers() & _CHORD or not text.isprintable() or text.isspace():
        return Press.LEAVE
    if text.isdigit() or text == "+":
        return _number(text, in_find, in_phone, find_empty, phone_empty, post_chosen)
    return Press.LEAVE if in_find or (in_phone and text in "-().") else Press.POST


def _number(text: str, in_find: bool, in_phone: bool, find_empty: bool, phone_empty: bool, post_chosen: bool) -> Press:
    if in_phone or (in_find and not find_empty):
        return Press.LEAVE
    if post_chosen and phone_empty and text in f"{_FIRST_OF_PHONE}+":
        return Press.PHONE
    if text in "123456789" and find_empty:
        return Press.FAVOURITE
    return Press.LEAVE if in_find else Press.POST


def moves_on(event: QKeyEvent) -> bool:
    """Whether a key press on a shown result means "go on": any key but those that move about, scroll or print."""
    functions = Qt.Key.Key_F1 <= event.key() <= Qt.Key.Key_F35
    scrolls = event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)
    return not (functions or scrolls or event.key() in _MOVING or event.modifiers() & _CHORD)


class EnterPause:
    """Lets an Enter through, and none for a while after it."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._last = float("-inf")

    def passes(self) -> bool:
        """Whether an Enter counts now."""
        now = self._now()
        counts = now - self._last >= ENTER_PAUSE
        self._last = now
        return counts
