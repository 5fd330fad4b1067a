"""Where and when the customer display is shown: on a screen that is not the till's, or nowhere."""

from PySide6.QtCore import QEvent, QObject, QRect, Qt, QTimer, Slot
from PySide6.QtWidgets import QWidget
from shiboken6 import delete

from pos_app.domain.receipt import Shop
from pos_app.messages.customer_display import CustomerView, DisplayKind
from pos_app.sales.ports import Clock
from pos_app.ui.display.monitors import Monitors, free_monitor
from pos_app.ui.display.window import DisplayWindow

SHOWN = {DisplayKind.PAID: 6_000, DisplayKind.ASK: 20_000}  # ms; then it is nobody's any more
_MOVES = frozenset({QEvent.Type.Move, QEvent.Type.Resize, QEvent.Type.WindowStateChange, QEvent.Type.Show})


class CustomerDisplay(QObject):
    """Keeps the display on its screen while screens come and go and the till is moved.

    Args:
        till: the till's window. The display is shown on no screen that this one takes.
        screen: the name of the only screen to take; empty for any that is free.
    """

    def __init__(self, shop: Shop, clock: Clock, till: QWidget, monitors: Monitors, screen: str = "") -> None:
        super().__init__(till)
        self._till = till
        self._monitors = monitors
        self._screen = screen
        self._place: tuple[str, QRect] | None = None
        self.window = DisplayWindow(shop, clock.corrected, till)
        self._over = QTimer(self, singleShot=True)
        self._over.setObjectName("displayOver")
        self._over.timeout.connect(self._forget)
        monitors.changed.connect(self.place)
        till.installEventFilter(self)
        handle = till.windowHandle()
        if handle:
            handle.screenChanged.connect(self.place)
        self.place()

    def use_screen(self, screen: str) -> None:
        """Take only the screen of this name; empty for any."""
        self._screen = screen
        self.place()

    @Slot(object)
    def show_view(self, view: CustomerView | None) -> None:
        """Show what the customer who is served now may see; what has ended leaves by itself."""
        self.window.show_view(view)
        self._over.stop()
        if view and view.kind in SHOWN:
            self._over.start(SHOWN[view.kind])

    @Slot()
    def place(self) -> None:
        """Stand where it may stand now. Right away: the system moves windows of a screen that goes to another one."""
        free = free_monitor(self._monitors.all(), self._monitors.taken_by(self._till), self._screen)
        place = (free.name, free.geometry) if free else None
        if place == self._place and (place is not None) == self.window.isVisible():
            return
        self._place = place
        self.window.hide()
        if free is None:
            return
        self.window.setGeometry(free.geometry)
        if free.screen:
            self.window.setScreen(free.screen)
            self.window.setGeometry(free.geometry)
            self.window.setWindowState(Qt.WindowState.WindowFullScreen)  # `showFullScreen` would ask for the focus
        self.window.show()

    def close(self) -> None:
        """Take it down for good, on the GUI thread."""
        self._till.removeEventFilter(self)
        self._monitors.changed.disconnect(self.place)
        self._over.stop()
        self.window.close()
        delete(self.window)
        delete(self)  # now: what is on its way to it would find no window

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The till is moved, perhaps to the display's screen."""
        if watched is self._till and event.type() in _MOVES:
            self.place()
        return super().eventFilter(watched, event)

    @Slot()
    def _forget(self) -> None:
        self.window.show_view(None)
