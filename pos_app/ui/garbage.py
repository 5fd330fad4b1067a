"""Garbage is looked for on the GUI thread and nowhere else."""

import gc

from PySide6.QtCore import QObject, QTimer, Slot

_EVERY = 5_000  # ms: the start is over before the first look


class GarbageCollector(QObject):
    """Collects what Python would have collected by itself, as often, while the window lives.

    By itself Python does it on whichever thread makes the next object. Where that is a worker and a Qt object is among
    the garbage, Qt takes a lock of its own and then waits for the interpreter, while the GUI thread has the interpreter
    and waits for that lock, to connect a signal: the till stands for ever. So `pos_app.cli.memory` stops Python's own.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._timer = QTimer(self, interval=_EVERY)
        self._timer.timeout.connect(self.look)
        self._timer.start()

    @Slot()
    def look(self) -> None:
        """Collect the oldest generation that is due."""
        counts, limits = gc.get_count(), gc.get_threshold()
        due = [generation for generation in range(len(counts)) if counts[generation] > limits[generation]]
        if due:
            gc.collect(due[-1])
