"""Posts from a file that somebody chooses, looked at before they are imported; and to a file."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from pos_app.domain.post_import import ImportPlan
from pos_app.errors import BadInput, OwnerNeeded, PosError
from pos_app.messages.catalogue import for_ever_words, posts_words
from pos_app.messages.post_import import imported_words, new_or_changed
from pos_app.sales.catalogue import Catalogue
from pos_app.sales.post_import import MEANWHILE, Imported
from pos_app.ui.posts.import_view import ImportView
from pos_app.ui.tasks import Lane, Tasks
from pos_app.ui.widgets.save_file import named

AskOwner = Callable[[OwnerNeeded, str, Callable[[], object]], None]


def ask_for_csv(parent: QWidget) -> str:
    """Which file to import; empty where nobody chose."""
    path, _kind = QFileDialog.getOpenFileName(parent, "Import posts", "", "CSV (*.csv)")
    return path


def ask_where_to(parent: QWidget) -> str:
    """Which file to write; empty where nobody chose."""
    path, _kind = QFileDialog.getSaveFileName(parent, "Export posts", "posts.csv", "CSV (*.csv)")
    return path


class PostFiles(QObject):
    """One file at a time.

    Args:
        page: whose posts they are.
        ask_owner: asks for the owner's passphrase, with what is to be saved in words, and then calls what is
            given.

    Signals:
        looked: an `ImportView` shows what a file would do.
        closed: that view is not needed any more.
        imported: posts were saved; what to say about it.
        said: something else to say.
        failed: a `PosError`.
    """

    looked = Signal(object)
    closed = Signal()
    imported = Signal(str)
    said = Signal(str)
    failed = Signal(object)

    def __init__(self, page: QWidget, catalogue: Catalogue, tasks: Tasks, ask_owner: AskOwner) -> None:
        super().__init__(page)
        self._files = catalogue.files
        self._tasks = tasks
        self._ask_owner = ask_owner
        self._view: ImportView | None = None
        self._path = Path()
        self._plan: ImportPlan | None = None

    def look(self, path: Path, beside: str = "") -> None:
        """Show what a file would do; nothing is changed."""
        self._tasks.run(
            lambda: self._files.look(path),
            lambda plan: self._show(path, plan, beside),
            self._fail,
            owner=self,
            lane=Lane.FILES,
        )

    def export(self, chosen: str) -> None:
        """Write every post to a file."""
        try:
            path = named(chosen, ".csv")
        except BadInput as error:
            self._fail(error)
            return
        self._tasks.run(
            lambda: self._files.export(path),
            lambda count: self.said.emit(f"{posts_words(count)} were written to {path.name}."),
            self._fail,
            owner=self,
            lane=Lane.FILES,
        )

    def _show(self, path: Path, plan: ImportPlan, beside: str) -> None:
        self._path, self._plan = path, plan
        if self._view is None:
            self._view = ImportView()
            self._view.accepted.connect(self._carry_out)
            self._view.left.connect(self._leave)
        self.looked.emit(self._view)  # in its place before it is filled
        self._view.show_plan(path.name, plan, beside)

    def _leave(self) -> None:
        self._plan = None
        self.closed.emit()

    def _carry_out(self) -> None:
        plan, view, name = self._plan, self._view, self._path.name
        if plan is None or view is None:
            return
        view.wait()
        for_ever = for_ever_words(new_or_changed(plan))

        def done(made: Imported) -> None:
            self._leave()
            self.imported.emit(f"{imported_words(len(made.added), len(made.changed))} {for_ever}".strip())

        def refused(error: PosError) -> None:
            if isinstance(error, OwnerNeeded):
                count = sum(bool(step.changes) for step in plan.steps)
                self._ask_owner(error, f"{posts_words(count)} of {name}. {for_ever}".rstrip(". "), self._carry_out)
            elif error.user_text == MEANWHILE:
                self.look(self._path, MEANWHILE)
            else:
                view.say(error.user_text)

        self._tasks.run(lambda: self._files.carry_out(plan), done, refused, owner=self, lane=Lane.KEEP)

    def _fail(self, error: PosError) -> None:
        self.failed.emit(error)
