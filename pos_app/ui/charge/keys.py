"""What a key means on the charge page.

One rule, with nothing to remember: digits are the customer's phone, Ctrl and a digit is one more of a post, Alt and a
digit is a customer who is offered, letters look for a post, + and - are one more and one less. Only where the cursor
stands in the find field, in a line of the basket or in a customer's name, because somebody put it there, do digits go
there, and Enter there only ever chooses a post or leaves the line or the name.
"""

from collections.abc import Callable
from enum import Enum, auto
from typing import NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from pos_app.ui.widgets.enter import ENTER

_CONTROL = Qt.KeyboardModifier.ControlModifier
_ALT = Qt.KeyboardModifier.AltModifier
_SHIFT = Qt.KeyboardModifier.ShiftModifier
_CHORD = _CONTROL | _ALT | Qt.KeyboardModifier.MetaModifier
_MOVING = (Qt.Key.Key_Tab, Qt.Key.Key_Backtab, Qt.Key.Key_Shift, Qt.Key.Key_Control, Qt.Key.Key_Alt, Qt.Key.Key_AltGr)
ENTER_PAUSE = 0.7  # seconds in which a second Enter is a slip


class Press(Enum):
    """What a key press means, whatever has the focus."""

    SEND = auto()
    ENTER = auto()
    FIND = auto()  # the cursor into the find field
    POST = auto()  # a character for the find field
    PHONE = auto()  # a character for the phone field
    FAVOURITE = auto()  # Ctrl and the post's digit
    RECENT = auto()  # Alt and the place of a customer who is offered
    MORE = auto()  # one more of the line that was changed last
    LESS = auto()
    AGAIN = auto()
    ANYWAY = auto()
    SWALLOW = auto()
    LEAVE = auto()  # to the widget that has the focus


BEGINS = frozenset({Press.FIND, Press.POST, Press.PHONE, Press.FAVOURITE, Press.RECENT})  # to serve a customer


class Place(NamedTuple):
    """Where a key falls.

    Attributes:
        in_find, in_phone, in_line: the cursor is in the find field or a name, the phone, or a field of a line.
        counts: something is chosen, and a sign is none of the phone's: that is empty, or whole.
    """

    in_find: bool = False
    in_phone: bool = False
    in_line: bool = False
    counts: bool = False


def meaning(event: QKeyEvent, place: Place) -> Press:
    """What a key press means on the charge form."""
    if event.key() in ENTER:
        control = bool(event.modifiers() & _CONTROL)
        return Press.SWALLOW if event.isAutoRepeat() else (Press.SEND if control else Press.ENTER)
    if event.modifiers() & _CHORD:
        return _chord(event)
    text = event.text()
    if len(text) != 1 or not text.isprintable() or text.isspace():
        return Press.LEAVE
    if place.in_find:
        return Press.LEAVE
    if text == "/":
        return Press.FIND
    if text in "+-" and (place.counts or place.in_line):
        if event.isAutoRepeat():
            return Press.SWALLOW
        return Press.MORE if text == "+" else Press.LESS
    if text.isdigit() or text == "+":
        return Press.LEAVE if place.in_phone or place.in_line else Press.PHONE
    return Press.LEAVE if place.in_phone and text in "-()." else Press.POST


def digit_of(event: QKeyEvent) -> int | None:
    """The digit of a key, on either side of the keyboard, whatever is held down with it."""
    digit = event.key() - Qt.Key.Key_0
    return digit if 0 <= digit <= 9 else None


def _chord(event: QKeyEvent) -> Press:
    held, key = event.modifiers() & (_CHORD | _SHIFT), event.key()
    if digit_of(event) is not None and held in (_CONTROL, _ALT):
        if event.isAutoRepeat():
            return Press.SWALLOW
        return Press.FAVOURITE if held == _CONTROL else Press.RECENT
    if held == _CONTROL and key == Qt.Key.Key_F:
        return Press.FIND
    if key == Qt.Key.Key_R and held in (_CONTROL, _CONTROL | _SHIFT):
        if event.isAutoRepeat():
            return Press.SWALLOW
        return Press.AGAIN if held == _CONTROL else Press.ANYWAY
    return Press.LEAVE


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
