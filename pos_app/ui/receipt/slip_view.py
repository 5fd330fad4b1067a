"""A receipt on the screen, as the paper will show it."""

from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from pos_app.ui.receipt.printing import Slip
from pos_app.ui.style.theme import current_theme

_SCALE = 0.16  # px for a tenth of a point: 80 mm of paper take 363 px
_EDGE = 1


class SlipView(QWidget):
    """White paper in both schemes: what is seen is what is printed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("slip")
        self.setAccessibleName("Receipt")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._slip: Slip | None = None

    def show_slip(self, slip: Slip, text: str) -> None:
        """Show a slip; `text` is what screen readers hear."""
        self._slip = slip
        self.setAccessibleDescription(text)
        self.updateGeometry()
        self.resize(self.sizeHint())
        self.update()

    def sizeHint(self) -> QSize:
        """The size of the paper."""
        if self._slip is None:
            return QSize(0, 0)
        return QSize(round(self._slip.paper_width * _SCALE) + 2 * _EDGE, round(self._slip.height * _SCALE) + 2 * _EDGE)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The paper with its edge, then the slip."""
        if self._slip is None:
            return
        painter = QPainter(self)
        painter.setPen(QPen(QColor(current_theme().line), 1))
        painter.setBrush(QColor(255, 255, 255))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(_EDGE, _EDGE)
        painter.scale(_SCALE, _SCALE)
        self._slip.paint(painter)
