"""What leaves the till beside its window: what screen readers are told, and what customers see on their own screen."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QWidget

from pos_app.sales.till import Till
from pos_app.ui.charge.page import ChargePage
from pos_app.ui.charge.served import ServedCustomer
from pos_app.ui.preferences import CUSTOMER_DISPLAY, CUSTOMER_SCREEN, Preferences
from pos_app.ui.shell.announcer import Announcer
from pos_app.ui.till_events import TillEvents

if TYPE_CHECKING:
    from pos_app.ui.display.customer_display import CustomerDisplay


class HeardAndSeen(QObject):
    """Begins when the till is open, goes by what is chosen for this computer, and ends with `close`.

    Args:
        window: the till's.
    """

    def __init__(self, window: QWidget, till: Till, events: TillEvents, preferences: Preferences) -> None:
        super().__init__(window)
        self._window = window
        self._till = till
        self._preferences = preferences
        self._served: ServedCustomer | None = None
        self._display: CustomerDisplay | None = None
        till.ledger.watch_changes(events.on_change)
        Announcer(window, till.shop.mark, events)
        preferences.changed.connect(self._choose)

    @property
    def display(self) -> "CustomerDisplay | None":
        """The customer display, where one is chosen."""
        return self._display

    def serve(self, page: ChargePage) -> None:
        """Customers are served on this page from now on."""
        self._served = ServedCustomer(page)
        self._choose(CUSTOMER_DISPLAY)

    def close(self) -> None:
        """The till closes: customers see nothing of it any more."""
        self._preferences.changed.disconnect(self._choose)
        self._served = None
        self._take_down()

    @Slot(str)
    def _choose(self, name: str) -> None:
        if name == CUSTOMER_DISPLAY and not self._preferences.customer_display:
            self._take_down()
        elif name == CUSTOMER_DISPLAY and self._served and self._display is None:
            self._put_up(self._served)
        elif name == CUSTOMER_SCREEN and self._display:
            self._display.use_screen(self._preferences.customer_screen)

    def _put_up(self, served: ServedCustomer) -> None:
        # Loaded when it is wanted: most shops have one screen.
        from pos_app.ui.display.customer_display import CustomerDisplay
        from pos_app.ui.display.monitors import Monitors

        screen = self._preferences.customer_screen
        display = CustomerDisplay(self._till.shop, self._till.clock, self._window, Monitors(self), screen)
        self._display = display
        served.changed.connect(display.show_view)
        display.show_view(served.view)

    def _take_down(self) -> None:
        display, self._display = self._display, None
        if display:
            display.close()
