"""Digits to touch, for the phone number. The keyboard has its own, so none of these takes the focus."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from pos_app.ui.widgets.buttons import Button, Kind

_HEIGHT = 50


class _Key(Button):
    def __init__(self, text: str, name: str, spoken: str, icon: str | None = None) -> None:
        super().__init__(text, name=name, kind=Kind.KEYPAD, icon=icon, height=_HEIGHT, spoken=spoken)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)


class Keypad(QWidget):
    """Keys for the phone number on a touch screen.

    Attributes:
        pressed: a digit, or "back".
        entered: the Enter key.
    """

    pressed = Signal(str)
    entered = Signal()

    def __init__(self) -> None:
        super().__init__()
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(2)
        for index, digit in enumerate("123456789"):
            grid.addWidget(self._digit(digit), index // 3, index % 3)
        back = _Key("", "keyBack", "Delete the last digit", "delete")
        back.setAutoRepeat(True)
        back.clicked.connect(lambda: self.pressed.emit("back"))
        enter = _Key("", "keyEnter", "Enter", "corner-down-left")
        enter.clicked.connect(self.entered)
        grid.addWidget(back, 3, 0)
        grid.addWidget(self._digit("0"), 3, 1)
        grid.addWidget(enter, 3, 2)

    def _digit(self, digit: str) -> Button:
        key = _Key(digit, f"key{digit}", digit)
        key.clicked.connect(lambda: self.pressed.emit(digit))
        return key
