"""The owner settles a payment by hand: what is decided, why, and the passphrase that says who decides."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from pos_app.domain.money import kes
from pos_app.domain.payment import Payment, Ruling
from pos_app.sales.owner import MAX_WHY, Decision
from pos_app.sales.passphrase import SHORTEST
from pos_app.ui import words
from pos_app.ui.choice_button import ChoiceButton
from pos_app.ui.signs import Tone
from pos_app.ui.theme import RING
from pos_app.ui.widgets.buttons import Button, Kind
from pos_app.ui.widgets.fields import Field
from pos_app.ui.widgets.labels import Label
from pos_app.ui.widgets.notice import Notice
from pos_app.ui.widgets.scrolled import Scrolled

PAID, NOT_PAID = "It counts as paid", "It does not count as paid"
_CHOICES = {PAID: Ruling.PAID, NOT_PAID: Ruling.DECLINED}
_MEANS = {
    Ruling.PAID: "The customer gets the post. Take the code from the M-PESA statement, not from an SMS.",
    Ruling.DECLINED: "The customer gets nothing. Give back whatever the statement shows.",
    Ruling.CLOSED: "It is closed without an answer, and the customer gets nothing. Should M-PESA still say paid, "
    "it becomes paid by itself.",
}
_FIRST = f"This is the first time. Choose the owner's passphrase, at least {SHORTEST} characters, and keep it safe."
_NOT_THE_SAME = "The two passphrases are not the same. Nothing was changed."


class SettleForm(QWidget):
    """Takes the place of the payment's detail while the owner decides.

    Signals:
        submitted: a `Decision`, and the passphrase as typed.
        cancelled: Esc, or the button.
    """

    submitted = Signal(object, str)
    cancelled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("settleForm")
        self.setAccessibleName("The owner settles")
        self._rulings: tuple[Ruling, ...] = ()
        self._make_parts()
        self._lay_out()
        for field in (self._why, self._code, self._passphrase, self._again):
            field.edit.returnPressed.connect(self._submit)
        self._choice.chosen.connect(self._show_ruling)
        self._settle.clicked.connect(self._submit)
        self._cancel.clicked.connect(self.cancelled)

    def start(self, payment: Payment, rulings: Sequence[Ruling]) -> None:
        """Empty, about this payment; `rulings` is what may be decided."""
        self._rulings = tuple(rulings)
        self._title.setText(f"{kes(payment.amount)} · {payment.post_title}")
        self._about.setText(f"{payment.number}. {words.happened(payment)}")
        self._choice.choose(PAID)
        self._choice.setVisible(Ruling.PAID in self._rulings)
        for field in (self._why, self._code, self._passphrase, self._again):
            field.edit.clear()
        self.ask_first(False)
        self._show_ruling()
        self.show_trouble("")
        self.show()
        self._why.setFocus()

    def ask_first(self, first: bool) -> None:
        """Whether the passphrase is only being chosen now, so that it is typed twice."""
        for part in (self._first, self._again_caption, self._again):
            part.setVisible(first)

    def leave(self) -> None:
        """Hide, and keep no passphrase."""
        for field in (self._passphrase, self._again):
            field.edit.clear()
        self.hide()

    def show_trouble(self, text: str) -> None:
        """Say what is wrong; everything typed stays."""
        self._trouble.say(text)
        self._trouble.setVisible(bool(text))
        self._settle.setEnabled(True)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc leaves the form."""
        if event.key() == Qt.Key.Key_Escape:
            self.cancelled.emit()
        else:
            super().keyPressEvent(event)

    @property
    def _ruling(self) -> Ruling:
        return _CHOICES[self._choice.choice] if Ruling.PAID in self._rulings else Ruling.CLOSED

    def _make_parts(self) -> None:
        self._title = Label("", "title", wrap=True)
        self._about = Label("", "small", wrap=True)
        self._choice = ChoiceButton((PAID, NOT_PAID), name="settleRuling", spoken="Decision")
        self._means = Label("", "note", wrap=True)
        self._why = Field(name="settleWhy", spoken="Reason", placeholder="What the statement shows")
        self._why.edit.setMaxLength(MAX_WHY)
        self._code_caption = _caption("Code on the M-PESA statement")
        self._code = Field(name="settleCode", spoken="Code on the M-PESA statement", placeholder="UKN4X7Q2ZT")
        self._first = Notice("settleFirst", Tone.WAITING, "info")
        self._first.say(_FIRST)
        self._passphrase = Field(name="settlePassphrase", spoken="Owner's passphrase")
        self._again_caption = _caption("The same once more")
        self._again = Field(name="settleAgain", spoken="Owner's passphrase once more")
        for field in (self._passphrase, self._again):
            field.edit.setEchoMode(QLineEdit.EchoMode.Password)
        self._trouble = Notice("settleTrouble", Tone.FAILED, "circle-alert")
        self._settle = Button("Settle", name="settleNow", kind=Kind.PRIMARY, key="Enter", height=52)
        self._cancel = Button("Cancel", name="settleCancel", key="Esc", height=52, spoken="Do not settle")

    def _lay_out(self) -> None:
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        for label in (self._title, self._about, self._means):
            label.setContentsMargins(RING, 2, RING, 2)
        for part in (
            self._title,
            self._about,
            self._choice,
            self._means,
            _caption("Reason"),
            self._why,
            self._code_caption,
            self._code,
            self._first,
            _caption("Owner's passphrase"),
            self._passphrase,
            self._again_caption,
            self._again,
        ):
            column.addWidget(part)
        column.addStretch(1)
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.setSpacing(4)
        page.addWidget(Scrolled(content, "settleScroll", "The owner settles"), 1)
        page.addWidget(self._trouble)
        row = QHBoxLayout()
        row.setSpacing(4)
        row.addWidget(self._cancel)
        row.addWidget(self._settle, 1)
        page.addLayout(row)

    def _show_ruling(self) -> None:
        self._means.setText(_MEANS[self._ruling])
        for part in (self._code_caption, self._code):
            part.setVisible(self._ruling is Ruling.PAID)

    def _submit(self) -> None:
        if not self._settle.isEnabled():
            return
        passphrase = self._passphrase.edit.text()
        if self._again.isVisibleTo(self) and self._again.edit.text() != passphrase:
            self.show_trouble(_NOT_THE_SAME)
            return
        self._settle.setEnabled(False)
        self.submitted.emit(
            Decision(ruling=self._ruling, why=self._why.edit.text(), receipt=self._code.edit.text()), passphrase
        )


def _caption(text: str) -> Label:
    label = Label(text, "caption")
    label.setContentsMargins(RING, 8, 0, 2)
    return label
