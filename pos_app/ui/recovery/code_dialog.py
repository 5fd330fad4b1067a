"""A recovery code that was just made: shown this once, copied or printed."""

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent, QPainter
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QVBoxLayout, QWidget

from pos_app.errors import BadInput, PosError
from pos_app.messages import recovery as words
from pos_app.ui.style.state_style import ColourRole
from pos_app.ui.style.theme import RING
from pos_app.ui.tasks import Lane, Tasks
from pos_app.ui.widgets.button_row import ButtonRow
from pos_app.ui.widgets.buttons import Button, Kind
from pos_app.ui.widgets.enter import Dialog
from pos_app.ui.widgets.labels import Label
from pos_app.ui.widgets.screen_room import ScreenRoom
from pos_app.ui.widgets.scrolled import Scrolled
from pos_app.ui.widgets.system_printer import ChoosePrinter, choose_printer, printer_names

_SIZE, _SMALLEST = QSize(640, 520), QSize(420, 360)


def find_printers() -> list[str]:
    """What printers there are, on a thread. Raises BadInput where there is none."""
    return printer_names(words.NO_PRINTER)


def ask_for_printer(parent: QWidget) -> QPrinter | None:
    """The system's dialog; None where nobody chose."""
    return choose_printer(parent, words.TITLE)


def print_text(text: str, printer: QPrinter) -> None:
    """Print a short text on one page, on a thread.

    Raises:
        BadInput: the printer did not take it.
    """
    painter = QPainter()
    if not painter.begin(printer):
        raise BadInput(words.NOT_PRINTED)
    try:
        painter.drawText(painter.viewport(), Qt.TextFlag.TextWordWrap, text)
    finally:
        painter.end()


class RecoveryCodeDialog(Dialog):
    """Stays until somebody has pressed its button or closed it: neither Enter nor Esc, which hands press by habit,
    take away what is shown this once.
    """

    def __init__(
        self,
        code: str,
        tasks: Tasks,
        parent: QWidget | None = None,
        *,
        look_for_printers: Callable[[], object] = find_printers,
        choose: ChoosePrinter = ask_for_printer,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("recoveryCodeDialog")
        self.setAccessibleName(words.TITLE)
        self.setWindowTitle(words.TITLE)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._code = code
        self._tasks = tasks
        self._look_for_printers = look_for_printers
        self._choose = choose
        self._shown = Label(words.groups(code), "amount")
        self._shown.setObjectName("recoveryCode")
        self._shown.setAccessibleName(words.spoken(code))
        self._said = Label("", "note", wrap=True)
        self._said.setObjectName("recoverySaid")
        self._copy = Button(words.COPY, name="recoveryCopy", icon="copy", height=52)
        self._print = Button(words.PRINT, name="recoveryPrint", icon="printer", height=52)
        self._written = Button(words.WRITTEN, name="recoveryWritten", kind=Kind.PRIMARY, height=52)
        self._copy.clicked.connect(self.copy)
        self._print.clicked.connect(self.print_it)
        self._written.clicked.connect(self.accept)
        self._lay_out()
        ScreenRoom(self, _SIZE, _SMALLEST)

    @property
    def said(self) -> str:
        """What it says of copying and printing."""
        return self._said.text()

    def copy(self) -> None:
        """Put it on the clipboard, on one line."""
        QGuiApplication.clipboard().setText(self._code)
        self._say(words.COPIED)

    def print_it(self) -> None:
        """Print it, with what it is for, on a printer of the computer's that the owner chooses."""
        self._say(words.LOOKING)
        self._print.setEnabled(False)
        self._tasks.run(self._look_for_printers, self._choose_and_print, self._failed, owner=self, lane=Lane.PRINTER)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc does nothing."""
        if event.key() != Qt.Key.Key_Escape:
            super().keyPressEvent(event)

    def _lay_out(self) -> None:
        content = QWidget()
        inside = QVBoxLayout(content)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(10)
        for part in (
            Label(words.TITLE, "title", wrap=True),
            self._shown,
            Label(words.WHAT_FOR, "body", wrap=True),
            Label(words.KEY_FILE, "small", wrap=True),
        ):
            part.setContentsMargins(RING, 2, RING, 2)
            inside.addWidget(part)
        inside.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(21, 18, 21, 14)
        column.addWidget(Scrolled(content, "recoveryScroll", words.TITLE), 1)
        column.addWidget(self._said)
        column.addWidget(ButtonRow(self._copy, self._print, self._written))

    def _choose_and_print(self, _printers: object) -> None:
        self._print.setEnabled(True)
        self._say("")
        printer, text = self._choose(self), words.shown(self._code)
        if printer is None:
            return
        self._say(words.PRINTING)
        self._print.setEnabled(False)
        self._tasks.run(lambda: print_text(text, printer), self._printed, self._failed, owner=self, lane=Lane.PRINTER)

    def _printed(self, _: None) -> None:
        self._print.setEnabled(True)
        self._say(words.PRINTED)

    def _failed(self, error: PosError) -> None:
        self._print.setEnabled(True)
        self._say(error.user_text, ColourRole.FAILED)

    def _say(self, text: str, colour: ColourRole | None = None) -> None:
        self._said.setText(text)
        self._said.setAccessibleName(text)
        self._said.set_colour(colour or "")


def show_code(code: str, tasks: Tasks, parent: QWidget) -> RecoveryCodeDialog:
    """Show a code over the window that a part is in."""
    dialog = RecoveryCodeDialog(code, tasks, parent.window())
    dialog.open()
    return dialog
