"""What the window shows instead of the till when the till cannot open."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from pos_app.ui.next_action import SURE, WORDS, Sure, Wish
from pos_app.ui.shell.message_page import CardPage
from pos_app.ui.style.signs import Sign, Tone
from pos_app.ui.widgets.buttons import Button, Kind
from pos_app.ui.widgets.notice import Notice


class TroublePage(CardPage):
    """Says what is wrong and what to do, in that order.

    Args:
        wishes: what buttons offer; Enter presses the first. One that cannot be taken back is confirmed first.

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
            button = self._button(wish, first=place == 0)
            self.body.addWidget(button)
            sure = SURE.get(wish)
            if sure:
                notice = self._confirm(wish, sure)
                self.body.addWidget(notice)
                button.clicked.connect(notice.show)
            else:
                button.clicked.connect(lambda _=False, wish=wish: self.wished.emit(wish))

    def _button(self, wish: Wish, *, first: bool) -> Button:
        text, name = WORDS[wish], f"wish-{wish.name}"
        if first:
            button = Button(text, name=name, kind=Kind.PRIMARY, height=64, key="Enter")
            button.setDefault(True)
            self.setFocusProxy(button)
        else:
            button = Button(text, name=name, height=52)
        return button

    def _confirm(self, wish: Wish, sure: Sure) -> Notice:
        notice = Notice(f"sure-{wish.name}", Tone.WAITING, "triangle-alert")
        notice.say(sure.words)
        button = Button(sure.button, name=f"really-{wish.name}", height=44)
        button.clicked.connect(lambda: self.wished.emit(wish))
        notice.column.addWidget(button)
        notice.hide()
        return notice
