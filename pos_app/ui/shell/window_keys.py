"""What the window's keys and scans mean to the charge page, also while another page or a dialog has the keyboard."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from PySide6.QtCore import QEvent, QObject, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from pos_app.messages import window as words
from pos_app.ui.preferences import SCAN_PREFIX, Preferences
from pos_app.ui.widgets.enter import ENTER, focused_button, press_focused
from pos_app.ui.widgets.key_watch import Haste, KeyWatch, Undo

if TYPE_CHECKING:
    from pos_app.ui.charge.page import ChargePage


@runtime_checkable
class TakesScans(Protocol):
    """A page that means a scan for itself, while it is shown."""

    def take_scan(self, code: str) -> None:
        """A scanner read a code."""

    def begin_scan(self) -> None:
        """A scanner's prefix came: the code follows."""


@runtime_checkable
class KeepsPage(Protocol):
    """A form. What is typed in it is neither lost nor typed on somewhere else because of a scan."""

    def keeps_page(self) -> bool:
        """Whether somebody types in it, so that a scan leads nowhere."""


class WindowKeys(QObject):
    """Hands each key of a window to its charge page while that is shown, and each scan whenever the till is open,
    unless a form that is typed in would go with its page. On every other page Enter presses the button that has the
    focus, unless the page means something else by it.

    Args:
        go_to_charge: show the charge page; False where that cannot be now.
        scan_taker: the page that takes scans instead, where one is shown that does.
        preferences: where it is kept what marks a scan.
        say: tells why a scan led nowhere.

    Attributes:
        charge: the page, once the till is open.
    """

    def __init__(
        self,
        window: QWidget,
        go_to_charge: Callable[[], bool],
        scan_taker: Callable[[], TakesScans | None],
        preferences: Preferences,
        say: Callable[[str], object],
    ) -> None:
        super().__init__(window)
        self.charge: ChargePage | None = None
        self._window = window
        self._go_to_charge = go_to_charge
        self._scan_taker = scan_taker
        self._say = say
        self._watch = KeyWatch(
            window, self._take, remember=self._remember, known=self._is_barcode, refuses=self._keeps_page
        )
        self._watch.scanned.connect(self._scanned)
        self._watch.prefixed.connect(self._scan_begins)
        self._watch.prefix = preferences.scan_prefix
        preferences.changed.connect(self._follow)
        window.installEventFilter(self)

    @property
    def prefix(self) -> str:
        """What marks a scan; "" where nothing does."""
        return self._watch.prefix

    @Slot(str, str)
    def _follow(self, name: str, value: str) -> None:
        if name == SCAN_PREFIX:
            self._watch.prefix = value

    def _take(self, event: QKeyEvent, haste: Haste | None) -> bool:
        if self.charge is not None and self.charge.isVisible():
            return self.charge.keyboard.take(event, haste)
        return haste is not None and event.key() in ENTER and focused_button(self._window) is not None

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """An Enter that comes up to the window was nobody's, neither the widget's with the focus nor its page's."""
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent) or event.key() not in ENTER:
            return False
        return press_focused(self._window, event)

    def _remember(self) -> Undo:
        return self.charge.keyboard.remember() if self.charge else lambda: None

    def _is_barcode(self, text: str) -> bool:
        return self.charge is not None and self.charge.grid.has_barcode(text)

    def _keeps_page(self) -> bool:
        shown = (part for part in self._window.findChildren(QWidget) if part.isVisible())
        return any(isinstance(part, KeepsPage) and part.keeps_page() for part in shown)

    @Slot()
    def _scan_begins(self) -> None:
        taker = self._scan_taker()
        if self._keeps_page():
            self._say(words.FORM_IS_OPEN)
        elif taker:
            taker.begin_scan()
        elif self.charge and self._go_to_charge():
            self.charge.keyboard.scan_begins()

    @Slot(str)
    def _scanned(self, code: str) -> None:
        taker = self._scan_taker()
        if self._keeps_page():
            self._say(words.FORM_IS_OPEN)
        elif taker:
            self._window.activateWindow()
            taker.take_scan(code)
        elif self.charge and self._go_to_charge():
            self._window.activateWindow()  # it may have come while a dialog had the keyboard
            self.charge.keyboard.scan(code)
