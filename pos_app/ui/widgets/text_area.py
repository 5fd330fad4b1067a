"""A few sentences to type. Enter is done with them; they wrap, and are never cut."""

from PySide6.QtCore import QMimeData, Qt, Signal
from PySide6.QtGui import QKeyEvent, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit

from pos_app.ui.style.theme import scaled
from pos_app.ui.widgets.enter import ENTER

_HEIGHT = 92  # px at the normal text size: three lines
_SHIFT = Qt.KeyboardModifier.ShiftModifier


class TextArea(QPlainTextEdit):
    """Whoever uses it says what does not fit, when it is submitted.

    Args:
        name: its objectName.
        spoken: what screen readers call it.

    Signals:
        done: Enter was pressed, without Shift, which begins a new line.
    """

    done = Signal()

    def __init__(self, *, name: str, spoken: str, placeholder: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName(spoken)
        self.setPlaceholderText(placeholder)
        self.setTabChangesFocus(True)
        self.setFixedHeight(scaled(_HEIGHT))

    def text(self) -> str:
        """What was typed."""
        return self.toPlainText()

    def setText(self, text: str) -> None:
        """Show a text, as a line does, and go on behind it."""
        self.setPlainText(text)
        self.moveCursor(QTextCursor.MoveOperation.End)

    def insertFromMimeData(self, source: QMimeData) -> None:
        """What is pasted comes as plain text."""
        if source.hasText():
            self.insertPlainText(source.text())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter is done; Esc is for the form."""
        if event.key() in ENTER and not event.modifiers() & _SHIFT:
            self.done.emit()
        elif event.key() == Qt.Key.Key_Escape:
            event.ignore()
        else:
            super().keyPressEvent(event)
