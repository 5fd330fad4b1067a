"""Why nothing seems to happen while a charge is long in saving."""

from PySide6.QtCore import QTimer, Slot
from PySide6.QtWidgets import QWidget

from pos_app.messages.counter import SLOW_SAVING
from pos_app.ui.style.state_style import ColourRole
from pos_app.ui.widgets.notice import Notice

SLOW = 2_000  # ms after which a charge that is not saved yet is explained


class SlowSaving(Notice):
    """Says so only after a while; without that it would flicker with each charge."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("slowSaving", ColourRole.UNSURE, "clock", parent)
        self.set_message(SLOW_SAVING)
        self._timer = QTimer(self, singleShot=True, interval=SLOW)
        self._timer.setObjectName("slowTimer")
        self._timer.timeout.connect(self.show)
        self.hide()

    def begin(self) -> None:
        """A charge is being saved from now on."""
        self._timer.start()

    @Slot()
    def end(self) -> None:
        """It is saved, or it will not be."""
        self._timer.stop()
        self.hide()
