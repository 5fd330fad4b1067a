"""A sentence in a tinted box, inside the page it is about."""

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from pos_app.ui.style import icons
from pos_app.ui.style.state_style import ColourRole
from pos_app.ui.style.theme import RING, current_theme
from pos_app.ui.widgets import painting
from pos_app.ui.widgets.labels import Label

_ICON = 18.0
_EDGE = 12


class Notice(QWidget):
    """Words with an icon, in the colours of a role; `column` takes more below them."""

    def __init__(self, name: str, colour: ColourRole, icon: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self._colour, self._icon = colour, icon
        self._words = Label(role="note", wrap=True)
        self._words.set_colour(colour)
        self.column = QVBoxLayout(self)
        left = _EDGE + int(_ICON) + 8 + RING
        self.column.setContentsMargins(left, 10 + RING, _EDGE + RING, 10 + RING)
        self.column.setSpacing(8)
        self.column.addWidget(self._words)

    @property
    def words(self) -> str:
        """The words that the notice shows."""
        return self._words.text()

    @property
    def colour(self) -> ColourRole:
        """The role that it is shown in."""
        return self._colour

    def set_message(self, text: str) -> None:
        """Change its words; screen readers hear them too."""
        self._words.setText(text)
        self.setAccessibleName(text)

    def set_colour(self, colour: ColourRole, icon: str) -> None:
        """Show it in another colour, with another icon."""
        self._colour, self._icon = colour, icon
        self._words.set_colour(colour)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        colours = current_theme().role(self._colour)
        painter = QPainter(self)
        painting.begin(painter)
        rect = painting.inner(self.rect())
        painting.box(painter, rect, fill=colours.ground, border=None)
        icons.draw(painter, self._icon, colours.text, QRectF(rect.left() + _EDGE, rect.top() + 10, _ICON, _ICON))
