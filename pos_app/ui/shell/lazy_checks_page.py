"""The page of checks and the log, both loaded when they are first wanted."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from pos_app.ui.diagnostics.page import DiagnosticsPage, DiagnosticsService
    from pos_app.ui.tasks import Tasks


class LazyChecksPage(QObject):
    """Makes the page of checks of a window, and opens its log.

    Args:
        make_diagnostics: makes what page and log ask; called on a thread.

    Signals:
        left: the person leaves the page.
    """

    left = Signal()

    def __init__(self, make_diagnostics: "Callable[[], DiagnosticsService]", tasks: "Tasks", window: QWidget) -> None:
        super().__init__(window)
        self._make_diagnostics = make_diagnostics
        self._tasks = tasks
        self._window = window
        self._page: DiagnosticsPage | None = None

    def load(self, ready: Callable[[QWidget], None]) -> None:
        """Hand the page over, when what it asks is there."""
        self._tasks.run(self._make_diagnostics, lambda made: ready(self._make_page(made)), owner=self)

    @Slot()
    def show_log(self) -> None:
        """Open the log beside the window."""
        self._tasks.run(self._make_diagnostics, self._open_log)

    def _make_page(self, diagnostics: "DiagnosticsService") -> QWidget:
        from pos_app.ui.diagnostics.page import DiagnosticsPage

        if self._page is None:  # wanted twice, before it was there
            self._page = DiagnosticsPage(diagnostics, self._tasks)
            self._page.log_wanted.connect(self.show_log)
            self._page.left.connect(self.left)
        return self._page

    def _open_log(self, diagnostics: "DiagnosticsService") -> None:
        from pos_app.ui.diagnostics.log_view import LogView

        LogView(diagnostics, self._tasks, self._window).show()
