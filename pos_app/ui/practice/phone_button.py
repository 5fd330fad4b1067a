"""The way to the customer's phone of practice, beside the till's pages."""

from collections.abc import Callable

from PySide6.QtCore import Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from pos_app.sales.till import PracticePhone
from pos_app.ui.practice.phone_window import FIND, PhoneWindow
from pos_app.ui.tasks import Tasks
from pos_app.ui.till_events import TillEvents
from pos_app.ui.widgets.nav_button import NavButton


class PhoneButton(NavButton):
    """Finds the phone wherever it is, and says when somebody waits on it."""

    def __init__(self, phone: PhoneWindow) -> None:
        super().__init__("phone", "Phone", "smartphone", FIND)
        self.setToolTip(f"The customer's phone ({FIND})")
        self.setCheckable(False)
        self.clicked.connect(phone.come_to_front)
        QShortcut(QKeySequence(FIND), self, phone.come_to_front)
        phone.waiting.connect(self._count)
        self._count(phone.prompts)  # some may have outlived the last run

    @Slot(int)
    def _count(self, waiting: int) -> None:
        self.setText(f"Phone ({waiting})" if waiting else "Phone")
        self.setAccessibleName(self.text())


def offer_phone(
    phone: PracticePhone, tasks: Tasks, events: TillEvents, window: QWidget, add: Callable[[NavButton], None]
) -> PhoneWindow:
    """Show the customer's phone, and the way to it among those to the pages.

    Args:
        window: the till's own, which takes the phone's with it when it closes.
        add: puts a way beside those to the pages.
    """
    shown = PhoneWindow(phone, tasks, events, window)
    add(PhoneButton(shown))
    shown.offer()
    return shown
