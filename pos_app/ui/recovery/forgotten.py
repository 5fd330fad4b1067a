"""The way out for an owner who has forgotten the passphrase: a button wherever it is asked for, and what that opens."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget
from shiboken6 import isValid

from pos_app.domain.passphrase import SHORTEST
from pos_app.errors import PosError
from pos_app.messages import recovery as words
from pos_app.ui.recovery.code_dialog import show_code
from pos_app.ui.style.state_style import ColourRole
from pos_app.ui.style.theme import RING
from pos_app.ui.tasks import Lane, Tasks
from pos_app.ui.widgets.button_row import ButtonRow
from pos_app.ui.widgets.buttons import Button, Kind
from pos_app.ui.widgets.enter import Dialog
from pos_app.ui.widgets.fields import Field
from pos_app.ui.widgets.labels import Label
from pos_app.ui.widgets.notice import Notice
from pos_app.ui.widgets.screen_room import ScreenRoom
from pos_app.ui.widgets.scrolled import Scrolled

Recover = Callable[[str, str], str]  # the code and the new passphrase; gives the next code; slow
_SIZE, _SMALLEST = QSize(640, 600), QSize(420, 360)


class ForgottenButton(Button):
    """Stands where the owner's passphrase is asked for.

    Args:
        name: where that is, in a word.
        recover: chooses the new passphrase; called on a thread of `lane`.
    """

    def __init__(self, name: str, tasks: Tasks, recover: Recover, lane: Lane = Lane.KEEP) -> None:
        super().__init__(
            words.FORGOTTEN, name=f"{name}Forgotten", kind=Kind.QUIET, height=44, spoken=words.FORGOTTEN_SPOKEN
        )
        self.clicked.connect(lambda: RecoverDialog(tasks, recover, lane, self.window()).open())


class RecoverDialog(Dialog):
    """Takes the recovery code and a new passphrase, then shows the next code. Where it was closed meanwhile, by the
    lock, somebody else may stand here: then that is shown to nobody.
    """

    def __init__(self, tasks: Tasks, recover: Recover, lane: Lane, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("recoverDialog")
        self.setAccessibleName(words.RECOVER)
        self.setWindowTitle(words.RECOVER)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._tasks = tasks
        self._recover = recover
        self._lane = lane
        self._over = parent
        self._code = Field(name="recoverCode", spoken=words.CODE)
        self._new = Field(name="recoverNew", spoken=words.NEW.format(shortest=SHORTEST))
        self._again = Field(name="recoverAgain", spoken=words.AGAIN)
        self._trouble = Notice("recoverTrouble", ColourRole.FAILED, "circle-alert")
        self._trouble.hide()
        self._set = Button(words.SET, name="recoverSet", kind=Kind.PRIMARY, key="Enter", height=52)
        self._cancel = Button(words.CANCEL, name="recoverCancel", key="Esc", height=52)
        for field in (self._new, self._again):
            field.edit.setEchoMode(QLineEdit.EchoMode.Password)
        for field in (self._code, self._new, self._again):
            field.edit.returnPressed.connect(self._submit)
        self._set.clicked.connect(self._submit)
        self._cancel.clicked.connect(self.reject)
        self._lay_out()
        ScreenRoom(self, _SIZE, _SMALLEST)
        self._code.edit.setFocus()

    @property
    def trouble(self) -> str:
        """What it says is wrong; empty where nothing is."""
        return self._trouble.words if self._trouble.isVisibleTo(self) else ""

    def keeps_page(self) -> bool:
        """A scan takes nobody away from it."""
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc leaves, but not while the new passphrase is being saved: the next code would be shown to nobody."""
        if event.key() != Qt.Key.Key_Escape or self._set.isEnabled():
            super().keyPressEvent(event)

    def _lay_out(self) -> None:
        content = QWidget()
        inside = QVBoxLayout(content)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(2)
        for text, role, field in (
            (words.RECOVER, "title", None),
            (words.HOW, "body", None),
            (words.CODE, "caption", self._code),
            (words.NEW.format(shortest=SHORTEST), "caption", self._new),
            (words.AGAIN, "caption", self._again),
            (words.KEY_FILE, "small", None),
        ):
            label = Label(text, role, wrap=True)
            label.setContentsMargins(RING, 8, RING, 2)
            inside.addWidget(label)
            if field:
                inside.addWidget(field)
        inside.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(21, 18, 21, 14)
        column.addWidget(Scrolled(content, "recoverScroll", words.RECOVER), 1)
        column.addWidget(self._trouble)
        column.addWidget(ButtonRow(self._cancel, self._set))

    def _submit(self) -> None:
        if not self._set.isEnabled():
            return
        code, new = self._code.edit.text(), self._new.edit.text()
        if new != self._again.edit.text():
            self._refused(PosError(words.NOT_THE_SAME))
            return
        self._wait(True)
        self._trouble.hide()
        self._tasks.run(
            partial(self._recover, code, new),
            lambda next_code: self._recovered(next_code) if isValid(self) else self._tasks.trouble.emit(words.UNSEEN),
            lambda error: self._refused(error) if isValid(self) else self._tasks.trouble.emit(error.user_text),
            lane=self._lane,
        )

    def _recovered(self, next_code: str) -> None:
        self.accept()
        show_code(next_code, self._tasks, self._over)

    def _refused(self, error: PosError) -> None:
        self._wait(False)
        self._trouble.set_message(error.user_text)
        self._trouble.show()

    def _wait(self, waiting: bool) -> None:
        for part in (self._code, self._new, self._again, self._set, self._cancel):
            part.setEnabled(not waiting)
