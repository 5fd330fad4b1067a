"""What every page of the set-up is made of: fields in a column, work on threads, and words where it fails."""

from abc import abstractmethod
from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from pos_app.errors import PosError
from pos_app.ui.style.state_style import ColourRole
from pos_app.ui.style.theme import RING
from pos_app.ui.tasks import Lane, Tasks
from pos_app.ui.widgets.fields import Field
from pos_app.ui.widgets.labels import Label
from pos_app.ui.widgets.notice import Notice
from pos_app.ui.widgets.scrolled import Scrolled

T = TypeVar("T")


class Section(QWidget):
    """One page. Subclasses fill `column`.

    Attributes:
        TITLE, LEAD: what the page is about, and why.
        SAVES: whether anything stands here that can be saved.
        COUNTS_AT_ONCE: what is kept needs no till that is opened again.

    Signals:
        kept: what stands here is kept, and one may go on.
        filled: what is set stands here, and the focus is where one types first, if there is such a field.
    """

    TITLE = ""
    LEAD = ""
    SAVES = True
    COUNTS_AT_ONCE = False
    kept = Signal()
    filled = Signal()

    def __init__(self, name: str, tasks: Tasks) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName(self.TITLE)
        self.tasks = tasks
        self._running = 0
        self._content = content = QWidget()
        self.column = QVBoxLayout(content)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(2)
        self._trouble = Notice(f"{name}Trouble", ColourRole.FAILED, "circle-alert")
        self._trouble.hide()
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.setSpacing(4)
        self._scroll = Scrolled(content, f"{name}Scroll", self.TITLE)
        page.addWidget(self._scroll, 1)
        page.addWidget(self._trouble)

    @property
    def working(self) -> bool:
        """Whether something is under way."""
        return self._running > 0

    @property
    def trouble(self) -> str:
        """What is wrong, in words; empty where nothing is."""
        return self._trouble.words if self._trouble.isVisibleTo(self) else ""

    @abstractmethod
    def load(self) -> None:
        """Come to the page: show what it is about, as it is now."""

    def resume(self) -> None:
        """Come back to the page."""
        self.load()

    def keep(self) -> None:
        """Keep what stands here; `kept` follows, or words that say why not. Nothing does where nothing can be saved."""

    def forget(self) -> None:
        """Leave no secret in the fields."""

    def run(self, work: Callable[[], T], done: Callable[[T], object], lane: Lane = Lane.SETTINGS) -> None:
        """Do it on a thread; what goes wrong is said on the page."""
        self._running += 1

        def finish(result: T) -> None:
            self._running -= 1
            done(result)

        def fail(error: PosError) -> None:
            self._running -= 1
            self._content.setEnabled(True)
            self.show_error(error.user_text)
            if not self.isVisible():  # nobody reads it here any more
                self.tasks.trouble.emit(error.user_text)

        self.tasks.run(work, finish, fail, owner=self, lane=lane)

    def show_error(self, text: str) -> None:
        """Say what is wrong; everything typed stays."""
        self._trouble.set_message(text)
        self._trouble.setVisible(bool(text))

    def bring_into_view(self, part: QWidget) -> None:
        """Scroll to a part that has just changed, once its size is known."""

        def scroll() -> None:
            layout = self._content.layout()
            if layout:
                layout.activate()
            self._content.adjustSize()
            self._scroll.ensureWidgetVisible(part)

        QTimer.singleShot(0, self, scroll)

    def add(self, caption: str, field: QWidget, hint: str = "") -> Label:
        """A field below its caption, with a hint below it; gives the caption."""
        label = self._label(caption, "caption", above=10)
        self.column.addWidget(field)
        if hint:
            self.add_note(hint)
        return label

    def add_note(self, text: str) -> Label:
        """Small words in the column."""
        return self._label(text, "small", above=0)

    def _label(self, text: str, role: str, above: int) -> Label:
        label = Label(text, role, wrap=True)
        label.setContentsMargins(RING, above, RING, 3)
        self.column.addWidget(label)
        return label


def typed(field: Field) -> str:
    """What stands in a field, without the blanks around it."""
    return field.edit.text().strip()
