"""A field with buttons beside it, or below it where the field would get too narrow to type in."""

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QSizePolicy, QWidget

from pos_app.ui.style.theme import scaled
from pos_app.ui.widgets.flow import FlowLayout

_FIELD = 280  # px at the normal text size that the field has at least
_SPACING = 4


class FieldRow(QWidget):
    """The field takes the room that is left; what is beside it wraps where even a whole row is too narrow.

    Args:
        beside: buttons and what else is chosen; where one comes or goes, call `arrange`.
        least: px at the normal text size that the field has at least.
    """

    def __init__(self, field: QWidget, *beside: QWidget, least: int = _FIELD) -> None:
        super().__init__()
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._least = least
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(_SPACING)
        self._beside = FlowLayout(*beside, spacing=_SPACING)
        self._row.addWidget(field, 1)
        self._row.addLayout(self._beside)

    def minimumSizeHint(self) -> QSize:
        """As narrow as the widest part beside the field."""
        return QSize(self._beside.minimumSize().width(), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.arrange()

    def room(self) -> int:
        """The px in which all of it stands beside each other."""
        return self._beside.sizeHint().width() + _SPACING + self.field_room()

    def field_room(self) -> int:
        """The px that the field has at least."""
        return scaled(self._least)

    def arrange(self) -> None:
        """Below each other where the field would get too narrow beside the others."""
        fits = self.room() <= self.width()
        direction = QBoxLayout.Direction.LeftToRight if fits else QBoxLayout.Direction.TopToBottom
        if direction is not self._row.direction():
            self._row.setDirection(direction)
        self.updateGeometry()
