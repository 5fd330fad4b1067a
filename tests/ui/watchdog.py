"""T36: sees each event that the GUI thread deals with, and for how long; nothing may hold it up for 100 ms.

Judged is what an event took, less the time in which the computer had no processor for the till, or half a one, because
another program works on the same core: that the machine is busy is no fault of the till. What a test itself does
between two events is not looked at.
"""

import gc
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter, thread_time

from PySide6.QtCore import QAbstractEventDispatcher, Slot
from PySide6.QtWidgets import QApplication

from pos_app.ui.garbage import GarbageCollector
from tests.ui.event_hook import EventHook, SeenEvent

LIMIT = 0.1  # seconds
_BEAT = 0.02
_GRAIN = 0.002  # seconds: what an event worked may be told by so much more
_LOOPS = 5_000  # of nothing: about 0.1 ms
SLOWEST = 2.0  # times as long as it needs: so much and no more is put down to others who use the same core
_FAIR = 0.25  # of the time denied to the till, and nobody can tell any more why it stood
_TASKS = "/proc/self/task"


class WatchedApplication(QApplication):
    """While it is `watched`, each event is timed."""

    def __init__(self, arguments: list[str]) -> None:
        super().__init__(arguments)
        self.watch = Watch()
        GarbageCollector(self)
        self._hook = EventHook(self, self.watch.enter, self.watch.leave)
        dispatcher = QAbstractEventDispatcher.instance()
        dispatcher.aboutToBlock.connect(self._rests)
        dispatcher.awake.connect(self._goes_on)

    @contextmanager
    def watched(self) -> Iterator["Watch"]:
        """Time each event.

        Raises:
            AssertionError: one held the window up.
        """
        watch = self.watch
        watch.stalls.clear()
        watch.machine.watch()
        self._hook.put_in()
        gc.disable()  # as the program does: `pos_app.ui.garbage`
        try:
            yield watch
        finally:
            gc.enable()
            self._hook.take_out()
            watch.machine.rest()
        assert not watch.stalls, f"the window stood still: {'; '.join(watch.stalls)}"

    @Slot()
    def _rests(self) -> None:
        """A dialog's own event loop, inside an event, waits for the next one: the window is alive."""
        if self.watch.event:
            self.watch.judge()

    @Slot()
    def _goes_on(self) -> None:
        if self.watch.event:
            self.watch.begin()


class Watch:
    """The event that is being dealt with.

    Attributes:
        stalls: what took too long since it was last emptied.
        machine: how busy the computer is with others.
        event: which one it is; None between two.
        begun: when it began, or went on after it had waited for others.
    """

    def __init__(self) -> None:
        self.stalls: list[str] = []
        self.machine = Machine()
        self.event: SeenEvent | None = None
        self.begun = self._asked = self._busy = self._denied = 0.0
        self._tidied = self._tidied_before = self._tidying_since = 0.0
        gc.callbacks.append(self._tidies)
        self.machine.start()

    def enter(self, event: SeenEvent) -> None:
        """It is dealt with from now on."""
        self.event = event
        self.begin()

    def leave(self) -> None:
        """It was dealt with."""
        if perf_counter() - self.begun > LIMIT:
            self.judge()
        self.event = None

    def begin(self) -> None:
        """From now on it counts."""
        self.begun = now = perf_counter()
        if now - self._asked > _GRAIN:  # to ask how long a thread worked costs more than most events
            self._asked, self._busy = now, thread_time()
        self._denied, self._tidied_before = self.machine.denied, self._tidied

    def _tidies(self, phase: str, _info: dict[str, int]) -> None:
        """Python goes through the objects of all tests so far; the open till sets its own aside (`gc.freeze`)."""
        if phase == "start":
            self._tidying_since = perf_counter()
        else:
            self._tidied += perf_counter() - self._tidying_since

    def judge(self) -> None:
        """What it worked counts in full, and what it stood only while the machine ran."""
        tidied = self._tidied - self._tidied_before
        took = perf_counter() - self.begun - tidied
        if took < LIMIT or self.event is None:
            return
        worked, denied = thread_time() - self._busy - tidied, self.machine.look() - self._denied
        stood = took - denied if denied < took * _FAIR else 0.0
        slowed = worked * (1 - 1 / self.machine.slowness())
        worked, stood = worked - slowed, stood - slowed
        if max(worked, stood) >= LIMIT:
            self.stalls.append(f"{self.event} took {took * 1_000:.0f} ms, worked {worked * 1_000:.0f} of them")


def watched_application() -> WatchedApplication:
    """This process's application, made without a screen where there is none yet."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application = QApplication.instance() or WatchedApplication([])
    assert isinstance(application, WatchedApplication)
    return application


class Machine(threading.Thread):
    """Adds up how long this process was denied a processor, while it is asked to watch.

    Attributes:
        denied: seconds: what all its threads stood in the queue for one, and what this thread comes too late.
    """

    def __init__(self) -> None:
        super().__init__(name="machine", daemon=True)
        self.denied = 0.0
        self._fastest = _nothing_takes()
        self._watching = threading.Event()
        self._last = perf_counter()
        self._queued: dict[str, int] = {}
        self._told: dict[str, int] = {}  # the open files in which the system tells of each thread
        self._one_at_a_time = threading.Lock()

    def run(self) -> None:
        pause = threading.Event()
        while self._watching.wait():
            pause.wait(_BEAT)
            self.look()

    def watch(self) -> None:
        """What is denied counts from now on."""
        with self._one_at_a_time:
            self._last = perf_counter()
            self._newly_queued()
        self.slowness()  # while the window is at rest: the more often, the better it is known how fast this machine is
        self._watching.set()

    def rest(self) -> None:
        """Until it is to watch again."""
        self._watching.clear()
        with self._one_at_a_time:
            while self._told:
                os.close(self._told.popitem()[1])

    def slowness(self) -> float:
        """How many times as long the same takes now as it took when the machine was fastest."""
        now = min(_nothing_takes() for _ in range(3))
        self._fastest = min(self._fastest, now)
        return min(now / self._fastest, SLOWEST)

    def look(self) -> float:
        """What was denied until now."""
        with self._one_at_a_time:
            now = perf_counter()
            late, self._last = now - self._last - 2 * _BEAT, now
            self.denied += max(0.0, late) + self._newly_queued()
            return self.denied

    def _newly_queued(self) -> float:
        """Seconds that the threads stood in the queue since the last look; 0 where the system does not tell."""
        new, before, self._queued = 0, self._queued, {}
        for thread in os.listdir(_TASKS) if os.path.isdir(_TASKS) else ():
            if thread == str(self.native_id):
                continue  # it knows itself how late it is
            try:
                queued = self._queued_by(thread)
            except OSError:  # it has just ended
                if thread in self._told:
                    os.close(self._told.pop(thread))
                continue
            new += queued - before.get(thread, queued)
            self._queued[thread] = queued
        return new / 1e9

    def _queued_by(self, thread: str) -> int:
        """Nanoseconds. The file stays open: fifty times a second, opening it cost more than reading it."""
        if thread not in self._told:
            self._told[thread] = os.open(f"{_TASKS}/{thread}/schedstat", os.O_RDONLY)
        return int(os.pread(self._told[thread], 64, 0).split()[1])


def _nothing_takes() -> float:
    """Seconds of a processor, for always the same."""
    begun = thread_time()
    for _ in range(_LOOPS):
        pass
    return thread_time() - begun
