"""The page of checks: what works, what does not, what to do; the support file; the way to the log."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QEvent, QStandardPaths, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QResizeEvent, QShowEvent
from PySide6.QtPrintSupport import QPrinter, QPrinterInfo
from PySide6.QtWidgets import QAbstractSlider, QFileDialog, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from pos_app.check_result import Finding, Verdict, amber, green
from pos_app.errors import BadInput, PosError
from pos_app.messages import checks as words
from pos_app.ui.diagnostics.log_view import LogFiles
from pos_app.ui.style.state_style import ColourRole
from pos_app.ui.tasks import Lane, Tasks
from pos_app.ui.widgets.buttons import Button, Kind
from pos_app.ui.widgets.card import Card
from pos_app.ui.widgets.check_row import CheckRow
from pos_app.ui.widgets.labels import Label
from pos_app.ui.widgets.save_file import named
from pos_app.ui.widgets.scrolled import Scrolled

_TWO_COLUMNS = 800  # px
_SCROLLS = {
    Qt.Key.Key_PageDown: QAbstractSlider.SliderAction.SliderPageStepAdd,
    Qt.Key.Key_PageUp: QAbstractSlider.SliderAction.SliderPageStepSub,
}
ChooseFile = Callable[[QWidget, str], str]


class DiagnosticsService(LogFiles, Protocol):
    """What the page is handed. `start` calls back on a thread of its own."""

    def names(self) -> list[str]:
        """What is looked at, in order."""
        ...

    def start(
        self, tell: Callable[[Finding], object], done: Callable[[], object], printer: Callable[[], Verdict]
    ) -> None:
        """Look at everything without waiting; `tell` each finding, then `done`. `printer` looks at the printer."""
        ...

    def save(self, file: Path, findings: Sequence[Finding]) -> None:
        """Write a support file. Raises PosError in words."""
        ...


def look_at_printer() -> Verdict:
    """Whether receipts can be printed. Takes as long as the system's print service does."""
    if not QPrinterInfo.availablePrinterNames():
        return amber("There is no printer on this computer. Receipts can be kept as PDF.")
    printer = QPrinterInfo.defaultPrinter()
    if printer.isNull():
        return amber("No printer is the computer's default one. Choose one in the system's settings, or at each print.")
    if printer.state() == QPrinter.PrinterState.Error:
        return amber("The printer reports a fault. See whether it is on and has paper. Payments are not affected.")
    return green("The computer's default printer is there")


def ask_for_file(parent: QWidget, name: str) -> str:
    """Where to write the support file; empty where nobody chose."""
    folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    path, _kind = QFileDialog.getSaveFileName(
        parent, words.SUPPORT_SAVE, str(Path(folder) / name), "Text (*.txt)", options=_KEEP
    )
    return path


_KEEP = QFileDialog.Option.DontConfirmOverwrite  # a file that is there is never replaced: the till says so itself


