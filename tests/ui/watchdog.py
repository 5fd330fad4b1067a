"""T36: sees each event that the GUI thread deals with, and for how long; nothing may hold it up for 100 ms.

Judged is what an event took, less the time in which the computer had no processor for the till: that the machine is
busy is no fault of the till. What a test itself does between two events is not looked at.
"""

import gc
import os
import threading
from contextlib import suppress
from pathlib import Path
from time import perf_counter, thread_time

from PySide6.QtCore import QAbstractEventDispatcher, QEvent, QObject, Slot
from PySide6.QtWidgets import QApplication

# Seconds: 100 ms, and as much longer as the same takes while it is watched, perhaps traced for the coverage as well. To
# pass each event through Python alone doubles what has many: making the charge page takes 32 ms by itself, 66 ms here.
LIMIT = 0.1 * 1.4
_BEAT = 0.02
_GRAIN = 0.002  # seconds: what an event worked may be told by so much more
_FAIR = 0.25  # of the time denied to the till, and nobody can tell any more why it stood


class WatchedApplication(QApplication):
    """`stalls`: what took too long since it was last emptied; `machine`: how busy the computer is with others."""

    def __init__(self, arguments: list[str]) -> None:
        super().__init__(arguments)
        self.stalls: list[str] = []
        self.machine = Machine()
        self._inside = False  # an event is being dealt with; others may come in the middle of it
        self._begun = self._asked = self._busy = self._denied = 0.0
        self._tidied = self._tidied_before = self._tidying_since = 0.0
        self._what = ""
        dispatcher = QAbstractEventDispatcher.instance()
        dispatcher.aboutToBlock.connect(self._rests)
        dispatcher.awake.connect(self._goes_on)
        gc.callbacks.append(self._tidies)
        self.machine.start()

    def notify(self, receiver: QObject, event: QEvent) -> bool:
        """Every event of the GUI thread, also one that is sent."""
        if self._inside:
            return super().notify(receiver, event)
        self._inside, self._what = True, f"{type(receiver).__name__}: {event.type().name}"
        self._begin()
        try:
            return super().notify(receiver, event)
        finally:
            self._judge()
            self._inside = False

    @Slot()
    def _rests(self) -> None:
        """A dialog's own event loop, inside an event, waits for the next one: the window is alive."""
        if self._inside:
            self._judge()

    @Slot()
    def _goes_on(self) -> None:
        if self._inside:
            self._begin()

    def _begin(self) -> None:
        now = perf_counter()
        if now - self._asked > _GRAIN:  # to ask how long a thread worked costs more than most events
            self._asked, self._busy = now, thread_time()
        self._begun, self._denied = now, self.machine.denied
        self._tidied_before = self._tidied

    def _tidies(self, phase: str, _info: dict[str, int]) -> None:
        """Python goes through the objects of all tests so far; the open till sets its own aside (`gc.freeze`)."""
        if phase == "start":
            self._tidying_since = perf_counter()
        else:
            self._tidied += perf_counter() - self._tidying_since

    def _judge(self) -> None:
        """What it worked counts in full, and what it stood only while the machine ran."""
        tidied = self._tidied - self._tidied_before
        took = perf_counter() - self._begun - tidied
        if took < LIMIT:
            return
        worked, denied = thread_time() - self._busy - tidied, self.machine.look() - self._denied
        stood = took - denied if denied < took * _FAIR else 0.0
        if max(worked, stood) >= LIMIT:
            self.stalls.append(f"{self._what} took {took * 1_000:.0f} ms, worked {worked * 1_000:.0f} of them")


def watched_application() -> WatchedApplication:
    """This process's application, made without a screen where there is none yet."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application = QApplication.instance() or WatchedApplication([])
    assert isinstance(application, WatchedApplication)
    return application


class Machine(threading.Thread):
    """Adds up how long this process was denied a processor.

    Attributes:
        denied: seconds: what all its threads stood in the queue for one, and what this thread comes too late.
    """

    def __init__(self) -> None:
        super().__init__(name="machine", daemon=True)
        self.denied = 0.0
        self._last = perf_counter()
        self._queued: dict[str, int] = {}
        self._one_at_a_time = threading.Lock()

    def run(self) -> None:
        pause = threading.Event()
        while True:
            pause.wait(_BEAT)
            self.look()

    def look(self) -> float:
        """What was denied until now."""
        with self._one_at_a_time:
            now = perf_counter()
            late, self._last = now - self._last - 2 * _BEAT, now
            self.denied += max(0.0, late) + self._newly_queued()
            return self.denied

    def _newly_queued(self) -> float:
        """Seconds that the threads stood in the queue since the last look; 0 where the system does not tell."""
        new = 0
        for thread in Path("/proc/self/task").glob("*/schedstat"):
            if thread.parent.name == str(self.native_id):
                continue  # it knows itself how late it is
            with suppress(OSError):  # it has just ended
                queued = int(thread.read_text().split()[1])
                new += queued - self._queued.get(str(thread), queued)
                self._queued[str(thread)] = queued
        return new / 1e9
