"""A small form inside a detail: a few words to type, what becomes of them, and their keeping."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from pos_app.errors import PosError
from pos_app.ui.tasks import Lane, Tasks
from pos_app.ui.visits import Visits
from pos_app.ui.widgets.button_row import ButtonRow
from pos_app.ui.widgets.buttons import Button
from pos_app.ui.widgets.fields import Field
from pos_app.ui.widgets.labels import Label
from pos_app.ui.widgets.text_area import TextArea

Keep = Callable[[str], object]  # saves what was typed; called on a thread


class TextForm(QWidget):
    """Takes what is typed, and has it kept.

    Args:
        prefix: of the names of its parts.
        what: what is typed, for screen readers: "the typed code".
        words: what becomes of it; may be empty.
        field: what it is typed in.

    Signals:
        kept: it is saved; what the saving gave.
        closed: it is open no more, because it was kept or cancelled.
    """

    kept = Signal(object)
    closed = Signal()

    def __init__(self, tasks: Tasks, prefix: str, what: str, words: str, field: Field | TextArea) -> None:
        super().__init__()
        self.setObjectName(f"{prefix}Form")
        self._tasks = tasks
        self._visits = Visits()
        self._keep: Keep = lambda _text: None
        self._about = ""
        self._field = field
        self._edit = field.edit if isinstance(field, Field) else field
        self._trouble = Label("", "note", wrap=True)
        self._trouble.setObjectName(f"{prefix}Trouble")
        self._trouble.set_colour("failed")
        self._now = Button("Keep", name=f"{prefix}Keep", spoken=f"Keep {what}", height=44)
        cancel = Button("Cancel", name=f"{prefix}Cancel", spoken=f"Do not keep {what}", height=44)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 8, 0, 0)
        box.setSpacing(6)
        if words:
            box.addWidget(Label(words, "small", wrap=True))
        for part in (field, self._trouble, ButtonRow(self._now, cancel)):
            box.addWidget(part)
        if isinstance(field, Field):
            field.edit.returnPressed.connect(self._submit)
            field.refused.connect(self._say)
        else:
            field.done.connect(self._submit)
        self._now.clicked.connect(self._submit)
        cancel.clicked.connect(self._close)
        self.leave()

    def start(self, keep: Keep, about: str, text: str = "") -> None:
        """Ready to type, with what stands there already; what is refused after it was closed is told with what it is
        `about`.
        """
        self._visits.end()
        self._keep, self._about = keep, about
        self._edit.setText(text)
        self.show_error("")
        self.show()
        self._field.setFocus()

    def leave(self) -> None:
        """Close without a word, and keep nothing."""
        self._visits.end()
        self._edit.clear()
        self.hide()

    def show_error(self, text: str) -> None:
        """Say what is wrong with it, beside it; it can be changed and kept then."""
        self._say(text)
        self._now.setEnabled(True)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc leaves the form."""
        if event.key() == Qt.Key.Key_Escape:
            self._close()
        else:
            super().keyPressEvent(event)

    def _close(self) -> None:
        self.leave()
        self.closed.emit()

    def _say(self, text: str) -> None:
        self._trouble.setText(text)
        self._trouble.setVisible(bool(text))

    def _submit(self) -> None:
        if not self._now.isEnabled():  # it is being kept: Enter twice keeps it once
            return
        self._now.setEnabled(False)
        about, here = self._about, self._visits.current()
        self._tasks.run(
            partial(self._keep, self._edit.text()),
            lambda result: self._end(result, here()),
            lambda error: self._refuse(about, error, here()),
            owner=self,
            lane=Lane.KEEP,
        )

    def _end(self, result: object, is_open: bool) -> None:
        """A form goes with its own answer only: it may be open for something else by now."""
        if is_open:
            self._close()
        self.kept.emit(result)

    def _refuse(self, about: str, error: PosError, is_open: bool) -> None:
        """Beside what was typed; where that is closed by now, to whoever is there."""
        if is_open:
            self.show_error(error.user_text)
        else:
            self._tasks.trouble.emit(f"{about}: {error.user_text}")
