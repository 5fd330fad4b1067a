"""A field with buttons beside it, or below it where the field would get too narrow to type in."""

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QPushButton, QSizePolicy, QWidget

from pos_app.ui.style.theme import scaled

_FIELD = 280  # px at the normal text size that the field has at least
_SPACING = 4


class FieldRow(QWidget):
    """The field takes the room that is left."""

    def __init__(self, field: QWidget, *buttons: QPushButton) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._buttons = buttons
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        beside = QHBoxLayout()
        for layout in (self._row, beside):
            layout.setContentsMargins(0, 0, 0, 0)
            layout.setSpacing(_SPACING)
        for button in buttons:
            beside.addWidget(button)
        self._row.addWidget(field, 1)
        self._row.addLayout(beside)

    def minimumSizeHint(self) -> QSize:
        """As narrow as its buttons."""
        return QSize(self._taken(), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        fits = self._taken() + _SPACING + scaled(_FIELD) <= self.width()
        direction = QBoxLayout.Direction.LeftToRight if fits else QBoxLayout.Direction.TopToBottom
        if direction is not self._row.direction():
            self._row.setDirection(direction)
            self.updateGeometry()

    def _taken(self) -> int:
        return sum(button.sizeHint().width() for button in self._buttons) + _SPACING * (len(self._buttons) - 1)
