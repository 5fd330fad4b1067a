"""A few things to choose from, each by a touch."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtWidgets import QWidget

from pos_app.ui.widgets.buttons import Button, Kind
from pos_app.ui.widgets.flow import FlowLayout
from pos_app.ui.widgets.tab_order import tab_in_place


class Chips(QWidget):
    """A few things that can be chosen by a touch, or by Tab and Enter."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self._flow = FlowLayout(spacing=4)
        self._flow.setContentsMargins(0, 0, 0, 0)
        self.setLayout(self._flow)
        self._buttons: list[Button] = []

    @property
    def first(self) -> Button | None:
        """The first of them."""
        return self._buttons[0] if self._buttons else None

    def show_chips(self, chips: Sequence[tuple[str, Callable[[], None]]]) -> None:
        """Offer these, each with what it does."""
        for button in self._buttons:
            self._flow.removeWidget(button)
            button.hide()
            button.setObjectName("")  # nobody means this one any more
            button.deleteLater()
        self._buttons = []
        for place, (words, act) in enumerate(chips):
            button = Button(words, name=f"{self.objectName()}{place}", kind=Kind.CHIP, height=44)
            button.clicked.connect(partial(_do, act))
            self._flow.addWidget(button)
            button.show()
            self._buttons.append(button)
        tab_in_place(self, *self._buttons)
        self.setVisible(bool(chips))


def _do(act: Callable[[], None], _checked: bool = False) -> None:
    act()
