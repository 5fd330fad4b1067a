"""A form of the owner's: about one payment, a reason, and the passphrase that says who decides."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from pos_app.domain.payment import Payment
from pos_app.messages import payments as words
from pos_app.messages.amounts import amount_words
from pos_app.messages.remarks import remarks_words
from pos_app.sales.owner import CHANGED
from pos_app.sales.passphrase import SHORTEST
from pos_app.ui.style.state_style import ColourRole
from pos_app.ui.style.theme import RING
from pos_app.ui.visits import Visits
from pos_app.ui.widgets.buttons import Button, Kind
from pos_app.ui.widgets.fields import Field
from pos_app.ui.widgets.labels import Label
from pos_app.ui.widgets.notice import Notice
from pos_app.ui.widgets.scrolled import Scrolled

_FIRST = f"This is the first time. Choose the owner's passphrase, at least {SHORTEST} characters, and keep it safe."
_NOT_THE_SAME = "The two passphrases are not the same. Nothing was changed."


class OwnerForm(QWidget):
    """Takes the place of the payment's detail while the owner decides. What is decided is read from a subclass's parts.

    Args:
        prefix: of the names of its parts.
        spoken: what screen readers call it.
        act: what its button does, in a word.
        hint: what a reason may be.

    Signals:
        submitted: the `Payment` as the owner saw it, what was decided, the passphrase as typed, and whether it was
            typed twice because it is only being chosen.
        cancelled: Esc, or the button.
    """

    submitted = Signal(object, object, str, bool)
    cancelled = Signal()

    def __init__(self, prefix: str, spoken: str, act: str, hint: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(f"{prefix}Form")
        self.setAccessibleName(spoken)
        self._payment: Payment | None = None
        self._visits = Visits()
        self._title = Label("", "title", wrap=True)
        self._about = Label("", "small", wrap=True)
        self._means = Label("", "note", wrap=True)
        self._why = Field(name=f"{prefix}Why", spoken="Reason", placeholder=hint)
        self._first = Notice(f"{prefix}First", ColourRole.WAITING, "info")
        self._first.set_message(_FIRST)
        self._passphrase_caption = caption("Owner's passphrase")
        self._passphrase = Field(name=f"{prefix}Passphrase", spoken="Owner's passphrase")
        self._again_caption = caption("The same once more")
        self._again = Field(name=f"{prefix}Again", spoken="Owner's passphrase once more")
        for field in (self._passphrase, self._again):
            field.edit.setEchoMode(QLineEdit.EchoMode.Password)
        self._forgotten: Button | None = None
        self._way_out = QVBoxLayout()
        self._trouble = Notice(f"{prefix}Trouble", ColourRole.FAILED, "circle-alert")
        self._act = Button(act, name=f"{prefix}Now", kind=Kind.PRIMARY, key="Enter", height=52)
        self._cancel = Button("Cancel", name=f"{prefix}Cancel", key="Esc", height=52, spoken="Change nothing")
        self._act.clicked.connect(self._submit)
        self._cancel.clicked.connect(self.cancelled)

    def ask_first(self, first: bool) -> None:
        """Whether the passphrase is only being chosen now, so that it is typed twice."""
        for part in (self._first, self._again_caption, self._again):
            part.setVisible(first)

    def ask_passphrase(self, asked: bool) -> None:
        """Whether the owner's passphrase is needed; it is not where an owner is signed in."""
        for part in (self._passphrase_caption, self._passphrase):
            part.setVisible(asked)
        if self._forgotten:
            self._forgotten.setVisible(asked and self._again.isHidden())

    def offer_way_out(self, forgotten: Button) -> None:
        """Have a button below the passphrase for an owner who has forgotten it."""
        self._forgotten = forgotten
        self._way_out.addWidget(forgotten, 0, Qt.AlignmentFlag.AlignLeft)

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
        self._act.setEnabled(True)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc leaves the form."""
        if event.key() == Qt.Key.Key_Escape:
            self.cancelled.emit()
        else:
            super().keyPressEvent(event)

    def _begin(self, payment: Payment, fields: Sequence[Field]) -> None:
        """Empty, about this payment."""
        self._visits.end()
        self._payment = payment
        self._title.setText(f"{amount_words(payment)} · {payment.post_title}")
        self._about.setText(" ".join([f"{payment.number}. {words.happened(payment)}", *remarks_words(payment)]))
        for field in (self._why, self._passphrase, self._again, *fields):
            field.edit.clear()
        self.ask_first(False)
        self.ask_passphrase(True)
        self.show_error("")

    def _lay_out(
        self,
        above: Sequence[QWidget],
        below: Sequence[QWidget],
        fields: Sequence[Field],
        decided: Callable[[], object],
    ) -> None:
        """Put it together.

        Args:
            above: what stands above the reason, and `below`: between it and the passphrase.
            fields: those of them in which Enter means the button.
            decided: gives what stands in the form, as typed.
        """
        self._decided = decided
        for field in (self._why, self._passphrase, self._again, *fields):
            field.edit.returnPressed.connect(self._submit)
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        for label in (self._title, self._about, self._means):
            label.setContentsMargins(RING, 2, RING, 2)
        for part in (self._title, self._about, *above, caption("Reason"), self._why, *below, self._first):
            column.addWidget(part)
        for part in (self._passphrase_caption, self._passphrase, self._again_caption, self._again):
            column.addWidget(part)
        column.addLayout(self._way_out)
        column.addStretch(1)
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.setSpacing(4)
        name = self.objectName().removesuffix("Form")
        page.addWidget(Scrolled(content, f"{name}Scroll", self.accessibleName()), 1)
        page.addWidget(self._trouble)
        row = QHBoxLayout()
        row.setSpacing(4)
        row.addWidget(self._cancel)
        row.addWidget(self._act, 1)
        page.addLayout(row)

    def _submit(self) -> None:
        if self._payment is None or not self._act.isEnabled():
            return
        passphrase, first = self._passphrase.edit.text(), self._again.isVisibleTo(self)
        if first and self._again.edit.text() != passphrase:
            self.show_error(_NOT_THE_SAME)
            return
        self._act.setEnabled(False)
        self.submitted.emit(self._payment, self._decided(), passphrase, first)


def caption(text: str) -> Label:
    """What stands above a field."""
    label = Label(text, "caption", wrap=True)
    label.setContentsMargins(RING, 8, 0, 2)
    return label


def _said(payment: Payment) -> Payment:
    """The payment without what is about asking M-PESA: when is next, no decision hangs on."""
    return replace(payment, version=0, next_check_at=None, updated_at=payment.created_at)
