"""The steps of a payment, one below the other, joined by a line."""

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QVBoxLayout, QWidget

from pos_app.messages.payment_history import Step, day_in_common, step_note, step_words
from pos_app.ui.style.theme import current_theme
from pos_app.ui.widgets import painting
from pos_app.ui.widgets.labels import Label

_LEFT = 23  # px, of the words
_DOT = QPointF(5.5, 11.0)
_RADIUS = 5.5


class Timeline(QWidget):
    """Shows steps; screen readers hear each as one sentence."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("timeline")
        self.setAccessibleName("What happened")
        self._shown: tuple[Sequence[Step], datetime] | None = None
        self._rows = QVBoxLayout(self)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(0)
        self._rows.addStretch(1)

    def show_steps(self, steps: Sequence[Step], day_of: datetime) -> None:
        """Show other steps; rows that stay the same stay as they are."""
        if self._shown == (steps, day_of):
            return
        self._shown = (steps, day_of)
        while self._rows.count() > 1:
            item = self._rows.takeAt(0)
            widget = item.widget() if item else None
            if widget:
                widget.hide()
                widget.deleteLater()
        common = day_in_common(steps, day_of)
        for place, step in enumerate(steps):
            self._rows.insertWidget(place, _StepRow(step, common, last=place == len(steps) - 1))

    @property
    def texts(self) -> list[str]:
        """What it shows, a line for each step."""
        if self._shown is None:
            return []
        steps, day_of = self._shown
        common = day_in_common(steps, day_of)
        return [step_words(step, common) for step in steps]


class _StepRow(QWidget):
    """A dot, a title, and when and how below it."""

    def __init__(self, step: Step, day_of: datetime | None, *, last: bool) -> None:
        super().__init__()
        self._muted = step.muted
        self._last = last
        note = step_note(step, day_of)
        self.setAccessibleName(f"{step.title}, {note}")
        box = QVBoxLayout(self)
        box.setContentsMargins(_LEFT, 0, 0, 14)
        box.setSpacing(2)
        box.addWidget(Label(step.title, "muted" if step.muted else "strong", wrap=True))
        box.addWidget(Label(note, "small", wrap=True))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The dot, and the line on to the next step."""
        theme = current_theme()
        painter = QPainter(self)
        painting.begin(painter)
        if not self._last:
            painter.setPen(QPen(QColor(theme.line), 2))
            painter.drawLine(_DOT + QPointF(0, _RADIUS + 3), QPointF(_DOT.x(), self.height() + 2))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.line if self._muted else theme.primary))
        radius = _RADIUS - 1 if self._muted else _RADIUS
        painter.drawEllipse(_DOT, radius, radius)
