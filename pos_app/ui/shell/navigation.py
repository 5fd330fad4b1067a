"""The column on the far left: where one can go."""

from PySide6.QtCore import QEvent, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from pos_app.ui.style.theme import current_theme, font
from pos_app.ui.widgets import painting
from pos_app.ui.widgets.nav_button import NavButton, nav_width

_LOGO = 44.0
_PLACES = (
    ("charge", "Charge", "plus", "F2"),
    ("payments", "Payments", "list", "F6"),
    ("posts", "Posts", "tag", "F7"),
    ("checks", "Checks", "activity", "Ctrl+Shift+D"),
    ("settings", "Settings", "settings", "F10"),
)
_AT_THE_FOOT = "checks"  # from here on: needed now and then, not while customers wait
_OFFERED = ("checks", "settings")  # only where there are such pages


class _Logo(QWidget):
    """The product's initial. Not a button."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(74)

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = current_theme()
        painter = QPainter(self)
        painting.begin(painter)
        rect = QRectF((self.width() + 1 - _LOGO) / 2, 14, _LOGO, _LOGO)
        painting.box(painter, rect, fill=theme.primary, border=None, radius=12)
        painter.setFont(font(20, QFont.Weight.DemiBold))
        painter.setPen(QColor(theme.on_primary))
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, "K")


class Navigation(QWidget):
    """Logo and places.

    Attributes:
        wanted: the name of a place: "charge", "payments", "posts", "checks", "settings".
    """

    wanted = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setFixedWidth(nav_width())
        self._places: dict[str, NavButton] = {}
        self._column = column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 1, 0)
        column.setSpacing(0)
        column.addWidget(_Logo())
        for name, text, icon, key in _PLACES:
            place = NavButton(name, text, icon, key)
            place.clicked.connect(lambda _=False, name=name: self.wanted.emit(name))
            self._places[name] = place
            if name == _AT_THE_FOOT:
                column.addStretch(1)
            column.addWidget(place)
        column.addSpacing(8)
        for name in _OFFERED:
            self._places[name].hide()
        self.setEnabled(False)

    def add(self, place: NavButton) -> None:
        """Put one more at the foot, which leads to no page."""
        self._column.insertWidget(self._column.count() - 1, place)

    def offer(self, name: str) -> None:
        """There is such a page."""
        self._places[name].show()

    def show_place(self, name: str) -> None:
        """Mark where one is."""
        self._places[name].setChecked(True)

    def changeEvent(self, event: QEvent) -> None:
        """The text may have another size now."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self.setFixedWidth(nav_width())

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = current_theme()
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(theme.card))
        painter.fillRect(self.width() - 1, 0, 1, self.height(), QColor(theme.line))
