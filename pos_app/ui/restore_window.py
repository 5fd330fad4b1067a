"""Putting a copy of the database back: a window of its own, because no till may be open meanwhile."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtWidgets import QLineEdit, QListWidget, QVBoxLayout, QWidget
from shiboken6 import delete

from pos_app.domain.database_copy import DatabaseCopy, Loss, PutBack
from pos_app.errors import PosError
from pos_app.messages import copies as words
from pos_app.ui.application import ENDING, NAME, themed_application
from pos_app.ui.next_action import NextAction
from pos_app.ui.preferences import Chosen
from pos_app.ui.settings.service import CopiesService
from pos_app.ui.style.state_style import ColourRole
from pos_app.ui.style.theme import RING, scaled
from pos_app.ui.tasks import Lane, Tasks
from pos_app.ui.unix_signals import UnixSignals
from pos_app.ui.widgets.buttons import Button, Kind
from pos_app.ui.widgets.enter import Dialog
from pos_app.ui.widgets.fields import Field
from pos_app.ui.widgets.labels import Label
from pos_app.ui.widgets.notice import Notice
from pos_app.ui.widgets.screen_room import ScreenRoom
from pos_app.ui.widgets.scrolled import Scrolled

SIZE, SMALLEST = QSize(820, 640), QSize(640, 480)
_LIST = 190  # px at the normal text size
T = TypeVar("T")


def run_restore(service: CopiesService, chosen: Chosen) -> NextAction:
    """Show the copies until one is put back, or the person leaves; gives what is wanted next."""
    app, _ = themed_application(chosen)
    tasks = Tasks()
    window = RestoreWindow(service, tasks)
    window.finished.connect(app.quit)
    signals = UnixSignals()
    ended: list[bool] = []
    signals.end_wanted.connect(lambda: ended.append(True))
    signals.end_wanted.connect(window.reject)
    window.show()
    window.load()
    app.exec()
    signals.stop()
    tasks.close(wait=ENDING)
    delete(window)  # now, and on this thread, as every window
    return NextAction.NOTHING if ended else NextAction.AGAIN


class RestoreWindow(Dialog):
    """The copies; what goes if one is put back, asked once, with the owner's passphrase; and what became of it."""

    def __init__(self, service: CopiesService, tasks: Tasks) -> None:
        super().__init__()
        self._service, self._tasks = service, tasks
        self._copies: Sequence[DatabaseCopy] = ()
        self._asked = False  # whether the owner has a passphrase
        self._working = False
        self.setObjectName("page")
        self.setWindowTitle(f"{NAME}: {words.PUT_BACK.rstrip('.')}")
        self._list = QListWidget()
        self._list.setObjectName("copiesList")
        self._list.setWordWrap(True)
        self._list.setSpacing(3)
        self._list.setAccessibleName(words.TITLE)
        self._list.setMinimumHeight(scaled(_LIST))
        self._choose = Button(words.CHOOSE, name="copyChoose", kind=Kind.PRIMARY, height=52)
        self._at_work = Notice("copyWorking", ColourRole.SENDING, "clock")
        self._at_work.set_message(words.WORKING)
        self._trouble = Notice("copyTrouble", ColourRole.FAILED, "circle-alert")
        self._done = Notice("copyDone", ColourRole.PAID, "check")
        self._leave = Button(words.LEAVE, name="copyLeave", height=52)
        self._question = self._make_question()
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(21, 17, 21, 21)
        column.setSpacing(8)
        self._lead = Label(words.PUT_BACK_LEAD, "muted", wrap=True)
        for label in (Label(words.PUT_BACK.rstrip("."), "title", wrap=True), self._lead):
            label.setContentsMargins(RING, 0, RING, 2)
            column.addWidget(label)
        column.addWidget(self._list, 1)
        for part in (self._question, self._at_work, self._trouble, self._done, self._choose, self._leave):
            column.addWidget(part)
        column.addStretch()  # where the list is gone
        for part in (self._question, self._at_work, self._trouble, self._done):
            part.hide()
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        self._scroll = Scrolled(content, "copiesScroll", words.TITLE)
        whole.addWidget(self._scroll)
        ScreenRoom(self, SIZE, SMALLEST)
        self._list.currentRowChanged.connect(self._another)
        self._list.itemActivated.connect(lambda _: self._choose.click())
        self._choose.clicked.connect(self._look)
        self._leave.clicked.connect(self.accept)

    def _make_question(self) -> Notice:
        question = Notice("copyQuestion", ColourRole.WAITING, "triangle-alert")
        self._passphrase = Field(name="copyPassphrase", spoken="Owner's passphrase", placeholder="Owner's passphrase")
        self._passphrase.edit.setEchoMode(QLineEdit.EchoMode.Password)
        self._forgotten = Label(words.FORGOTTEN, "small", wrap=True)
        self._really = Button(words.REALLY, name="copyReally", height=48)
        for part in (self._passphrase, self._forgotten):
            question.column.addWidget(part)
        question.column.addWidget(self._really, 0, Qt.AlignmentFlag.AlignLeft)
        self._passphrase.edit.returnPressed.connect(self._really.click)
        self._really.clicked.connect(self._put_back)
        return question

    def load(self) -> None:
        """Look which copies there are."""
        self._run(lambda: (self._service.copies(), self._service.passphrase_chosen()), self._fill)

    def reject(self) -> None:
        """Esc, or the window is closed; not while a copy is being put back."""
        if not self._working:
            super().reject()

    def _fill(self, found: tuple[Sequence[DatabaseCopy], bool]) -> None:
        self._copies, self._asked = found
        self._list.addItems([words.copy_words(copy) for copy in self._copies])
        self._passphrase.setVisible(self._asked)
        self._forgotten.setVisible(self._asked)
        if self._copies:
            self._list.setCurrentRow(0)
            self._list.setFocus()
        else:
            self._choose.hide()
            self._refuse(words.NONE)

    @Slot()
    def _another(self) -> None:
        """Another one is chosen: what was said of the one before does not count for it."""
        self._question.hide()
        self._trouble.hide()
        self._choose.show()

    @Slot()
    def _look(self) -> None:
        copy = self._copies[self._list.currentRow()]
        self._run(lambda: self._service.loss(copy), lambda loss: self._ask(copy, loss))

    def _ask(self, copy: DatabaseCopy, loss: Loss) -> None:
        self._question.set_message(words.loss_words(copy, loss))
        self._question.show()
        self._choose.hide()
        (self._passphrase if self._asked else self._leave).setFocus()
        self._scroll.show_soon(self._really)

    @Slot()
    def _put_back(self) -> None:
        copy, typed = self._copies[self._list.currentRow()], self._passphrase.edit.text()
        self._passphrase.edit.clear()
        self._at_work.show()
        self._scroll.show_soon(self._at_work)
        self._run(lambda: self._service.put_back(copy, typed), lambda back: self._say_done(copy, back))

    def _say_done(self, copy: DatabaseCopy, put_back: PutBack) -> None:
        self._done.set_message("\n\n".join((f"{words.DONE}.", *words.done_words(copy, put_back))))
        for part in (self._lead, self._list, self._question, self._choose, self._trouble):
            part.hide()
        self._done.show()
        self._leave.setFocus()

    def _run(self, work: Callable[[], T], done: Callable[[T], object]) -> None:
        self._working = True
        self._trouble.hide()
        self._enable(False)

        def finish(result: T) -> None:
            self._enable(True)
            done(result)

        def fail(error: PosError) -> None:
            self._enable(True)
            self._refuse(error.user_text)

        self._tasks.run(work, finish, fail, owner=self, lane=Lane.SETTINGS)

    def _refuse(self, text: str) -> None:
        self._trouble.set_message(text)
        self._trouble.show()
        self._scroll.show_soon(self._trouble)
        if self._question.isVisible() and self._asked:
            self._passphrase.setFocus()

    def _enable(self, on: bool) -> None:
        self._working = not on
        self._at_work.setVisible(self._at_work.isVisible() and self._working)
        for part in (self._list, self._passphrase, self._really, self._choose, self._leave):
            part.setEnabled(on)
