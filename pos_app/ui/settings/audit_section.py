"""Who did what, to read."""

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QPlainTextEdit

from pos_app.domain.audit import AuditLine
from pos_app.messages import operators as words
from pos_app.messages.audit import audit_line_words
from pos_app.ui.settings.form_section import FormSection
from pos_app.ui.settings.service import StaffService
from pos_app.ui.style.theme import scaled
from pos_app.ui.tasks import Tasks

SHOWN = 500  # lines; the command has the rest
_HEIGHT = 330  # px at the normal text size


class AuditSection(FormSection[Sequence[AuditLine]]):
    """The newest lines of the audit. There is nothing to keep."""

    TITLE = words.AUDIT
    LEAD = words.AUDIT_LEAD
    SAVES = False

    def __init__(self, service: StaffService, tasks: Tasks) -> None:
        super().__init__("auditSection", tasks)
        self._service = service
        self._lines = QPlainTextEdit()
        self._lines.setObjectName("auditLines")
        self._lines.setAccessibleName(words.AUDIT)
        self._lines.setReadOnly(True)
        self._lines.setUndoRedoEnabled(False)
        self._lines.setMinimumHeight(scaled(_HEIGHT))
        self.column.addWidget(self._lines, 1)

    @property
    def text(self) -> str:
        """What is shown."""
        return self._lines.toPlainText()

    def read(self) -> Sequence[AuditLine]:
        return self._service.audit(SHOWN)

    def fill(self, found: Sequence[AuditLine]) -> None:
        self._lines.setPlainText("\n".join(map(audit_line_words, found)) or words.NOTHING_YET)

    def first_field(self) -> QPlainTextEdit:
        return self._lines

    def work(self) -> Callable[[], None]:
        return lambda: None
