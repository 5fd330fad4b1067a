"""The line on top: whose till this is, whether its money is real, and whether money can be asked for."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from pos_app.domain.callback_route import RouteState
from pos_app.messages import contact as contact_words
from pos_app.messages import window as words
from pos_app.sales.contact import ContactStatus, Reach
from pos_app.ui.style.state_style import MARKS, ColourRole
from pos_app.ui.style.theme import current_theme, scaled
from pos_app.ui.widgets.buttons import Button, Kind
from pos_app.ui.widgets.labels import ElidedLabel, Label
from pos_app.ui.widgets.pill import DOT, Pill

if TYPE_CHECKING:
    from pos_app.domain.receipt import Shop

HEIGHT = 60
_NAME_ROOM = 150  # px at the normal text size that the shop's name has at least
_REACH = {
    Reach.UNTESTED: ColourRole.NEUTRAL,
    Reach.CONNECTING: ColourRole.NEUTRAL,
    Reach.REACHED: ColourRole.PAID,
    Reach.LOST: ColourRole.WAITING,
}
_ROUTES = {
    RouteState.OPENING: ((words.STATUS_CONNECTING,), ColourRole.NEUTRAL),
    RouteState.DOWN: ((words.STATUS_ROUTE_DOWN, words.ROUTE_DOWN_SHORT), ColourRole.WAITING),
    RouteState.NONE: ((words.STATUS_ASKING_ONLY, words.ASKING_ONLY_SHORT), ColourRole.WAITING),
}


class Header(QWidget):
    """Shop, till, PRACTICE, status, keys.

    Attributes:
        keys_wanted: show the keys.
    """

    keys_wanted = Signal()

    def __init__(self, shop: "Shop", till: str) -> None:
        super().__init__()
        self.setFixedHeight(HEIGHT)
        self.status = Pill("status", words.OPENING, ColourRole.NEUTRAL, DOT)
        self.clock = Pill("clockStatus", "", ColourRole.WAITING, "clock")
        self.clock.hide()
        self._keys = Button("Keys", name="keys", kind=Kind.QUIET, key="F1", height=38)
        self._keys.clicked.connect(self.keys_wanted)
        self._route = RouteState.OPENING
        self._address = ""
        self._contact = ContactStatus(Reach.UNTESTED)
        self._open = False
        self._clock_is_off = False
        self._saving = True
        self._damaged = False
        self._letter_lost = False
        self._till = Label(f"Till {till}" if till else "", "muted")
        self._light: tuple[tuple[str, ...], ColourRole, str] = ((words.OPENING,), ColourRole.NEUTRAL, DOT)
        row = self._row = QHBoxLayout(self)
        row.setContentsMargins(24, 0, 21, 1)
        row.setSpacing(14)
        name = self._name = ElidedLabel(shop.name, "title")
        name.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        row.addWidget(name)
        row.addWidget(self._till)
        if shop.mark:
            row.addWidget(Pill("mark", words.MARKS[shop.mark], MARKS[shop.mark]))
        row.addStretch(1)
        row.addWidget(self.clock)
        row.addWidget(self.status)
        self._room_of_tools = 0
        self._tools = QHBoxLayout()
        self._tools.setSpacing(0)
        self._tools.addWidget(self._keys)
        row.addLayout(self._tools)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def event(self, event: QEvent) -> bool:
        """A tool came, went, or has other words: who is signed in."""
        done = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest and self._tools.sizeHint().width() != self._room_of_tools:
            self._fit()
        return done

    def _fit(self) -> None:
        """Where there is little room the till's name goes first: a shop knows at which one it stands.

        Then for how long M-PESA is not reached, then the clock: F1 tells both. The words of the light are never cut.
        """
        self._room_of_tools = self._tools.sizeHint().width()
        said, colour, icon = self._light
        for text in said:
            self.status.show_words(text, colour, icon)
            if self._needed() <= self.width():
                break
        self.status.setAccessibleName(said[0])
        whole = said[0] if self.status.text != said[0] else ""
        self.status.setToolTip(" ".join(filter(None, (whole, self._address))))
        room = self.width() - self._needed()
        for part, wanted in ((self.clock, self._clock_is_off), (self._till, bool(self._till.text()))):
            width = part.sizeHint().width() + self._row.spacing()
            part.setVisible(wanted and width <= room)
            room -= width if wanted else 0

    def _needed(self) -> int:
        """Pixels that everything else takes, with the least of the shop's name."""
        margins, count = self._row.contentsMargins(), self._row.count()
        items = [self._row.itemAt(place) for place in range(count)]
        others = [item for item in items if item and item.widget() not in (self._name, self._till, self.clock)]
        widths = [item.sizeHint().width() + self._row.spacing() for item in others]
        return margins.left() + margins.right() + scaled(_NAME_ROOM) + sum(widths)

    def add_tool(self, tool: QWidget) -> None:
        """Put a button before that of the keys."""
        self._tools.insertWidget(self._tools.count() - 1, tool)

    def show_route(self, route: RouteState, address: str = "") -> None:
        """The till is open; how results come back to it, and where they come in, where that is at another till."""
        self._route = route
        self._address = address
        self._open = True
        self._show_status()
        self._fit()  # the address may be another one, though the words are the same

    def show_contact(self, contact: ContactStatus) -> None:
        """Show whether M-PESA is reached."""
        self._contact = contact
        if self._open:
            self._show_status()

    def show_clock(self, ahead: float | None) -> None:
        """The clock of this computer is so many seconds ahead of M-PESA's; None: it is right, or nobody knows."""
        if ahead is None and not self._clock_is_off:
            return
        if ahead is not None:
            self.clock.show_words(contact_words.clock_light(ahead), ColourRole.WAITING, "clock")
            self.clock.setToolTip(contact_words.clock_help(ahead))
        self._clock_is_off = ahead is not None
        self._fit()

    def show_saving(self, saving: bool) -> None:
        """Show whether the computer can save."""
        self._saving = saving
        self._show_status()

    def show_damage(self) -> None:
        """The database file is damaged; it stays so until the till is opened again."""
        self._damaged = True
        self._show_status()

    def show_letter_lost(self) -> None:
        """Another till has this one's letter; it stays so until the till is opened again."""
        self._letter_lost = True
        self._show_status()

    def show_closed(self, text: str) -> None:
        """Show that the till is not open, and why."""
        self._open = False
        self._say((text,), ColourRole.NEUTRAL, DOT)

    def _show_status(self) -> None:
        if self._letter_lost:
            self._say((words.STATUS_LETTER_LOST, words.LETTER_LOST_SHORT), ColourRole.FAILED, "circle-alert")
        elif not self._saving:
            self._say((words.STATUS_CANNOT_SAVE,), ColourRole.FAILED, "circle-alert")
        elif self._damaged:
            self._say((words.STATUS_DAMAGED,), ColourRole.FAILED, "circle-alert")
        elif self._route in _ROUTES and not contact_words.lost(self._contact):
            self._say(*_ROUTES[self._route], DOT)
        else:
            self._say(contact_words.lights(self._contact), _REACH[self._contact.reach], DOT)

    def _say(self, texts: tuple[str, ...], colour: ColourRole, icon: str) -> None:
        """The first of these that has room."""
        if self._light != (texts, colour, icon):  # it is said each second
            self._light = texts, colour, icon
            self._fit()

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = current_theme()
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(theme.card))
        painter.fillRect(0, self.height() - 1, self.width(), 1, QColor(theme.line))
