"""Virtual time, and workers that take turns in it.

A till blocks in network calls, on threads of its own. Here those are real threads of which exactly one runs at a
time, handing over only where it would have waited: days pass in a moment, and a seed gives the same run every time.
"""

import asyncio
import heapq
import itertools
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Generic, TypeVar

from pos_app.daraja.loop import Work

T = TypeVar("T")
Action = Callable[[], object]
_BUSY = 20_000  # actions in one and the same instant: something runs in circles
_PATIENCE = 60.0  # real seconds
_IDLE = 0.1  # seconds of processor within these that nobody needs who only waits


class Abandoned(BaseException):
    """The world ends while a worker still waits. No code under test may catch it."""


class Later(Generic[T]):
    """A value that comes later; a worker may wait for it."""

    def __init__(self) -> None:
        self.value: T | None = None
        self.come = False
        self.wake: Action | None = None

    def set(self, value: T) -> None:
        """The first value counts."""
        if self.come:
            return
        self.value, self.come = value, True
        if self.wake:
            self.wake()


class _Worker(threading.Thread):
    def __init__(self, crew: "Kernel") -> None:
        super().__init__(name="turn", daemon=True)
        self.turn = threading.Lock()
        self.turn.acquire()
        self.work: Action | None = None
        self._crew = crew

    def run(self) -> None:
        while True:
            self.turn.acquire()
            if self.work is None:
                return
            self._crew.perform(self, self.work)


class Kernel:
    """The clock, what is due, and whose turn it is. Fits what `Mpesa` and the transport need of time."""

    def __init__(self) -> None:
        self._now = 0.0
        self._due: list[tuple[float, int, Action]] = []
        self._order = itertools.count()
        self._idle: list[_Worker] = []
        self._parked: set[_Worker] = set()
        self._current: _Worker | None = None
        self._alone: _Worker | None = None
        self._kept: list[Action] = []
        self._back = threading.Lock()
        self._back.acquire()
        self._fault: BaseException | None = None
        self._closing = False
        self._used = time.process_time()

    @property
    def now(self) -> float:
        """Seconds since the world began."""
        return self._now

    def after(self, delay: float, action: Action) -> None:
        """Run an action `delay` seconds from now; never at once."""
        heapq.heappush(self._due, (self._now + max(0.0, delay), next(self._order), action))

    def run(self, seconds: float) -> None:
        """Let so much time pass, with everything that is due on the way."""
        assert self._current is None, "time is moved from outside only"
        end, busy = self._now + seconds, 0
        while self._due and self._due[0][0] <= end:
            moment, _, action = heapq.heappop(self._due)
            busy = busy + 1 if moment == self._now else 0
            assert busy < _BUSY, f"the till runs in circles at {moment:.3f} s"
            self._now = moment
            action()
        self._now = end

    # --- turns

    def start(self, work: Action) -> None:
        """Give work to a worker; it begins when whoever runs now waits."""
        self.after(0.0, lambda: self._hire(work))

    def call(self, work: Callable[[], T], patience: float = 3_600.0) -> T:
        """Do work that may wait, and let time pass until it is done."""
        done: Later[tuple[T | None, BaseException | None]] = Later()

        def attempt() -> None:
            try:
                done.set((work(), None))
            except Exception as error:  # noqa: BLE001 - it belongs to the caller
                done.set((None, error))

        self.start(attempt)
        ends = self._now + patience
        while not done.come:
            assert self._due, "it waits for ever"
            assert self._due[0][0] <= ends, "it takes too long"
            self.run(self._due[0][0] - self._now)
        assert done.value is not None
        result, error = done.value
        if error:
            raise error
        return result  # type: ignore[return-value]

    def sleep(self, seconds: float) -> None:
        """A worker waits."""
        if seconds > 0:
            self.wait(Later[None](), seconds)

    def wait(self, later: Later[T], seconds: float) -> T | None:
        """A worker waits for a value; None when it has not come in time."""
        worker = self._current
        assert worker is not None, "only a worker may wait"
        if not later.come:
            woken = False

            def wake() -> None:
                nonlocal woken
                if not woken:
                    woken = True
                    self.after(0.0, lambda: self._resume(worker))

            later.wake = wake
            self.after(seconds, wake)
            self._park(worker)
        return later.value if later.come else None

    def hold(self) -> None:
        """Until `let_go` no other worker runs: what this one does is done under a lock of the till's."""
        self._alone = self._current

    def let_go(self) -> None:
        """The others may run again."""
        self._alone = None
        kept, self._kept = self._kept, []
        for action in kept:
            self.after(0.0, action)

    def close(self) -> None:
        """End every worker, also one that waits."""
        self._closing = True
        self._alone = None
        for worker in list(self._parked):
            self._resume(worker)
        for worker in self._idle:
            worker.work = None
            worker.turn.release()
            worker.join()

    def _hire(self, work: Action) -> None:
        if self._alone is not None:
            self._kept.append(lambda: self._hire(work))
            return
        if not self._idle:
            self._idle.append(_Worker(self))
            self._idle[-1].start()
        worker = self._idle.pop()
        worker.work = work
        self._hand_over(worker)

    def _resume(self, worker: _Worker) -> None:
        if worker not in self._parked:
            return
        if self._alone not in (None, worker):
            self._kept.append(lambda: self._resume(worker))
            return
        self._parked.discard(worker)
        self._hand_over(worker)

    def _hand_over(self, worker: _Worker) -> None:
        self._current = worker
        worker.turn.release()
        while not self._back.acquire(timeout=_PATIENCE):  # it may be slow, where others need the computer
            used, self._used = time.process_time() - self._used, time.process_time()
            assert used > _IDLE, "a worker waits for something that is not of this world"
        self._current = None
        if self._fault:
            fault, self._fault = self._fault, None
            raise fault

    def _park(self, worker: _Worker) -> None:
        self._parked.add(worker)
        self._back.release()
        worker.turn.acquire()
        if self._closing:
            raise Abandoned

    def perform(self, worker: _Worker, work: Action) -> None:
        """On a worker's own thread: its work, then the turn goes back."""
        try:
            work()
        except Abandoned:
            pass
        except BaseException as error:  # noqa: BLE001 - raised again where the world is run
            self._fault = error
        self._idle.append(worker)
        self._back.release()


