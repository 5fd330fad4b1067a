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
Draft = tuple[object, object]  # whose it is, and what it is about
FINISH = "Finish note"  # what a button says that leads back to what was begun


class TextForm(QWidget):
    """Takes what is typed, and has it kept. Sentences that were begun when the form was left, by whatever happened, are
    there again when it is opened about the same, by the same operator; only Cancel throws them away.

    Args:
        who: gives who stands here.
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

    def __init__(
        self, tasks: Tasks, who: Callable[[], object], prefix: str, what: str, words: str, field: Field | TextArea
    ) -> None:
        super().__init__()
        self.setObjectName(f"{prefix}Form")
        self._tasks = tasks
        self._visits = Visits()
        self._keep: Keep = lambda _text: None
        self._about = ""
        self._who = who
        self._drafts: dict[Draft, str] = {}
        self._draft: Draft = (None, None)
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
        cancel.clicked.connect(self._throw_away)
        self.leave()

    def start(self, keep: Keep, about: str, key: object, text: str = "") -> None:
        """Ready to type.

        Args:
            about: is told with what is refused after it was closed.
            key: of what it is about.
            text: what stands there already, unless something was begun.
        """
        self.leave()
        self._keep, self._about, self._draft = keep, about, (self._who(), key)
        self._edit.setText(self._drafts.get(self._draft, text))
        self.show_error("")
        self.show()
        self._field.setFocus()

    def has_draft(self, key: object) -> bool:
        """Whether who stands here has begun something about this."""
        return (self._who(), key) in self._drafts

    def keeps_page(self) -> bool:
        """A scan takes nobody away from what was begun."""
        return self.isVisible() and bool(self._edit.text().strip())

    def leave(self) -> None:
        """Close without a word."""
        self._visits.end()
        text = self._edit.text()
        if not self.isHidden():
            self._drafts.pop(self._draft, None)
            if text.strip() and isinstance(self._field, TextArea):
                self._drafts[self._draft] = text
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

    def _throw_away(self) -> None:
        self._edit.clear()
        self._close()

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
        about, here, draft, text = self._about, self._visits.current(), self._draft, self._edit.text()
        self._tasks.run(
            partial(self._keep, text),
            lambda result: self._end(result, here(), draft, text),
            lambda error: self._refuse(about, error, here()),
            owner=self,
            lane=Lane.KEEP,
        )

    def _end(self, result: object, is_open: bool, draft: Draft, text: str) -> None:
        """A form goes with its own answer only: it may be open for something else by now."""
        if self._drafts.get(draft) == text:
            del self._drafts[draft]
        if is_open:
            self._throw_away()
        self.kept.emit(result)

    def _refuse(self, about: str, error: PosError, is_open: bool) -> None:
        """Beside what was typed; where that is closed by now, to whoever is there."""
        if is_open:
            self.show_error(error.user_text)
        else:
            self._tasks.trouble.emit(f"{about}: {error.user_text}")
