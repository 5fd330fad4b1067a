"""The cap of a key, shown beside what the key does."""

from PySide6.QtCore import QEvent, QPointF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from pos_app.ui.style.theme import current_theme
from pos_app.ui.widgets import painting


class KeyHint(QWidget):
    """A key cap: `KeyHint("F2")`."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = text
        self.setFixedSize(self.sizeHint())

    def sizeHint(self) -> QSize:
        return painting.key_size(self._text).toSize()

    def changeEvent(self, event: QEvent) -> None:
        """Another text size needs another cap."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self.setFixedSize(self.sizeHint())

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = current_theme()
        painter = QPainter(self)
        painting.begin(painter)
        painting.key(painter, QPointF(0, 0), self._text, fill=theme.sunken, line=theme.line, ink=theme.muted)