class _Loop(asyncio.SelectorEventLoop):
    """Its time is the world's, and it has no threads beside it."""

    def __init__(self, kernel: Kernel) -> None:
        super().__init__()
        self._kernel = kernel
        self.set_default_executor(_Here())

    def time(self) -> float:
        return self._kernel.now


class _Here(ThreadPoolExecutor):
    """Does everything at once, on the thread of whoever asks."""

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> "Future[T]":
        done: Future[T] = Future()
        done.set_result(fn(*args, **kwargs))
        return done


class Loops:
    """Runs the till's coroutines where they are called, on a loop of each worker's own. Fits `loop.Runner`."""

    def __init__(self, kernel: Kernel) -> None:
        self._kernel = kernel
        self._mine = threading.local()
        self._all: list[_Loop] = []

    def run(self, work: Work[T]) -> T:
        loop = getattr(self._mine, "loop", None)
        if loop is None:
            loop = self._mine.loop = _Loop(self._kernel)
            self._all.append(loop)
        try:
            return loop.run_until_complete(work())
        finally:  # what it began for others too, such as an access token
            loop.run_until_complete(_rest())

    def close(self, last: Work[None]) -> None:
        """There is nothing to close."""

    def end(self) -> None:
        """The world ends."""
        for loop in self._all:
            loop.close()


async def _rest() -> None:
    await asyncio.gather(*(asyncio.all_tasks() - {asyncio.current_task()}), return_exceptions=True)
