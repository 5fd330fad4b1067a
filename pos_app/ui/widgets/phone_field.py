"""The customer's phone: grouped while it is typed, checked without ever standing in the way."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QFont, QResizeEvent

from pos_app.domain.phone import Incomplete, Msisdn, compact, group, local, may_become_last_digits, network, parse_phone
from pos_app.errors import BadInput
from pos_app.messages.counter import TOO_LONG
from pos_app.ui.style.state_style import ColourRole
from pos_app.ui.widgets.fields import Field
from pos_app.ui.widgets.pill import Pill

_MPESA = "Safaricom"
_LONGEST = 120  # characters: two numbers with all that may stand around them


class PhoneField(Field):
    """A field that takes a Kenyan mobile number in any of the usual shapes.

    Attributes:
        changed: what is typed changed.
    """

    changed = Signal()

    def __init__(self) -> None:
        super().__init__(
            name="phone", spoken="Customer's phone", placeholder="07", height=58, size=22, weight=QFont.Weight.Medium
        )
        self._read: tuple[str, Msisdn | BadInput] | None = None
        self.edit.setMaxLength(_LONGEST)
        self.edit.setInputMethodHints(Qt.InputMethodHint.ImhDialableCharactersOnly)
        self._hint = Pill("phoneHint")
        self._hint.hide()
        self.row.addWidget(self._hint)
        self.edit.textEdited.connect(self._regroup)
        self.edit.textChanged.connect(self._check)

    @Slot(str)
    def say_refused(self, _text: str) -> None:
        """The form says it."""
        self.refused.emit(TOO_LONG)

    def text(self) -> str:
        """The phone number as typed."""
        return self.edit.text()

    def msisdn(self) -> Msisdn | None:
        """The number as M-PESA takes it, or None while it is not complete."""
        return None if isinstance(self._reading, BadInput) else self._reading

    def trouble(self) -> str:
        """What is wrong with it, in words; empty where nothing is."""
        return self._reading.user_text if isinstance(self._reading, BadInput) else ""

    def wrong(self) -> bool:
        """Whether it can never become a number, however much is typed."""
        if isinstance(self._reading, Incomplete) or not isinstance(self._reading, BadInput):
            return False
        return bool(compact(self.text()).removeprefix("+"))

    def wrong_for_good(self) -> bool:
        """Whether it can become neither a number nor the last four digits of one."""
        return self.wrong() and not may_become_last_digits(self.text())

    @property
    def _reading(self) -> Msisdn | BadInput:
        """What stands there, read once: the number, or why it is none."""
        text = self.text()
        if self._read is None or self._read[0] != text:
            self._read = text, _read(text)
        return self._read[1]

    def set_msisdn(self, msisdn: str) -> None:
        """Fill in the number of a known customer."""
        self.edit.setText(group(local(msisdn)))

    def clear(self) -> None:
        """Empty it, for good: undo brings nobody's number back to the next customer."""
        self.edit.setText("")

    def press(self, key: str) -> None:
        """A key that did not fall here: a digit or a plus goes to the end; "back" deletes the last one."""
        self.edit.end(False)
        if key == "back":
            self.edit.backspace()
        else:
            self.edit.insert(key)

    @Slot()
    def _regroup(self) -> None:
        """Group what is typed, and leave the cursor behind the digit where it was."""
        typed = self.text()
        before = sum(character.isdigit() or character == "+" for character in typed[: self.edit.cursorPosition()])
        grouped = group(typed)
        if grouped == typed:
            return
        place = 0
        while place < len(grouped) and before:
            before -= grouped[place] != " "
            place += 1
        self.edit.setText(grouped)
        self.edit.setCursorPosition(place)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is less room the hint may have to go."""
        super().resizeEvent(event)
        self._show_hint(self.msisdn() is not None)

    def _show_hint(self, shown: bool) -> None:
        """The hint goes before a digit does."""
        needed = self.edit.fontMetrics().horizontalAdvance(f"{self.text()}00") + self._hint.sizeHint().width()
        room = self.rect().marginsRemoved(self.row.contentsMargins())  # the row may not know its own at the moment
        self._hint.setVisible(shown and needed <= room.width())

    @Slot()
    def _check(self) -> None:
        msisdn = self.msisdn()
        if msisdn:
            name = network(msisdn)
            if name == _MPESA:
                self._hint.show_words(name, ColourRole.PAID, "check")
            else:  # numbers are ported: a hint, never a refusal
                self._hint.show_words(f"{name}?" if name else "New prefix?", ColourRole.WAITING, "circle-question-mark")
            self._hint.setToolTip("" if name == _MPESA else "Is this phone on M-PESA? You can still ask.")
        self._show_hint(msisdn is not None)
        self.changed.emit()


def _read(text: str) -> Msisdn | BadInput:
    try:
        return parse_phone(text)
    except BadInput as error:
        return error
