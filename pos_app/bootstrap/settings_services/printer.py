"""Keeping and trying out the receipt printer."""

from collections.abc import Sequence

from pos_app.bootstrap.settings_services.folder import SettingsFolder
from pos_app.bootstrap.settings_services.owner import OwnerAccess
from pos_app.bootstrap.settings_services.shop import ShopSettings
from pos_app.check_result import Finding, Status
from pos_app.domain.receipt_printer import PrinterAddress, PrinterKind, Sent, read_address, sample_page
from pos_app.errors import BadInput, NotPrinted
from pos_app.printers.escpos_printer import EscposPrinter
from pos_app.settings.choices import YesNo
from pos_app.ui.settings.service import Answers, PrinterChoice

PAGE = "Test page"
CAME_OUT = "The printer has printed it. See whether its figures fill the width of the paper"
UNCLEAR = "The printer was given it and has not said that it printed it. Look whether it came out"


class PrinterSettings:
    """Fits `ui.settings.service.PrinterService`."""

    def __init__(self, folder: SettingsFolder, owner: OwnerAccess, shop: ShopSettings) -> None:
        self._folder = folder
        self._owner = owner
        self._shop = shop

    def answers(self) -> Answers:
        """What is set now."""
        return self._shop.answers()

    def keep(self, printer: PrinterChoice) -> None:
        """Keep it.

        Raises:
            BadInput: the owner has not passed, or the address names no printer.
        """
        read_address(PrinterKind(printer.kind), printer.address)
        self._shop.keep(
            {
                "printer": printer.kind,
                "printer_address": printer.address,
                "print_paid": YesNo.YES if printer.print_paid else YesNo.NO,
                "cash_drawer": YesNo.YES if printer.cash_drawer else YesNo.NO,
            }
        )

    def test(self, printer: PrinterChoice) -> Sequence[Finding]:
        """Print a test page on it. Nothing is kept.

        Raises:
            BadInput: the owner has not passed, or the address names no printer.
        """
        self._owner.require()
        address = read_address(PrinterKind(printer.kind), printer.address)
        if address is None:
            raise BadInput("The system's print dialog needs no test here: print a receipt. Nothing was printed.")
        settings = self._folder.settings()
        try:
            sent = self._printer(address).print(lambda: sample_page(settings.shop, settings.paper_width))
        except NotPrinted as error:
            return [Finding(PAGE, Status.RED, error.user_text)]
        if sent is Sent.PRINTED:
            return [Finding(PAGE, Status.GREEN, CAME_OUT)]
        return [Finding(PAGE, Status.AMBER, UNCLEAR)]

    def _printer(self, address: PrinterAddress) -> EscposPrinter:
        """The open till's own, where it is the same: what that prints just now is not disturbed."""
        till = self._folder.till
        printer = till.printing.printer if till else None
        if isinstance(printer, EscposPrinter) and printer.address == address:
            return printer
        return EscposPrinter(address)
