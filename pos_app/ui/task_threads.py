"""Threads for the window's work that end with the program, whatever they are waiting for."""

import threading
import time
from collections.abc import Callable
from queue import Empty, SimpleQueue


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
