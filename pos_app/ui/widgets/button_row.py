"""Buttons beside each other, or below each other where their words would not fit."""

from PySide6.QtCore import QEvent, QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QPushButton, QSizePolicy, QWidget

_SPACING = 4  # px; each button keeps its own ring free besides


class ButtonRow(QWidget):
    """Never cuts a button's words: the row becomes a column first."""

    def __init__(self, *buttons: QPushButton) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(_SPACING)
        self._buttons = buttons
        for button in buttons:
            button.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
            self._row.addWidget(button, 1)

    def minimumSizeHint(self) -> QSize:
        """As narrow as its widest button."""
        hint = super().minimumSizeHint()
        return QSize(max((size.width() for size in self._sizes()), default=0), hint.height())

    def event(self, event: QEvent) -> bool:
        """A button came, went, or has other words."""
        done = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:
            self._arrange()
        return done

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _sizes(self) -> list[QSize]:
        return [button.minimumSizeHint() for button in self._buttons if not button.isHidden()]

    def _arrange(self) -> None:
        widths = [size.width() for size in self._sizes()]
        fits = sum(widths) + _SPACING * (len(widths) - 1) <= self.width()
        direction = QBoxLayout.Direction.LeftToRight if fits else QBoxLayout.Direction.TopToBottom
        if direction is not self._row.direction():
            self._row.setDirection(direction)
            self.updateGeometry()
