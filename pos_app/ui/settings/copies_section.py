"""The copies of the database, and the way to put one back."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QPlainTextEdit

from pos_app.domain.database_copy import DatabaseCopy
from pos_app.messages import copies as words
from pos_app.ui.settings.form_section import FormSection
from pos_app.ui.settings.service import CopiesService
from pos_app.ui.style.theme import scaled
from pos_app.ui.tasks import Tasks
from pos_app.ui.widgets.buttons import Button

_HEIGHT = 250  # px at the normal text size


class CopiesSection(FormSection[Sequence[DatabaseCopy] | None]):
    """There is nothing to keep.

    Signals:
        put_back_wanted: close the till, and choose a copy to go back to.
    """

    TITLE = words.TITLE
    LEAD = words.LEAD
    SAVES = False
    put_back_wanted = Signal()

    def __init__(self, service: CopiesService, tasks: Tasks) -> None:
        super().__init__("copiesSection", tasks)
        self._service = service
        self._lines = QPlainTextEdit()
        self._lines.setObjectName("copiesLines")
        self._lines.setAccessibleName(words.TITLE)
        self._lines.setReadOnly(True)
        self._lines.setUndoRedoEnabled(False)
        self._lines.setMinimumHeight(scaled(_HEIGHT))
        self._put_back = Button(words.PUT_BACK, name="copiesPutBack", height=48)
        self._put_back.clicked.connect(self._ask)
        self.column.addWidget(self._lines, 1)
        self.column.addSpacing(8)
        self.column.addWidget(self._put_back, 0, Qt.AlignmentFlag.AlignLeft)

    @property
    def text(self) -> str:
        """What is shown."""
        return self._lines.toPlainText()

    def read(self) -> Sequence[DatabaseCopy] | None:
        return None if self._service.on_server() else self._service.copies()

    def fill(self, found: Sequence[DatabaseCopy] | None) -> None:
        nothing = words.ON_SERVER if found is None else words.NONE
        self._lines.setPlainText("\n".join(map(words.copy_words, found or ())) or nothing)
        self._put_back.setVisible(bool(found))

    def first_field(self) -> QPlainTextEdit:
        return self._lines

    def work(self) -> Callable[[], None]:
        return lambda: None

    @Slot()
    def _ask(self) -> None:
        """Not while the till waits for M-PESA's word: that is said here."""
        self.show_error("")
        self.run(self._service.may_put_back, lambda _: self.put_back_wanted.emit())
