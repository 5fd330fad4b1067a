"""The till's window, opened and left alone. Prints as JSON what that took.

python -m tests.bench.comparison.at_rest FOLDER BEGUN REST
"""

import json
import sys
from pathlib import Path

from PySide6.QtCore import QTimer, Slot
from PySide6.QtWidgets import QApplication

from pos_app.cli.window import _Windows
from pos_app.ui.next_action import NextAction
from tests.bench.comparison.process import Rest, memory
from tests.bench.driver import Driver

SETTLED = 10_000  # ms after which nothing of the start is left


class Resting(Driver):
    """Leaves the open window alone for a while, and closes it."""

    def __init__(self, app: QApplication, begun: float, rest: float) -> None:
        super().__init__(app, begun)
        self._rest = rest
        self.opened.connect(self._settle)

    @Slot()
    def _settle(self) -> None:
        QTimer.singleShot(SETTLED if self._rest else 0, self._begin_to_rest)

    def _begin_to_rest(self) -> None:
        self.told["memory"] = memory()
        rest = Rest()
        QTimer.singleShot(int(self._rest * 1_000), lambda: self._end(rest))

    def _end(self, rest: Rest) -> None:
        assert self.window is not None
        self.told |= rest.told() if self._rest else {}
        self.window.close()


def main() -> None:
    """Start, rest, tell."""
    folder, begun, rest = sys.argv[1:]
    driver = Resting(QApplication([]), float(begun), float(rest))
    _Windows(Path(folder)).run(NextAction.PRACTICE)
    print(json.dumps(driver.told), flush=True)


if __name__ == "__main__":
    main()
