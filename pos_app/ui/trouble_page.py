"""What the window shows instead of the till when the till cannot open."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from pos_app.ui.signs import Sign, Tone
from pos_app.ui.widgets.buttons import Button, Kind
from pos_app.ui.widgets.card import Card
from pos_app.ui.widgets.labels import Label
from pos_app.ui.widgets.state_square import StateSquare

_WIDTH = 620  # px: lines short enough to read calmly


class TroublePage(QWidget):
    """Says what is wrong and what to do, in that order.

    Signals:
        action: the button, where there is one.
    """

    action = Signal()

    def __init__(
        self, title: str, lines: Sequence[str], action_text: str | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("troublePage")
        self.setAccessibleName(title)
        self.setAccessibleDescription(" ".join(lines))
        card = Card(padding=32)
        card.setMaximumWidth(_WIDTH)
        square = StateSquare(48)
        square.show_sign(Sign("triangle-alert", Tone.WAITING))
        card.body.setSpacing(14)
        card.body.addWidget(square)
        card.body.addSpacing(4)
        card.body.addWidget(Label(title, "title", wrap=True))
        for line in lines:
            text = Label(line, "body", wrap=True)
            text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            card.body.addWidget(text)
        if action_text:
            card.body.addSpacing(10)
            card.body.addWidget(self._button(action_text))
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(card, 100)
        row.addStretch(1)
        page = QVBoxLayout(self)
        page.setContentsMargins(21, 21, 21, 21)
        page.addStretch(2)
        page.addLayout(row)
        page.addStretch(3)

    def _button(self, text: str) -> Button:
        button = Button(text, name="troubleAction", kind=Kind.PRIMARY, height=64, key="Enter")
        button.setDefault(True)
        button.clicked.connect(self.action)
        self.setFocusProxy(button)
        return button

    def showEvent(self, event: QShowEvent) -> None:
        """Enter presses the button as soon as the page is there."""
        super().showEvent(event)
        self.setFocus()
