"""The light in the header: whether M-PESA can be reached and whether the clock is right, as it is at this second."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Slot

from pos_app.domain.mpesa_time import TOLD
from pos_app.messages import contact as contact_words

if TYPE_CHECKING:
    from pos_app.sales.contact import Contact
    from pos_app.sales.ports import Clock
    from pos_app.ui.shell.header import Header

_TICK = 1_000  # ms


class ContactLight(QObject):
    """Looks once a second and shows it in the header.

    Args:
        say: tells something once, in passing.
    """

    def __init__(self, header: "Header", contact: "Contact", clock: "Clock", say: Callable[[str], object]) -> None:
        super().__init__(header)
        self._header = header
        self._contact = contact
        self._clock = clock
        self._say = say
        self._told = False
        timer = QTimer(self)
        timer.setInterval(_TICK)
        timer.timeout.connect(self.look)
        timer.start()
        self.look()

    @property
    def troubles(self) -> list[tuple[str, str]]:
        """What is wrong, as titles and texts for F1."""
        status, ahead = self._contact.status, self._ahead()
        found = []
        if contact_words.lost(status):
            found.append((contact_words.light(status), contact_words.LOST_HELP))
        if ahead:
            found.append((contact_words.clock_light(ahead), contact_words.clock_help(ahead)))
        return found

    @Slot()
    def look(self) -> None:
        """Show in the header whether M-PESA is reached, and whether the clock is right, as it is now."""
        self._header.show_contact(self._contact.status)
        ahead = self._ahead()
        self._header.show_clock(ahead)
        if ahead and not self._told:
            self._say(contact_words.clock_help(ahead))
        self._told = ahead is not None

    def _ahead(self) -> float | None:
        """Where the clock is so far off that it is told: by how many seconds it is ahead of M-PESA's."""
        ahead = self._clock.ahead_of_mpesa()
        return ahead if ahead is not None and abs(ahead) >= TOLD else None
