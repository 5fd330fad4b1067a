"""Watches the keyboard of a window: tells a scanner from a person, and lets the page have a key before its widgets.

A scanner types a whole code in a burst and ends it with Enter. It means the post field wherever the focus is, and
its Enter never presses a button.
"""

import time
from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from shiboken6 import isValid

SCAN_GAP = 0.035  # seconds between two keys; nobody types faster for long
SCAN_LENGTH = 4  # characters at least
TAKES_SCAN = "takesScan"  # a property of a field that keeps what is scanned into it
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_CHORD = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier


class KeyWatch(QObject):
    """Sees each key press in a window first, whichever widget has the focus.

    Args:
        take: gets every press that is not part of a scan's end; True where it has dealt with it.
        now: seconds, for events that carry no time of their own.

    Attributes:
        began: a key after a pause: what follows may be a scan.
        scanned: the code that a scanner typed; the field with the focus is as it was when it began.
    """

    began = Signal()
    scanned = Signal(str)

    def __init__(
        self, window: QWidget, take: Callable[[QKeyEvent], bool], now: Callable[[], float] = time.monotonic
    ) -> None:
        super().__init__(window)
        self._window = window
        self._take = take
        self._now = now
        self._burst = ""
        self._last = float("-inf")
        self._scan_ended = float("-inf")
        self._before: tuple[QLineEdit, str] | None = None
        self._watched: QWidget | None = None
        window.installEventFilter(self)
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.focusChanged.connect(self._follow)
        self._follow(None, window.focusWidget())

    @Slot(QWidget, QWidget)
    def _follow(self, _old: QWidget | None, new: QWidget | None) -> None:
        if self._watched is not None and self._watched is not self._window and isValid(self._watched):
            self._watched.removeEventFilter(self)
        self._watched = None
        if new is not None and isValid(self._window) and new.window() is self._window:
            self._watched = new
            if new is not self._window:
                new.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return False
        if watched is self._window and self._watched not in (None, self._window):
            return False  # it came up from the widget with the focus, where it was seen
        return self._press(event)

    def _press(self, event: QKeyEvent) -> bool:
        if self._secret():  # a password manager types as quickly as a scanner, and belongs where it types
            self._burst = ""
            return self._take(event)
        at = event.timestamp() / 1_000 if event.timestamp() else self._now()
        quick = at - self._last <= SCAN_GAP
        if event.key() in _ENTER:
            if at - self._scan_ended <= SCAN_GAP:
                return True  # some scanners send two
            scan, self._burst = (self._burst if quick else ""), ""
            if len(scan) >= SCAN_LENGTH:
                self._scan_ended = at
            if len(scan) >= SCAN_LENGTH and self._belongs_here():
                return True  # it stays where it fell; its Enter presses nothing all the same
            if len(scan) >= SCAN_LENGTH:
                self._undo()
                self.scanned.emit(scan)
                return True
        elif event.text().isprintable() and event.text() and not event.modifiers() & _CHORD:
            if not quick:
                self._begin()
            self._burst += event.text()
            self._last = at
        return self._take(event)

    def _secret(self) -> bool:
        focus = self._window.focusWidget()
        return isinstance(focus, QLineEdit) and focus.echoMode() is not QLineEdit.EchoMode.Normal

    def _belongs_here(self) -> bool:
        """Whether the field with the focus wants a scan for itself, as a post's barcode does."""
        focus = self._window.focusWidget()
        return focus is not None and bool(focus.property(TAKES_SCAN))

    def _begin(self) -> None:
        """A first key: from here on it may be a scan, so remember what it would spoil."""
        self._burst = ""
        focus = self._window.focusWidget()
        self._before = (focus, focus.text()) if isinstance(focus, QLineEdit) else None
        self.began.emit()

    def _undo(self) -> None:
        """Take the scanned characters out of the field that they fell into."""
        if self._before and isValid(self._before[0]):
            self._before[0].setText(self._before[1])
