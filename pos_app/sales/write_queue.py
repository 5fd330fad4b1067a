"""The one thread that writes: what is queued is committed as a group, and nobody hears of it before."""

import logging
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

from pos_app.errors import CannotSave, Clash, Closing, PosError, RowRefused, TooMany, Unrecorded
from pos_app.sales.held_jobs import HeldJobs
from pos_app.sales.keeping import Keepable, Keeping
from pos_app.sales.patience import answer_of
from pos_app.sales.ports import Clock, Transaction, Writer
from pos_app.sales.save_watch import HANGS, SLOW, SaveWatch
from pos_app.sales.write_job import Job, is_the_disk

GROUP = 64  # jobs in one transaction
FAIR = 1.0  # seconds after which one takes no more of them: other tills wait for it
RETRY = 1.0  # seconds between tries while the computer cannot save (rule 11)
GIVE_UP = 10  # tries of a job that fails by itself while others can be saved
_TRIES = 3  # after a clash with another till on the same server
_log = logging.getLogger(__name__)
T = TypeVar("T")


class GroupWriter:
    """Runs jobs in their order, up to 64 in one transaction; where one fails, again with a savepoint for each.

    A job that must not be lost (`keep`) is tried each second until it is saved, and nobody is charged meanwhile; any
    other job fails at once. What is `held` outlives the program: its line goes into the file beside the database as
    soon as it cannot be saved. A kept job that fails by itself ten times, while others can be saved, is left to a
    person: one bad line must not close a shop. A save that hangs counts as one that failed, until it ends.

    Attributes:
        saving: whether the computer can save.
        why: why not, in words for a person; empty where it can.
        keeping: what the file has.
    """

    def __init__(
        self,
        store: Writer,
        clock: Clock,
        on_saving: Callable[[bool], None] = lambda _: None,
        retry: float = RETRY,
        keeping: Keeping | None = None,
        slow: float = SLOW,
    ) -> None:
        self._store = store
        self._clock = clock
        self._on_saving = on_saving
        self._retry = retry
        self._queue: queue.SimpleQueue[Job[object] | None] = queue.SimpleQueue()
        self._jobs: list[Job[object]] = []  # taken, not yet saved
        self._held = HeldJobs[Job[object]](lambda job: job.held.about if job.held else "")  # not yet answered
        self._stopping = threading.Event()
        self._ended = False
        self._door = threading.Lock()  # a job is queued before the end, or refused
        self._thread = threading.Thread(target=self._run, name="writer", daemon=True)
        self._watch = SaveWatch(clock.monotonic, self._hangs, self._keep_held, slow)
        self.saving = True
        self.why = ""
        self.keeping = keeping or Keeping()

    def start(self) -> None:
        """Begin to write."""
        self._thread.start()
        self._watch.start()

    def stop(self, timeout: float = 5.0) -> None:
        """Write what is queued, then end; at most twice `timeout` seconds. Later jobs fail with `Closing`.

        What is held and could not be saved is in the file then, as far as there is one that can be written.
        """
        with self._door:
            self._stopping.set()
            self._queue.put(None)
        self._watch.stop()
        if self._thread.is_alive():
            self._thread.join(timeout)
        if self._thread.is_alive():  # the disk hangs; the file may be on the same one
            keeping = threading.Thread(target=self._keep_held, name="keeping", daemon=True)
            keeping.start()
            keeping.join(timeout)

    def submit(
        self,
        work: Callable[[Transaction], T],
        *,
        after: Callable[[T], None] = lambda _: None,
        keep: bool = False,
        held: Keepable | None = None,
        line: str = "",
    ) -> "Future[T]":
        """Queue a job.

        Args:
            work: may run again, where it or another job of its group failed.
            after: called on the writer's thread with the result, after the commit and before the future is set.
            keep: hold on to it until it can be saved.
            held: how it outlives the program, where it must.
            line: what the file beside the database has of it already.
        """
        job: Job[T] = Job(work, after, keep, held, line, Future())
        job.future.set_running_or_notify_cancel()  # whoever stops waiting must not undo the write
        with self._door:
            full = not self.saving and self._held.full(job)  # type: ignore[arg-type]
            if not (full or self._stopping.is_set()):
                if held:
                    self._held.add(job)  # type: ignore[arg-type]
                self._queue.put(job)  # type: ignore[arg-type]
                return job.future
        if held and not full:
            self._keep([job])  # type: ignore[list-item]
        job.future.set_exception(TooMany() if full else Closing())
        return job.future

    def run(self, work: Callable[[Transaction], T], *, after: Callable[[T], None] = lambda _: None) -> T:
        """Do a job and wait for it.

        Raises:
            CannotSave: nothing was saved; or it hangs, see `answer_of`.
        """
        self.check_saving()
        return answer_of(self.submit(work, after=after))

    def check_saving(self) -> None:
        """Refuse at once what could not be saved now.

        Raises:
            CannotSave: with why.
        """
        if not self.saving:
            raise CannotSave(self.why or CannotSave().user_text)

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
            try:
                self.step(wait=True)
            except Exception:  # noqa: BLE001 - whatever fails once must not end all saving
                _log.exception("the writer failed")
                self._jobs = [job for job in self._jobs if not job.future.done()]
                self._tell_saving(False, CannotSave().user_text)
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

    def _write(self, jobs: list[Job[object]]) -> list[Job[object]]:
        """Commit the jobs group by group; gives back what must be tried again."""
        again: list[Job[object]] = []
        recorded: list[str] = []
        alone, tried, refused = 0, False, ""
        while jobs or not (self.saving or tried):
            tried = True
            group = jobs[: 1 if alone else GROUP]
            try:
                results = self._commit(group)
            except Exception as error:  # noqa: BLE001 - whatever the store raises, nothing of the group was saved
                if len(group) > 1 and not is_the_disk(error):
                    alone = len(group)  # one of them spoils the commit itself
                    continue
                if not group or is_the_disk(error) or not self._trial():
                    return self._failed(error, again + jobs, recorded)
                results = [error]
            group = group[: len(results)]
            alone = max(0, alone - 1)
            jobs = jobs[len(group) :]
            failing = [job for job, result in zip(group, results, strict=True) if self._fails(job, result)]
            again += failing
            refused = next((one.user_text for one in results if isinstance(one, RowRefused)), refused)
            if not again and not refused:
                self._tell_saving(True)
            recorded += [
                job.line
                for job, result in zip(group, results, strict=True)
                if job not in failing and self._answer(job, result)
            ]
        self._keep(again)
        self._drop(recorded)
        self._tell_saving(not again and not refused, refused or RowRefused().user_text)
        return again

    def _failed(self, error: Exception, jobs: list[Job[object]], recorded: list[str]) -> list[Job[object]]:
        """Nothing can be saved: fail all but the jobs to keep, and give back those."""
        if self.saving and not isinstance(error, CannotSave):
            _log.error("the store failed", exc_info=error)
        self._drop(recorded)
        kept = self._held.first_of_each([job for job in jobs if job.keep])
        self._keep(kept)
        self._tell_saving(False, error.user_text if isinstance(error, CannotSave) else CannotSave().user_text)
        failing = error if isinstance(error, CannotSave) else CannotSave()
        staying = set(kept)
        for job in [job for job in jobs if job not in staying]:
            self._held.discard(job)
            job.future.set_exception(TooMany() if job.keep else failing)
        return kept

    def _commit(self, group: list[Job[object]]) -> list[object]:
        """The jobs' results, saved. As a rule none of them fails, and none needs a savepoint."""
        try:
            return self._saved(group, lambda job, transaction: job.work(transaction))
        except Exception as error:
            if is_the_disk(error):
                raise
        return self._saved(group, self._attempt)  # one of them, and only that one must not be saved

    def _saved(self, group: list[Job[object]], run: Callable[[Job[object], Transaction], object]) -> list[object]:
        """The results of the first jobs: as a rule of all."""
        with self._watch.over(), self._store.write() as transaction:
            if not self.saving:
                transaction.touch(self._clock.now())
            results: list[object] = []
            until = self._clock.monotonic() + FAIR
            for job in group:
                results.append(run(job, transaction))
                if self._clock.monotonic() >= until:
                    break
            return results

    def _trial(self) -> bool:
        """Whether anything can be saved at all."""
        try:
            with self._watch.over(), self._store.write() as transaction:
                transaction.touch(self._clock.now())
        except Exception:  # noqa: BLE001 - whatever it is, it cannot
            return False
        return True

    @staticmethod
    def _attempt(job: Job[object], transaction: Transaction) -> object:
        """The job's result, or the exception it raised; only a disk that fails spoils the group."""
        result: object = None
        for _ in range(_TRIES):
            try:
                with transaction.savepoint():
                    return job.work(transaction)
            except Clash as clash:
                result = clash  # read again and decide again
            except Exception as error:
                if is_the_disk(error):
                    raise
                return error
        return result

    def _fails(self, job: Job[object], result: object) -> bool:
        """Whether a job must be tried again, because it failed where others were saved."""
        answered = isinstance(result, PosError) and not isinstance(result, RowRefused)
        if not (job.keep and job.held) or answered or not isinstance(result, Exception):
            return False
        if not job.failures:
            _log.error("an event could not be recorded; it is kept and tried again", exc_info=result)
        job.failures += 1
        return job.failures < GIVE_UP

    def _answer(self, job: Job[object], result: object) -> bool:
        """Tell whoever waits; gives back whether the file may forget the job."""
        self._held.discard(job)
        if isinstance(result, Exception):
            given_up = job.failures >= GIVE_UP or isinstance(result, Unrecorded)
            if job.keep and not job.held:  # the next question tells it again
                _log.error("an event could not be recorded", exc_info=result)
            job.future.set_exception(self._give_up(job, result) if given_up else result)
            return job.keep and not given_up
        try:
            job.after(result)
        except Exception:  # noqa: BLE001 - the writer must outlive its listeners
            _log.exception("a listener failed after the commit")
        job.future.set_result(result)
        return True

    def _give_up(self, job: Job[object], error: Exception) -> Exception:
        if not job.keep or job.held is None:  # an earlier run has given up already
            return error
        _log.error("an event could not be recorded; it is left to a person")
        self.keeping.set_aside(job.text(), type(error).__name__)
        try:
            job.held.give_up(error)
        except Exception:  # noqa: BLE001 - the writer must outlive its listeners
            _log.exception("a listener failed")
        return Unrecorded()

    def _keep(self, jobs: list[Job[object]]) -> None:
        """What is held and not saved goes into the file."""
        lines = [job.text() for job in jobs if job.held]
        if lines:
            self.keeping.keep(lines)

    def _keep_held(self) -> None:
        """The same for all that is not answered yet, whatever the writer does meanwhile."""
        jobs = self._held.first_of_each(self._held.all())
        self._keep(jobs)
        self._drop([job.line for job in jobs if job not in self._held])  # it was saved just now

    def _hangs(self) -> None:
        self._tell_saving(False, HANGS)

    def _drop(self, lines: list[str]) -> None:
        """These are saved."""
        if any(lines):
            self.keeping.drop(filter(None, lines))

    def _tell_saving(self, saving: bool, why: str = "") -> None:
        self.why = "" if saving else why
        if saving == self.saving:
            return
        self.saving = saving
        _log.warning("saving works again" if saving else "cannot save: charging has stopped")
        try:
            self._on_saving(saving)
        except Exception:  # noqa: BLE001 - the writer must outlive its listeners
            _log.exception("a listener failed")
