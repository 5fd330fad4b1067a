"""Two fields for days that stand on no list."""

from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from pos_app.domain.day_range import day_named
from pos_app.ui.style.theme import scaled
from pos_app.ui.widgets.fields import Field

_WIDTH = 190  # px at the normal text size
_LONGEST = 20  # characters


class OtherDays(QWidget):
    """The first and the last day, typed.

    Signals:
        chosen: Enter in one of them.
    """

    chosen = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._first = Field(name="takingsFirst", spoken="The first day", placeholder="From 2026-11-01")
        self._last = Field(name="takingsLast", spoken="The last day", placeholder="To 2026-11-30")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        for field in (self._first, self._last):
            field.setFixedWidth(scaled(_WIDTH))
            field.edit.setMaxLength(_LONGEST)
            field.edit.returnPressed.connect(self.chosen)
            row.addWidget(field)
        self.setFocusProxy(self._first)

    def offer(self, first: date, last: date) -> None:
        """Put days there, to be changed."""
        for field, day in ((self._first, first), (self._last, last)):
            field.edit.setText(day.isoformat())

    def days(self, today: date) -> tuple[date, date]:
        """The first and the last day as they are typed.

        Raises:
            BadInput: one of them is none.
        """
        return day_named(self._first.edit.text(), today), day_named(self._last.edit.text(), today)