class DiagnosticsPage(QWidget):
    """A row for each check, filled as the findings come. It runs whenever one comes to it.

    Signals:
        log_wanted: show the log.
        left: Esc.
    """

    log_wanted = Signal()
    left = Signal()

    def __init__(
        self, diagnostics: DiagnosticsService, tasks: Tasks, *, choose_file: ChooseFile = ask_for_file
    ) -> None:
        super().__init__()
        self.setObjectName("page")
        self.setAccessibleName(words.CHECKS)
        self._diagnostics = diagnostics
        self._tasks = tasks
        self._choose_file = choose_file
        self._rows = {name: CheckRow(name) for name in diagnostics.names()}
        self._findings: dict[str, Finding] = {}
        self._running = False
        self._grid = QGridLayout()
        self._columns = 0
        self._make_parts()
        self._lay_out()
        self.setFocusProxy(self._run)
        self._sum_up()

    @property
    def summary(self) -> str:
        """The line below the title."""
        return self._summary.text()

    def run(self) -> None:
        """Look at everything, unless that is being done."""
        if self._running:
            return
        self._running = True
        self._findings.clear()
        for row in self._rows.values():
            row.show_running()
        self._sum_up()
        tell, tasks = self._show, self._tasks
        self._diagnostics.start(
            lambda finding: tasks.deliver(tell, finding), lambda: tasks.deliver(self._finish, None), look_at_printer
        )

    def copy(self) -> None:
        """Put what the rows say on the clipboard."""
        QGuiApplication.clipboard().setText("\n".join(row.text for row in self._rows.values()))
        self._say(words.COPIED)

    def save(self) -> None:
        """Write a support file where the person chooses."""
        chosen = self._choose_file(self, words.SUPPORT_NAME)
        if not chosen:
            return
        try:
            file = named(chosen, ".txt")
        except BadInput as error:
            self._show_error(error)
            return
        findings = [self._findings[name] for name in self._rows if name in self._findings]
        self._tasks.run(
            lambda: self._diagnostics.save(file, findings),
            lambda _: self._say(words.SUPPORT_SAVED.format(name=file.name)),
            self._show_error,
            lane=Lane.FILES,
            owner=self,
        )

    def showEvent(self, event: QShowEvent) -> None:
        """Who opens the page wants to know, and what stood there last time may be true no more."""
        super().showEvent(event)
        if not event.spontaneous():
            self.run()

    def event(self, event: QEvent) -> bool:
        """Keys that mean something here are not for the window's shortcuts."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self._act_for(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """F5 runs all, Ctrl+C copies, Ctrl+S saves, Esc leaves, the page keys scroll."""
        act = self._act_for(event)
        if act:
            act()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_rows(2 if event.size().width() >= _TWO_COLUMNS else 1)

    def _act_for(self, event: QKeyEvent) -> Callable[[], object] | None:
        if event.key() == Qt.Key.Key_F5:
            return self.run
        if event.key() == Qt.Key.Key_Escape:
            return self.left.emit
        scroll = _SCROLLS.get(Qt.Key(event.key()))
        if scroll:
            return partial(self._scrolled.verticalScrollBar().triggerAction, scroll)
        if event.matches(QKeySequence.StandardKey.Copy):
            return self.copy
        return self.save if event.matches(QKeySequence.StandardKey.Save) else None

    def _make_parts(self) -> None:
        self._summary = Label(role="body", wrap=True)
        self._summary.setObjectName("checksSummary")
        self._words = Label(role="small", wrap=True)
        self._words.setObjectName("checksWords")
        self._run = Button(words.RUN_ALL, name="checksRun", kind=Kind.PRIMARY, key="F5")
        self._run.clicked.connect(self.run)
        self._log = Button(words.VIEW_LOG, name="checksLog", icon="list")
        self._log.clicked.connect(self.log_wanted)
        self._copy = Button(words.COPY, name="checksCopy", icon="copy", spoken="Copy what the checks say")
        self._copy.clicked.connect(self.copy)
        self._save = Button(words.SUPPORT_SAVE, name="checksSave", icon="download")
        self._save.setToolTip(words.SUPPORT_MORE)
        self._save.clicked.connect(self.save)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(2)
        head.addWidget(Label(words.CHECKS, "title"), 1)
        for button in (self._log, self._copy, self._save, self._run):
            head.addWidget(button)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(0)
        content = QWidget()
        # Without it the scroll area asks how tall the words are in the least width, and not in the one they have.
        content.setMinimumHeight(1)
        inside = QVBoxLayout(content)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.addLayout(self._grid)
        inside.addStretch(1)
        self._scrolled = Scrolled(content, "checksScroll", words.CHECKS)
        card = Card(padding=6)
        card.body.addWidget(self._scrolled)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 17, 21, 14)
        column.setSpacing(8)
        column.addLayout(head)
        column.addWidget(self._summary)
        column.addWidget(card, 1)
        column.addWidget(self._words)

    def _place_rows(self, columns: int) -> None:
        """From top to bottom, then the next column: what belongs together stays together."""
        if columns == self._columns:
            return
        self._columns = columns
        height = -(-len(self._rows) // columns)
        for place, row in enumerate(self._rows.values()):
            self._grid.addWidget(row, place % height, place // height, Qt.AlignmentFlag.AlignTop)
        for column in range(2):
            self._grid.setColumnStretch(column, int(column < columns))

    def _show(self, finding: Finding) -> None:
        self._findings[finding.name] = finding
        row = self._rows.get(finding.name)
        if row:
            row.show_finding(finding)
        self._sum_up()

    def _finish(self, _: None) -> None:
        self._running = False
        self._sum_up()

    def _sum_up(self) -> None:
        text, colour = words.checks_summary(self._rows, self._findings.values(), running=self._running)
        self._summary.setText(text)
        self._summary.set_colour(colour)
        self._say(words.SUPPORT_MORE)

    def _show_error(self, error: PosError) -> None:
        self._say(error.user_text, ColourRole.FAILED)

    def _say(self, text: str, colour: ColourRole | None = None) -> None:
        self._words.setText(text)
        self._words.set_colour(colour or "")
