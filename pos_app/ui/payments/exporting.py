"""Writing what was found to a file that the operator chooses, beside whatever else is done at the till."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import QObject, QStandardPaths, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from pos_app.domain.search import Search
from pos_app.errors import BadInput, PosError
from pos_app.exports.export import FORMATS, ExportStopped, export
from pos_app.sales.till import Till
from pos_app.ui.style.state_style import ColourRole
from pos_app.ui.tasks import Lane, Tasks
from pos_app.ui.widgets.save_file import named

_FILTERS = {"Excel workbook (*.xlsx)": ".xlsx", "CSV (*.csv)": ".csv", "JSON (*.json)": ".json"}


class ChosenFile(NamedTuple):
    """Where to write. `end` is that of the format that was chosen, for a name that has none."""

    path: str
    end: str


def ask_for_file(parent: QWidget, name: str) -> ChosenFile | None:
    """Where to write the file, and in which format; None where nobody chose."""
    folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    dialog = QFileDialog(parent, "Export payments", folder)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setNameFilters(list(_FILTERS))
    dialog.filterSelected.connect(lambda kind: dialog.setDefaultSuffix(_FILTERS[kind]))
    dialog.setDefaultSuffix(_FILTERS[dialog.selectedNameFilter()])  # so that it asks about a file that is there
    dialog.selectFile(name)
    chosen = dialog.selectedFiles() if dialog.exec() else []
    return ChosenFile(chosen[0], _FILTERS[dialog.selectedNameFilter()]) if chosen else None


class Exporting(QObject):
    """One export at a time, which can be stopped.

    Args:
        ask: asks for the file.

    Signals:
        said: what to tell about it, and its `ColourRole` or None.
        running_changed: whether one runs now.
    """

    said = Signal(str, object)
    running_changed = Signal(bool)

    def __init__(
        self,
        till: Till,
        tasks: Tasks,
        window: QWidget,
        ask: Callable[[QWidget, str], ChosenFile | None] = ask_for_file,
    ) -> None:
        super().__init__(window)
        self._till, self._tasks, self._window, self._ask = till, tasks, window, ask
        self._stop: threading.Event | None = None  # there while one runs

    def press(self, search: Search, name: str) -> None:
        """Begin, or stop what runs.

        Args:
            search: finds what is written.
            name: of the file, without an end, for whoever has no better one.
        """
        if self._stop:
            self._stop.set()
            return
        chosen = self._ask(self._window, name)
        if not chosen:
            return
        try:
            path = Path(chosen.path)
            self._run(search, path if path.suffix.lower() in FORMATS else named(chosen.path, chosen.end))
        except BadInput as error:
            self.said.emit(error.user_text, ColourRole.FAILED)

    def _run(self, search: Search, path: Path) -> None:
        stop = self._stop = threading.Event()
        reader, mark, tasks = self._till.reader, self._till.shop.mark, self._tasks

        def write() -> int:
            return export(
                reader,
                search,
                path,
                mark,
                told=lambda count: tasks.deliver(self._show_progress, count, self),
                stopped=lambda: stop.is_set() or tasks.closed,
            )

        self.said.emit(f"Writing {path.name}...", None)
        self.running_changed.emit(True)
        tasks.run(write, lambda count: self._done(path, count), self._failed, owner=self, lane=Lane.FILES)

    def _show_progress(self, count: int) -> None:
        if self._stop and not self._stop.is_set():
            self.said.emit(f"{count:,} written so far...", None)

    def _done(self, path: Path, count: int) -> None:
        self._end(f"{count:,} written to {path.name}", None)

    def _failed(self, error: PosError) -> None:
        self._end(error.user_text, None if isinstance(error, ExportStopped) else ColourRole.FAILED)

    def _end(self, text: str, colour: ColourRole | None) -> None:
        self._stop = None
        self.running_changed.emit(False)
        self.said.emit(text, colour)
