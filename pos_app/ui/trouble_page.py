"""What the window shows instead of the till when the till cannot open."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from pos_app.ui.card_page import CardPage
from pos_app.ui.signs import Sign, Tone
from pos_app.ui.widgets.buttons import Button, Kind
from pos_app.ui.wish import WORDS, Wish


class TroublePage(CardPage):
    """Says what is wrong and what to do, in that order.

    Args:
        wishes: what buttons offer; Enter presses the first.

    Signals:
        wished: a `Wish`.
    """

    wished = Signal(str)

    def __init__(
        self, title: str, lines: Sequence[str], wishes: Sequence[Wish] = (), parent: QWidget | None = None
    ) -> None:
        super().__init__(Sign("triangle-alert", Tone.WAITING), title, lines, parent)
        self.setObjectName("troublePage")
        if wishes:
            self.body.addSpacing(10)
        for place, wish in enumerate(wishes):
            self.body.addWidget(self._button(wish, first=place == 0))

    def _button(self, wish: Wish, *, first: bool) -> Button:
        text, name = WORDS[wish], f"wish-{wish.name}"
        if first:
            button = Button(text, name=name, kind=Kind.PRIMARY, height=64, key="Enter")
            button.setDefault(True)
            self.setFocusProxy(button)
        else:
            button = Button(text, name=name, height=52)
        button.clicked.connect(lambda: self.wished.emit(wish))
        return button
