"""The forms of one panel for what only some may do."""

from collections.abc import Callable
from typing import TypeVar, cast

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from pos_app.sales.till import Till
from pos_app.ui.recovery.passphrase_form import PassphraseForm
from pos_app.ui.tasks import Tasks

Form = TypeVar("Form", bound=PassphraseForm)


class PlacedForms(QWidget):
    """Forms that take the place of what they are about: one at a time, or none. Each is made when it is first wanted,
    which is seldom: the page of customers took two thirds longer to come up when it made them with itself.

    Signals:
        done: what the work of one gave.
        closed: none is open any more, because it was done or cancelled.
    """

    done = Signal(object)
    closed = Signal()

    def __init__(self, till: Till, tasks: Tasks) -> None:
        super().__init__()
        self._till, self._tasks = till, tasks
        self._made: dict[object, PassphraseForm] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self.hide()

    def place(self, kind: Callable[[Till, Tasks], Form]) -> Form:
        """The form of a class, in its place; the caller says what it is about."""
        form = self._made.get(kind)
        if form is None:
            form = self._made[kind] = kind(self._till, self._tasks)
            self._column.addWidget(form)
            form.done.connect(self._tell)
            form.closed.connect(self._close)
        self.show()
        return cast(Form, form)

    def leave(self) -> None:
        """Close without a word; no passphrase is kept."""
        for form in self._made.values():
            form.leave()
        self.hide()

    def _tell(self, result: object) -> None:
        """A form goes with its own answer only: another may be open by now."""
        self._fold()
        self.done.emit(result)

    def _close(self) -> None:
        self._fold()
        self.closed.emit()

    def _fold(self) -> None:
        if all(form.isHidden() for form in self._made.values()):
            self.hide()
