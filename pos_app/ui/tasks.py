"""Between threads and widgets: what is worked out on a thread reaches the window only here, on the GUI thread."""

import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import Executor
from enum import Enum
from functools import partial
from typing import Any, Protocol, TypeVar

from PySide6.QtCore import QCoreApplication, QObject, Signal, Slot
from shiboken6 import isValid

from pos_app.errors import PosError, SignInNeeded
from pos_app.messages.window import FAULT
from pos_app.ui.task_threads import Jobs, TaskThreads

_log = logging.getLogger(__name__)
T = TypeVar("T")


class Lane(Enum):
    """What work waits for, and how much of it is done at once. One lane that hangs holds up no other."""

    LOOK = "look-ups", 4  # our own database, and whatever is short
    CHARGE = "charge", 1  # nothing else ever stands before a charge
    KEEP = "keep", 1  # what is typed and saved: the writer, or the slow look at a passphrase
    MPESA = "mpesa", 4  # questions that somebody waits for, up to 15 s each
    SETTINGS = "settings", 4  # files, keyring, and connections that are tried
    PRINTER = "printer", 1  # for ever, where the print system hangs
    RECEIPTS = "receipts", 1  # on the till's own printer: half a minute
    FILES = "files", 2  # that people choose: a share or a stick may hang, too
    TILL = "till", 1  # unlock, open, close

    def __init__(self, title: str, threads: int) -> None:
        self.title = title
        self.threads = threads


class Belonging(Protocol):
    """Has work done for whoever hands it over, whoever is here by the time it is done."""

    def __call__(self, work: Callable[[], T], /) -> Callable[[], T]: ...


class Tasks(QObject):
    """Runs work on threads and brings the result back. Make it, and let it run, on the GUI thread.

    Args:
        executor: does all of the work; without it each lane has threads of its own.

    Attributes:
        belonging: what each work goes through as it is handed over, once it is known who may stand here.
        trouble: what went wrong, in words, where the caller named no `failed`, or is gone.
        sign_in_needed: something was refused because nobody is signed in; whoever asked hears of it, too.
    """

    trouble = Signal(str)
    sign_in_needed = Signal()
    _ended = Signal(object)
    _left = Signal(int)

    def __init__(self, executor: Executor | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.belonging: Belonging = lambda work: work
        self._executor = executor
        self._lanes: dict[Lane, TaskThreads] = {}
        self._closed = False
        self._jobs = Jobs()
        self._ended.connect(self._deliver)
        self._left.connect(self._forget)

    def run(
        self,
        work: Callable[[], T],
        done: Callable[[T], object] | None = None,
        failed: Callable[[PosError], object] | None = None,
        *,
        owner: QObject | None = None,
        lane: Lane = Lane.LOOK,
    ) -> None:
        """Run `work` on a thread, then one of the others on the GUI thread.

        A callback that is a method of a widget is dropped when that widget is gone by then; for a lambda, name the
        widget as `owner`. Whatever `work` raises comes to `failed` as a `PosError`: a fault of ours is logged and
        comes as one plain sentence. What went wrong is never dropped: where nobody waits for it, it is `trouble`.
        """
        if self._closed:
            return
        mine = self.belonging(work)

        def job() -> None:
            try:
                result = mine()
            except PosError as error:
                self._end(partial(self._fail, failed, error, owner))
            except Exception:  # noqa: BLE001 - whatever it is, the window must hear of it
                _log.exception("a task failed")
                self._end(partial(self._fail, failed, PosError(FAULT), owner))
            else:
                self._end(partial(_call, done, result, owner))

        (self._executor or self._threads(lane)).submit(partial(self._do, self._jobs.add(job)))

    def begun(self, lane: Lane) -> threading.Event:
        """Gives what is set as soon as the work that waits in a lane now has been done."""
        done = threading.Event()
        (self._executor or self._threads(lane)).submit(done.set)
        return done

    def deliver(self, callback: Callable[[T], object], value: T, owner: QObject | None = None) -> None:
        """Call back on the GUI thread, from any thread that is not one of these; dropped like a result."""
        self._end(partial(_call, callback, value, owner))

    @property
    def closed(self) -> bool:
        """Whether nobody waits for anything any more: work that takes long asks this, on its thread, and ends."""
        return self._closed

    def close(self, *, wait: float = 0.0) -> None:
        """Take no more work, drop what is queued, deliver nothing more; wait so many seconds for what runs.

        What runs longer ends with the program.
        """
        self._closed = True
        until = time.monotonic() + wait
        for threads in self._lanes.values():
            threads.drop()
        for threads in self._lanes.values():
            threads.join(until)
        if self._jobs.close():
            self.setParent(QCoreApplication.instance())  # or this would end with the last thread, and on it

    def _threads(self, lane: Lane) -> TaskThreads:
        if lane not in self._lanes:
            self._lanes[lane] = TaskThreads(lane.threads, lane.title)
        return self._lanes[lane]

    def _do(self, number: int) -> None:
        self._jobs.do(number)
        if not self._closed:
            self._left.emit(number)

    @Slot(int)
    def _forget(self, number: int) -> None:
        self._jobs.forget(number)

    def _end(self, deliver: Callable[[], None]) -> None:
        if not self._closed:
            self._ended.emit(deliver)

    def _fail(self, failed: Callable[[PosError], object] | None, error: PosError, owner: QObject | None) -> None:
        if isinstance(error, SignInNeeded):
            self.sign_in_needed.emit()
        if failed is None or _is_gone(failed, owner):
            self.trouble.emit(error.user_text)
        else:
            failed(error)

    @Slot(object)
    def _deliver(self, deliver: Callable[[], None]) -> None:
        if not self._closed:
            deliver()


def _call(callback: Callable[[Any], object] | None, value: object, owner: QObject | None) -> None:
    if callback is not None and not _is_gone(callback, owner):
        callback(value)


def _is_gone(callback: Callable[[Any], object], owner: QObject | None) -> bool:
    """Whether the widget that waits for it was destroyed meanwhile."""
    waiting = owner or getattr(callback, "__self__", None)
    return isinstance(waiting, QObject) and not isValid(waiting)
