"""How receipts are printed: by the computer's own dialog, or on a receipt printer that the till drives itself."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from pos_app.check_result import Finding
from pos_app.domain.receipt_printer import PrinterKind, read_address, wanted_address
from pos_app.ui.settings.section import typed
from pos_app.ui.settings.service import Answers, PrinterChoice, PrinterService
from pos_app.ui.settings.testable_section import TestableSection
from pos_app.ui.tasks import Tasks
from pos_app.ui.widgets.fields import Field
from pos_app.ui.widgets.options import Option, Options

_KINDS = {
    PrinterKind.SYSTEM: Option("Print dialog", "Any printer of this computer's, chosen for each receipt."),
    PrinterKind.NETWORK: Option("Network", "A receipt printer with a network cable or Wi-Fi."),
    PrinterKind.USB: Option("USB", "A receipt printer at this computer, without a driver of its own."),
    PrinterKind.SERIAL: Option("Serial port", "A receipt printer with a serial cable or Bluetooth port."),
    PrinterKind.QUEUE: Option("Print queue", "A receipt printer that this computer's own settings list by name."),
}
_EXAMPLES = {
    PrinterKind.NETWORK: "192.168.1.50",
    PrinterKind.USB: "0416:5011",
    PrinterKind.SERIAL: "/dev/ttyUSB0",
    PrinterKind.QUEUE: "XP-58",
}
_BY_HAND, _BY_ITSELF, _AND_DRAWER = "hand", "itself", "drawer"
_WHEN = {
    _BY_HAND: Option("When somebody prints it", "F9 shows the receipt, Enter prints it."),
    _BY_ITSELF: Option("By itself, when it is paid", "Each paid payment of this till, once. A copy is made with F9."),
    _AND_DRAWER: Option("By itself, and the drawer opens", "The cash drawer at the printer opens with each of those."),
}


class PrinterSection(TestableSection[Answers]):
    """A printer of the till's own needs its address; the test page shows whether it is the right one."""

    TITLE = "Receipt printer"
    LEAD = "A payment is saved and shown before its receipt is printed: a printer that fails costs no money."

    def __init__(self, service: PrinterService, tasks: Tasks) -> None:
        super().__init__("printerSection", tasks, ("Print a test page", "testPrinter"))
        self._service = service
        kinds = {str(kind): option for kind, option in _KINDS.items()}
        self._kind = Options(kinds, name="printerKind", spoken="Receipt printer", columns=2)
        self._address = Field(name="printerAddress", spoken="Where the printer is")
        self._when = Options(_WHEN, name="printWhen", spoken="When a receipt is printed")
        self.column.addWidget(self._kind)
        where = self.add("Where the printer is", self._address)
        self._hint = self.add_note("")
        when = self.add("When a receipt is printed", self._when)
        self.column.addWidget(self.test_button)
        self.column.addWidget(self.results)
        self._of_ours = (where, self._address, self._hint, when, self._when, self.test_button, self.results)
        self.column.addStretch(1)
        self._kind.chosen.connect(self._show_kind)
        self._address.edit.textChanged.connect(self.forget_results)

    def read(self) -> Answers:
        return self._service.answers()

    def fill(self, found: Answers) -> None:
        self._kind.choose(found.printer)
        self._address.edit.setText(found.printer_address)
        self._when.choose(_AND_DRAWER if found.cash_drawer else _BY_ITSELF if found.print_paid else _BY_HAND)
        self._show_kind(found.printer)

    def first_field(self) -> QWidget:
        return self._kind.chosen_card

    def work(self) -> Callable[[], None]:
        choice = self._choice()
        return lambda: self._service.keep(choice)

    def test(self) -> Callable[[], Sequence[Finding]]:
        choice = self._choice()
        return lambda: self._service.test(choice)

    def _choice(self) -> PrinterChoice:
        """What stands here. Raises BadInput where it names no printer."""
        kind, when = PrinterKind(self._kind.choice), self._when.choice
        if kind is PrinterKind.SYSTEM:
            return PrinterChoice(kind=kind)
        address = typed(self._address)
        read_address(kind, address)
        by_itself = when != _BY_HAND
        return PrinterChoice(kind=kind, address=address, print_paid=by_itself, cash_drawer=when == _AND_DRAWER)

    @Slot(str)
    def _show_kind(self, chosen: str) -> None:
        """A printer of another kind is found by something else."""
        kind = PrinterKind(chosen)
        self.forget_results()
        for part in self._of_ours:
            part.setVisible(kind is not PrinterKind.SYSTEM)
        if kind is not PrinterKind.SYSTEM:
            self._address.edit.setPlaceholderText(_EXAMPLES[kind])
            words = wanted_address(kind)
            self._hint.setText(f"{words[0].upper()}{words[1:]}.")
