"""What an open till publishes from its threads, as signals on the GUI thread."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from pos_app.messages.announcements import said_anew
from pos_app.messages.printing import trouble_words

if TYPE_CHECKING:
    from pos_app.domain.payment import Payment
    from pos_app.sales.printing import PrintTrouble


class TillEvents(QObject):
    """What the till publishes to the window. Make it on the GUI thread; emit from any; connect to methods of QObjects.

    Attributes:
        payment_changed: a `Payment`, after its commit; also another till's.
        shop_changed: what people have done at other tills, as the audit names it (frozenset of text).
        state_changed: a `Payment` of this till whose state is in other words than before, or that is new; once for each
            change.
        saving_changed: whether the computer can save.
        letter_lost: another till has taken this one's letter; what to do, in words.
        route_changed: a `RouteStatus`: whether results come by themselves.
        damage_found: the database file is damaged; what to do, in words.
        upgrade_is_long: older records take long to be brought up to date; the till opens once they are.
        not_printed: a receipt that did not come out by itself, in words.
        unrecorded: events that could neither be recorded nor put on the list of those to check, in words.
        prompt_shown: a `PhonePrompt` that appeared on the practice phone.
        prompt_gone: the id of a prompt that went.
    """

    payment_changed = Signal(object)
    shop_changed = Signal(object)
    state_changed = Signal(object)
    saving_changed = Signal(bool)
    letter_lost = Signal(str)
    route_changed = Signal(object)
    damage_found = Signal(str)
    upgrade_is_long = Signal()
    unrecorded = Signal(str)
    not_printed = Signal(str)
    prompt_shown = Signal(object)
    prompt_gone = Signal(str)

    def on_print_trouble(self, trouble: "PrintTrouble") -> None:
        """A receipt did not come out by itself: a line, and nothing stands still for it."""
        self.not_printed.emit(trouble_words(trouble))

    def on_change(self, before: "Payment | None", after: "Payment") -> None:
        """A payment is new, or not as it was. A watcher of the ledger."""
        if said_anew(before, after):
            self.state_changed.emit(after)
