"""What can be printed of a payment, in a window of its own beside the till."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from pos_app.ui.preferences import Preferences
    from pos_app.ui.shell.pages import OpenedTill


def show_paper(
    window: QWidget, opened: "OpenedTill | None", payment_id: int, preferences: "Preferences", *, refund: bool = False
) -> None:
    """Show a payment's receipt in the place of another one; nothing while the till is not open.

    Args:
        window: that it belongs to.
        refund: the slip of what went back instead.
    """
    if opened is None:
        return
    from pos_app.ui.receipt.dialog import ReceiptDialog

    for shown in window.findChildren(ReceiptDialog):
        shown.close()
    dialog = ReceiptDialog(opened.till, opened.tasks, payment_id, window, preferences=preferences, refund=refund)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.show()
