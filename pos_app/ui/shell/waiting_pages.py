"""What the window shows when nobody can charge: while the till opens, while it closes, and what is left then."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt, Slot
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from pos_app.messages import window as words
from pos_app.ui.shell.message_page import MessagePage
from pos_app.ui.style.state_style import ColourRole, StateStyle
from pos_app.ui.style.theme import current_theme
from pos_app.ui.widgets import painting
from pos_app.ui.widgets.buttons import Button, Kind
from pos_app.ui.widgets.labels import Label

_NARROW = 925  # px: as wide as the page is where the cards of active payments become counts


class OpeningPage(QWidget):
    """The outlines of the charge page, so that nothing jumps when it comes; or words, where it does not come soon."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("page")
        self.setAccessibleName(words.OPENING)
        self._says = False

    @Slot()
    def say_upgrading(self) -> None:
        """Older records take long to be brought up to date."""
        if self._says:
            return
        self._says = True
        _centred(self, words.UPGRADING, words.UPGRADING_MORE)
        self.setAccessibleName(words.UPGRADING)
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, f"{words.UPGRADING} {words.UPGRADING_MORE}"))
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self._says:
            return
        theme = current_theme()
        painter = QPainter(self)
        painting.begin(painter)
        for rect in self._boxes():
            painting.box(painter, rect, fill=theme.card, border=theme.line, radius=painting.CARD_RADIUS)

    def _boxes(self) -> list[QRectF]:
        inside = QRectF(self.rect()).adjusted(24, 20, -24, -20)
        right = QRectF(inside.right() - 372, inside.top(), 372, inside.height())
        narrow = inside.width() < _NARROW
        left = inside.left() + (78 if narrow else 290)
        room = right.left() - 20 - left
        boxes = [right, QRectF(left, inside.top(), room, 52)]
        if not narrow:
            boxes.append(QRectF(inside.left(), inside.bottom() - 77, 270, 77))
        for index in range(6):
            column, row = index % 2, index // 2
            width = (room - 14) / 2
            boxes.append(QRectF(left + column * (width + 14), inside.top() + 66 + row * 118, width, 104))
        return boxes


class ClosingPage(QWidget):
    """A push on its way is waited for; nothing else can be done meanwhile."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("page")
        self.setAccessibleName(words.FINISHING)
        _centred(self, words.FINISHING, words.FINISHING_MORE)


def _centred(page: QWidget, title: str, more: str) -> None:
    """A sentence in the middle of a page, and what else is to be said below it."""
    column = QVBoxLayout(page)
    column.addStretch(2)
    for text, role in ((title, "title"), (more, "muted")):
        label = Label(text, role, wrap=True)
        label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column.addWidget(label)
    column.addStretch(3)


class ClosedPage(MessagePage):
    """What waits for the next start. Enter, or its button, lets the window go.

    Args:
        lines: what is left, in words.
    """

    def __init__(self, lines: Sequence[str]) -> None:
        super().__init__(StateStyle("clock", ColourRole.WAITING), words.CLOSED, lines)
        self.setObjectName("closedPage")
        self.body.addSpacing(10)
        self.button = Button(words.CLOSE_WINDOW, name="closeNow", kind=Kind.PRIMARY, height=64, key="Enter")
        self.button.setDefault(True)
        self.body.addWidget(self.button)
        self.setFocusProxy(self.button)
