"""The computer's own printers: which there are, which one is wanted, and a receipt on it."""

from collections.abc import Callable

from PySide6.QtPrintSupport import QPrintDialog, QPrinter, QPrinterInfo
from PySide6.QtWidgets import QDialog, QWidget

from pos_app.errors import BadInput
from pos_app.sales.receipts import Receipt, Receipts
from pos_app.ui.receipt.printing import Slip

NO_PRINTER = "There is no printer on this computer. The payment is safe. Ctrl+S keeps the receipt as PDF instead."

ChoosePrinter = Callable[[QWidget], QPrinter | None]


def find_printers() -> list[str]:
    """What printers there are, on a thread: takes as long as the system's print service does, which may hang.

    Raises:
        BadInput: the computer has none.
    """
    names = QPrinterInfo.availablePrinterNames()
    if not names:
        raise BadInput(NO_PRINTER)
    return names


def ask_for_printer(parent: QWidget) -> QPrinter | None:
    """The system's dialog, once the print service has answered; None where nobody chose."""
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    dialog = QPrintDialog(printer, parent)
    dialog.setWindowTitle("Print receipt")
    return printer if dialog.exec() == QDialog.DialogCode.Accepted else None


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
