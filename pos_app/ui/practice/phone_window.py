"""The customer's phone, in practice: whoever tries the till out plays the customer here."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QColor, QGuiApplication, QKeyEvent, QKeySequence, QMoveEvent, QPainter, QPaintEvent, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from pos_app.domain.money import kes
from pos_app.domain.phone import mask
from pos_app.messages import window as words
from pos_app.sales.till import PhonePrompt, PracticePhone
from pos_app.ui.practice import phone_place
from pos_app.ui.practice.idle_phone import IdlePhone
from pos_app.ui.practice.pin_pad import PinPad
from pos_app.ui.style.state_style import ColourRole
from pos_app.ui.style.theme import current_theme, scaled
from pos_app.ui.tasks import Tasks
from pos_app.ui.till_events import TillEvents
from pos_app.ui.widgets import painting
from pos_app.ui.widgets.buttons import Button, Kind
from pos_app.ui.widgets.enter import ENTER, focused_button, press_focused
from pos_app.ui.widgets.labels import Label
from pos_app.ui.widgets.pill import Pill
from pos_app.ui.widgets.screen_room import FRAME
from pos_app.ui.widgets.scrolled import Scrolled

FIND = "Alt+P"
SIZE = (300, 600)  # px at the normal text size, at least
SHORT_WIDTH = 188  # px; where it lies over the till: as wide as what is left of the posts, as high as what it shows
_NUDGE = 48  # px that a window's frame may shift it; what is more, somebody did
WRONG_PIN = "0000"
_PIN_LENGTH = 4
_SIDE, _SHORT_SIDE = 24, 4  # px
_BODY_RADIUS = 30.0


class PhoneWindow(QWidget):
    """Shows one prompt at a time; more of them wait in a queue. Never takes the keyboard from the till by itself.

    Signals:
        waiting: how many prompts are on the phone.
    """

    waiting = Signal(int)

    def __init__(self, phone: PracticePhone, tasks: Tasks, events: TillEvents, till_window: QWidget) -> None:
        super().__init__(till_window, Qt.WindowType.Window)
        self.setObjectName("phoneWindow")
        self.setAccessibleName("Customer's phone")
        self.setWindowTitle("Customer's phone · PRACTICE")
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self._phone = phone
        self._tasks = tasks
        till_window.installEventFilter(self)
        QShortcut(QKeySequence(FIND), self, self.come_to_front)
        self._till_window = till_window
        self._prompts: list[PhonePrompt] = []
        self._pin = ""
        self._short = False
        self._pill = Pill("phonePractice", words.PRACTICE, ColourRole.PRACTICE)
        self._placed = QPoint()  # where the till put it
        self._moved: QPoint | None = None  # where somebody left it
        self._whose = Label(role="small", wrap=True)
        self._ask = Label(role="title", wrap=True)
        self._what = Label(role="small")
        self._dots = Label(role="pin")
        self._dots.setObjectName("phonePin")
        self._ok = Button("OK", name="phoneOk", kind=Kind.PRIMARY)
        self._wrong = Button("Wrong PIN", name="phoneWrongPin", kind=Kind.CHIP, height=38)
        self._broke = Button("No money", name="phoneNoMoney", spoken="No money on it", kind=Kind.QUIET, height=38)
        self._keys = PinPad()
        self._hint = Label(words.PHONE_HINT, "small", wrap=True)
        self._screens = QStackedWidget()
        self._lay_out()
        events.prompt_shown.connect(self.add)
        events.prompt_gone.connect(self.remove)
        phone.watch(events.prompt_shown.emit, events.prompt_gone.emit)
        self._refresh()

    def _lay_out(self) -> None:
        self._screens.addWidget(IdlePhone(self._phone, self._tasks))
        self._screens.addWidget(self._prompt())
        self._column = QVBoxLayout(self)
        self._column.setSpacing(12)
        self._column.addWidget(self._pill, 0, Qt.AlignmentFlag.AlignHCenter)
        self._column.addWidget(self._screens, 1)
        self._set_short(False)

    def _prompt(self) -> QWidget:
        screen = QWidget()
        column = QVBoxLayout(screen)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        asked = QWidget()
        above = QVBoxLayout(asked)
        above.setContentsMargins(0, 0, 0, 0)
        for label in (self._whose, self._ask, self._what):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            above.addWidget(label)
        above.addStretch(1)
        self._asked = Scrolled(asked, "phoneAsked", "What the phone asks")  # a shop's name may be long
        column.addWidget(self._asked, 1)
        self._dots.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self._dots)
        self._keys.pressed.connect(self._type)
        self._keys.taken_back.connect(self._delete)
        column.addWidget(self._keys)
        self._hint.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self._hint)
        cancel = Button("Cancel", name="phoneCancel")
        cancel.clicked.connect(lambda: self._answer(self._phone.cancel))
        self._ok.clicked.connect(self._enter)
        row = QHBoxLayout()
        row.setSpacing(2)
        for button in (cancel, self._ok):
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            row.addWidget(button)
        column.addLayout(row)
        self._broke.clicked.connect(lambda: self._answer(self._phone.no_money))
        self._wrong.clicked.connect(lambda: self._answer(self._phone.enter_wrong_pin))
        last = QHBoxLayout()
        last.setSpacing(2)
        last.addWidget(self._wrong)
        last.addWidget(self._broke)
        column.addLayout(last)
        return screen

    @property
    def prompts(self) -> int:
        """How many prompts are on the phone."""
        return len(self._prompts)

    @Slot(object)
    def add(self, prompt: PhonePrompt) -> None:
        """A prompt appeared on the customer's phone, or was there already."""
        if prompt.id not in [known.id for known in self._prompts]:
            self._prompts.append(prompt)
        self._refresh()
        self._show_in_place()

    @Slot(str)
    def remove(self, prompt_id: str) -> None:
        """A prompt went: answered, or too old."""
        if self._prompts and self._prompts[0].id == prompt_id:
            self._pin = ""
        self._prompts = [prompt for prompt in self._prompts if prompt.id != prompt_id]
        self._refresh()
        if not self._prompts and self._short:
            self.hide()  # it lies over the till

    def offer(self) -> None:
        """Show it from the start where there is room beside the till; elsewhere it comes with the first prompt."""
        if self._beside() is not None:
            self._show_in_place()

    @Slot()
    def come_to_front(self) -> None:
        """Bring it to the front with the keyboard, wherever it is; from it, go back to the till."""
        if self.isActiveWindow():
            self._till_window.activateWindow()
            if self._short and not self._prompts:
                self.hide()
            return
        self._show_in_place()
        self.raise_()
        self.activateWindow()
        self._ok.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Where the till grows over it, in full screen too, it comes to lie on top, or goes until it is wanted."""
        if watched is self._till_window and event.type() == QEvent.Type.Resize and self.isVisible():
            QTimer.singleShot(0, self, self._make_way)
        return super().eventFilter(watched, event)

    @Slot()
    def _make_way(self) -> None:
        if not self.isVisible() or not self.frameGeometry().intersects(self._till_window.frameGeometry()):
            return
        if self._prompts or self._beside() is not None:
            self._show_in_place()
            self.raise_()
        else:
            self.hide()

    def moveEvent(self, event: QMoveEvent) -> None:
        """Where somebody moves it, it comes again."""
        super().moveEvent(event)
        if self.isVisible() and (self.pos() - self._placed).manhattanLength() > _NUDGE:
            self._moved = self.pos()

    def _show_in_place(self) -> None:
        """Where somebody left it, else beside the till; where the screen has no room, short and at the till's foot."""
        rooms = [screen.availableGeometry() for screen in QGuiApplication.screens()]
        place = phone_place.kept(self._moved, self._outside(), rooms) if self._moved is not None else None
        if place is None:
            self._moved = None
            place = self._beside()
            self._set_short(place is None)
        else:
            self._fit()
        if place is None:
            place = phone_place.corner(self._till_window.frameGeometry(), self._room(), self._outside())
        self._placed = phone_place.inside(place, self._outside(), self._room_at(place))
        self.move(self._placed)
        self.show()

    def _set_short(self, short: bool) -> None:
        """Without the keypad: the PIN by one button, or by the keyboard."""
        self._short = short
        edge = 10 if short else 30
        side = _SHORT_SIDE if short else _SIDE
        self._column.setContentsMargins(side, edge, side, edge - 4)
        self._column.setSpacing(6 if short else 12)
        for part in (self._keys, self._hint):
            part.setVisible(not short)
        self._wrong.setVisible(short)
        self._broke.set_kind(Kind.CHIP if short else Kind.QUIET)
        self._ask.set_role("strong" if short else "title")
        self._ok.set_text("Enter PIN" if short else "OK")
        self._refresh()
        self._fit()

    def _fit(self) -> None:
        """As high as a long name of a shop makes it, and never higher than the screen: then the question scrolls."""
        width, height = (scaled(SHORT_WIDTH), 0) if self._short else (scaled(SIZE[0]), scaled(SIZE[1]))
        self._ask.ensurePolished()
        around = self._column.contentsMargins()
        inside = width - around.left() - around.right()
        self._asked.setMinimumHeight(_height(self._asked.widget(), inside))
        above = self._pill.sizeHint().height() + self._column.spacing() + around.top() + around.bottom()
        wanted = max(height, above + _height(self._screens.currentWidget(), inside))
        self._asked.setMinimumHeight(0)
        self.setFixedSize(width, min(wanted, self._room().height() - self._frame().height()))

    def _frame(self) -> QSize:
        """What the window's frame takes; before it is up, what the till's takes, which is framed alike."""
        framed = self if self.isVisible() else self._till_window
        if framed.isFullScreen() or not framed.isVisible():
            return FRAME
        return framed.frameGeometry().size() - framed.size()

    def _outside(self) -> QSize:
        return self.size() + self._frame()

    def _beside(self) -> QPoint | None:
        size = QSize(scaled(SIZE[0]), scaled(SIZE[1])) + self._frame()
        return phone_place.beside(self._till_window.frameGeometry(), self._room(), size)

    def _room(self) -> QRect:
        screen = self._till_window.screen() or QGuiApplication.primaryScreen()
        return screen.availableGeometry()

    def _room_at(self, place: QPoint) -> QRect:
        """Of the screen on which it comes to lie."""
        screen = QGuiApplication.screenAt(place)
        return screen.availableGeometry() if screen else self._room()

    @Slot(str)
    def _type(self, digit: str) -> None:
        self._pin = (self._pin + digit)[:_PIN_LENGTH]
        self._refresh()

    @Slot()
    def _delete(self) -> None:
        self._pin = self._pin[:-1]
        self._refresh()

    @Slot()
    def _enter(self) -> None:
        if len(self._pin) == _PIN_LENGTH:
            self._answer(self._phone.enter_wrong_pin if self._pin == WRONG_PIN else self._phone.enter_pin)
        elif self._short and not self._pin:
            self._answer(self._phone.enter_pin)

    def _answer(self, answer: Callable[[str], None]) -> None:
        if self._prompts:
            prompt = self._prompts[0]
            self._tasks.run(lambda: answer(prompt.id))
            self.remove(prompt.id)

    def _refresh(self) -> None:
        self.waiting.emit(len(self._prompts))
        self._screens.setCurrentIndex(1 if self._prompts else 0)
        if self._prompts:
            prompt = self._prompts[0]
            more = f" · {len(self._prompts) - 1} more waiting" if len(self._prompts) > 1 else ""
            self._whose.setText(f"{mask(prompt.phone)}{more}")
            self._ask.setText(f"Pay {kes(prompt.amount)} to {prompt.shop}? Enter M-PESA PIN.")
            self._what.setText(words.phone_pays_for(prompt.title))
        self._dots.setText("".join("●" if place < len(self._pin) else "○" for place in range(_PIN_LENGTH)))
        self._dots.setAccessibleName(f"{len(self._pin)} of {_PIN_LENGTH} digits")
        self._ok.setEnabled(len(self._pin) == _PIN_LENGTH or (self._short and not self._pin))

    def _button_chosen(self) -> bool:
        """Whether Tab has chosen what Enter does; behind a PIN it enters that."""
        button = focused_button(self)
        return bool(button and button.isVisible() and not self._pin and not self._keys.isAncestorOf(button))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in ENTER and self._button_chosen():
            press_focused(self, event)
        elif not self._prompts:
            super().keyPressEvent(event)
        elif event.text().isdigit():
            self._type(event.text())
        elif event.key() == Qt.Key.Key_Backspace:
            self._delete()
        elif event.key() in ENTER:
            self._enter()
        elif event.key() == Qt.Key.Key_Escape:
            self._answer(self._phone.cancel)
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = current_theme()
        painter = QPainter(self)
        painting.begin(painter)
        if self._short:  # over the till, rounded corners would lie on squares of another colour
            painting.box(painter, QRectF(self.rect()), fill=theme.card, border=theme.frame, radius=0.0)
            return
        painter.fillRect(self.rect(), QColor(theme.ground))
        body = painting.inner(self.rect()).adjusted(6, 6, -6, -6)
        painting.box(painter, body, fill=theme.card, border=theme.frame, radius=_BODY_RADIUS)


def _height(widget: QWidget | None, width: int) -> int:
    """What a widget needs at least, in px."""
    layout = widget.layout() if widget else None
    if layout is None:
        return 0
    return layout.minimumHeightForWidth(width) if layout.hasHeightForWidth() else layout.minimumSize().height()
