"""Asks for the owner's passphrase above what only the owner changes, and then goes on with what was wanted."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QHideEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from pos_app.errors import PosError
from pos_app.ui.recovery.forgotten import ForgottenButton
from pos_app.ui.style.state_style import ColourRole
from pos_app.ui.tasks import Lane, Tasks
from pos_app.ui.visits import Visits
from pos_app.ui.widgets.buttons import Button, Kind
from pos_app.ui.widgets.card import Card
from pos_app.ui.widgets.field_row import FieldRow
from pos_app.ui.widgets.fields import Field
from pos_app.ui.widgets.labels import Label

WORDS = "Posts and prices are the owner's. With the passphrase they can be changed for 5 minutes."


class OwnerBar(Card):
    """Asks for the owner's passphrase above the list of posts; hidden until it is wanted, and when its page is left.

    While it asks, what it stands above makes room: a small screen has none for both.

    Args:
        unlock: lets the owner pass, or raises with words; called on a thread.
        lock: takes that back.
        recover: chooses a new passphrase by the recovery code and gives the next one; called on a thread.
    """

    def __init__(
        self,
        tasks: Tasks,
        unlock: Callable[[str], None],
        lock: Callable[[], None],
        recover: Callable[[str, str], str],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(padding=14, parent=parent)
        self.setObjectName("ownerBar")
        self.setAccessibleName("The owner's passphrase")
        self._tasks = tasks
        self._below: tuple[QWidget, ...] = ()
        self._unlock = unlock
        self._lock = lock
        self._visits = Visits()
        self._what = ""
        self._then: Callable[[], object] = lambda: None
        self._words = Label(WORDS, "note", wrap=True)
        self._words.setObjectName("ownerWords")
        self._field = Field(name="ownerPassphrase", spoken="The owner's passphrase", placeholder="Passphrase")
        self._field.edit.setEchoMode(QLineEdit.EchoMode.Password)
        self._open = Button("Go on", name="ownerOpen", kind=Kind.PRIMARY, key="Enter", height=52)
        self._cancel = Button("Cancel", name="ownerCancel", key="Esc", height=52, spoken="Cancel, save nothing")
        self.body.setSpacing(6)
        self.body.addWidget(self._words)
        self.body.addWidget(FieldRow(self._field, self._cancel, self._open, ForgottenButton("owner", tasks, recover)))
        self.body.addStretch(1)
        self._field.edit.returnPressed.connect(self._submit)
        self._open.clicked.connect(self._submit)
        self._cancel.clicked.connect(self.leave)
        self.hide()

    def stand_above(self, *below: QWidget) -> None:
        """These make room for it while it asks."""
        self._below = below

    def ask(self, what: str, then: Callable[[], object]) -> None:
        """Show it, with what is waiting to be saved in words; `then` is called once the owner has passed."""
        self._visits.end()
        self._what, self._then = what, then
        self._say(WORDS)
        self._field.edit.clear()
        self._wait(False)
        for part in self._below:
            part.hide()
        self.show()
        self._field.edit.setFocus()

    def keeps_page(self) -> bool:
        """A scan takes nobody away from it while it asks."""
        return self.isVisible()

    def leave(self) -> None:
        """Nothing is changed, and nothing typed stays."""
        self._visits.end()
        self._then = lambda: None
        self._field.edit.clear()
        for part in self._below:
            part.show()
        if not self.isHidden():
            self.hide()

    def hideEvent(self, event: QHideEvent) -> None:
        """The page is left: what was wanted is not carried out by whoever comes next."""
        super().hideEvent(event)
        if not event.spontaneous():
            self.leave()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc leaves."""
        if event.key() == Qt.Key.Key_Escape:
            self.leave()
        else:
            super().keyPressEvent(event)

    def _submit(self) -> None:
        passphrase = self._field.edit.text()
        if not passphrase or not self._open.isEnabled():
            return
        self._wait(True)
        here = self._visits.current()
        self._tasks.run(
            lambda: self._unlock(passphrase),
            lambda _: self._passed(here()),
            lambda error: self._refused(error) if here() else None,
            owner=self,
            lane=Lane.KEEP,
        )

    def _passed(self, is_asked: bool) -> None:
        if not is_asked:  # the owner has left meanwhile, and somebody else may stand here
            self._lock()
            return
        then = self._then
        self.leave()
        then()

    def _refused(self, error: PosError) -> None:
        self._wait(False)
        self._field.edit.clear()
        self._field.edit.setFocus()
        self._say(error.user_text, ColourRole.FAILED)

    def _wait(self, waiting: bool) -> None:
        self._field.setEnabled(not waiting)
        self._open.setEnabled(not waiting)

    def _say(self, text: str, colour: ColourRole | None = None) -> None:
        self._words.setText(f"{text} To be saved: {self._what}.")
        self._words.set_colour(colour or "")
