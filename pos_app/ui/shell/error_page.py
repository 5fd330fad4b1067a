"""What the window shows instead of the till when the till cannot open."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from pos_app.ui.next_action import CONFIRMATIONS, WORDS, Confirmation, NextAction
from pos_app.ui.shell.message_page import MessagePage
from pos_app.ui.style.state_style import ColourRole, StateStyle
from pos_app.ui.widgets.buttons import Button, Kind
from pos_app.ui.widgets.notice import Notice


class ErrorPage(MessagePage):
    """Says what is wrong and what to do, in that order.

    Args:
        actions: what buttons offer; Enter presses the first. One that cannot be taken back is confirmed first.

    Signals:
        action_chosen: a `NextAction`.
    """

    action_chosen = Signal(str)

    def __init__(
        self, title: str, lines: Sequence[str], actions: Sequence[NextAction] = (), parent: QWidget | None = None
    ) -> None:
        super().__init__(StateStyle("triangle-alert", ColourRole.WAITING), title, lines, parent)
        self.setObjectName("errorPage")
        if actions:
            self.body.addSpacing(10)
        for place, action in enumerate(actions):
            button = self._button(action, first=place == 0)
            self.body.addWidget(button)
            confirmation = CONFIRMATIONS.get(action)
            if confirmation:
                notice = self._confirm(action, confirmation)
                self.body.addWidget(notice)
                button.clicked.connect(lambda _=False, notice=notice: self.show_part(notice))
            else:
                button.clicked.connect(lambda _=False, action=action: self.action_chosen.emit(action))

    def _button(self, action: NextAction, *, first: bool) -> Button:
        text, name = WORDS[action], f"action-{action.name}"
        if first:
            button = Button(text, name=name, kind=Kind.PRIMARY, height=64, key="Enter")
            button.setDefault(True)
            self.setFocusProxy(button)
        else:
            button = Button(text, name=name, height=52)
        return button

    def _confirm(self, action: NextAction, confirmation: Confirmation) -> Notice:
        notice = Notice(f"sure-{action.name}", ColourRole.WAITING, "triangle-alert")
        notice.set_message(confirmation.words)
        button = Button(confirmation.button, name=f"really-{action.name}", height=44)
        button.clicked.connect(lambda: self.action_chosen.emit(action))
        notice.column.addWidget(button)
        notice.hide()
        return notice
