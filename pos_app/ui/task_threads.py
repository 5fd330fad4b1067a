"""Threads for the window's work that end with the program, whatever they are waiting for."""

import threading
import time
from collections.abc import Callable
from itertools import count
from queue import Empty, SimpleQueue


class Jobs:
    """Keeps each job until no thread refers to it any more: it may be the last that knows a widget.

    A widget must end on the GUI thread, so that is where `forget` and `close` are called.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._numbers = count()
        self._jobs: dict[int, Callable[[], None]] = {}
        self._running: set[int] = set()

    def add(self, job: Callable[[], None]) -> int:
        """Keep a job; gives its number."""
        number = next(self._numbers)
        with self._lock:
            self._jobs[number] = job
        return number

    def do(self, number: int) -> None:
        """Do it, on any thread; when this returns, the thread refers to it no more."""
        with self._lock:
            job = self._jobs.get(number)
            if job is None:
                return
            self._running.add(number)
        job()
        del job
        with self._lock:
            self._running.discard(number)

    def forget(self, number: int) -> None:
        """It was done."""
        with self._lock:
            job = self._jobs.pop(number, None)
        del job  # outside the lock: whatever ends with it may have work to be done

    def close(self) -> bool:
        """Forget what is not running; gives whether anything is."""
        with self._lock:
            before, self._jobs = self._jobs, {number: self._jobs[number] for number in self._running}
        del before
        return bool(self._jobs)


class TaskThreads:
    """Does jobs in the order they come, so many at a time.

    The threads of `concurrent.futures` are waited for at the end of the program, however long that is: a printer that
    never answers would keep it from ending.

    Args:
        count: how many jobs are done at once.
    """

    def __init__(self, count: int, name: str) -> None:
        self._count = count
        self._name = name
        self._jobs: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._threads: list[threading.Thread] = []

    def submit(self, job: Callable[[], None]) -> None:
        """Do it on a thread, as soon as one is free. It must not raise."""
        self._jobs.put(job)
        if len(self._threads) < self._count:
            name = f"{self._name} {len(self._threads) + 1}"
            thread = threading.Thread(target=self._work, name=name, daemon=True)
            self._threads.append(thread)
            thread.start()

    def drop(self) -> None:
        """Begin nothing more: what waits is dropped, what runs goes on."""
        try:
            while True:
                self._jobs.get_nowait()
        except Empty:
            for _ in self._threads:
                self._jobs.put(None)

    def join(self, until: float) -> None:
        """After `drop`: wait for what runs, at the latest to a moment of `time.monotonic`."""
        for thread in self._threads:
            thread.join(max(0.0, until - time.monotonic()))

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            job()
            del job  # or it, and what it refers to, would live as long as this thread has nothing to do
