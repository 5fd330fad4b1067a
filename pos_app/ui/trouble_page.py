"""What the window shows instead of the till when the till cannot open."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from pos_app.ui.card_page import CardPage
from pos_app.ui.signs import Sign, Tone
from pos_app.ui.widgets.buttons import Button, Kind


class TroublePage(CardPage):
    """Says what is wrong and what to do, in that order.

    Signals:
        action: the button, where there is one; Enter presses it.
    """

    action = Signal()

    def __init__(
        self, title: str, lines: Sequence[str], action_text: str | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(Sign("triangle-alert", Tone.WAITING), title, lines, parent)
        self.setObjectName("troublePage")
        if action_text:
            self.body.addSpacing(10)
            self.body.addWidget(self._button(action_text))

    def _button(self, text: str) -> Button:
        button = Button(text, name="troubleAction", kind=Kind.PRIMARY, height=64, key="Enter")
        button.setDefault(True)
        button.clicked.connect(self.action)
        self.setFocusProxy(button)
        return button
