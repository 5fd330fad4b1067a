"""The keys of the customer's phone of practice."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from pos_app.ui.widgets.buttons import Button, Kind

_HEIGHT = 44  # px


class PinPad(QWidget):
    """Ten digits, and a key that takes the last one back.

    Signals:
        pressed: a digit.
        taken_back: the last digit goes.
    """

    pressed = Signal(str)
    taken_back = Signal()

    def __init__(self) -> None:
        super().__init__()
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(0)
        for index, digit in enumerate("123456789"):
            grid.addWidget(self._key(digit), index // 3, index % 3)
        grid.addWidget(self._key("0"), 3, 1)
        back = Button(
            "", name="phoneBack", kind=Kind.KEYPAD, icon="delete", height=_HEIGHT, spoken="Delete the last digit"
        )
        back.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        back.clicked.connect(self.taken_back)
        grid.addWidget(back, 3, 2)

    def _key(self, digit: str) -> Button:
        key = Button(digit, name=f"phone{digit}", kind=Kind.KEYPAD, height=_HEIGHT, spoken=f"PIN {digit}")
        key.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        key.clicked.connect(lambda: self.pressed.emit(digit))
        return key
