"""The last customers, to choose again without typing."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from pos_app.domain.phone import mask
from pos_app.ui.widgets.buttons import Button, Kind

SHOWN = 2


class RecentPhones(QWidget):
    """The last customers, as a row of buttons with masked numbers.

    Attributes:
        chosen: the MSISDN of the customer.
    """

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._phones: list[str] = []
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(2)
        self._row.addStretch(1)

    def show_phones(self, phones: Sequence[str]) -> None:
        """Offer these phones, the newest customers first."""
        if self._phones == list(phones[:SHOWN]):
            return
        self._phones = list(phones[:SHOWN])
        while self._row.count() > 1:
            item = self._row.takeAt(0)
            widget = item.widget() if item else None
            if widget:
                widget.deleteLater()
        for place, phone in enumerate(self._phones):
            self._row.insertWidget(place, self._chip(place + 1, phone))

    @property
    def phones(self) -> tuple[str, ...]:
        """Whose chips are there, the newest first."""
        return tuple(self._phones)

    def choose(self, place: int) -> None:
        """The nth, from 1; nothing happens where there is none."""
        if 1 <= place <= len(self._phones):
            self.chosen.emit(self._phones[place - 1])

    def _chip(self, place: int, phone: str) -> Button:
        chip = Button(
            mask(phone), name=f"recent{place}", kind=Kind.CHIP, height=38, spoken=f"Recent customer {mask(phone)}"
        )
        chip.setToolTip(f"Alt+{place}")
        chip.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # it has a key, and no Enter behind a Tab may fill somebody in
        chip.clicked.connect(lambda: self.chosen.emit(phone))
        return chip
