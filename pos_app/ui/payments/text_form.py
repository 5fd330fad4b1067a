"""A small form inside the payment's detail: one line to type, with words that say what becomes of it."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from pos_app.ui.visits import Visits
from pos_app.ui.widgets.buttons import Button
from pos_app.ui.widgets.fields import Field, LineEdit
from pos_app.ui.widgets.labels import Label
from pos_app.ui.widgets.text_area import TextArea

_NOT_PROOF = (
    "Code from the customer's SMS. It is kept beside the payment and proves nothing: M-PESA's own code follows."
)
_STAYS = "Your note stays with this payment, with your name and the time. It moves nothing. Phone numbers are masked."


class TextForm(QWidget):
    """Takes a line of text.

    Args:
        prefix: of the names of its parts.
        what: what is typed, for screen readers: "the typed code".
        words: what becomes of it.
        field: what stands in the form, and `edit`: what is typed in, the same or in it.

    Signals:
        submitted: what was typed.
        cancelled: Esc, or the button.
    """

    submitted = Signal(str)
    cancelled = Signal()

    def __init__(self, prefix: str, what: str, words: str, field: QWidget, edit: LineEdit | TextArea) -> None:
        super().__init__()
        self.setObjectName(f"{prefix}Form")
        self._visits = Visits()
        self._edit = edit
        self._trouble = Label("", "note", wrap=True)
        self._trouble.setObjectName(f"{prefix}Trouble")
        self._trouble.set_colour("failed")
        self._trouble.hide()
        keep = Button("Keep", name=f"{prefix}Keep", spoken=f"Keep {what}", height=44)
        cancel = Button("Cancel", name=f"{prefix}Cancel", spoken=f"Do not keep {what}", height=44)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 10, 0, 0)
        box.setSpacing(6)
        box.addWidget(Label(words, "small", wrap=True))
        box.addWidget(field)
        box.addWidget(self._trouble)
        row = QHBoxLayout()
        row.setSpacing(4)
        row.addWidget(keep, 1)
        row.addWidget(cancel, 1)
        box.addLayout(row)
        (edit.done if isinstance(edit, TextArea) else edit.returnPressed).connect(self._submit)
        keep.clicked.connect(self._submit)
        cancel.clicked.connect(self.cancelled)

    def start(self) -> None:
        """Empty, and ready to type."""
        self._visits.end()
        self._edit.clear()
        self.show_error("")
        self.show()
        self._edit.setFocus()

    def leave(self) -> None:
        """Hide, and keep nothing."""
        self._visits.end()
        self._edit.clear()
        self.hide()

    def visit(self) -> Callable[[], bool]:
        """Gives what says whether it is still open for what is typed now."""
        return self._visits.current()

    def show_error(self, text: str) -> None:
        """Say what is wrong with it, beside it."""
        self._trouble.setText(text)
        self._trouble.setVisible(bool(text))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc leaves the form."""
        if event.key() == Qt.Key.Key_Escape:
            self.cancelled.emit()
        else:
            super().keyPressEvent(event)

    def _submit(self) -> None:
        self.submitted.emit(self._edit.text())


def code_form() -> TextForm:
    """Takes M-PESA's code from the customer's SMS."""
    field = Field(name="codeField", spoken="M-PESA code from the SMS", placeholder="UKN4X7Q2ZT", height=44)
    field.edit.setMaxLength(20)
    return TextForm("code", "the typed code", _NOT_PROOF, field, field.edit)


def note_form() -> TextForm:
    """Takes a note about the payment."""
    edit = TextArea(name="noteField", spoken="Note about this payment", placeholder="What happened?")
    return TextForm("note", "the note", _STAYS, edit, edit)
