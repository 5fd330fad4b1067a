"""Who is served now, as far as that customer may see it: never another one's payment, whichever is looked at."""

from PySide6.QtCore import QObject, Signal, Slot

from pos_app.messages.customer_display import CustomerView, payment_view, sum_view
from pos_app.ui.charge.page import ChargePage


class ServedCustomer(QObject):
    """Follows the charge page.

    Attributes:
        changed: what the customer may see now: a `CustomerView`, or None where nobody is served.
    """

    changed = Signal(object)

    def __init__(self, page: ChargePage) -> None:
        super().__init__(page)
        self._page = page
        self._view: CustomerView | None = None
        self._payment: int | None = None
        page.panel.changed.connect(self._look)
        page.form.basket_changed.connect(self._look)

    @property
    def view(self) -> CustomerView | None:
        """What the customer may see now."""
        return self._view

    @Slot()
    def _look(self) -> None:
        shown = self._page.shown
        own = shown is not None and shown.id == self._page.customer
        payment = shown if own else None
        amount = self._page.form.lines.amount if shown is None else None
        view = payment_view(payment) if payment else sum_view(amount) if amount else None
        about = payment.id if payment else None
        if (view, about) != (self._view, self._payment):
            self._view, self._payment = view, about
            self.changed.emit(view)
