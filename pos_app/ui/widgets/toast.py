"""A sentence at the foot of the window that goes by itself: for what concerns no field and no payment."""

from PySide6.QtCore import QTimer, Slot
from PySide6.QtWidgets import QWidget

from pos_app.ui.style.state_style import ColourRole
from pos_app.ui.widgets.notice import Notice

SHOWN = 8_000  # ms
_WIDTH = 460


class Toast(Notice):
    """Floats over its parent; call `place` when the parent changes size."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__("toast", ColourRole.FAILED, "circle-alert", parent)
        self._timer = QTimer(self, singleShot=True, interval=SHOWN)
        self._timer.setObjectName("toastTimer")
        self._timer.timeout.connect(self.hide)
        self.hide()

    @Slot(str)
    def show_error(self, text: str) -> None:
        """Show for a while what does not work."""
        self.set_colour(ColourRole.FAILED, "circle-alert")
        self._show(text)

    @Slot(str)
    def show_info(self, text: str) -> None:
        """Show for a while what is good to know."""
        self.set_colour(ColourRole.WAITING, "info")
        self._show(text)

    def _show(self, text: str) -> None:
        super().set_message(text)
        self.show()
        self.raise_()
        self.place()
        self._timer.start()

    def place(self) -> None:
        """Stand at the foot of the window, in the middle."""
        parent = self.parentWidget()
        if parent:
            height = max(self.heightForWidth(_WIDTH), self.sizeHint().height())
            self.setGeometry((parent.width() - _WIDTH) // 2, parent.height() - height - 24, _WIDTH, height)
