"""A day to type, to step through with the arrow keys, or to choose in a calendar."""

from datetime import date

from PySide6.QtCore import QDate, QEvent, QLocale, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPaintEvent, QTextCharFormat, QTransform
from PySide6.QtWidgets import QCalendarWidget, QDateEdit, QSizePolicy, QToolButton

from pos_app.domain.day_range import FIRST, LAST
from pos_app.ui.style import icons
from pos_app.ui.style.theme import current_theme, font, scaled

_CELL = 44  # px: wide and high enough for a finger
_CHEVRON = 16
_TURNED = {"qt_calendar_prevmonth": 90, "qt_calendar_nextmonth": -90}  # degrees, of a chevron that points down
_WEEK = 7
_ROWS = 8  # six weeks, the names of the days, and the month above them


class DateField(QDateEdit):
    """Always holds a day. Dates are English, whatever the computer's language is, as everywhere in the till.

    Args:
        name: its objectName.
        spoken: what screen readers call it.
    """

    def __init__(self, *, name: str, spoken: str) -> None:
        self._calendar = _calendar()
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName(spoken)
        self.setLocale(QLocale(QLocale.Language.English, QLocale.Country.Kenya))
        self.setDisplayFormat("dd/MM/yyyy")
        self.setDateRange(QDate(FIRST.year, FIRST.month, FIRST.day), QDate(LAST.year, LAST.month, LAST.day))
        self.setCalendarPopup(True)
        self.setCalendarWidget(self._calendar)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._dress()

    @property
    def day(self) -> date:
        """The day that stands there."""
        there = self.date()
        return date(there.year(), there.month(), there.day())

    def set_day(self, day: date) -> None:
        """Show another day."""
        self.setDate(QDate(day.year, day.month, day.day))

    def changeEvent(self, event: QEvent) -> None:
        """Other colours or another text size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._dress()

    def paintEvent(self, event: QPaintEvent) -> None:
        """With the chevron of whatever opens something."""
        super().paintEvent(event)
        x, y = self.width() - _CHEVRON - 14.0, (self.height() - _CHEVRON) / 2
        icons.draw(QPainter(self), "chevron-down", current_theme().ink, QRectF(x, y, _CHEVRON, _CHEVRON))

    def _dress(self) -> None:
        """What the style sheet does not reach: Qt writes weekends in red, days small, and arrows black."""
        self.setFont(font(15))
        theme, calendar = current_theme(), self._calendar
        plain, heading = QTextCharFormat(), QTextCharFormat()
        plain.setForeground(QColor(theme.ink))
        heading.setForeground(QColor(theme.muted))
        heading.setBackground(QColor(theme.card))
        calendar.setHeaderTextFormat(heading)
        for day in (Qt.DayOfWeek.Saturday, Qt.DayOfWeek.Sunday):
            calendar.setWeekdayTextFormat(day, plain)
        for name, degrees in _TURNED.items():
            button = calendar.findChild(QToolButton, name)
            if isinstance(button, QToolButton):
                chevron = icons.pixmap("chevron-down", theme.ink, _CHEVRON, 2.0)
                button.setIcon(QIcon(chevron.transformed(QTransform().rotate(degrees))))
        calendar.setMinimumSize(scaled(_CELL * _WEEK), scaled(_CELL * _ROWS))


def _calendar() -> QCalendarWidget:
    calendar = QCalendarWidget()
    calendar.setAccessibleName("Calendar")
    calendar.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    calendar.setLocale(QLocale(QLocale.Language.English, QLocale.Country.Kenya))
    calendar.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
    calendar.setHorizontalHeaderFormat(QCalendarWidget.HorizontalHeaderFormat.ShortDayNames)
    calendar.setFirstDayOfWeek(Qt.DayOfWeek.Monday)
    calendar.setGridVisible(False)
    return calendar
