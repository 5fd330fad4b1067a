"""Digits to touch, for the phone number. The keyboard has its own, so none of these takes the focus."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from pos_app.ui.widgets.buttons import Button, Kind

_HEIGHT = 50
_LOW = 44  # px: where it is tight, and still a finger hits it


class _Key(Button):
    def __init__(self, text: str, name: str, spoken: str, icon: str | None = None) -> None:
        super().__init__(text, name=name, kind=Kind.KEYPAD, icon=icon, height=_HEIGHT, spoken=spoken)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_low(self, low: bool) -> None:
        self._height = _LOW if low else _HEIGHT
        self.updateGeometry()


class _EnterKey(_Key):
    @property
    def counts_each(self) -> bool:
        return False


class Keypad(QWidget):
    """Keys for the phone number, or for a PIN, on a touch screen.

    Args:
        name: what the objectNames of its keys begin with.

    Attributes:
        pressed: a digit, or "back".
        entered: the Enter key.
        unfold: the button that brings it back where there is little room; it stands where its maker puts it.
    """

    pressed = Signal(str)
    entered = Signal()

    def __init__(self, name: str = "key") -> None:
        super().__init__()
        self._name = name
        self._folds: bool | None = None
        self.unfold = Button("Keypad", name="showKeypad", kind=Kind.CHIP, height=38, spoken="Show the keypad")
        self.unfold.clicked.connect(self._turn)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(2)
        for index, digit in enumerate("123456789"):
            grid.addWidget(self._digit(digit), index // 3, index % 3)
        back = _Key("", f"{name}Back", "Delete the last digit", "delete")
        back.setAutoRepeat(True)
        back.clicked.connect(lambda: self.pressed.emit("back"))
        enter = _EnterKey("", f"{name}Enter", "Enter", "corner-down-left")
        enter.clicked.connect(self.entered)
        grid.addWidget(back, 3, 0)
        grid.addWidget(self._digit("0"), 3, 1)
        grid.addWidget(enter, 3, 2)

    def fold(self, fold: bool) -> None:
        """Fold it away where there is little room; a button brings it back, for those who touch."""
        if self._folds != fold:
            self._folds = fold
            self.unfold.setVisible(fold)
            self.setVisible(not fold)

    def set_low(self, low: bool) -> None:
        """Lower keys, where a list stands above that needs the room; never for words that come while somebody types."""
        for key in self.findChildren(_Key):
            key.set_low(low)

    @property
    def unfolded(self) -> bool:
        """Whether it takes the room that words below it would need."""
        return bool(self._folds) and not self.isHidden()

    def make_room(self) -> None:
        """Something must be seen: it folds away again where there is little room, and is one touch away."""
        if self.unfolded:
            self.hide()

    @Slot()
    def _turn(self) -> None:
        self.setVisible(self.isHidden())

    def _digit(self, digit: str) -> Button:
        key = _Key(digit, f"{self._name}{digit}", digit)
        key.clicked.connect(lambda: self.pressed.emit(digit))
        return key
