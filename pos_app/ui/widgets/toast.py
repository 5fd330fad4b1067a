"""A sentence at the foot of the window that goes by itself: for what concerns no field and no payment."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QTimer, Slot
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QWidget

from pos_app.ui.style.state_style import ColourRole
from pos_app.ui.widgets.notice import Notice

SHOWN = 8_000  # ms
_WIDTH = 460
_EDGE = 24


class Toast(Notice):
    """Floats over its parent; call `place` when the parent changes size. A click or a tap puts it away.

    Args:
        over: the part of the parent that it lies over: at its left foot, for what one presses next is on the right.
    """

    def __init__(self, parent: QWidget, over: QWidget) -> None:
        super().__init__("toast", ColourRole.FAILED, "circle-alert", parent)
        self._window, self._over = parent, over
        self._timer = QTimer(self, singleShot=True, interval=SHOWN)
        self._timer.setObjectName("toastTimer")
        self._timer.timeout.connect(self.hide)
        self._holding = False
        self._held: Callable[[], None] | None = None  # says what came last
        self.hide()

    def hold_back(self) -> None:
        """Say nothing for now: whoever stands there must not read it."""
        self._holding = True
        self.hide()

    def let_go(self) -> None:
        """Say the last of what was held back."""
        self._holding = False
        held, self._held = self._held, None
        if held:
            held()

    @Slot(str)
    def show_error(self, text: str) -> None:
        """Show for a while what does not work."""
        self._say(text, ColourRole.FAILED, "circle-alert")

    @Slot(str)
    def show_info(self, text: str) -> None:
        """Show for a while what is good to know."""
        self._say(text, ColourRole.WAITING, "info")

    def _say(self, text: str, colour: ColourRole, icon: str) -> None:
        if self._holding:
            self._held = partial(self._say, text, colour, icon)
            return
        self.set_colour(colour, icon)
        super().set_message(text)
        self.show()
        self.raise_()
        self.place()
        self._timer.start()

    def place(self) -> None:
        """Stand at the left foot of what it lies over."""
        foot = self._over.mapTo(self._window, self._over.rect().bottomLeft())
        width = min(_WIDTH, self._over.width() - 2 * _EDGE)
        height = self.heightForWidth(width)  # not its hint, which is for a narrower one
        self.setGeometry(foot.x() + _EDGE, foot.y() - height - _EDGE, width, height)

    def mousePressEvent(self, _event: QMouseEvent) -> None:
        """What lies below is wanted."""
        self._timer.stop()
        self.hide()
