"""The customer's phone, in practice: whoever tries the till out plays the customer here."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QColor, QGuiApplication, QKeyEvent, QKeySequence, QPainter, QPaintEvent, QShortcut
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from pos_app.domain.money import kes
from pos_app.domain.phone import mask
from pos_app.messages import window as words
from pos_app.sales.till import PhonePrompt, PracticePhone
from pos_app.ui.style.state_style import ColourRole
from pos_app.ui.style.theme import current_theme
from pos_app.ui.tasks import Tasks
from pos_app.ui.till_events import TillEvents
from pos_app.ui.widgets import painting
from pos_app.ui.widgets.buttons import Button, Kind
from pos_app.ui.widgets.labels import Label
from pos_app.ui.widgets.nav_button import NavButton
from pos_app.ui.widgets.pill import Pill
from pos_app.ui.widgets.scrolled import Scrolled

FIND = "Alt+P"
SIZE = (300, 600)  # px at the normal text size
SHORT = (300, 310)  # at least; where it lies over the till: below the posts, beside the active payments and the panel
_RIGHT_OF_IT = 425  # px: the panel on the right of the till and its margins
WRONG_PIN = "0000"
_PIN_LENGTH = 4
_GAP = 12  # px between the till and the phone
_SIDE = 24  # px
_ROOM = 70  # px that there are for a prompt's question: three lines
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
        self._whose = Label(role="small")
        self._ask = Label(role="title", wrap=True)
        self._dots = Label(role="pin")
        self._dots.setObjectName("phonePin")
        self._ok = Button("OK", name="phoneOk", kind=Kind.PRIMARY)
        self._wrong = Button("Wrong PIN", name="phoneWrongPin", kind=Kind.QUIET, height=38)
        self._keys = QWidget()
        self._hint = Label(words.PHONE_HINT, "small", wrap=True)
        self._screens = QStackedWidget()
        self._lay_out()
        events.prompt_shown.connect(self.add)
        events.prompt_gone.connect(self.remove)
        phone.watch(events.prompt_shown.emit, events.prompt_gone.emit)
        self._refresh()

    def _lay_out(self) -> None:
        self._screens.addWidget(self._idle())
        self._screens.addWidget(self._prompt())
        self._column = QVBoxLayout(self)
        self._column.setSpacing(12)
        pill = Pill("phonePractice", words.PRACTICE, ColourRole.PRACTICE)
        self._column.addWidget(pill, 0, Qt.AlignmentFlag.AlignHCenter)
        self._column.addWidget(self._screens, 1)
        self._set_short(False)

    def _idle(self) -> QWidget:
        idle = QWidget()
        column = QVBoxLayout(idle)
        column.addStretch(1)
        for text, role in ((words.PHONE_IDLE, "strong"), (words.PHONE_IDLE_MORE, "small")):
            label = Label(text, role, wrap=True)
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            column.addWidget(label)
        column.addStretch(2)
        return idle

    def _prompt(self) -> QWidget:
        screen = QWidget()
        column = QVBoxLayout(screen)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        asked = QWidget()
        above = QVBoxLayout(asked)
        above.setContentsMargins(0, 0, 0, 0)
        for label in (self._whose, self._ask):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            above.addWidget(label)
        above.addStretch(1)
        column.addWidget(Scrolled(asked, "phoneAsked", "What the phone asks"), 1)  # a shop's name may be long
        self._dots.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self._dots)
        self._fill_pad()
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
        broke = Button("No money", name="phoneNoMoney", spoken="No money on it", kind=Kind.QUIET, height=38)
        broke.clicked.connect(lambda: self._answer(self._phone.no_money))
        self._wrong.clicked.connect(lambda: self._answer(self._phone.enter_wrong_pin))
        last = QHBoxLayout()
        last.addWidget(self._wrong)
        last.addWidget(broke)
        column.addLayout(last)
        return screen

    def _fill_pad(self) -> None:
        grid = QGridLayout(self._keys)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(0)
        for index, digit in enumerate("123456789"):
            grid.addWidget(self._key(digit), index // 3, index % 3)
        grid.addWidget(self._key("0"), 3, 1)
        back = Button("", name="phoneBack", kind=Kind.KEYPAD, icon="delete", height=44, spoken="Delete the last digit")
        back.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        back.clicked.connect(self._delete)
        grid.addWidget(back, 3, 2)

    def _key(self, digit: str) -> Button:
        key = Button(digit, name=f"phone{digit}", kind=Kind.KEYPAD, height=44, spoken=f"PIN {digit}")
        key.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        key.clicked.connect(lambda: self._type(digit))
        return key

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
        if self.isVisible():
            self._fit()
        else:
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
        if not self.isVisible():
            self._show_in_place()
        self._fit()
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

    def _show_in_place(self) -> None:
        """Beside the till; where the screen has no room, in its short form over the end of the posts."""
        place = self._beside()
        self._set_short(place is None)
        if place is None:
            room, till = self._room(), self._till_window.frameGeometry()
            left = min(till.right(), room.right()) - _RIGHT_OF_IT - self.width()
            lowest = min(till.bottom(), room.bottom()) - self.height() - _GAP
            place = QPoint(max(room.left(), left), max(room.top(), lowest))
        self.move(place)
        self.show()

    def _set_short(self, short: bool) -> None:
        """Without the keypad: the PIN by one button, or by the keyboard."""
        self._short = short
        edge = 16 if short else 30
        self._column.setContentsMargins(_SIDE, edge, _SIDE, edge - 4)
        for part in (self._keys, self._hint):
            part.setVisible(not short)
        self._wrong.setVisible(short)
        self._ok.set_text("Enter PIN" if short else "OK")
        self._refresh()
        self._fit()

    def _fit(self) -> None:
        """A long name of a shop takes more lines."""
        width, height = _scaled(SHORT if self._short else SIZE)
        self._ask.ensurePolished()
        wanted = self._ask.heightForWidth(width - 2 * _SIDE) if self._prompts else 0
        self.setFixedSize(width, height + max(0, wanted - round(_ROOM * current_theme().scale)))

    def _beside(self) -> QPoint | None:
        """Where it fits to the right or to the left of the till."""
        till, room = self._till_window.frameGeometry(), self._room()
        width, height = _scaled(SIZE)
        top = max(room.top(), min(till.top(), room.bottom() - height))
        for left in (till.right() + _GAP, till.left() - _GAP - width):
            if room.left() <= left and left + width <= room.right() + 1:
                return QPoint(left, top)
        return None

    def _room(self) -> QRect:
        screen = self._till_window.screen() or QGuiApplication.primaryScreen()
        return screen.availableGeometry()

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
        self._dots.setText("".join("●" if place < len(self._pin) else "○" for place in range(_PIN_LENGTH)))
        self._dots.setAccessibleName(f"{len(self._pin)} of {_PIN_LENGTH} digits")
        self._ok.setEnabled(len(self._pin) == _PIN_LENGTH or (self._short and not self._pin))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self._prompts:
            super().keyPressEvent(event)
        elif event.text().isdigit():
            self._type(event.text())
        elif event.key() == Qt.Key.Key_Backspace:
            self._delete()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
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


def _scaled(size: tuple[int, int]) -> tuple[int, int]:
    scale = current_theme().scale
    return round(size[0] * scale), round(size[1] * scale)


class PhoneButton(NavButton):
    """Beside the till's pages: finds the phone wherever it is, and says when somebody waits on it."""

    def __init__(self, phone: PhoneWindow) -> None:
        super().__init__("phone", "Phone", "smartphone", FIND)
        self.setToolTip(f"The customer's phone ({FIND})")
        self.setCheckable(False)
        self.clicked.connect(phone.come_to_front)
        QShortcut(QKeySequence(FIND), self, phone.come_to_front)
        phone.waiting.connect(self._count)
        self._count(phone.prompts)  # some may have outlived the last run

    @Slot(int)
    def _count(self, waiting: int) -> None:
        self.setText(f"Phone ({waiting})" if waiting else "Phone")
        self.setAccessibleName(self.text())
