"""Two days to choose, from one to the other."""

from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from pos_app.ui.widgets.date_field import DateField
from pos_app.ui.widgets.labels import Label


class DateRange(QWidget):
    """Its fields are made when days are first shown in it: that is seldom, and calendars take a while.

    Args:
        prefix: of the names of its fields.

    Signals:
        changed: one of the days is another one.
    """

    changed = Signal()

    def __init__(self, prefix: str) -> None:
        super().__init__()
        self._prefix = prefix
        self._fields: tuple[DateField, DateField] | None = None
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(6)

    @property
    def days(self) -> tuple[date, date]:
        """The first and the last day, in whichever order they stand; `set_days` was called before."""
        assert self._fields is not None
        first, last = self._fields
        return first.day, last.day

    @property
    def is_filled(self) -> bool:
        """Whether days were ever shown."""
        return self._fields is not None

    def set_days(self, first: date, last: date) -> None:
        """Show these days."""
        if self._fields is None:
            self._fields = self._made()
        for field, day in zip(self._fields, (first, last), strict=True):
            field.set_day(day)

    def _made(self) -> tuple[DateField, DateField]:
        first = DateField(name=f"{self._prefix}From", spoken="First day")
        last = DateField(name=f"{self._prefix}To", spoken="Last day")
        for part in (first, Label("to", "muted"), last):
            self._row.addWidget(part)
        for field in (first, last):
            field.dateChanged.connect(self.changed)
        return first, last
