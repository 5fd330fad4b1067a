"""A receipt to look at, print, copy and keep as PDF. Nothing here can touch money."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QStandardPaths, Qt
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from pos_app.domain.receipt import ROLLS, Line, receipt_text
from pos_app.domain.receipt_printer import Sent
from pos_app.errors import BadInput, PosError
from pos_app.messages.printing import NOT_CERTAIN
from pos_app.sales.printing import Printed
from pos_app.sales.receipts import Receipt
from pos_app.sales.till import Till
from pos_app.ui.preferences import PAPER_WIDTH, Preferences
from pos_app.ui.receipt.message_view import MessageView, qr_squares
from pos_app.ui.receipt.printing import Slip, save_pdf
from pos_app.ui.receipt.slip_view import SlipView
from pos_app.ui.receipt.system_printers import ask_for_printer, find_printers, print_receipt
from pos_app.ui.style.state_style import ColourRole
from pos_app.ui.tasks import Lane, Tasks
from pos_app.ui.widgets.buttons import Button, Kind
from pos_app.ui.widgets.choice_button import ChoiceButton
from pos_app.ui.widgets.enter import Dialog
from pos_app.ui.widgets.labels import Label
from pos_app.ui.widgets.save_file import named
from pos_app.ui.widgets.system_printer import ChoosePrinter

_PAPERS = {f"{width} mm paper": width for width in ROLLS}
_SIDE = 212  # px
_ON_PHONE, _ON_PAPER = "QR and message", "Show the paper"

ChooseFile = Callable[[QWidget, str], str]


def ask_for_file(parent: QWidget, name: str) -> str:
    """Where to keep the PDF; empty where nobody chose."""
    folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    path, _kind = QFileDialog.getSaveFileName(parent, "Save as PDF", str(Path(folder) / name), "PDF (*.pdf)")
    return path


class ReceiptDialog(Dialog):
    """Shows the receipt of a paid payment as it will be printed next. Not modal: the till goes on behind it.

    Args:
        refund: the slip of what went back of the payment instead.
    """

    def __init__(
        self,
        till: Till,
        tasks: Tasks,
        payment_id: int,
        parent: QWidget | None = None,
        *,
        choose_file: ChooseFile = ask_for_file,
        choose_printer: ChoosePrinter = ask_for_printer,
        look_for_printers: Callable[[], object] = find_printers,
        preferences: Preferences | None = None,
        refund: bool = False,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("receiptDialog")
        self._what = "Refund slip" if refund else "Receipt"
        self.setAccessibleName(self._what)
        self.setWindowTitle(self._what)
        self._printing = till.printing
        self._receipts = till.refund_slips if refund else till.receipts
        self._tasks = tasks
        self._choose_file = choose_file
        self._choose_printer = choose_printer
        self._look_for_printers = look_for_printers
        self._preferences = preferences or Preferences(parent=self)
        self._own_printer = till.printing.printer is not None
        self._receipt: Receipt | None = None
        self._lines: list[Line] = []
        self._make_parts()
        self._lay_out()
        self._bind_keys()
        tasks.run(lambda: self._receipts.receipt(payment_id), self._show, self._show_error, owner=self)

    @property
    def text(self) -> str:
        """The receipt in plain characters."""
        return receipt_text(self._lines, ROLLS[self._paper].columns) if self._lines else ""

    @property
    def message(self) -> str:
        """The receipt in few words, while these are shown; empty otherwise."""
        return self._message.message if self._views.currentIndex() else ""

    def print_it(self) -> None:
        """Print on the till's own printer, else on one that the operator chooses; a failure is told in words."""
        if not self._own_printer:
            self.print_elsewhere()
            return
        if self._receipt is None or not self._print.isEnabled():
            return
        payment_id = self._receipt.payment.id
        self._say("Printing...")
        self._let_print(False)
        self._tasks.run(
            lambda: self._printing.print_receipt(payment_id, self._receipts),
            self._show_printed,
            self._print_failed,
            owner=self,
            lane=Lane.RECEIPTS,
        )

    def print_elsewhere(self) -> None:
        """Print on a printer of the computer's that the operator chooses."""
        if self._receipt is None or not self._print.isEnabled():
            return
        self._say("Looking for printers...")
        self._let_print(False)
        self._tasks.run(
            self._look_for_printers,
            lambda _: self._choose_and_print(),
            self._print_failed,
            owner=self,
            lane=Lane.PRINTER,
        )

    def _choose_and_print(self) -> None:
        self._let_print(True)
        if not self.isActiveWindow():  # the keys are elsewhere by now, and no dialog takes them
            self._say("The printers are found. Print again.")
            return
        self._say("")
        printer, shown = self._choose_printer(self), self._receipt
        if printer is None or shown is None:
            return
        paper = self._paper
        self._say("Printing...")
        self._let_print(False)
        self._tasks.run(
            lambda: print_receipt(self._receipts, shown, paper, printer),
            self._show_next,
            self._print_failed,
            owner=self,
            lane=Lane.PRINTER,
        )

    def copy(self) -> None:
        """Put it on the clipboard as plain text; while the message is shown, that."""
        if self.message:
            QGuiApplication.clipboard().setText(self.message)
            self._say("Copied. Paste it into a message to the customer.")
        elif self._lines:
            QGuiApplication.clipboard().setText(self.text)
            self._say("Copied as plain text.")

    def show_message(self) -> None:
        """The receipt for the customer's phone, and back to the paper."""
        if self._receipt is None:
            return
        to_paper, message = bool(self._views.currentIndex()), self._message.message
        if not self._message.code.shown:
            self._tasks.run(lambda: qr_squares(message), self._message.code.show_squares, self._show_error)
        self._views.setCurrentIndex(0 if to_paper else 1)
        self._on_phone.set_text(_ON_PHONE if to_paper else _ON_PAPER)
        self._say("" if to_paper else "The customer's camera reads the code. Copy puts the words into a message.")

    def save_pdf(self) -> None:
        """Write it to a file that the operator chooses."""
        if self._receipt is None:
            return
        chosen = self._choose_file(self, f"{self._what.lower().replace(' ', '-')}-{self._receipt.payment.number}.pdf")
        if chosen:
            try:
                path = named(chosen, ".pdf")
            except BadInput as error:
                self._show_error(error)
                return
            lines, paper = self._lines, self._paper
            self._tasks.run(
                lambda: save_pdf(lines, paper, path),
                lambda _: self._say(f"Saved: {path.name}"),
                self._show_error,
                owner=self,
                lane=Lane.FILES,
            )

    @property
    def _paper(self) -> int:
        return _PAPERS[self._width.choice]

    def _make_parts(self) -> None:
        self._slip = SlipView()
        self._message = MessageView()
        self._words = Label("", "note", wrap=True)
        self._words.setObjectName("receiptWords")
        self._words.setMinimumHeight(36)
        self._print = Button("Print", name="receiptPrint", kind=Kind.PRIMARY, icon="printer", key="Ctrl P")
        self._copy = Button("Copy", name="receiptCopy", icon="copy", spoken="Copy as plain text")
        self._save = Button("Save as PDF", name="receiptSave", icon="download")
        self._on_phone = Button(_ON_PHONE, name="receiptOnPhone", icon="smartphone")
        self._elsewhere = Button("Other printer", name="receiptElsewhere", icon="printer")
        self._elsewhere.setVisible(self._own_printer)
        self._close = Button("Close", name="receiptClose", key="Esc")
        self._width = ChoiceButton(list(_PAPERS), name="receiptPaper", spoken="Paper width")
        self._width.choose(next(words for words, width in _PAPERS.items() if width == self._preferences.paper_width))
        self._let_use(False)

    def _lay_out(self) -> None:
        self._views = QStackedWidget()
        self._views.addWidget(_scrolled(self._slip, "receiptScroll", "Receipt, scrolled with the arrow keys"))
        self._views.addWidget(_scrolled(self._message, "messageScroll", "Message to the customer"))
        column = QWidget()
        column.setFixedWidth(_SIDE)
        side = QVBoxLayout(column)
        side.setContentsMargins(0, 0, 0, 0)
        side.setSpacing(4)
        side.addWidget(self._words)
        side.addStretch(1)
        for button in (
            self._width,
            self._on_phone,
            self._copy,
            self._save,
            self._elsewhere,
            self._close,
            self._print,
        ):
            side.addWidget(button)
        row = QHBoxLayout(self)
        row.setContentsMargins(21, 21, 21, 21)
        row.setSpacing(20)
        row.addWidget(self._views, 1)
        row.addWidget(column)
        self.resize(676, 540)

    def _bind_keys(self) -> None:
        for keys, action in (
            (QKeySequence.StandardKey.Print, self.print_it),
            (QKeySequence.StandardKey.Copy, self.copy),
            (QKeySequence.StandardKey.Save, self.save_pdf),
        ):
            QShortcut(QKeySequence(keys), self, action)
        self._print.clicked.connect(self.print_it)
        self._copy.clicked.connect(self.copy)
        self._save.clicked.connect(self.save_pdf)
        self._on_phone.clicked.connect(self.show_message)
        self._elsewhere.clicked.connect(self.print_elsewhere)
        self._close.clicked.connect(self.close)
        self._width.chosen.connect(self._change_paper)

    def _show(self, receipt: Receipt) -> None:
        self._receipt = receipt
        self._set_lines(receipt.lines)
        self._message.show_message(receipt.message)
        self._let_use(True)
        self._print.setFocus()

    def _let_print(self, may: bool) -> None:
        """One print at a time."""
        for button in (self._print, self._elsewhere):
            button.setEnabled(may)

    def _let_use(self, may: bool) -> None:
        for button in (self._copy, self._save, self._on_phone):
            button.setEnabled(may)
        self._let_print(may)

    def _set_lines(self, lines: list[Line]) -> None:
        self._lines = lines
        if lines:
            self._slip.show_slip(Slip(lines, self._paper), self.text)

    def _change_paper(self, _words: str) -> None:
        """The next receipt begins with the same paper: a shop's printer has one."""
        self._preferences.choose(PAPER_WIDTH, str(self._paper))
        self._printing.choose_width(self._paper)
        self._set_lines(self._lines)

    def _show_next(self, receipt: Receipt) -> None:
        """It was printed: show what the next print will be."""
        self._show(receipt)
        self._say(f"Printed. The next print says COPY {receipt.copy}.")

    def _show_printed(self, printed: Printed) -> None:
        if printed.sent is Sent.PRINTED:
            self._show_next(printed.next)
        else:
            self._show(printed.next)
            self._say(NOT_CERTAIN, ColourRole.FAILED)

    def _print_failed(self, error: PosError) -> None:
        self._let_print(True)
        self._print.setFocus()
        self._show_error(error)

    def _show_error(self, error: PosError) -> None:
        self._say(error.user_text, ColourRole.FAILED)

    def _say(self, text: str, colour: ColourRole | None = None) -> None:
        self._words.setText(text)
        self._words.set_colour(colour or "")


def _scrolled(shown: QWidget, name: str, spoken: str) -> QScrollArea:
    scrolled = QScrollArea()
    scrolled.setObjectName(name)
    scrolled.setAccessibleName(spoken)
    scrolled.setFrameShape(QFrame.Shape.NoFrame)
    scrolled.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
    scrolled.setWidget(shown)
    scrolled.setMinimumSize(396, 300)
    return scrolled
