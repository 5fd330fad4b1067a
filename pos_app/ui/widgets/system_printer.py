"""The computer's own printers: which there are, and which one is wanted."""

from collections.abc import Callable

from PySide6.QtPrintSupport import QPrintDialog, QPrinter, QPrinterInfo
from PySide6.QtWidgets import QDialog, QWidget

from pos_app.errors import BadInput

ChoosePrinter = Callable[[QWidget], QPrinter | None]


def printer_names(none: str) -> list[str]:
    """What printers there are, on a thread: takes as long as the system's print service does, which may hang.

    Args:
        none: what is said where the computer has none.

    Raises:
        BadInput: the computer has none.
    """
    names = QPrinterInfo.availablePrinterNames()
    if not names:
        raise BadInput(none)
    return names


def choose_printer(parent: QWidget, title: str) -> QPrinter | None:
    """The system's dialog, once the print service has answered; None where nobody chose."""
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    dialog = QPrintDialog(printer, parent)
    dialog.setWindowTitle(title)
    return printer if dialog.exec() == QDialog.DialogCode.Accepted else None
