"""How long customers are kept: the owner's choice, and the daily run in small steps that keeps to it (rule 21)."""

import logging
import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import NamedTuple

from pos_app.domain.audit import audit_line
from pos_app.domain.erasure import ErasureKey, IdleCustomer, hindrance
from pos_app.domain.kenya_time import shop_day
from pos_app.domain.operators import Act, Actor
from pos_app.domain.retention import OFF, RUN, SETTING, Run, cutoff, read_months, read_run
from pos_app.errors import PosError
from pos_app.sales.authority import Authority
from pos_app.sales.erasure import Sweep, erase_in
from pos_app.sales.erasure_key import SettleKey, ShopKey
from pos_app.sales.kept_answers import KeptAnswers
from pos_app.sales.ports import Clock, Reader, Transaction
from pos_app.sales.write_queue import GroupWriter

LOOKED = 1_000  # customers that one step looks at
ERASED = 5  # that it erases: some milliseconds in which nobody is charged
MOST = 2_000  # that a day erases
FIRST = 300.0  # seconds until the first step: a till that opens has better things to do
BETWEEN = 1.0  # seconds between two steps
LATER = 600.0  # seconds until it is looked again whether there is anything to do
STALE = timedelta(minutes=30)  # a till that has not gone on for so long has ended
AMISS = timedelta(days=1)  # by which a run is ahead that a clock began which was wrong
STOPPING = 2.0  # seconds that closing waits for a step
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Kept:
    """How long customers are kept: so many months, None for ever; and the last run, where there was one."""

    months: int | None
    run: Run | None


class Retention:
    """Reads and writes the owner's choice. It counts at once, for every till of the database."""

    def __init__(self, reader: Reader, writer: GroupWriter, clock: Clock, authority: Authority) -> None:
        self._reader = reader
        self._writer = writer
        self._clock = clock
        self._authority = authority

    def kept(self) -> Kept:
        """What is chosen, and how far the last run came."""
        return Kept(chosen_months(self._reader.setting(SETTING)), read_run(self._reader.setting(RUN)))

    def choose(self, months: int | None, passphrase: str = "", *, owner: bool = False) -> None:
        """Erase customers who have bought nothing for so many months; None: keep them.

        Args:
            passphrase: the owner's; empty where an owner is signed in.
            owner: whoever calls has let the owner pass.

        Raises:
            OwnerNeeded: nobody who may has signed in, nor typed the passphrase.
            BadInput: wrong passphrase, or none was ever chosen.
            CannotSave: nothing was saved.
        """
        shift = self._authority.shift
        owner = owner or self._authority.let_pass(Act.ERASE, passphrase).owner
        new = OFF if months is None else str(read_months(str(months)))

        def work(transaction: Transaction) -> None:
            actor = self._authority.admit(transaction, Act.ERASE, shift, owner=owner)
            old = transaction.setting(SETTING) or OFF
            transaction.set_setting(SETTING, new)
            line = audit_line(actor, Act.ERASE, self._clock.corrected(), f"setting {SETTING}", new, old)
            transaction.add_audit([line])

        self._writer.run(work)


def chosen_months(kept: str | None) -> int | None:
    """What the database says; None where nobody is erased, also where it says what this program does not know."""
    try:
        return read_months(kept or OFF)
    except PosError:
        return None


