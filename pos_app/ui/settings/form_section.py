"""Pages of the set-up that show what is set, and those that keep what was typed."""

from abc import abstractmethod
from collections.abc import Callable
from typing import Generic, TypeVar

from PySide6.QtWidgets import QWidget

from pos_app.errors import BadInput
from pos_app.ui.settings.section import Section
from pos_app.ui.tasks import Tasks
from pos_app.ui.visits import take_focus

Found = TypeVar("Found")


class FilledSection(Section, Generic[Found]):
    """Subclasses say how what is set is read, and how it is shown.

    mypy lets nobody make one that lacks any of the two.
    """

    def __init__(self, name: str, tasks: Tasks) -> None:
        super().__init__(name, tasks)
        self._drafting = False  # what stands here may be typed and not kept

    def load(self) -> None:
        """Read what is set, and show it. Nothing can be typed meanwhile: it would be written over."""
        self.show_error("")
        self._content.setEnabled(False)
        self.run(self.read, self._fill)

    def resume(self) -> None:
        """What was typed and not kept still stands here."""
        if self._drafting:
            self._to_first_field()
        else:
            self.load()

    @abstractmethod
    def read(self) -> Found:
        """What `fill` needs; on a thread."""

    @abstractmethod
    def fill(self, found: Found) -> None:
        """Show what was read."""

    def first_field(self) -> QWidget | None:
        """Where one types first."""
        return None

    def go_on(self, shown_once: str | None) -> None:
        """Everything is kept; `kept` follows."""
        self.kept.emit()

    def was_kept(self, shown_once: str | None = None) -> None:
        """What stands here is kept now, and no draft any more."""
        self._drafting = False
        self.forget()
        self.go_on(shown_once)

    def _fill(self, found: Found) -> None:
        self._content.setEnabled(True)
        self.fill(found)
        self._drafting = True
        self._to_first_field()

    def _to_first_field(self) -> None:
        first = self.first_field()
        if first:
            take_focus(first)
        self.filled.emit()


class FormSection(FilledSection[Found]):
    """Subclasses say besides how what was typed is kept."""

    @abstractmethod
    def work(self) -> Callable[[], str | None]:
        """What keeps the page, to be run on a thread; gives what is to be shown once, where there is such a thing.

        Raises:
            BadInput: what was typed cannot be used.
        """

    def keep(self) -> None:
        """Check what stands here, and keep it on a thread."""
        if self.working:
            return
        try:
            work = self.work()
        except BadInput as error:
            self.show_error(error.user_text)
            return
        self.show_error("")
        self.run(work, self.was_kept)
