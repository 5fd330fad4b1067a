"""A PySide6 window with one line of text: what any window of this kind costs. Prints as JSON what it took.

python -m tests.bench.baselines.bare_window BEGUN REST
"""

import json
import sys
import time

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication, QLabel, QMainWindow

from tests.bench.comparison.process import Rest, memory


class FirstPaint(QObject):
    """Notes when the window was painted, rests for so many seconds, and ends the program."""

    def __init__(self, begun: float, rest: float) -> None:
        super().__init__()
        self.told: dict[str, float] = {}
        self._begun, self._rest = begun, rest

    def eventFilter(self, window: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            window.removeEventFilter(self)
            QTimer.singleShot(0, self._painted)
        return False

    def _painted(self) -> None:
        self.told |= {"first window": time.time() - self._begun, "first window, processor": time.process_time()}
        QTimer.singleShot(1_000, self._begin_to_rest)

    def _begin_to_rest(self) -> None:
        self.told["memory"] = memory()
        rest = Rest()
        QTimer.singleShot(int(self._rest * 1_000), lambda: self._end(rest))

    def _end(self, rest: Rest) -> None:
        self.told |= rest.told()
        QApplication.quit()


def main() -> None:
    """Show, rest, tell."""
    app = QApplication([])
    window = QMainWindow()
    window.setCentralWidget(QLabel("Hello"))
    first = FirstPaint(float(sys.argv[1]), float(sys.argv[2]))
    window.installEventFilter(first)
    window.show()
    app.exec()
    print(json.dumps(first.told), flush=True)


if __name__ == "__main__":
    main()
