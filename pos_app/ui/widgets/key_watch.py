"""Watches the keyboard of a window: tells a scanner from a person, and lets the page have a key before its widgets.

A scanner types a whole code and ends it with Enter or Tab. It means the post field wherever the focus is, and its
Enter never presses a button. What is told apart:

- a burst: keys at most SCAN_GAP apart, the Enter too, are a scan;
- a run: keys at most HASTE apart are as quick as a slow scanner's, or as a very quick person's. Where they end in a
  known barcode they are a scan. Else the page gets their Enter together with a `Haste`, and asks nobody for it;
- the prefix that a slow scanner is set to send: from there to its Enter everything is the code, whatever the gaps.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QTextCursor
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QPlainTextEdit, QWidget
from shiboken6 import isValid

from pos_app.ui.widgets.enter import ENTER

SCAN_GAP = 0.060  # seconds between two keys; nobody types faster for long
HASTE = 0.150  # seconds between two keys; scanners at the end of a radio link need up to 0.1
SCAN_LENGTH = 4  # characters at least
TAKES_SCAN = "takesScan"  # a property of a field that keeps what is scanned into it
TAKES_PREFIX = "takesPrefix"  # and of one that shows also the prefix: it tries the scanner
_LONGEST = 128  # characters of a run that are kept
_SHORTEST_GTIN = 8
_ENDS = (*ENTER, Qt.Key.Key_Tab)
_CHORD = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier
_MODIFIERS = frozenset({Qt.Key.Key_Shift, Qt.Key.Key_Control, Qt.Key.Key_Alt, Qt.Key.Key_AltGr, Qt.Key.Key_Meta})

Undo = Callable[[], None]


@dataclass(frozen=True, slots=True)
class Haste:
    """An Enter, or a key that types nothing, that came as fast as a scanner's.

    Attributes:
        text: the keys before it, which were as fast.
        undo: takes them back.
    """

    text: str
    undo: Undo


@dataclass(frozen=True, slots=True)
class _Typed:
    text: str
    gap: float  # seconds since the key before
    undo: Undo  # makes everything as it was before this key


class KeyWatch(QObject):
    """Sees each key press in a window and its dialogs first, whichever widget has the focus.

    Args:
        take: gets every press in the window itself that is not part of a scan's end, and where it types nothing
            and came too fast for a person, the `Haste`; True where it has dealt with it.
        remember: called before each character; gives what makes the page as it was.
        known: whether a text is the barcode of a post.
        refuses: whether no scan is taken just now: what follows a prefix is typed nowhere then.
        now: seconds, for events that carry no time of their own.

    Attributes:
        scanned: the code that a scanner typed; the field with the focus is as it was when it began.
        prefixed: the scanner's prefix came: what follows is a code, and belongs where it is seen.
    """

    scanned = Signal(str)
    prefixed = Signal()

    def __init__(
        self,
        window: QWidget,
        take: Callable[[QKeyEvent, Haste | None], bool],
        *,
        remember: Callable[[], Undo] = lambda: lambda: None,
        known: Callable[[str], bool] = lambda _: False,
        refuses: Callable[[], bool] = lambda: False,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._take = take
        self._remember = remember
        self._known = known
        self._refuses = refuses
        self._now = now
        self.prefix = ""
        self._run: list[_Typed] = []
        self._code: str | None = None  # what came since the prefix
        self._refused = False  # the last prefix came where no scan is taken
        self._last = float("-inf")
        self._scan_ended = float("-inf")
        self._watched: QWidget | None = None
        self._seen: tuple[int, int] | None = None  # time and key of what the widget with the focus got
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
        self._code = None  # a code is typed where the prefix led to
        if new is not None and isValid(self._window) and self._is_ours(new):
            self._watched = new
            if new is not self._window:
                new.installEventFilter(self)

    def _is_ours(self, widget: QWidget) -> bool:
        """Whether it is in the window, or in a dialog of it."""
        window: QWidget | None = widget.window()
        while window is not None and window is not self._window:
            parent = window.parentWidget()
            window = parent.window() if parent else None
        return window is not None

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return False
        press = (event.timestamp(), event.key())
        if watched is self._window and press == self._seen:
            return False  # it came up from the widget with the focus, where it was seen
        if watched is not self._window:
            self._seen = press
        return self._press(event)

    def _focus(self) -> QWidget | None:
        return self._watched if self._watched and isValid(self._watched) else self._window.focusWidget()

    def _press(self, event: QKeyEvent) -> bool:
        if event.key() in _MODIFIERS:
            return self._hand_on(event, None)
        at = event.timestamp() / 1_000 if event.timestamp() else self._now()
        gap, self._last = round(at - self._last, 4), at  # events have whole milliseconds
        if gap < 0:
            gap = HASTE + 1  # no clock that says anything about speed
        if gap > HASTE:
            self._run.clear()
        if event.key() in _ENDS:
            return self._end(event, gap, at)
        if not event.text() or not event.text().isprintable() or event.modifiers() & _CHORD:
            self._run.clear()  # a person corrects something
            self._code = None
            return self._hand_on(event, Haste("", _nothing) if gap <= HASTE else None)
        return self._character(event, gap)

    def _character(self, event: QKeyEvent, gap: float) -> bool:
        if event.text() == self.prefix and not self._secret() and not self._has(TAKES_PREFIX):
            self._run.clear()
            self._refused = not self._belongs_here() and self._refuses()
            if not self._belongs_here():
                self.prefixed.emit()
            self._code = ""
            return True
        if self._code is not None:
            self._code += event.text()
            if self._refused:
                return True
        self._run.append(_Typed(event.text(), gap, self._memory()))
        del self._run[:-_LONGEST]
        return self._hand_on(event, None)

    def _end(self, event: QKeyEvent, gap: float, at: float) -> bool:
        run, self._run = self._run, []
        code, self._code = self._code, None
        if round(at - self._scan_ended, 4) <= HASTE:
            self._scan_ended = at
            return True  # some scanners send two
        scan, undo = self._scan_in(run, gap) if code is None else (code, _nothing)
        if scan or code is not None:
            self._scan_ended = at
            if not self._belongs_here():  # else it stays where it fell; its Enter presses nothing all the same
                undo()
                self.scanned.emit(scan)
            return True
        haste = Haste("".join(typed.text for typed in run), run[0].undo if run else _nothing)
        return self._hand_on(event, haste if gap <= HASTE else None)

    def _scan_in(self, run: list[_Typed], gap: float) -> tuple[str, Undo]:
        """What of a run that ends with this Enter was scanned, and how it is taken back; "" where nothing was."""
        if gap > HASTE:
            return "", _nothing
        text = "".join(typed.text for typed in run)
        if len(text) >= SCAN_LENGTH and self._known(text.removeprefix(self.prefix)):
            return text.removeprefix(self.prefix), run[0].undo
        if self._secret():  # a password manager types as quickly as a scanner, and belongs where it types
            return "", _nothing
        if self._belongs_here():
            return (text if len(text) >= SCAN_LENGTH else ""), _nothing
        first = len(run)
        while gap <= SCAN_GAP and first:
            first -= 1
            gap = run[first].gap
        if len(run) - first >= SCAN_LENGTH:
            return text[first:], run[first].undo
        # a slow scan just behind what a quick person typed
        ends = (first for first in range(1, len(run) - _SHORTEST_GTIN + 1) if self._known(text[first:]))
        first = next(ends, len(run))
        return text[first:], (run[first].undo if first < len(run) else _nothing)

    def _hand_on(self, event: QKeyEvent, haste: Haste | None) -> bool:
        focus = self._focus()
        if focus is not None and focus.window() is not self._window:
            # A dialog has its own keys, but what a scanner types presses nothing there either.
            return haste is not None and event.key() in ENTER and isinstance(focus, QAbstractButton)
        return self._take(event, haste)

    def _secret(self) -> bool:
        focus = self._focus()
        return isinstance(focus, QLineEdit) and focus.echoMode() is not QLineEdit.EchoMode.Normal

    def _belongs_here(self) -> bool:
        """Whether the field with the focus wants a scan for itself, as a post's barcode does."""
        return self._has(TAKES_SCAN)

    def _has(self, name: str) -> bool:
        focus = self._focus()
        return focus is not None and bool(focus.property(name))

    def _memory(self) -> Undo:
        """What a character may spoil: what the field with the focus holds, and what the page remembers."""
        focus, page = self._focus() or self._window, self._remember()
        held = focus.metaObject().userProperty()
        before = held.read(focus) if held.isValid() else None

        def undo() -> None:
            if held.isValid() and isValid(focus) and held.read(focus) != before:
                held.write(focus, before)
                if isinstance(focus, QPlainTextEdit):  # what is typed next is typed behind it, as in a line
                    focus.moveCursor(QTextCursor.MoveOperation.End)
            page()

        return undo


def _nothing() -> None:
    """Nothing was typed, so nothing is taken back."""
