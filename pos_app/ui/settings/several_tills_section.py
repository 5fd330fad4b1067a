"""Where the payments are and which letter this till has, and the way to change that once the till is closed."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal

from pos_app.messages import server as words
from pos_app.ui.settings.form_section import FormSection
from pos_app.ui.settings.server_service import ServerAnswers, ServerService
from pos_app.ui.tasks import Tasks
from pos_app.ui.widgets.buttons import Button


class SeveralTillsSection(FormSection[ServerAnswers]):
    """There is nothing to keep.

    Signals:
        change_wanted: close the till, and change the server or the letter.
    """

    TITLE = words.TITLE
    LEAD = words.LEAD
    SAVES = False
    change_wanted = Signal()

    def __init__(self, service: ServerService, tasks: Tasks) -> None:
        super().__init__("severalTillsSection", tasks)
        self._service = service
        self._now = self._label("", "note", above=4)
        self.column.addSpacing(8)
        self._change = Button(words.CHANGE, name="changeServer", height=48)
        self._change.clicked.connect(self.change_wanted)
        self.column.addWidget(self._change, 0, Qt.AlignmentFlag.AlignLeft)
        self.add_note(words.CHANGE_HINT)
        self.add_note(words.NEXT_APP)
        self.column.addStretch(1)

    @property
    def text(self) -> str:
        """Where the payments are, in words."""
        return self._now.text()

    def read(self) -> ServerAnswers:
        return self._service.answers()

    def fill(self, found: ServerAnswers) -> None:
        self._now.setText(
            words.where_words(
                on_server=found.on_server, letter=found.till, host=found.host, name=found.name, own=found.own
            )
        )

    def first_field(self) -> Button:
        return self._change

    def work(self) -> Callable[[], None]:
        return lambda: None
