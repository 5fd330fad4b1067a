"""Tells screen readers what becomes of payments, whichever page and panel is shown."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent

from pos_app.domain.payment import Payment, State
from pos_app.messages.announcements import announcements

if TYPE_CHECKING:
    from pos_app.domain.receipt import Mark
    from pos_app.ui.till_events import TillEvents

TOGETHER = 100  # ms: what follows so soon would cut off what is being read, so it is said with it
_POLITENESS = QAccessible.AnnouncementPoliteness


class Announcer(QObject):
    """Says each change of a payment's state once; that money has come interrupts what is being read.

    Args:
        window: on whose behalf it speaks.
        mark: said too, where the money is not real.
        is_locked: whether nobody is signed in, so that nobody is told whose a payment is.
    """

    def __init__(
        self, window: QObject, mark: "Mark", events: "TillEvents", is_locked: Callable[[], bool] = lambda: False
    ) -> None:
        super().__init__(window)
        self._window = window
        self._mark = mark
        self._is_locked = is_locked
        self._changed: list[Payment] = []
        self._soon = QTimer(self, singleShot=True, interval=TOGETHER)
        self._soon.setObjectName("announceTimer")
        self._soon.timeout.connect(self._say)
        events.state_changed.connect(self.on_state_changed)

    @Slot(object)
    def on_state_changed(self, payment: Payment) -> None:
        """A payment came to another state."""
        self._changed.append(payment)
        if not self._soon.isActive():
            self._soon.start()

    @Slot()
    def _say(self) -> None:
        changed, self._changed = self._changed, []
        event = QAccessibleAnnouncementEvent(self._window, announcements(changed, self._mark, locked=self._is_locked()))
        paid = any(payment.state is State.PAID for payment in changed)
        event.setPoliteness(_POLITENESS.Assertive if paid else _POLITENESS.Polite)
        QAccessible.updateAccessibility(event)
