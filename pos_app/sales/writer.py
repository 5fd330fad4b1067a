"""The one thread that writes: what is queued is committed as a group, and nobody hears of it before."""

import logging
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Generic, TypeVar

from pos_app.errors import CannotSave, Clash, Closing
from pos_app.sales.ports import Clock, Transaction, Writer

GROUP = 64  # jobs in one transaction
RETRY = 1.0  # seconds between tries while the computer cannot save (design rule 11)
_TRIES = 3  # after a clash with another till on the same server
_log = logging.getLogger(__name__)
T = TypeVar("T")


@dataclass(frozen=True)
class _Job(Generic[T]):
    work: Callable[[Transaction], T]
    after: Callable[[T], None]
    keep: bool
    future: "Future[T]"


class GroupWriter:
    """Runs jobs in their order, up to 64 in one transaction; where one fails, again with a savepoint for each.

    A job that must not be lost (`keep`) stays in memory while the computer cannot save and is tried each second;
    any other job fails at once with `CannotSave`.
    """

    def __init__(
        self,
        store: Writer,
        clock: Clock,
        on_saving: Callable[[bool], None] = lambda _: None,
        retry: float = RETRY,
    ) -> None:
        self._store = store
        self._clock = clock
        self._on_saving = on_saving
        self._retry = retry
        self._queue: queue.SimpleQueue[_Job[object] | None] = queue.SimpleQueue()
        self._jobs: list[_Job[object]] = []  # taken, not yet saved
        self._stopping = threading.Event()
        self._ended = False
        self._door = threading.Lock()  # a job is queued before the end, or refused
        self._thread = threading.Thread(target=self._run, name="writer", daemon=True)
        self.saving = True

    def start(self) -> None:
        """Begin to write."""
        self._thread.start()

    def stop(self, timeout: float = 5.0) -> None:
        """Write what is queued, then end; at most `timeout` seconds. Later jobs fail with `Closing`."""
        with self._door:
            self._stopping.set()
            self._queue.put(None)
        if self._thread.is_alive():
            self._thread.join(timeout)

    def submit(
        self, work: Callable[[Transaction], T], *, after: Callable[[T], None] = lambda _: None, keep: bool = False
    ) -> "Future[T]":
        """Queue a job.

        Args:
            work: may run again, where it or another job of its group failed.
            after: called on the writer's thread with the result, after the commit and before the future is set.
            keep: hold on to it until it can be saved.
        """
        job = _Job(work, after, keep, Future())
        job.future.set_running_or_notify_cancel()  # whoever stops waiting must not undo the write
        with self._door:
            if not self._stopping.is_set():
                self._queue.put(job)  # type: ignore[arg-type]
                return job.future
        job.future.set_exception(Closing())
        return job.future

    def step(self, *, wait: bool = False) -> None:
        """Write what is queued now, on the calling thread; only for a writer that is not started.

        Args:
            wait: for the first job, where there is none to try again.
        """
        self._ended = self._take(wait=wait and not self._jobs and self.saving)
        self._jobs = self._write(self._jobs)

    def _run(self) -> None:
        while not self._ended:
            if not self.saving:
                self._stopping.wait(self._retry)
            self.step(wait=True)
        for job in self._jobs:
            job.future.set_exception(CannotSave())

    def _take(self, *, wait: bool) -> bool:
        """Add what is queued to the jobs; True at the end."""
        for _ in range(max(1, self._queue.qsize())):
            try:
                job = self._queue.get(block=wait)
            except queue.Empty:
                break
            if job is None:
                return True
            self._jobs.append(job)
        return False

    def _write(self, jobs: list[_Job[object]]) -> list[_Job[object]]:
        """Commit the jobs group by group; gives back what must be tried again."""
        while jobs or not self.saving:
            group, rest = jobs[:GROUP], jobs[GROUP:]
            try:
                results = self._commit(group)
            except Exception as error:  # noqa: BLE001 - whatever the store raises, nothing was saved
                if not isinstance(error, CannotSave):
                    _log.exception("the store failed")
                self._tell_saving(False)
                return self._refuse(jobs)
            self._tell_saving(True)
            for job, result in zip(group, results, strict=True):
                self._answer(job, result)
            jobs = rest
        return []

    @staticmethod
    def _refuse(jobs: list[_Job[object]]) -> list[_Job[object]]:
        """Fail all but the jobs to keep, and give back those."""
        for job in jobs:
            if not job.keep:
                job.future.set_exception(CannotSave())
        return [job for job in jobs if job.keep]

    def _commit(self, group: list[_Job[object]]) -> list[object]:
        """The jobs' results, saved. As a rule none of them fails, and none needs a savepoint."""
        try:
            return self._saved(group, lambda job, transaction: job.work(transaction))
        except CannotSave:
            raise
        except Exception:  # noqa: BLE001 - one of them, and only that one must not be saved
            return self._saved(group, self._attempt)

    def _saved(self, group: list[_Job[object]], run: Callable[[_Job[object], Transaction], object]) -> list[object]:
        with self._store.write() as transaction:
            if not self.saving:
                transaction.touch(self._clock.now())
            return [run(job, transaction) for job in group]

    @staticmethod
    def _attempt(job: _Job[object], transaction: Transaction) -> object:
        """The job's result, or the exception it raised; only `CannotSave` spoils the group."""
        result: object = None
        for _ in range(_TRIES):
            try:
                with transaction.savepoint():
                    return job.work(transaction)
            except CannotSave:
                raise
            except Clash as clash:
                result = clash  # read again and decide again
            except Exception as error:  # noqa: BLE001 - it belongs to whoever asked
                return error
        return result

    def _answer(self, job: _Job[object], result: object) -> None:
        if isinstance(result, Exception):
            if job.keep:
                _log.error("news could not be recorded", exc_info=result)
            job.future.set_exception(result)
            return
        try:
            job.after(result)
        except Exception:  # noqa: BLE001 - the writer must outlive its listeners
            _log.exception("a listener failed after the commit")
        job.future.set_result(result)

    def _tell_saving(self, saving: bool) -> None:
        if saving == self.saving:
            return
        self.saving = saving
        _log.warning("saving works again" if saving else "cannot save: charging has stopped")
        try:
            self._on_saving(saving)
        except Exception:  # noqa: BLE001 - the writer must outlive its listeners
            _log.exception("a listener failed")
