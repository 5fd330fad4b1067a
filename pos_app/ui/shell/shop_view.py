"""What other tills of the shop do, in this till's window: shown, and never acted on."""

from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject, Slot

from pos_app.domain.operators import Act
from pos_app.domain.search import Search
from pos_app.ui.charge.other_payments import OtherPayments

if TYPE_CHECKING:
    from pos_app.domain.payment import Payment
    from pos_app.ui.charge.page import ChargePage
    from pos_app.ui.shell.pages import OpenedTill

_WHO = frozenset({Act.ROLES, Act.SETTINGS, Act.ERASE})


class ShowsPayments(Protocol):
    """The window."""

    def show_payments(self, search: Search, words: str) -> None:
        """Go to the payments, and show those that a search finds; `words` says which they are."""
        ...


class ShopView(QObject):
    """Has the window's pages hear of other tills, and the charge page show their payments. Where the till is the only
    one of its database it does nothing.
    """

    def __init__(self, window: ShowsPayments, opened: "OpenedTill", charge: "ChargePage") -> None:
        super().__init__(charge)
        self._window = window
        self._charge = charge
        till, tasks, events = opened
        publisher = till.ledger.publisher
        if not publisher.hears_others:
            return
        publisher.subscribe_others(events.payment_changed.emit)
        publisher.watch_shop(events.shop_changed.emit)
        others = OtherPayments(till, tasks, events, self)
        charge.column.show_others(others)
        charge.column.other_chosen.connect(self._look_at)
        events.shop_changed.connect(self._shop_changed)
        others.load()

    @Slot(object)
    def _look_at(self, payment: "Payment") -> None:
        """Another till's payment is looked at where all are, never on the panel of who is served here."""
        self._window.show_payments(Search(text=payment.number), f"payment {payment.number}")

    @Slot(object)
    def _shop_changed(self, acts: frozenset[str]) -> None:
        if Act.POSTS in acts:
            self._charge.flow.read_posts()
        if acts & _WHO:
            self._charge.flow.read_figures()  # whoever may not stand here any more signs in first
