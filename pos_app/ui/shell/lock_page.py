"""The lock: who signs in, and by which PIN. It shows no name of a customer, no number and no total."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from pos_app.messages import lock as words
from pos_app.messages.window import MARKS as MARK_WORDS
from pos_app.ui.charge.keypad import Keypad
from pos_app.ui.style.state_style import MARKS, ColourRole
from pos_app.ui.visits import take_focus
from pos_app.ui.widgets.buttons import Button, Kind
from pos_app.ui.widgets.card import Card
from pos_app.ui.widgets.fields import Field
from pos_app.ui.widgets.flow import FlowLayout
from pos_app.ui.widgets.labels import Label
from pos_app.ui.widgets.notice import Notice
from pos_app.ui.widgets.pill import Pill
from pos_app.ui.widgets.scrolled import Scrolled

if TYPE_CHECKING:
    from pos_app.domain.operators import Operator
    from pos_app.domain.receipt import Mark

_WIDTH = 860  # px


class LockPage(QWidget):
    """Operators to choose from, a field for the PIN with a pad for touch, and how many payments go on.

    Args:
        mark: what says that no real money moves here.
        forgotten: the way out for an owner who has forgotten the passphrase.

    Signals:
        submitted: who, as an `Operator`, or None for the owner by the passphrase; and what was typed.
    """

    submitted = Signal(object, str)

    def __init__(self, mark: "Mark", forgotten: Button) -> None:
        super().__init__()
        self.setObjectName("page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)  # the frame below it is magenta in practice
        self.setAccessibleName(words.LOCKED)
        self._operators: list[Operator] = []
        self._last: int | None = None
        self._group = QButtonGroup(self)
        self._names = QWidget()
        self._flow = FlowLayout(spacing=2, rows_apart=2)
        self._names.setLayout(self._flow)
        self._field = Field(name="lockPin", spoken=words.PIN, placeholder=words.PIN)
        self._field.edit.setEchoMode(QLineEdit.EchoMode.Password)
        self._field.edit.setInputMethodHints(Qt.InputMethodHint.ImhSensitiveData | Qt.InputMethodHint.ImhPreferNumbers)
        self._trouble = Notice("lockTrouble", ColourRole.FAILED, "circle-alert")
        self._trouble.hide()
        self._open = Button(words.UNLOCK, name="lockOpen", kind=Kind.PRIMARY, key="Enter", height=52)
        self._pad = Keypad("lock")
        self._forgotten = forgotten
        self._going_on = Label("", "muted", wrap=True)
        self._going_on.setObjectName("lockGoingOn")
        self._news = Label("", "body", wrap=True)
        self._news.setObjectName("lockNews")
        self._lay_out(mark)
        self.setFocusProxy(self._field)
        self._field.edit.installEventFilter(self)
        self._field.edit.returnPressed.connect(self._submit)
        self._field.edit.textChanged.connect(self._fit)
        self._open.clicked.connect(self._submit)
        self._pad.entered.connect(self._submit)
        self._pad.pressed.connect(self._press)
        self._group.idClicked.connect(self._choose)
        self._fit()

    def _lay_out(self, mark: "Mark") -> None:
        card = Card(padding=28)
        card.setMaximumWidth(_WIDTH)
        left, right = QVBoxLayout(), QVBoxLayout()
        for column in (left, right):
            column.setSpacing(8)
        if mark:
            left.addWidget(Pill("lockMark", MARK_WORDS[mark], MARKS[mark]), 0, Qt.AlignmentFlag.AlignLeft)
        left.addWidget(Label(words.LOCKED, "title", wrap=True))
        left.addWidget(Label(words.WHO, "muted", wrap=True))
        left.addWidget(self._names)
        left.addStretch(1)
        left.addWidget(self._news)
        left.addWidget(self._going_on)
        for part in (self._field, self._trouble, self._pad, self._open, self._forgotten):
            right.addWidget(part)
        right.addStretch(1)
        row = QHBoxLayout()
        row.setSpacing(28)
        row.addLayout(left, 1)
        row.addLayout(right, 1)
        card.body.addLayout(row)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self._names.setSizePolicy(policy)
        content = QWidget()
        inside = QVBoxLayout(content)
        inside.setContentsMargins(21, 17, 21, 17)
        middle = QHBoxLayout()
        middle.addStretch(1)
        middle.addWidget(card, 100)
        middle.addStretch(1)
        inside.addStretch(2)
        inside.addLayout(middle)
        inside.addStretch(3)
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.addWidget(Scrolled(content, "lockScroll", words.LOCKED))

    @property
    def chosen(self) -> "Operator | None":
        """Who signs in; None: the owner, by the passphrase."""
        place = self._group.checkedId()
        return self._operators[place] if 0 <= place < len(self._operators) else None

    @property
    def trouble(self) -> str:
        """What it says is wrong; empty where nothing is."""
        return self._trouble.words if self._trouble.isVisibleTo(self) else ""

    def show_operators(self, operators: Sequence["Operator"]) -> None:
        """Offer these. Where they are the ones that stand there, nothing moves under who types already."""
        if self._operators == list(operators) and self._group.buttons():
            return
        typed, chosen, first = self._field.edit.text(), self.chosen, not self._group.buttons()
        self._operators = list(operators)
        for button in self._group.buttons():
            self._group.removeButton(button)
            self._flow.removeWidget(button)
            button.setParent(None)  # at once: whoever looks for a button finds one that means something
            button.deleteLater()
        for place, operator in enumerate(self._operators):
            self._add(place, operator.name, f"lockOperator{operator.id}")
        self._add(len(self._operators), words.OWNER, "lockOwner")
        owner = chosen is None and not first
        self._choose(len(self._operators) if owner else self._place_of(chosen.id if chosen else self._last))
        if owner or (chosen and self.chosen and chosen.id == self.chosen.id):
            self._field.edit.setText(typed)
        self.updateGeometry()

    def _place_of(self, operator_id: int | None) -> int:
        """Where they stand; the first place where they do not."""
        ids = [operator.id for operator in self._operators]
        return ids.index(operator_id) if operator_id in ids else 0

    def _add(self, place: int, text: str, name: str) -> None:
        button = Button(text, name=name, kind=Kind.SECTION, height=48)
        button.setCheckable(True)
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._group.addButton(button, place)
        self._flow.addWidget(button)

    def begin(self, last: int | None) -> None:
        """Somebody else may stand here: nothing typed stays, and nothing that was said.

        Args:
            last: the id of who stands first in line to type: whoever was signed in last.
        """
        self._last = last
        if self._group.buttons():
            self._choose(self._place_of(last))
        self._field.edit.clear()
        self._trouble.hide()
        self._news.setText("")
        self._wait(False)

    def refuse(self, text: str) -> None:
        """It was not the right one, or cannot be tried now."""
        self._wait(False)
        self._field.edit.clear()
        self._trouble.set_message(text)
        self._trouble.show()
        take_focus(self._field)

    def show_going_on(self, count: int) -> None:
        """How many payments wait for their customers meanwhile."""
        self._going_on.setText(words.going_on(count))

    def show_news(self, text: str) -> None:
        """What has become of a payment, without whose it is and how much."""
        self._news.setText(text)
        self._news.setAccessibleName(text)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Up and Down, which mean nothing in the field, choose who signs in."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
            if step:
                self._choose((self._group.checkedId() + step) % max(1, len(self._group.buttons())))
                return True
        return super().eventFilter(watched, event)

    @Slot(int)
    def _choose(self, place: int) -> None:
        button = self._group.button(place)
        button.setChecked(True)
        self._field.edit.clear()
        secret = words.OWNERS if self.chosen is None else words.PIN
        self._field.edit.setPlaceholderText(secret)
        self._field.edit.setAccessibleName(f"{secret}, {button.text()}")
        self._pad.setEnabled(self.chosen is not None)
        self._forgotten.setVisible(self.chosen is None)
        take_focus(self._field)

    @Slot(str)
    def _press(self, key: str) -> None:
        edit = self._field.edit
        if edit.isEnabled():
            edit.backspace() if key == "back" else edit.insert(key)

    @Slot()
    def _submit(self) -> None:
        if self._open.isEnabled():
            self._wait(True)
            self.submitted.emit(self.chosen, self._field.edit.text())

    def _wait(self, waiting: bool) -> None:
        self._field.setEnabled(not waiting)
        for button in self._group.buttons():
            button.setEnabled(not waiting)
        self._fit()

    @Slot()
    def _fit(self) -> None:
        self._open.setEnabled(self._field.isEnabled() and bool(self._field.edit.text()))
