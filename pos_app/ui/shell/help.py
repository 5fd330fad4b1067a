"""What the till knows to be wrong: said in the header, at the foot of the window, and in full beside the keys (F1)."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from pos_app.domain.callback_route import RouteState, RouteStatus
from pos_app.messages import window as words
from pos_app.ui.shell.contact_light import ContactLight
from pos_app.ui.shell.help_panel import HelpPanel

if TYPE_CHECKING:
    from pos_app.sales.till import Till
    from pos_app.ui.preferences import Preferences
    from pos_app.ui.shell.header import Header
    from pos_app.ui.shell.lazy_checks_page import LazyChecksPage
    from pos_app.ui.till_events import TillEvents
    from pos_app.ui.widgets.toast import Toast


class Help(QObject):
    """Holds what is wrong until somebody looks, and shows it with the keys.

    Args:
        go_to_checks: shows the page of checks.
    """

    def __init__(
        self,
        window: QWidget,
        header: "Header",
        toast: "Toast",
        preferences: "Preferences",
        go_to_checks: Callable[[], None],
    ) -> None:
        super().__init__(window)
        self._window = window
        self._header = header
        self._toast = toast
        self._preferences = preferences
        self._go_to_checks = go_to_checks
        self._till: Till | None = None
        self._saving = True
        self._damage = ""
        self._unrecorded = ""
        self._letter = ""
        self._route = ""
        self._address = ""
        self._light: ContactLight | None = None
        self._panel: HelpPanel | None = None

    def hear(self, till: "Till", events: "TillEvents") -> None:
        """The till opens: hear what goes wrong from now on."""
        self._till = till
        events.saving_changed.connect(self.show_saving)
        events.unrecorded.connect(self.show_unrecorded)
        events.letter_lost.connect(self.show_letter_lost)
        till.ledger.watch_trouble(events.unrecorded.emit)
        if till.lease:
            till.lease.watch(events.letter_lost.emit)

    def watch(self, till: "Till") -> None:
        """The till is open: whether it can save, reaches M-PESA and has the right time."""
        self.show_saving(till.writer.saving)
        self._light = ContactLight(self._header, till.contact, till.clock, self._toast.show_error)

    @Slot(bool)
    def show_saving(self, saving: bool) -> None:
        """Show whether the computer can save."""
        self._saving = saving
        self._header.show_saving(saving)

    @Slot(str)
    def show_letter_lost(self, text: str) -> None:
        """Another till has this one's letter: said at once on whatever page, and for good in the header and here."""
        self._letter = text
        self._header.show_letter_lost()
        self._toast.show_error(text)

    @Slot(object)
    def show_route(self, status: RouteStatus) -> None:
        """Show how results come back, and why not where they do not."""
        self._route = status.words
        self._address = words.address_at(status.at) if status.at and status.state is RouteState.UP else ""
        self._header.show_route(status.state, self._address)

    @Slot(str)
    def show_damage(self, text: str) -> None:
        """The database file is damaged: said for good in the header. Nobody is stopped.

        Args:
            text: what to do.
        """
        self._damage = text
        self._header.show_damage()
        self._toast.show_error(words.DAMAGED)

    @Slot(str)
    def show_unrecorded(self, text: str) -> None:
        """Something that M-PESA said could not be recorded: said at once, and for good here."""
        self._unrecorded = text
        self._toast.show_error(text)

    def show_panel(self, checks: "LazyChecksPage | None") -> None:
        """Show it anew, with what is known now; `checks` where it leads to them and to the log."""
        self.close_panel()
        panel = self._panel = HelpPanel(
            self._window,
            saving=self._saving,
            why=self._till.writer.why if self._till else "",
            damage=self._damage,
            letter=self._letter,
            on_server=self._till is not None and self._till.lease is not None,
            unrecorded=self._unrecorded,
            route=self._route,
            address=self._address,
            others=self._light.troubles if self._light else (),
            checks=checks is not None,
            preferences=self._preferences,
        )
        if checks:
            panel.checks_wanted.connect(self._go_to_checks)
            panel.log_wanted.connect(checks.show_log)
        panel.show()

    def close_panel(self) -> None:
        """It goes, where it is shown; the person may have closed it."""
        if self._panel and isValid(self._panel):
            self._panel.close()
