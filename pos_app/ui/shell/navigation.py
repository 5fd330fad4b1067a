"""The column on the far left: where one can go."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from pos_app.ui.style.theme import current_theme, font
from pos_app.ui.widgets import painting
from pos_app.ui.widgets.nav_button import NavButton, nav_width

if TYPE_CHECKING:
    from pos_app.ui.shell.pages import Page

_LOGO, _LEAST_LOGO = 44, 24  # px


class _Logo(QWidget):
    """The product's initial. Not a button: where the screen is low the places need its room."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("logo")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)

    def sizeHint(self) -> QSize:
        return QSize(_LOGO, 74)

    def minimumSizeHint(self) -> QSize:
        return QSize(_LOGO, 0)

    def paintEvent(self, _event: QPaintEvent) -> None:
        side = min(_LOGO, self.height() - 16)
        if side < _LEAST_LOGO:
            return
        theme = current_theme()
        painter = QPainter(self)
        painting.begin(painter)
        rect = QRectF((self.width() + 1 - side) / 2, min(14, (self.height() - side) / 2), side, side)
        painting.box(painter, rect, fill=theme.primary, border=None, radius=12)
        painter.setFont(font(20 * side / _LOGO, QFont.Weight.DemiBold))
        painter.setPen(QColor(theme.on_primary))
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, "K")


class Navigation(QWidget):
    """Logo and places: one for each page that stands under no other.

    Attributes:
        wanted: the name of a page.
    """

    wanted = Signal(str)

    def __init__(self, pages: Sequence["Page"]) -> None:
        super().__init__()
        self.setObjectName("navigation")
        self.setFixedWidth(nav_width())
        self._places: dict[str, NavButton] = {}
        self._place_of = {page.name: page.under or page.name for page in pages}
        self._column = column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 1, 0)
        column.setSpacing(0)
        column.addWidget(_Logo())
        placed = [page for page in pages if not page.under]
        top, foot = [page for page in placed if not page.at_foot], [page for page in placed if page.at_foot]
        for page in top:
            column.addWidget(self._make_place(page))
        column.addStretch(1)
        for page in foot:
            column.addWidget(self._make_place(page))
        column.addSpacing(8)
        self.setEnabled(False)

    def _make_place(self, page: "Page") -> NavButton:
        place = self._places[page.name] = NavButton(page.name, page.title, page.icon, page.key)
        place.clicked.connect(lambda: self.wanted.emit(page.name))
        place.setHidden(page.offered)
        return place

    def add(self, place: NavButton) -> None:
        """Put one more at the foot, which leads to no page."""
        self._column.insertWidget(self._column.count() - 1, place)

    def offer(self, name: str) -> None:
        """Show the place of a page that this window has."""
        self._places[name].show()

    def show_place(self, name: str) -> None:
        """Mark the page that is shown, or the one that it stands under."""
        self._places[self._place_of[name]].setChecked(True)

    def show_count(self, name: str, count: str, spoken: str) -> None:
        """Show at a page's place how much waits there, and `spoken` to screen readers; both empty: nothing does."""
        self._places[name].show_count(count, spoken)

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
