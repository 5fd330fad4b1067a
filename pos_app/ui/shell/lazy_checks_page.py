"""The way to the page of checks and to the log. Both are loaded when they are first wanted."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from pos_app.ui.tasks import Tasks

if TYPE_CHECKING:
    from pos_app.ui.diagnostics.page import Diagnostics, DiagnosticsPage


class ChecksWay(QObject):
    """Belongs to a window.

    Args:
        make_diagnostics: makes what page and log ask; called on a thread.

    Signals:
        ready: the page, each time it is wanted.
        left: the person leaves the page.
    """

    ready = Signal(object)
    left = Signal()

    def __init__(self, make_diagnostics: "Callable[[], Diagnostics]", tasks: Tasks, window: QWidget) -> None:
        super().__init__(window)
        self._make_diagnostics = make_diagnostics
        self._tasks = tasks
        self._window = window
        self._page: DiagnosticsPage | None = None

    @Slot()
    def want_page(self) -> None:
        """Have the page, now or in a moment."""
        if self._page:
            self.ready.emit(self._page)
        else:
            self._tasks.run(self._make_diagnostics, self._make_page)

    @Slot()
    def show_log(self) -> None:
        """Open the log beside the window."""
        self._tasks.run(self._make_diagnostics, self._open_log)

    def _make_page(self, diagnostics: "Diagnostics") -> None:
        from pos_app.ui.diagnostics.page import DiagnosticsPage

        if self._page is None:  # wanted twice, before it was there
            self._page = DiagnosticsPage(diagnostics, self._tasks)
            self._page.log_wanted.connect(self.show_log)
            self._page.left.connect(self.left)
        self.ready.emit(self._page)

    def _open_log(self, diagnostics: "Diagnostics") -> None:
        from pos_app.ui.diagnostics.log_view import LogView

        LogView(diagnostics, self._tasks, self._window).show()
