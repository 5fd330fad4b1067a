"""M-PESA is asked for all money by itself: when a till opens, then every quarter of an hour, by one till of a shop."""

import hashlib
import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from pos_app.domain.cancelling import Cancel
from pos_app.domain.pull_run import AT_OPENING, EVERY, SETTING, PullRun, is_due, read_pull_run
from pos_app.domain.pulled import TellsTooLittle
from pos_app.domain.statement_row import Statement
from pos_app.errors import Cancelled, PosError
from pos_app.sales.ports import Clock, PullGateway, Reader, Transaction
from pos_app.sales.pulling import PullAccount, Pulling
from pos_app.sales.recording import Recording
from pos_app.sales.write_queue import GroupWriter

FIRST = 20.0  # seconds until the first look: a till that opens has better things to do
LOOK = 60.0  # seconds between two looks whether it is time
STOPPING = 2.0  # seconds that closing waits for a round
_NOW = timedelta()
_SKEW = timedelta(minutes=1)  # by which this till's clock may be behind the database's, and its look is no later
DatabaseTime = Callable[[Transaction], float]  # seconds since 1970
_UNFORESEEN = "The last look at M-PESA's Pull Transactions failed. It is tried again in a quarter of an hour."
_log = logging.getLogger(__name__)


class PullRounds:
    """Asks on a thread of its own. What goes wrong is written down for checks and settings, and said nowhere else.

    Args:
        till: the letter in payment numbers.
        time: the database's, by which the tills of a shop agree whose turn it is: one of theirs may be wrong.
    """

    def __init__(
        self,
        till: str,
        reader: Reader,
        writer: GroupWriter,
        clock: Clock,
        pulling: Pulling,
        recording: Recording,
        time: DatabaseTime,
    ) -> None:
        self._till = till
        self._reader = reader
        self._writer = writer
        self._clock = clock
        self._pulling = pulling
        self._recording = recording
        self._time = time
        self._after = AT_OPENING
        self._stopping = threading.Event()
        self._wake = threading.Event()  # set after what it is about: to stop, or to look at once
        self._cancel = Cancel()
        self._door = threading.Lock()
        self._thread = threading.Thread(target=self._run, name="pull", daemon=True)

    def start(self) -> None:
        """Begin, some seconds later."""
        self._thread.start()

    def stop(self) -> None:
        """No further round; one that is under way ends at its next step."""
        self._stopping.set()
        self._wake.set()
        self._cancel.cancel()
        if self._thread.is_alive():
            self._thread.join(STOPPING)

    def _run(self) -> None:
        wait = FIRST
        while True:
            self._wake.wait(wait)
            self._wake.clear()
            if self._stopping.is_set():
                return
            self.step()
            wait = LOOK

    def step(self) -> None:
        """A round, where it is time and no other till is at it. Never raises."""
        after, self._after = self._after, EVERY
        try:
            self._round(after)
        except PosError as error:
            _log.warning("what M-PESA has could not be looked at: %s", error.user_text)
        except Exception:  # noqa: BLE001 - the next one may do better
            _log.exception("what M-PESA has could not be looked at")

    def hurry(self) -> None:
        """Somebody looks at the day, and may close it: make a round soon, where the last one is not just over."""
        self._after = AT_OPENING
        self._wake.set()

    def ask_now(self) -> None:
        """A round at once, unless a till is at it. Takes some minutes at most.

        Raises:
            CannotSave: the database takes nothing.
        """
        self._round(_NOW)

    def _round(self, after: timedelta) -> None:
        with self._door:
            begun = self._begin(after)
            if begun:
                self._end(self._carry_out(begun))

    def _begin(self, after: timedelta) -> PullRun | None:
        """The round that this till makes; None where it is not time."""
        soon = self._clock.corrected() + _SKEW
        if after and not is_due(read_pull_run(self._reader.setting(SETTING)), soon, after):
            return None  # surely not, so that no till keeps the others from writing every minute

        def work(transaction: Transaction) -> PullRun | None:
            last, now = read_pull_run(transaction.setting(SETTING)), self._now(transaction)
            if not is_due(last, now, after):
                return None  # another till was quicker
            run = PullRun(till=self._till, begun=now, covered=last.covered if last else None)
            transaction.set_setting(SETTING, run.text())
            return run

        return self._writer.run(work)

    def _end(self, run: PullRun) -> None:
        def work(transaction: Transaction) -> None:
            transaction.set_setting(SETTING, replace(run, ended=self._now(transaction)).text())

        self._writer.run(work)

    def _now(self, transaction: Transaction) -> datetime:
        return datetime.fromtimestamp(self._time(transaction), UTC)

    def _carry_out(self, run: PullRun) -> PullRun:
        """The same round, with what it brought."""
        trouble, covered = _UNFORESEEN, run.covered
        try:
            statement = self._fetch(run.since())
            self._recording.record_pulled(statement, digest_of(statement), self._cancel)
            trouble, covered = "", statement.covered.last if statement.covered else run.covered
        except Cancelled:
            trouble = ""  # the till closes; the next one goes on from the same place
        except PosError as error:
            trouble = "" if self._stopping.is_set() else error.user_text  # a till that closes cuts everything off
            _log.info("M-PESA's Pull Transactions: %s", error.user_text)
        except Exception:  # noqa: BLE001 - the round must be ended, or no till would make another for a while
            _log.exception("M-PESA's Pull Transactions")
        return replace(run, covered=covered, trouble=trouble)

    def _fetch(self, since: datetime | None) -> Statement:
        try:
            return self._pulling.fetch(since)
        except TellsTooLittle:
            if since is None:
                raise
            return self._pulling.fetch()  # a longer time may have a receipt code that both sides hold


@dataclass(frozen=True)
class PullUse:
    """How M-PESA is asked for its record, for whom, and by which clock the tills take turns."""

    gateway: PullGateway
    account: PullAccount
    time: DatabaseTime = lambda transaction: transaction.database_time()

    def rounds(self, till: str, reader: Reader, writer: GroupWriter, clock: Clock, recording: Recording) -> PullRounds:
        """What asks by itself, for the till of this name; start and stop it."""
        pulling = Pulling(self.gateway, reader, clock, self.account)
        return PullRounds(till, reader, writer, clock, pulling, recording, self.time)


def digest_of(statement: Statement) -> str:
    """SHA-256 of what was pulled, in hexadecimal: the same set twice is one."""
    told = hashlib.sha256(repr((statement.short_code, statement.period)).encode())
    for row in (*statement.rows, *statement.unreadable):
        told.update(repr(row).encode())
    return told.hexdigest()
