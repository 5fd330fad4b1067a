"""The owner settles a payment by hand: what is decided, why, and the passphrase that says who decides."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from pos_app.domain.manual_settlement import needs_statement
from pos_app.domain.money import kes
from pos_app.domain.payment import Payment
from pos_app.domain.payment_event import Settlement
from pos_app.domain.receipt import typed_code
from pos_app.domain.statement import TIME_SHAPE, statement_amount
from pos_app.errors import BadInput
from pos_app.messages import payments as words
from pos_app.messages.amounts import amount_words
from pos_app.messages.remarks import remarks_words
from pos_app.sales.owner import CHANGED, Decision
from pos_app.sales.passphrase import SHORTEST
from pos_app.ui.style.state_style import ColourRole
from pos_app.ui.style.theme import RING
from pos_app.ui.visits import Visits
from pos_app.ui.widgets.buttons import Button, Kind
from pos_app.ui.widgets.choice_button import ChoiceButton
from pos_app.ui.widgets.fields import Field
from pos_app.ui.widgets.labels import Label
from pos_app.ui.widgets.notice import Notice
from pos_app.ui.widgets.scrolled import Scrolled

PAID, NOT_PAID = "It counts as paid", "It counts as not paid"
_CHOICES = {
    PAID: Settlement.PAID,
    NOT_PAID: Settlement.DECLINED,
    "Close without an answer": Settlement.CLOSED,
    "Money given back": Settlement.REFUNDED,
    "Both were meant": Settlement.BOTH_MEANT,
    "I have looked at it": Settlement.SEEN,
}
_MEANS = {
    Settlement.PAID: "The customer gets the post. Take the code from the M-PESA statement, not from an SMS.",
    Settlement.DECLINED: "The customer gets nothing. Give back whatever the statement shows.",
    Settlement.CLOSED: "It is closed without an answer, and the customer gets nothing. Should M-PESA still say paid, "
    "it becomes paid by itself.",
    Settlement.REFUNDED: "The customer has the money of this second payment back and gets nothing more for it. "
    "The till itself moves no money.",
    Settlement.BOTH_MEANT: "The customer wanted it twice. The access of this payment is added now.",
    Settlement.SEEN: "It leaves the list of what needs a look. Nothing else changes.",
}
_FROM_STATEMENT = "The customer gets the post. Copy this payment's line from the M-PESA statement, not from an SMS."
_CODES = {
    Settlement.PAID: "Code on the M-PESA statement",
    Settlement.REFUNDED: "Code of the reversal, if there is one",
}
_FIRST = f"This is the first time. Choose the owner's passphrase, at least {SHORTEST} characters, and keep it safe."
_NOT_THE_SAME = "The two passphrases are not the same. Nothing was changed."


class SettleForm(QWidget):
    """Takes the place of the payment's detail while the owner decides.

    Signals:
        submitted: the `Payment` as the owner saw it, a `Decision`, the passphrase as typed, and whether it was typed
            twice because it is only being chosen.
        cancelled: Esc, or the button.
    """

    submitted = Signal(object, object, str, bool)
    cancelled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("settleForm")
        self.setAccessibleName("The owner settles")
        self._payment: Payment | None = None
        self._visits = Visits()
        self._make_parts()
        self._lay_out()
        for field in self._fields:
            field.edit.returnPressed.connect(self._submit)
        for field in (self._amount, self._code):
            field.edit.textChanged.connect(self._show_settlement)
        self._choice.chosen.connect(self._show_settlement)
        self._settle.clicked.connect(self._submit)
        self._cancel.clicked.connect(self.cancelled)

    def start(self, payment: Payment, settlements: Sequence[Settlement]) -> None:
        """Empty, about this payment; `settlements` is what may be decided."""
        self._visits.end()
        self._payment = payment
        self._title.setText(f"{amount_words(payment)} · {payment.post_title}")
        self._about.setText(" ".join([f"{payment.number}. {words.happened(payment)}", *remarks_words(payment)]))
        self._choice.offer([choice for choice, settlement in _CHOICES.items() if settlement in settlements])
        self._choice.setVisible(len(settlements) > 1)
        for field in self._fields:
            field.edit.clear()
        self.ask_first(False)
        self.ask_passphrase(True)
        self._show_settlement()
        self.show_error("")
        self.show()
        self._why.setFocus()

    def ask_first(self, first: bool) -> None:
        """Whether the passphrase is only being chosen now, so that it is typed twice."""
        for part in (self._first, self._again_caption, self._again):
            part.setVisible(first)

    def ask_passphrase(self, asked: bool) -> None:
        """Whether the owner's passphrase is needed; it is not where an owner is signed in."""
        for part in (self._passphrase_caption, self._passphrase):
            part.setVisible(asked)

    def renew(self, payment: Payment) -> None:
        """The payment has changed meanwhile: the owner decides on what is said here, or looks again."""
        if self._payment is not None and _said(payment) == _said(self._payment):
            self._payment = payment
        else:
            self.show_error(CHANGED)

    def leave(self) -> None:
        """Hide, and keep no passphrase."""
        self._visits.end()
        for field in (self._passphrase, self._again):
            field.edit.clear()
        self.hide()

    def visit(self) -> Callable[[], bool]:
        """Gives what says whether it is still open for what is decided now."""
        return self._visits.current()

    def show_error(self, text: str) -> None:
        """Say what is wrong; everything typed stays."""
        self._trouble.set_message(text)
        self._trouble.setVisible(bool(text))
        self._settle.setEnabled(True)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc leaves the form."""
        if event.key() == Qt.Key.Key_Escape:
            self.cancelled.emit()
        else:
            super().keyPressEvent(event)

    @property
    def _settlement(self) -> Settlement:
        return _CHOICES[self._choice.choice]

    @property
    def _fields(self) -> tuple[Field, ...]:
        return self._why, self._code, self._amount, self._completed, self._passphrase, self._again

    def _make_parts(self) -> None:
        self._title = Label("", "title", wrap=True)
        self._about = Label("", "small", wrap=True)
        self._choice = ChoiceButton((PAID, NOT_PAID), name="settleRuling", spoken="Decision")
        self._means = Label("", "note", wrap=True)
        self._why = Field(name="settleWhy", spoken="Reason", placeholder="What the statement shows")
        self._code_caption = _caption(_CODES[Settlement.PAID])
        self._code = Field(name="settleCode", spoken="Code on the M-PESA statement", placeholder="UKN4X7Q2ZT")
        self._amount_caption = _caption("Paid In, on the statement (KES)")
        self._amount = Field(name="settleAmount", spoken="Amount on the M-PESA statement", placeholder="250")
        self._completed_caption = _caption("Completion time, on the statement")
        self._completed = Field(
            name="settleCompleted", spoken="Completion time on the M-PESA statement", placeholder=TIME_SHAPE
        )
        self._first = Notice("settleFirst", ColourRole.WAITING, "info")
        self._first.set_message(_FIRST)
        self._passphrase_caption = _caption("Owner's passphrase")
        self._passphrase = Field(name="settlePassphrase", spoken="Owner's passphrase")
        self._again_caption = _caption("The same once more")
        self._again = Field(name="settleAgain", spoken="Owner's passphrase once more")
        for field in (self._passphrase, self._again):
            field.edit.setEchoMode(QLineEdit.EchoMode.Password)
        self._trouble = Notice("settleTrouble", ColourRole.FAILED, "circle-alert")
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
            self._amount_caption,
            self._amount,
            self._completed_caption,
            self._completed,
            self._first,
            self._passphrase_caption,
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

    def _show_settlement(self) -> None:
        settlement, payment = self._settlement, self._payment
        if payment is None:
            return
        whole_line = settlement is Settlement.PAID and needs_statement(payment)
        amount_is_asked = settlement is Settlement.PAID and self._names_amount(payment)
        means = _FROM_STATEMENT if whole_line else _MEANS[settlement]
        other = self._other_amount(payment) if amount_is_asked else ""
        self._means.setText(" ".join(part for part in (means, other) if part))
        self._code_caption.setText(_CODES.get(settlement, ""))
        shown = {
            self._code: settlement in _CODES,
            self._amount: amount_is_asked,
            self._completed: whole_line,
        }
        captions = (self._code_caption, self._amount_caption, self._completed_caption)
        for (field, is_shown), caption in zip(shown.items(), captions, strict=True):
            field.setVisible(is_shown)
            caption.setVisible(is_shown)

    def _names_amount(self, payment: Payment) -> bool:
        """Whether the amount is the owner's to name: the one of M-PESA goes with the code of M-PESA."""
        told = payment.amount_paid is not None and not needs_statement(payment)
        return not told or typed_code(self._code.edit.text()) not in (None, payment.receipt)

    def _other_amount(self, payment: Payment) -> str:
        """Said before it is kept: the statement has another amount than was asked."""
        try:
            amount = statement_amount(self._amount.edit.text())
        except BadInput:
            return ""
        return "" if amount == payment.amount else f"Asked were {kes(payment.amount)}: {kes(amount)} are kept as paid."

    def _submit(self) -> None:
        if self._payment is None or not self._settle.isEnabled():
            return
        passphrase, first = self._passphrase.edit.text(), self._again.isVisibleTo(self)
        if first and self._again.edit.text() != passphrase:
            self.show_error(_NOT_THE_SAME)
            return
        self._settle.setEnabled(False)
        self.submitted.emit(
            self._payment,
            Decision(
                settlement=self._settlement,
                why=self._why.edit.text(),
                receipt=self._code.edit.text(),
                amount=self._amount.edit.text() if self._amount.isVisibleTo(self) else "",
                completed=self._completed.edit.text() if self._completed.isVisibleTo(self) else "",
            ),
            passphrase,
            first,
        )


def _said(payment: Payment) -> Payment:
    """The payment without what is about asking M-PESA: when is next, no decision hangs on."""
    return replace(payment, version=0, next_check_at=None, updated_at=payment.created_at)


def _caption(text: str) -> Label:
    label = Label(text, "caption", wrap=True)
    label.setContentsMargins(RING, 8, 0, 2)
    return label
