"""Starts the till as the program does, and notes what that takes; nothing is loaded that the program does not load.

python -m tests.bench.driver FOLDER BEGUN PAGES ROUNDS
"""

import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QTimer, Signal, Slot
from PySide6.QtWidgets import QApplication

from pos_app.cli.window import _Windows
from pos_app.ui.next_action import NextAction
from tests.bench.comparison.process import memory

if TYPE_CHECKING:
    from pos_app.ui.main_window import MainWindow

# httpx loads a command line of its own where these are, six megabytes: tools of developers bring them, a shop has none.
sys.modules.update(dict.fromkeys(("rich", "click", "pygments")))  # type: ignore[arg-type]


class Driver(QObject):
    """Notes when the window is painted and when the till is open.

    Args:
        begun: when the process was started, in seconds since the epoch.

    Attributes:
        opened: the till is open: work, and close the window.
    """

    opened = Signal()

    def __init__(self, app: QApplication, begun: float) -> None:
        super().__init__(app)
        self.told: dict[str, float] = {}
        self._begun = begun
        self.window: MainWindow | None = None
        app.installEventFilter(self)  # until the window is painted
        self._timer = QTimer(self, interval=2)
        self._timer.timeout.connect(self._look)
        self._timer.start()

    def eventFilter(self, receiver: QObject, event: QEvent) -> bool:
        """The first time that the window is painted."""
        if event.type() == QEvent.Type.Paint and type(receiver).__name__ == "MainWindow":
            self.window = receiver  # type: ignore[assignment]
            QApplication.instance().removeEventFilter(self)  # type: ignore[union-attr]
            QTimer.singleShot(0, lambda: self._note("start to first painted window"))
        return False

    def _look(self) -> None:
        charge = self.window.charge if self.window else None
        if charge is not None and charge.isVisible() and charge.grid.by_id:
            self._timer.stop()
            self._note("start to the open till")
            QTimer.singleShot(0, self.opened.emit)

    def _note(self, name: str) -> None:
        self.told[f"{name}, s"] = time.time() - self._begun
        self.told[f"{name}, s of processor"] = time.process_time()


class Working(Driver):
    """Has a person's work done in the open window.

    Args:
        pages: how many are scrolled.
        rounds: of everything else.
    """

    def __init__(self, app: QApplication, begun: float, pages: int, rounds: int) -> None:
        super().__init__(app, begun)
        self._pages, self._rounds = pages, rounds
        self.opened.connect(self._work)

    @Slot()
    def _work(self) -> None:
        from tests.bench.at_window import Worker  # brings what no till loads

        assert self.window is not None
        worker = Worker(self.window, self.told, self._pages, self._rounds)
        worker.settle(2_000)
        self.told["2 s later, s of processor"] = time.process_time()
        self.told["memory when open, MB"] = memory()
        try:
            if self._pages:
                worker.work()
        finally:
            self.window.close()


def main() -> None:
    """Start, work, tell."""
    folder, begun, pages, rounds = sys.argv[1:]
    driver = Working(QApplication([]), float(begun), int(pages), int(rounds))
    _Windows(Path(folder)).run(NextAction.PRACTICE)
    print(json.dumps(driver.told), flush=True)


if __name__ == "__main__":
    main()
