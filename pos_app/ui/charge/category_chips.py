"""Which posts are shown where nothing is typed: all, or those of one category, by touch."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QSizePolicy, QWidget

from pos_app.ui.widgets.buttons import Button, Kind
from pos_app.ui.widgets.flow import FlowLayout
from pos_app.ui.widgets.tab_order import tab_in_place

ALL = "All"
_HEIGHT = 40  # px


class CategoryChips(QWidget):
    """A button for each category that has something to sell, with one for all before them; hidden where there is none.

    A touch leaves the cursor where it is: the next Enter means what it meant before.

    Attributes:
        chosen: another category is to be shown.
    """

    chosen = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("categoryChips")
        self.setAccessibleName("Categories")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self._chips: list[Button] = []
        self._names: tuple[str, ...] = ()
        self._flow = FlowLayout(spacing=2)
        self.setLayout(self._flow)
        self.category: str | None = None
        self.hide()

    @property
    def offered(self) -> bool:
        """Whether there is anything to choose."""
        return bool(self._names)

    def offer(self, names: Sequence[str]) -> None:
        """Offer these; one that is not among them any more is not shown any more."""
        if tuple(names) != self._names:
            self._names = tuple(names)
            for chip in self._chips:
                self._flow.removeWidget(chip)
                chip.hide()
                chip.deleteLater()
            self._chips = [self._chip(place, name) for place, name in enumerate((None, *names))] if names else []
            tab_in_place(self, *self._chips)
        if self.category not in names:
            self.category = None
        self._mark()

    def clear(self) -> None:
        """All again."""
        self._choose(None)

    def _chip(self, place: int, name: str | None) -> Button:
        chip = Button(name or ALL, name=f"category{place}", kind=Kind.CHIP, height=_HEIGHT, parent=self)
        chip.setCheckable(True)
        chip.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        chip.clicked.connect(lambda: self._choose(name))
        self._flow.addWidget(chip)
        chip.show()
        return chip

    def _choose(self, name: str | None) -> None:
        another, self.category = name != self.category, name
        self._mark()
        if another:
            self.chosen.emit()

    def _mark(self) -> None:
        for chip, name in zip(self._chips, (None, *self._names), strict=False):
            chip.setChecked(name == self.category)
