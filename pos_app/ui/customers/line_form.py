"""One line to type about a customer: their name, or a note."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from pos_app.domain.customer import MAX_NAME
from pos_app.domain.note import MAX_NOTE
from pos_app.ui.visits import Visits
from pos_app.ui.widgets.button_row import ButtonRow
from pos_app.ui.widgets.buttons import Button
from pos_app.ui.widgets.fields import Field
from pos_app.ui.widgets.labels import Label


class LineForm(QWidget):
    """A small form inside the customer's detail.

    Args:
        prefix: of the names of its parts.
        what: what is typed, for screen readers.
        longest: characters.

    Signals:
        submitted: what was typed.
        cancelled: Esc, or the button.
    """

    submitted = Signal(str)
    cancelled = Signal()

    def __init__(self, prefix: str, what: str, longest: int) -> None:
        super().__init__()
        self.setObjectName(f"{prefix}Form")
        self._visits = Visits()
        self._field = Field(name=f"{prefix}Field", spoken=what, placeholder=what, height=44)
        self._field.edit.setMaxLength(longest)
        self._trouble = Label("", "note", wrap=True)
        self._trouble.setObjectName(f"{prefix}Trouble")
        self._trouble.set_colour("failed")
        keep = Button("Keep", name=f"{prefix}Keep", spoken=f"Keep: {what}", height=44)
        cancel = Button("Cancel", name=f"{prefix}Cancel", spoken=f"Do not keep: {what}", height=44)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 4, 0, 0)
        box.setSpacing(4)
        for part in (self._field, self._trouble, ButtonRow(keep, cancel)):
            box.addWidget(part)
        self._field.refused.connect(self.show_error)
        self._field.edit.returnPressed.connect(self._submit)
        keep.clicked.connect(self._submit)
        cancel.clicked.connect(self.cancelled)
        self.leave()

    def start(self, text: str) -> None:
        """Ready to type, with what stands there already."""
        self._visits.end()
        self._field.edit.setText(text)
        self.show_error("")
        self.show()
        self._field.setFocus()

    def leave(self) -> None:
        """Hide, and keep nothing."""
        self._visits.end()
        self._field.edit.clear()
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
        self.submitted.emit(self._field.edit.text())


def name_form() -> LineForm:
    """Takes what the customer is called; nothing takes the name away."""
    return LineForm("customerName", "Name", MAX_NAME)


def note_form() -> LineForm:
    """Takes a note about the customer."""
    return LineForm("customerNote", "Note", MAX_NOTE)
