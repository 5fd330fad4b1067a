"""A card in the middle of an otherwise empty page, for what stands in the till's place."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from pos_app.ui.widgets.card import Card
from pos_app.ui.widgets.labels import Label
from pos_app.ui.widgets.scrolled import Scrolled
from pos_app.ui.widgets.state_square import StateSquare

if TYPE_CHECKING:
    from pos_app.ui.style.state_style import StateStyle

_WIDTH = 620  # px: lines short enough to read calmly


class MessagePage(QWidget):
    """A sign, a title and lines of text; `body` is the card's layout, for more below; it scrolls on a low screen."""

    def __init__(self, style: "StateStyle", title: str, lines: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(title)
        self.setAccessibleDescription(" ".join(lines))
        card = Card(padding=32)
        card.setMaximumWidth(_WIDTH)
        square = StateSquare(48)
        square.show_style(style)
        self.body = card.body
        self.body.setSpacing(14)
        self.body.addWidget(square)
        self.body.addSpacing(4)
        self.body.addWidget(Label(title, "title", wrap=True))
        for line in lines:
            text = Label(line, "body", wrap=True)
            text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            self.body.addWidget(text)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(card, 100)
        row.addStretch(1)
        content = QWidget()
        content.setMinimumHeight(1)  # as tall as the words are in the width they have
        inside = QVBoxLayout(content)
        inside.setContentsMargins(21, 21, 21, 21)
        inside.addStretch(2)
        inside.addLayout(row)
        inside.addStretch(3)
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        self._scrolled = Scrolled(content, "messageScroll", title)
        page.addWidget(self._scrolled)

    def show_part(self, part: QWidget) -> None:
        """Show a part of the card that was hidden, and bring it into view."""
        part.show()
        self._scrolled.show_soon(part)

    def showEvent(self, event: QShowEvent) -> None:
        """Whatever has the page's focus can be used as soon as the page is there."""
        super().showEvent(event)
        self.setFocus()
