"""Why another prompt to this phone is risky, said inside the form: never a question that blocks the till."""

from datetime import datetime, timedelta

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtWidgets import QWidget

from pos_app.domain.payment import Payment
from pos_app.sales.checkout import Guarded, caution_of
from pos_app.sales.ports import Clock
from pos_app.ui.style.state_style import ColourRole
from pos_app.ui.widgets.buttons import Button
from pos_app.ui.widgets.notice import Notice


class GuardBanner(Notice):
    """Says what the guard saw; where it is the operator's choice, offers to ask anyway.

    Attributes:
        despite: the ids of the payments that the operator was warned about and goes past.
        cleared: the wait is over.
    """

    despite = Signal(object)
    cleared = Signal()

    def __init__(self, clock: Clock, parent: QWidget | None = None) -> None:
        super().__init__("guard", ColourRole.WAITING, "triangle-alert", parent)
        self._clock = clock
        self._seen: Guarded | None = None
        self._seen_at = clock.corrected(), clock.since_boot()
        self.anyway = Button("Ask anyway", name="askAnyway", key="Ctrl Shift R", height=44)
        self.anyway.clicked.connect(self.press)
        self.column.addWidget(self.anyway)
        self._timer = QTimer(self)
        self._timer.setObjectName("guardTimer")
        self._timer.setInterval(1_000)
        self._timer.timeout.connect(self._tick)
        self.hide()

    @property
    def raised(self) -> bool:
        """Whether it says something: the big button rests, and only "Ask anyway" goes on, where it is offered."""
        return self._seen is not None

    @property
    def blocks(self) -> bool:
        """Whether nobody may go on now."""
        return self._until() is not None

    def show_guarded(self, guarded: Guarded) -> None:
        """Say what the guard saw."""
        self._seen = guarded
        self._seen_at = self._clock.corrected(), self._clock.since_boot()
        self._timer.start()
        self._tick()

    def on_payment_changed(self, payment: Payment) -> None:
        """A payment changed: where the guard saw it, its words and its wait are what they are now."""
        if self._seen is None or all(caution.payment.id != payment.id for caution in self._seen.cautions):
            return
        now = self._now()
        changed = [
            caution_of(payment, now, caution.opened) if caution.payment.id == payment.id else caution
            for caution in self._seen.cautions
        ]
        self._seen = Guarded(sorted(changed, key=lambda caution: not caution.blocks), now)
        self._tick()

    def dismiss(self) -> None:
        """Put the warning away."""
        self._seen = None
        self._timer.stop()
        self.hide()

    @Slot()
    def _tick(self) -> None:
        if self._seen is None:
            return
        now = self._now()
        blocking = [caution for caution in self._seen.cautions if caution.until]
        if blocking and not self._until():
            self.dismiss()
            self.cleared.emit()
            return
        self.set_message(Guarded(self._seen.cautions, now).user_text)  # its words carry the wait as it is now
        self.anyway.setVisible(not blocking)
        self.show()

    def _now(self) -> datetime:
        """The wall clock as it would be had nobody set it since: no wait becomes longer by that."""
        wall, since_boot = self._seen_at
        return wall + timedelta(seconds=self._clock.since_boot() - since_boot)

    def _until(self) -> datetime | None:
        cautions = self._seen.cautions if self._seen else []
        waits = [caution.until for caution in cautions if caution.until]
        return max(waits) if waits and max(waits) > self._now() else None

    @Slot()
    def press(self) -> None:
        """Go on all the same, where that is the operator's choice."""
        if self._seen and not self.blocks:
            ids = frozenset(caution.payment.id for caution in self._seen.cautions)
            self.dismiss()
            self.despite.emit(ids)
