"""Everything that is known of a customer, written to a file that whoever stands here chooses."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QStandardPaths, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from pos_app.domain.customer_record import FoundCustomer
from pos_app.errors import BadInput
from pos_app.exports.customer_json import write_customer
from pos_app.messages.access import written_words
from pos_app.sales.till import Till
from pos_app.ui.tasks import Lane, Tasks
from pos_app.ui.visits import Visits
from pos_app.ui.widgets.save_file import named

ChooseFile = Callable[[QWidget, str], str]
_END = ".json"


def ask_for_file(parent: QWidget, name: str) -> str:
    """Where to write the file; empty where nobody chose."""
    folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    path, _kind = QFileDialog.getSaveFileName(parent, "Export a customer", str(Path(folder) / name), f"JSON (*{_END})")
    return path


class HandingOut(QObject):
    """The number stands in the file in full: that is recorded first, as when it is shown.

    Args:
        window: what the question for the file belongs to.
        choose: asks for the file.

    Signals:
        said: what became of it, to whoever still looks at the customer.
    """

    said = Signal(str)

    def __init__(self, till: Till, tasks: Tasks, visits: Visits, window: QWidget, choose: ChooseFile) -> None:
        super().__init__(window)
        self._till, self._tasks, self._visits, self._window, self._choose = till, tasks, visits, window, choose

    def ask(self, found: FoundCustomer) -> None:
        """Ask for the file, and write it."""
        chosen = self._choose(self._window, f"customer-{found.id}{_END}")  # a file's name is seen by everybody
        if not chosen:
            return
        try:
            path = named(chosen, _END)
        except BadInput as error:
            self.said.emit(error.user_text)
            return
        here = self._visits.current()

        def write() -> None:
            write_customer(self._till.cards.whole(found.phone), path, self._till.shop.mark)

        self._tasks.run(
            write,
            lambda _: self.said.emit(written_words(found.phone, path.name)) if here() else None,
            lambda error: (self.said if here() else self._tasks.trouble).emit(error.user_text),
            owner=self,
            lane=Lane.FILES,
        )
