"""The log, to read: a day, and the lines that have a word in them. Not modal; nothing can be changed."""

from datetime import date
from typing import Protocol

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QFontDatabase, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from pos_app.domain.kenya_time import day_words
from pos_app.errors import PosError
from pos_app.messages import checks as words
from pos_app.ui.style.state_style import ColourRole
from pos_app.ui.tasks import Tasks
from pos_app.ui.widgets.buttons import Button
from pos_app.ui.widgets.choice_button import ChoiceButton
from pos_app.ui.widgets.enter import Dialog
from pos_app.ui.widgets.fields import SearchField
from pos_app.ui.widgets.labels import Label

_SHOWN = 5_000  # lines: more than anybody reads
_DEBOUNCE = 150  # ms


class LogFiles(Protocol):
    """Where the log is. Reading may take a moment: never on the GUI thread."""

    def days(self) -> list[date]:
        """The days there is a log of, newest first."""
        ...

    def log(self, day: date) -> list[str]:
        """The lines of a day, oldest first. Raises PosError in words."""
        ...


class LogView(Dialog):
    """Opens at the end of the newest day."""

    def __init__(self, files: LogFiles, tasks: Tasks, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("logView")
        self.setAccessibleName(words.LOG)
        self.setWindowTitle(words.LOG)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(980, 560)
        self._files = files
        self._tasks = tasks
        self._days: dict[str, date] = {}
        self._lines: list[str] = []
        self._typing = QTimer(self, singleShot=True, interval=_DEBOUNCE)
        self._typing.timeout.connect(self._fill)
        self._row = QHBoxLayout()
        self._lay_out()
        self.read_days()

    @property
    def text(self) -> str:
        """The lines that are shown."""
        return self._text.toPlainText()

    @property
    def note(self) -> str:
        """What is said below them."""
        return self._note.text()

    def read_days(self) -> None:
        """See which days there are, and show the newest."""
        self._tasks.run(self._files.days, self._show_days, self._show_error, owner=self)

    def read(self, day: date) -> None:
        """Show a day."""
        self._tasks.run(lambda: self._files.log(day), self._show_lines, self._show_error, owner=self)

    def _lay_out(self) -> None:
        self._find = SearchField(
            name="logFind", spoken="Lines with this word", placeholder=words.LOG_FIND, key="Ctrl F"
        )
        self._find.edit.textChanged.connect(lambda _: self._typing.start())
        QShortcut(QKeySequence.StandardKey.Find, self, self._find.edit.setFocus)
        self._text = QPlainTextEdit()
        self._text.setObjectName("logText")
        self._text.setAccessibleName(words.LOG)
        self._text.setReadOnly(True)
        self._text.setUndoRedoEnabled(False)
        self._text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self._text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self._note = Label(role="small")
        close = Button("Close", name="logClose", key="Esc", height=44)
        close.clicked.connect(self.close)
        self._row.setSpacing(2)
        self._row.addWidget(self._find, 1)
        foot = QHBoxLayout()
        foot.addWidget(self._note, 1)
        foot.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(21, 18, 21, 14)
        column.addLayout(self._row)
        column.addWidget(self._text, 1)
        column.addLayout(foot)

    def _show_days(self, days: list[date]) -> None:
        if not days:
            self._note.setText(words.NO_LOG)
            return
        self._days = {day_words(day): day for day in days}
        chooser = ChoiceButton(list(self._days), name="logDay", spoken="Day")
        chooser.chosen.connect(lambda text: self.read(self._days[text]))
        self._row.insertWidget(0, chooser)
        self.read(days[0])

    def _show_lines(self, lines: list[str]) -> None:
        self._lines = lines
        self._fill()

    def _fill(self) -> None:
        wanted = self._find.edit.text().strip().lower()
        found = [line for line in self._lines if wanted in line.lower()]
        self._text.setPlainText("\n".join(found[-_SHOWN:]))
        self._text.verticalScrollBar().setValue(self._text.verticalScrollBar().maximum())
        self._note.setText(words.log_note(len(found), _SHOWN))
        self._note.set_colour("")

    def _show_error(self, error: PosError) -> None:
        self._note.setText(error.user_text)
        self._note.set_colour(ColourRole.FAILED)
