"""Customers from before, to take without typing their number."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from pos_app.domain.customer import KnownPhone
from pos_app.domain.phone import mask
from pos_app.ui.style.theme import RING
from pos_app.ui.widgets.buttons import Button, Kind

SHOWN = 2
_HEIGHT = 38  # px


class CustomerChips(QWidget):
    """Customers as a row of buttons with masked numbers, and with names where all of these have the room.

    Args:
        name: the objectName of each, before its number.
        spoken: what screen readers call each, before its number.

    Attributes:
        chosen: the MSISDN of the customer.
    """

    chosen = Signal(str)

    def __init__(self, name: str, spoken: str) -> None:
        super().__init__()
        self._name, self._spoken = name, spoken
        self._customers: tuple[KnownPhone, ...] = ()
        self._chips: list[Button] = []
        self._named_from: int | None = None  # px that the numbers alone would need, while names stand there
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(2)
        self._row.addStretch(1)
        self.setMaximumHeight(self.high)

    def show_customers(self, customers: Sequence[KnownPhone]) -> None:
        """Offer these, so many of the first as have a place."""
        shown = tuple(customers[:SHOWN])
        if self._customers == shown:
            return
        self._customers, self._named_from = shown, None
        for chip in self._chips:
            self._row.removeWidget(chip)
            chip.hide()
            chip.deleteLater()
        self._chips = [self._chip(place, customer) for place, customer in enumerate(shown, 1)]
        for place, chip in enumerate(self._chips):
            self._row.insertWidget(place, chip)

    def leave_out(self, digits: str) -> None:
        """Offer nobody any more whose phone ends like this."""
        self.show_customers([each for each in self._customers if not each.phone.endswith(digits)])

    @property
    def phones(self) -> tuple[str, ...]:
        """Whose chips are there, in their order."""
        return tuple(customer.phone for customer in self._customers)

    @property
    def high(self) -> int:
        """How high a row of chips is, in px, also while there is none."""
        return _HEIGHT + 2 * RING

    def choose(self, place: int) -> bool:
        """The nth, from 1; whether there is one."""
        there = 1 <= place <= len(self._customers)
        if there:
            self.chosen.emit(self._customers[place - 1].phone)
        return there

    def fit(self, width: int) -> None:
        """Say the names, too, where the whole row then has room in so many px: a name goes before a number does."""
        numbers = self._say(named=False)
        self._named_from = numbers if self._say(named=True) <= width else None
        if self._named_from is None:
            self._say(named=False)

    def minimumSizeHint(self) -> QSize:
        """Room for the numbers: names never keep a row wide in a window that has become narrow."""
        least = super().minimumSizeHint()
        return least if self._named_from is None else QSize(self._named_from, least.height())

    def _say(self, *, named: bool) -> int:
        """Numbers, with names or without; gives the row's width in px."""
        for chip, customer in zip(self._chips, self._customers, strict=True):
            chip.setText(_label(customer, named=named))
        return sum(chip.sizeHint().width() + self._row.spacing() for chip in self._chips)

    def _chip(self, place: int, customer: KnownPhone) -> Button:
        phone = customer.phone
        chip = Button(
            mask(phone),
            name=f"{self._name}{place}",
            kind=Kind.CHIP,
            height=_HEIGHT,
            spoken=f"{self._spoken} {_label(customer, named=True)}",
        )
        chip.setToolTip(f"Alt+{place}")
        chip.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # it has a key, and no Enter behind a Tab may fill somebody in
        chip.clicked.connect(lambda: self.chosen.emit(phone))
        return chip


def _label(customer: KnownPhone, *, named: bool) -> str:
    number = mask(customer.phone)
    return f"{customer.name} {number}" if named and customer.name else number
