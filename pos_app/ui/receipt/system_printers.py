"""The computer's own printers, and a receipt on one of them."""

from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QWidget

from pos_app.sales.receipts import Receipt, Receipts
from pos_app.ui.receipt.printing import Slip
from pos_app.ui.widgets.system_printer import choose_printer, printer_names

NO_PRINTER = "There is no printer on this computer. The payment is safe. Ctrl+S keeps the receipt as PDF instead."


def find_printers() -> list[str]:
    """What printers there are, on a thread. Raises BadInput where there is none."""
    return printer_names(NO_PRINTER)


def ask_for_printer(parent: QWidget) -> QPrinter | None:
    """The system's dialog, once the print service has answered; None where nobody chose."""
    return choose_printer(parent, "Print receipt")


def print_receipt(receipts: Receipts, shown: Receipt, paper: int, printer: QPrinter) -> Receipt:
    """Print a receipt and remember it, whatever became of the window that wanted it; on a thread.

    Args:
        receipts: which kind of paper it is.
        shown: as it was read before. Somebody else may have printed it since, or its code may have come.

    Returns:
        What the next print will be.

    Raises:
        BadInput: the printer did not take it.
    """
    now = receipts.receipt(shown.payment.id, at_least=shown.copy)
    Slip(now.lines, paper).print_on(printer)
    receipts.printed(now.payment.id)
    return receipts.as_copy(now.payment, now.copy + 1)
