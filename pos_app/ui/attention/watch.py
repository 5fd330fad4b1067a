"""What needs a person, kept up to date while the till is open: one look for the page and for the count beside it."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

if TYPE_CHECKING:
    from pos_app.domain.attention import Attention
    from pos_app.errors import PosError
    from pos_app.sales.till import Till
    from pos_app.ui.tasks import Tasks
    from pos_app.ui.till_events import TillEvents

SOON = 1_500  # ms: payments that change in a row are one look
AGAIN = 60_000  # ms: what only grows old, and what other tills and commands do, tells nobody


class AttentionWatch(QObject):
    """Looks on a thread, one look at a time.

    Signals:
        told: the `Attention` that was found.
        failed: why nothing could be found, in words.

    Attributes:
        latest: what was found last; None before the first look.
    """

    told = Signal(object)
    failed = Signal(str)

    def __init__(self, till: "Till", tasks: "Tasks", events: "TillEvents", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.latest: Attention | None = None
        self._till = till
        self._tasks = tasks
        self._looks = self._once_more = False
        self._soon = QTimer(self, singleShot=True, interval=SOON)
        self._soon.timeout.connect(self.look)
        self._again = QTimer(self, interval=AGAIN)
        self._again.setObjectName("attentionTimer")
        self._again.timeout.connect(self.look)
        self._again.start()
        events.payment_changed.connect(self.look_soon)

    @property
    def looks(self) -> bool:
        """Whether a look is on its way."""
        return self._looks

    @Slot()
    def look(self) -> None:
        """Look now; where a look is on its way, once more after it: it may have been before what is meant."""
        self._soon.stop()
        if self._looks:
            self._once_more = True
            return
        self._looks = True
        self._tasks.run(self._till.attention.look, self._take, self._fail, owner=self)

    @Slot()
    def look_soon(self) -> None:
        """Something may have changed."""
        if not self._soon.isActive():
            self._soon.start()

    def _take(self, found: "Attention") -> None:
        self.latest = found
        self.told.emit(found)
        self._end()

    def _fail(self, error: "PosError") -> None:
        self.failed.emit(error.user_text)
        self._end()

    def _end(self) -> None:
        self._looks = False
        if self._once_more:
            self._once_more = False
            self.look()