class RetentionRun:
    """Goes through all customers once a day, a few at a time, on a thread of its own. One till does it for all.

    It waits for M-PESA's time: by a computer's clock that is set forward everybody would have bought nothing for years.

    Args:
        till: the letter in payment numbers.
        sweep, kept: as for `Erasure`.
    """

    def __init__(
        self,
        till: str,
        reader: Reader,
        writer: GroupWriter,
        clock: Clock,
        key: ShopKey,
        sweep: Sweep,
        kept: KeptAnswers,
    ) -> None:
        self._till = till
        self._reader = reader
        self._writer = writer
        self._clock = clock
        self._key = key
        self._sweep = sweep
        self._kept = kept
        self._unswept: set[str] = set()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="retention", daemon=True)

    def start(self) -> None:
        """Begin, some minutes later."""
        self._thread.start()

    def stop(self) -> None:
        """No further step. What was begun today goes on with the next start."""
        self._stopping.set()
        self._thread.join(STOPPING)

    def _run(self) -> None:
        wait = FIRST
        while not self._stopping.wait(wait):
            wait = self.safe_step()

    def safe_step(self) -> float:
        """One step; whatever fails is logged, and tried again later. Gives the seconds until the next one."""
        try:
            return self.step()
        except PosError as error:
            _log.warning("customers could not be erased by themselves: %s", error.user_text)
        except Exception:  # noqa: BLE001 - the next step may do better
            _log.exception("customers could not be erased by themselves")
        return LATER

    def step(self) -> float:
        """Look at some customers, erase a few; gives the seconds until the next step.

        Raises:
            BadInput: the key is not at hand. CannotSave: nothing was saved.
        """
        now = self._clock.corrected()
        self._sweep_what_a_run_left(now)
        months = chosen_months(self._reader.setting(SETTING))
        run = self._mine(self._reader.setting(RUN), now)
        if months is None or run is None or self._clock.ahead_of_mpesa() is None:
            self._sweep_rest()
            return LATER
        found = self._reader.idle_customers(run.after, cutoff(now, months), now, LOOKED)
        idle = [customer for customer in found if customer.idle]
        taken, over = idle[:ERASED], len(idle) <= ERASED and len(found) < LOOKED
        looked = taken if len(idle) > ERASED else found
        after = looked[-1].id if looked else run.after
        part = _Part(run, taken, months, replace(run, at=now, after=after, done=over))
        if taken:
            key, settle = self._key.find_or_make()
            erased = self._writer.run(lambda transaction: self._erase(transaction, part, key, settle))
            self._unswept.update(erased)
        else:
            self._writer.run(lambda transaction: self._note(transaction, part, 0))
        if over:
            self._sweep_rest()
        return LATER if over else BETWEEN

    def _mine(self, kept: str | None, now: datetime) -> Run | None:
        """The run that this till goes on with; None where there is nothing to do now."""
        today, run = shop_day(now), read_run(kept)
        if run is None or run.day < today or run.at - now > AMISS:
            return Run(day=today, till=self._till, at=now)
        if run.done or run.day > today or (run.till != self._till and abs(now - run.at) < STALE):
            return None
        return replace(run, till=self._till)

    def _erase(self, transaction: Transaction, part: "_Part", key: ErasureKey, settle: SettleKey) -> list[str]:
        """Gives the numbers that are erased; what has changed since it was looked at is left for another day."""
        if self._mine(transaction.setting(RUN), part.then.at) is None:
            return []  # another till has gone on with it
        if chosen_months(transaction.setting(SETTING)) != part.months:
            return []  # the owner has just chosen otherwise
        settle(transaction)
        waiting = self._kept.of_customers(transaction)
        before, now, erased = cutoff(part.then.at, part.months), part.then.at, []
        for customer in part.taken:
            found = transaction.erasable(customer.phone, before)
            if found is None or not transaction.is_idle(customer.id, before, now):
                continue
            if customer.id in waiting or any(hindrance(payment, now) for payment in found.payments):
                continue
            erase_in(transaction, found, key, Actor(), f"nothing bought for {part.months} months", now)
            erased.append(customer.phone)
        self._note(transaction, part, len(erased))
        return erased

    def _note(self, transaction: Transaction, part: "_Part", erased: int) -> None:
        if self._mine(transaction.setting(RUN), part.then.at) is None:
            return
        many = part.run.erased + erased
        run = replace(part.then, erased=many, done=part.then.done or many >= MOST, swept=part.run.swept and not erased)
        transaction.set_setting(RUN, run.text())
        if run.done:
            transaction.forget_payers(cutoff(part.then.at, part.months))
        if erased:
            _log.info("%d customers were erased who bought nothing for %d months", erased, part.months)

    def _sweep_rest(self) -> None:
        """What is left of today's numbers beside the rows; a look through the whole file, so once a day."""
        if self._unswept:
            phones, self._unswept = self._unswept, set()
            self._swept(phones, self._clock.corrected())

    def _sweep_what_a_run_left(self, now: datetime) -> None:
        """A till that ended in the middle of its run, or right after it, took the numbers with it."""
        run = read_run(self._reader.setting(RUN))
        if not self._unswept and run and run.erased and not run.swept and self._is_left(run, now):
            self._swept(set(), now)

    def _swept(self, phones: set[str], now: datetime) -> None:
        if self._sweep(phones) is False:
            left = "is" if phones else "may be"
            _log.warning("something of numbers that were erased %s left in unused room of the database's file", left)
        self._writer.run(lambda transaction: self._note_swept(transaction, now))

    def _note_swept(self, transaction: Transaction, now: datetime) -> None:
        run = read_run(transaction.setting(RUN))
        if run and self._is_left(run, now):
            transaction.set_setting(RUN, replace(run, swept=True).text())

    def _is_left(self, run: Run, now: datetime) -> bool:
        """Whether no other till is at it."""
        return run.till == self._till or abs(now - run.at) >= STALE


class _Part(NamedTuple):
    """What one step does: the run as it was, whom it takes, and the run as it is then."""

    run: Run
    taken: Sequence[IdleCustomer]
    months: int
    then: Run
