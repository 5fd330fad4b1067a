"""Asks for the passphrase of the M-PESA keys, in the till's place until the till can open."""

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from pos_app.messages import window as words
from pos_app.ui.next_action import WORDS, NextAction
from pos_app.ui.shell.message_page import MessagePage
from pos_app.ui.style.state_style import ColourRole, StateStyle
from pos_app.ui.visits import take_focus
from pos_app.ui.widgets.buttons import Button, Kind
from pos_app.ui.widgets.fields import Field
from pos_app.ui.widgets.labels import Label
from pos_app.ui.widgets.notice import Notice

AGAIN_AFTER = 1_000  # ms after a wrong passphrase, beside the time that each try takes anyway


class UnlockPage(MessagePage):
    """One field and its button. After `submitted` it waits, until it is `refuse`d or taken away.

    Signals:
        submitted: the passphrase as typed.
        action_chosen: a `NextAction`, by one of the other buttons.
    """

    submitted = Signal(str)
    action_chosen = Signal(str)

    def __init__(self, *, offer_others: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(StateStyle("lock", ColourRole.WAITING), words.KEYS_LOCKED, [words.KEYS_LOCKED_MORE], parent)
        self.setObjectName("unlockPage")
        self._field = Field(name="unlockPassphrase", spoken="Passphrase of the keys", placeholder="Passphrase")
        self._field.edit.setEchoMode(QLineEdit.EchoMode.Password)
        self._trouble = Notice("unlockTrouble", ColourRole.FAILED, "circle-alert")
        self._trouble.hide()
        self._open = Button("Open", name="unlockOpen", kind=Kind.PRIMARY, key="Enter", height=52)
        self._pause = QTimer(self, singleShot=True, interval=AGAIN_AFTER)
        self.body.setSpacing(10)
        self.body.addSpacing(4)
        for part in (self._field, self._trouble):
            self.body.addWidget(part)
        self.body.addWidget(self._open)
        self.body.addWidget(Label(words.KEYS_FORGOTTEN, "small", wrap=True))
        self._others = (
            [self._other(action) for action in (NextAction.SET_UP, NextAction.PRACTICE)] if offer_others else []
        )
        row = QHBoxLayout()
        for other in self._others:
            row.addWidget(other, 1)
        self.body.addLayout(row)
        self.setFocusProxy(self._field)
        self._field.edit.textChanged.connect(self._fit)
        self._field.edit.returnPressed.connect(self._open.click)
        self._open.clicked.connect(self._submit)
        self._pause.timeout.connect(self._wait_no_more)
        self._fit()

    def refuse(self, text: str) -> None:
        """It did not open: say why, and after a moment take another try."""
        self._trouble.set_message(text)
        self._trouble.show()
        for other in self._others:
            other.setEnabled(True)
        self._pause.start()

    @property
    def trouble(self) -> str:
        """What it says is wrong; empty where nothing is."""
        return self._trouble.words if self._trouble.isVisibleTo(self) else ""

    def _other(self, action: NextAction) -> Button:
        button = Button(WORDS[action], name=f"action-{action.name}", height=48)
        button.clicked.connect(lambda: self.action_chosen.emit(action))
        return button

    def hideEvent(self, event: QHideEvent) -> None:
        """Somebody looks at the checks meanwhile, and another one may come back."""
        super().hideEvent(event)
        if not event.spontaneous():
            self._field.edit.clear()

    @Slot()
    def _submit(self) -> None:
        for part in (self._field, self._open, *self._others):
            part.setEnabled(False)
        self._trouble.hide()
        self.submitted.emit(self._field.edit.text())

    @Slot()
    def _wait_no_more(self) -> None:
        self._field.setEnabled(True)
        self._field.edit.selectAll()
        take_focus(self._field)
        self._fit()

    @Slot()
    def _fit(self) -> None:
        self._open.setEnabled(bool(self._field.edit.text()))
