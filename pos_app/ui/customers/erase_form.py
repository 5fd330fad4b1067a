"""The owner erases a customer: what goes and what stays, why, and who says so."""

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeyEvent, Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from pos_app.domain.operators import Act, Need
from pos_app.domain.phone import mask
from pos_app.errors import PosError
from pos_app.messages.erasure import WHAT_GOES, erased_words
from pos_app.messages.recovery import UNSEEN
from pos_app.sales.erasure import ErasedCustomer
from pos_app.sales.passphrase import ToldOnce
from pos_app.sales.till import Till
from pos_app.ui.recovery.code_dialog import show_code
from pos_app.ui.recovery.passphrase_fields import NOT_THE_SAME, PassphraseFields
from pos_app.ui.style.state_style import ColourRole
from pos_app.ui.style.theme import RING
from pos_app.ui.tasks import Lane, Tasks
from pos_app.ui.visits import Visits
from pos_app.ui.widgets.button_row import ButtonRow
from pos_app.ui.widgets.buttons import Button, Kind
from pos_app.ui.widgets.fields import Field
from pos_app.ui.widgets.labels import Label
from pos_app.ui.widgets.notice import Notice
from pos_app.ui.widgets.scrolled import Scrolled


class EraseForm(QWidget):
    """Takes the place of a customer's detail while the owner erases them.

    Signals:
        erased: it is done; what was done, in words.
        closed: it is open no more, because it is done or was left.
    """

    erased = Signal(str)
    closed = Signal()

    def __init__(self, till: Till, tasks: Tasks) -> None:
        super().__init__()
        self.setObjectName("eraseForm")
        self.setAccessibleName("Erase this customer")
        self._till, self._tasks = till, tasks
        self._visits = Visits()
        self._phone = ""
        self._title = Label("", "title", wrap=True)
        self._means = Label(WHAT_GOES, "note", wrap=True)
        self._has = Label("", "body", wrap=True)
        self._has.setObjectName("eraseHas")
        self._why = Field(name="eraseWhy", spoken="Reason", placeholder="Such as: asked for by letter")
        self._passphrase = PassphraseFields("erase", tasks, till.owner.passphrase.recover)
        self._trouble = Notice("eraseTrouble", ColourRole.FAILED, "circle-alert")
        self._act = Button("Erase", name="eraseNow", kind=Kind.PRIMARY, key="Enter", height=52)
        self._cancel = Button("Cancel", name="eraseCancel", key="Esc", height=52, spoken="Erase nobody")
        self._lay_out()
        self._why.edit.returnPressed.connect(self._submit)
        self._why.refused.connect(self._say)
        self._passphrase.entered.connect(self._submit)
        self._act.clicked.connect(self._submit)
        self._cancel.clicked.connect(self.close_form)
        self.hide()

    def start(self, phone: str, has: str) -> None:
        """About the customer with this MSISDN, who has this now, in words."""
        self._visits.end()
        self._phone = phone
        self._title.setText(f"Erase {mask(phone)}")
        self._has.setText(f"Has now: {has}")
        self._why.edit.clear()
        self._passphrase.clear()
        self._passphrase.ask(Need.PASSPHRASE)
        self._say("")
        self.show()
        self._why.setFocus()
        here = self._visits.current()
        self._tasks.run(
            partial(self._till.authority.need, Act.ERASE),
            lambda need: self._passphrase.ask(need) if here() else None,
            lambda error: self._say(error.user_text) if here() else None,
            owner=self,
        )

    def leave(self) -> None:
        """Close without a word; no passphrase is kept."""
        self._visits.end()
        self._passphrase.clear()
        self._phone = ""
        self._title.setText("")
        self.hide()

    def close_form(self) -> None:
        """Close, and say so."""
        self.leave()
        self.closed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc leaves the form."""
        if event.key() == Qt.Key.Key_Escape:
            self.close_form()
        else:
            super().keyPressEvent(event)

    def _lay_out(self) -> None:
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        reason = Label("Reason, without a name or a number", "caption", wrap=True)
        for label in (self._title, self._means, self._has, reason):
            label.setContentsMargins(RING, 4, RING, 2)
        for part in (self._title, self._means, self._has, reason, self._why, self._passphrase):
            column.addWidget(part)
        column.addStretch(1)
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.setSpacing(4)
        page.addWidget(Scrolled(content, "eraseScroll", "Erase this customer"), 1)
        page.addWidget(self._trouble)
        page.addWidget(ButtonRow(self._cancel, self._act))

    def _submit(self) -> None:
        if not self._phone or not self._act.isEnabled():
            return
        if not self._passphrase.same:
            self._say(NOT_THE_SAME)
            return
        self._act.setEnabled(False)
        phone, why, passphrase = self._phone, self._why.edit.text(), self._passphrase.typed
        first: ToldOnce | None = self._tell_code if self._passphrase.first else None
        here = self._visits.current()
        self._tasks.run(
            lambda: self._till.erasure.erase(phone, why, passphrase, first=first),
            lambda done: self._done(done, here()),
            lambda error: self._refuse(error, here()),
            owner=self,
            lane=Lane.SETTINGS,  # the keyring, and a look through the file: nothing else that is saved waits for it
        )

    def _tell_code(self, code: str) -> None:
        """On the thread that saves; whatever becomes of it, the passphrase is chosen."""
        self._tasks.deliver(self._show_code, code)

    def _show_code(self, code: str) -> None:
        if self.isVisible():
            show_code(code, self._tasks, self)
        else:  # the page was left meanwhile, and somebody else may stand here
            self._tasks.trouble.emit(UNSEEN)

    def _done(self, done: ErasedCustomer, is_open: bool) -> None:
        if is_open:
            self.leave()
        self.erased.emit(erased_words(done))
        if is_open:
            self.closed.emit()

    def _refuse(self, error: PosError, is_open: bool) -> None:
        """Beside what was typed; where that is closed by now, to whoever is there."""
        if is_open:
            self._say(error.user_text)
        else:
            self._tasks.trouble.emit(error.user_text)

    def _say(self, text: str) -> None:
        self._trouble.set_message(text)
        self._trouble.setVisible(bool(text))
        self._act.setEnabled(True)
