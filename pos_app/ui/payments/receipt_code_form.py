"""Typing M-PESA's code from the customer's SMS."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from pos_app.ui.visits import Visits
from pos_app.ui.widgets.buttons import Button
from pos_app.ui.widgets.fields import Field
from pos_app.ui.widgets.labels import Label

_NOT_PROOF = (
    "Code from the customer's SMS. It is kept beside the payment and proves nothing: M-PESA's own code follows."
)


class CodeForm(QWidget):
    """A small form inside the payment's detail.

    Signals:
        submitted: what was typed.
        cancelled: Esc, or the button.
    """

    submitted = Signal(str)
    cancelled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("codeForm")
        self._visits = Visits()
        self.field = Field(name="codeField", spoken="M-PESA code from the SMS", placeholder="UKN4X7Q2ZT", height=44)
        self.field.edit.setMaxLength(20)
        self._trouble = Label("", "note", wrap=True)
        self._trouble.setObjectName("codeTrouble")
        self._trouble.set_colour("failed")
        self._trouble.hide()
        keep = Button("Keep", name="codeKeep", spoken="Keep the typed code", height=44)
        cancel = Button("Cancel", name="codeCancel", spoken="Do not type a code", height=44)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 10, 0, 0)
        box.setSpacing(6)
        box.addWidget(Label(_NOT_PROOF, "small", wrap=True))
        box.addWidget(self.field)
        box.addWidget(self._trouble)
        row = QHBoxLayout()
        row.setSpacing(4)
        row.addWidget(keep, 1)
        row.addWidget(cancel, 1)
        box.addLayout(row)
        self.field.edit.returnPressed.connect(self._submit)
        keep.clicked.connect(self._submit)
        cancel.clicked.connect(self.cancelled)

    def start(self) -> None:
        """Empty, and ready to type."""
        self._visits.end()
        self.field.edit.clear()
        self.show_error("")
        self.show()
        self.field.edit.setFocus()

    def leave(self) -> None:
        """Hide, and keep nothing."""
        self._visits.end()
        self.field.edit.clear()
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
        self.submitted.emit(self.field.edit.text())
