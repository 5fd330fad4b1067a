"""The way to the keys and the help: what the till knows to be wrong, until somebody looks."""

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from pos_app.ui.preferences import Preferences
from pos_app.ui.shell.contact_light import ContactLight
from pos_app.ui.shell.help_panel import HelpPanel
from pos_app.ui.shell.lazy_checks_page import ChecksWay


class HelpWay(QObject):
    """Holds what is wrong, and shows it with the keys.

    Attributes:
        saving, why, damage, unrecorded, route: as in `HelpPanel`.
        light: knows whether M-PESA is reached and the clock is right.
    """

    def __init__(self, window: QWidget, preferences: Preferences) -> None:
        super().__init__(window)
        self._preferences = preferences
        self.saving = True
        self.why = ""
        self.damage = ""
        self.unrecorded = ""
        self.route = ""
        self.light: ContactLight | None = None
        self._window = window
        self._panel: HelpPanel | None = None

    @property
    def panel(self) -> HelpPanel | None:
        """What is shown now; the person may have closed it."""
        return self._panel if self._panel and isValid(self._panel) else None

    def show_panel(self, checks: ChecksWay | None) -> None:
        """Show it anew, with what is known now; `checks` where it leads to them and to the log."""
        self.close_panel()
        panel = self._panel = HelpPanel(
            self._window,
            saving=self.saving,
            why=self.why,
            damage=self.damage,
            unrecorded=self.unrecorded,
            route=self.route,
            others=self.light.troubles if self.light else (),
            checks=checks is not None,
            preferences=self._preferences,
        )
        if checks:
            panel.checks_wanted.connect(checks.want_page)
            panel.log_wanted.connect(checks.show_log)
        panel.show()

    def close_panel(self) -> None:
        """It goes, where it is shown."""
        if self.panel:
            self.panel.close()
