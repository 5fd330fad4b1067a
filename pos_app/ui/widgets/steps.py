"""A few steps from top to bottom: done, under way, still to come."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from pos_app.ui.style import icons
from pos_app.ui.style.state_style import ColourRole
from pos_app.ui.style.theme import RING, Theme, current_theme, font
from pos_app.ui.widgets import painting

_ROW = 35
_DOT = 11.0  # radius
_TEXT = 34.0  # where the words start


class Steps(QWidget):
    """Painted steps. Screen readers hear the one that is under way."""

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__()
        self._names = tuple(names)
        self._at = 0
        self._note = ""
        self._compact = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_step(self, at: int, note: str = "") -> None:
        """Steps before `at` are done; `at` is under way, with a note beside it."""
        self._at, self._note = at, note
        self.setAccessibleName(f"{self._names[at]}. {note}")
        self.update()

    def set_compact(self, compact: bool) -> None:
        """Put the dots in one row, with only the name of the step that is under way."""
        self._compact = compact
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(220, _ROW * (1 if self._compact else len(self._names)))

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = current_theme()
        painter = QPainter(self)
        painting.begin(painter)
        along = QPointF(1, 0) if self._compact else QPointF(0, 1)
        for index in range(len(self._names)):
            middle = QPointF(RING + _DOT + 1, _ROW / 2) + along * (_ROW * index)
            if index < len(self._names) - 1:
                painter.setPen(QPen(QColor(theme.primary if index < self._at else theme.line), 2))
                painter.drawLine(middle + along * (_DOT + 2), middle + along * (_ROW - _DOT - 2))
            self._paint_dot(painter, middle, index, theme)
            if not self._compact:
                self._paint_words(painter, QPointF(RING + _TEXT, _ROW * index), index, theme)
        if self._compact:
            self._paint_words(painter, QPointF(RING + _ROW * len(self._names), 0), self._at, theme)

    def _paint_dot(self, painter: QPainter, middle: QPointF, index: int, theme: Theme) -> None:
        colours = theme.role(ColourRole.WAITING)
        if index < self._at:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.primary))
            painter.drawEllipse(middle, _DOT, _DOT)
            icons.draw(painter, "check", theme.on_primary, QRectF(middle.x() - 7, middle.y() - 7, 14, 14))
        elif index == self._at:
            painter.setPen(QPen(QColor(colours.text), 2))
            painter.setBrush(QColor(colours.ground))
            painter.drawEllipse(middle, _DOT - 1, _DOT - 1)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colours.text))
            painter.drawEllipse(middle, 4, 4)
        else:
            painter.setPen(QPen(QColor(theme.line), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(middle, _DOT - 1, _DOT - 1)

    def _paint_words(self, painter: QPainter, at: QPointF, index: int, theme: Theme) -> None:
        row = QRectF(at.x(), at.y(), self.width() - at.x() - RING, _ROW)
        painter.setFont(font(15, QFont.Weight.DemiBold if index <= self._at else QFont.Weight.Normal))
        painter.setPen(QColor(theme.ink if index <= self._at else theme.muted))
        painter.drawText(row, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self._names[index])
        if index == self._at and self._note:
            painter.setFont(font(13))
            painter.setPen(QColor(theme.muted))
            note = self._note.split(" ")[0] if self._compact else self._note
            painter.drawText(row, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, note)
