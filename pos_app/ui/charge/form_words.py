"""What the charge form has to say, below what it asks: one box for each kind of words."""

from collections.abc import Callable

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QVBoxLayout, QWidget

from pos_app.sales.checkout import Guarded
from pos_app.sales.ports import Clock
from pos_app.ui.charge.guard_banner import GuardBanner
from pos_app.ui.charge.slow_saving import SlowSaving
from pos_app.ui.style.state_style import ColourRole
from pos_app.ui.widgets.notice import Notice


class FormWords(QWidget):
    """What has changed, what is wrong, what is good to know, why it takes long, and what the guard saw.

    Args:
        into_sight: brings a box into sight that is shown from now on.

    Attributes:
        guard: the guard's warning.
        slow: why nothing seems to happen.
    """

    def __init__(self, clock: Clock, into_sight: Callable[[QWidget], object]) -> None:
        super().__init__()
        self._stopped = ""
        self.guard = GuardBanner(clock)
        self.slow = SlowSaving()
        self._into_sight = into_sight
        self._changed = Notice("postChanged", ColourRole.FAILED, "circle-alert")
        self._trouble = Notice("chargeTrouble", ColourRole.FAILED, "circle-alert")
        self._hint = Notice("chargeHint", ColourRole.WAITING, "info")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for box in (self._changed, self._trouble, self._hint, self.slow, self.guard):
            box.hide()
            column.addWidget(box)

    def minimumSizeHint(self) -> QSize:
        """None of its own: it has the height that its words need in its width, not what they would need in another."""
        return QSize(super().minimumSizeHint().width(), 0)

    def say_changed(self, text: str) -> None:
        """What the customer would be asked for is another thing now; it stands there until somebody has seen it."""
        self._changed.set_message(text)
        self._changed.show()
        self._into_sight(self._changed)

    def see_changed(self) -> bool:
        """Somebody has seen what changed; whether there was something to see."""
        told = not self._changed.isHidden()
        self._changed.hide()
        return told

    def say_trouble(self, text: str, *, into_sight: bool = True) -> None:
        """Something is wrong."""
        self._trouble.set_message(text)
        self._trouble.show()
        if into_sight:
            self._into_sight(self._trouble)

    def say_hint(self, text: str) -> None:
        """Something to know about what was just done; the next thing done takes it away."""
        self._hint.set_message(text)
        self._hint.show()

    def show_guarded(self, guarded: Guarded) -> None:
        """Say what the guard saw."""
        self.guard.show_guarded(guarded)
        self._into_sight(self.guard)

    def set_stopped(self, why: str) -> None:
        """Nobody can be charged here, and why; somebody can, where that is empty."""
        self._stopped = why
        self.forget()
        if why:
            self._into_sight(self._trouble)

    def say_stopped(self) -> None:
        """Somebody tries to charge all the same."""
        self.forget()
        self._into_sight(self._trouble)

    @property
    def selling(self) -> bool:
        """Whether anybody can be charged here."""
        return not self._stopped

    def forget(self) -> None:
        """Take away what was about the charge as it stood there."""
        self.guard.dismiss()
        self._hint.hide()
        if self._stopped:
            self.say_trouble(self._stopped, into_sight=False)  # for good, also where something else was said meanwhile
        else:
            self._trouble.hide()

    def dismiss(self) -> bool:
        """Put away what may be put away; whether there was something."""
        told = self.guard.raised or not self._hint.isHidden() or (self.selling and not self._trouble.isHidden())
        self.forget()
        return self.see_changed() or told
