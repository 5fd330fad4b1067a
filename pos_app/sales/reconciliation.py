"""Asking M-PESA about payments that have no word yet, until every one has an answer."""

import logging
import threading
from collections.abc import Collection, Iterator
from concurrent.futures import Executor, Future
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import islice

from pos_app.domain.callback_route import RouteStatus
from pos_app.domain.payment import Change, Payment, State
from pos_app.domain.payment_event import Interrupted, NoAnswer, Silence
from pos_app.errors import PosError
from pos_app.sales.ledger import Ledger
from pos_app.sales.ports import Clock, Gateway, Reader
from pos_app.sales.query_schedule import NO_WORD_AFTER, longest_wait

QUERY_GAP = 1.0  # seconds; at most one query a second for a till
IN_FLIGHT = 8  # questions on their way at once: M-PESA may take 15 s for each, and one must not hold up the others
CLOCK_JUMP = 60.0  # seconds between wall and monotonic clock that count as a jump
UNTRUSTED = 300.0  # seconds after a jump in which a schedule by the wall clock may wait far too long
SILENCES, SILENCE_GAP = 50, 0.05  # at most so many at a time, then seconds without: others want to be served too
READ_ANEW = 60.0  # seconds between two looks at what the store says of our payments
ASK_AGAIN = 60.0  # seconds after an answer that could not be recorded
OLDEST_EVERY = 5  # at least one query in five is for the oldest due, so that new ones cannot starve it
_LONGEST_WAIT = 30.0  # seconds; how soon a clock jump or a resume is noticed while anything is open
_log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Entry:
    """One payment on the agenda; `ask` and `silence` are moments of the monotonic clock."""

    payment: Payment
    ask: float | None
    silence: float | None


class Reconciler:
    """Looks in a thread of its own what is due. `step` does it once, so that tests need no thread.

    Args:
        executor: asks the questions, `IN_FLIGHT` at once.
    """

    def __init__(
        self, *, till: str, gateway: Gateway, ledger: Ledger, reader: Reader, clock: Clock, executor: Executor
    ) -> None:
        self._till = till
        self._gateway = gateway
        self._ledger = ledger
        self._reader = reader
        self._clock = clock
        self._executor = executor
        self._agenda: dict[int, _Entry] = {}
        self._on_their_way: dict[int, int] = {}  # whose question, and which, has no answer: never two at once
        self._lock = threading.Lock()
        self._wake = threading.Event()
        self._stopping = False
        self._thread: threading.Thread | None = None
        self._asked = 0
        self._next_query = clock.monotonic()
        self._next_silence = clock.monotonic()
        self._next_reading = clock.monotonic() + READ_ANEW
        self._offset = self._clock_offset()
        self._trusted_from = clock.monotonic()
        self._address_since: datetime | None = None
        self._others: frozenset[str] = frozenset()  # tills that are gone, whose payments are asked about here
        self._wanted: frozenset[str] = frozenset()

    def start(self) -> None:
        """Pick up what the last run left open, and begin to ask."""
        self.resume()
        self._thread = threading.Thread(target=self._run, name="reconcile", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Ask no more. A question on its way is not waited for: its answer changes nothing that the next start asks."""
        self._stopping = True
        self._wake.set()
        if self._thread:
            self._thread.join(1.0)

    def resume(self) -> None:
        """Our own `requested` rows become not sure at once, and every open payment is due."""
        self._take_up(self._till)
        self._all_due()

    def take_over(self, tills: Collection[str]) -> None:
        """Ask about the payments of these tills too, which are gone, and of no others any more. They are only asked
        about: what nobody knows of whether it has left is not sure, and leaves no more. Any thread.
        """
        self._wanted = frozenset(tills)
        self._wake.set()

    def _take_up(self, till: str) -> None:
        for payment in self._reader.open_payments(till):
            if payment.state is State.REQUESTED:
                self._ledger.record(Interrupted(), payment)
        for payment in self._reader.to_ask(till):
            self.on_payment_changed(payment)

    def _follow(self) -> None:
        """Take over what is wanted; what cannot be read is taken over with the next step."""
        wanted = self._wanted
        before, self._others = self._others, self._others & wanted
        if before != self._others:
            with self._lock:
                self._agenda = {at: one for at, one in self._agenda.items() if self._is_asked_here(one.payment)}
        for till in sorted(wanted - self._others):
            self._others |= {till}
            try:
                self._take_up(till)
            except BaseException:
                self._others -= {till}
                raise

    def _is_asked_here(self, payment: Payment) -> bool:
        return payment.till == self._till or payment.till in self._others

    def on_payment_changed(self, payment: Payment) -> None:
        """A payment changed: put it on the agenda, or take it off. A subscriber of the ledger."""
        if not self._is_asked_here(payment):
            return
        entry = self._entry(payment)
        with self._lock:
            known = self._agenda.get(payment.id)
            if known and known.silence and entry.silence:
                entry.silence = known.silence  # a wall clock that was set since must not move it
            if known and known.ask is not None and entry.ask is not None and payment.state.open:
                entry.ask = min(known.ask, entry.ask)  # what is due stays due until it is asked, whatever else is told
            if entry.ask is None and entry.silence is None:
                self._agenda.pop(payment.id, None)
            else:
                self._agenda[payment.id] = entry
        self._wake.set()

    def note_route(self, status: RouteStatus) -> None:
        """The callback route changed. What M-PESA sends to an address that is gone never comes, so it is asked for."""
        before, self._address_since = self._address_since, status.address_since
        if before not in (None, status.address_since):
            _log.info("the address of open payments is gone; every one is asked about")
            self._all_due()

    def check_now(self, payment_id: int) -> bool:
        """Make a payment due at once; False where M-PESA cannot be asked about it."""
        payment = self._reader.payment(payment_id)
        if payment is None or payment.query_id is None:
            return False
        with self._lock:
            entry = self._agenda.setdefault(payment_id, _Entry(payment, None, None))
            entry.ask = self._clock.monotonic()
        self._wake.set()
        return True

    def check_oldest(self) -> Payment | None:
        """Make the oldest open payment that can be asked about due at once."""
        for payment in reversed(self._reader.open_payments(self._till)):
            if self.check_now(payment.id):
                return payment
        return None

    def step(self) -> float | None:
        """Do what is due.

        Returns:
            Seconds until something is due again; None where nothing is open.
        """
        if abs(self._clock_offset() - self._offset) > CLOCK_JUMP:
            _log.info("the clock jumped; every open payment is asked about")
            self._offset = self._clock_offset()
            self._trusted_from = self._clock.monotonic() + UNTRUSTED
            self._all_due()
        self._follow()
        self._read_anew()
        self._tell_silence()
        entry = self._pick()
        if entry:
            self._send(entry.payment)
        return self._until_next()

    def _run(self) -> None:
        while not self._stopping:
            try:
                wait = self.step()
            except Exception:  # noqa: BLE001 - whatever fails once must not end all asking
                _log.exception("looking what is due failed")
                wait = _LONGEST_WAIT
            self._wake.wait(wait if wait is None else min(wait, _LONGEST_WAIT))
            self._wake.clear()  # after the wait: what wakes us during a step must not be missed

    def _entry(self, payment: Payment) -> _Entry:
        silence = None
        if payment.state in (State.REQUESTED, State.PROMPTED):
            silence = min(self._moment(payment.created_at), self._clock.monotonic()) + NO_WORD_AFTER
        ask = None
        if payment.next_check_at and payment.query_id:
            latest = self._clock.monotonic() + longest_wait(payment, self._clock.corrected())
            ask = min(self._moment(payment.next_check_at), latest)
            if payment.state.open and self._clock.monotonic() < self._trusted_from:
                ask = min(ask, self._clock.monotonic() + _LONGEST_WAIT)
        return _Entry(payment, ask, silence)

    def _moment(self, at: datetime) -> float:
        """A time (UTC) as a moment of the monotonic clock."""
        return self._clock.monotonic() + (at - self._clock.corrected()).total_seconds()

    def _clock_offset(self) -> float:
        return self._clock.corrected().timestamp() - self._clock.monotonic()

    def _all_due(self) -> None:
        now = self._clock.monotonic()
        with self._lock:
            for entry in self._agenda.values():
                if entry.payment.state.open and entry.ask is not None:
                    entry.ask = now
        self._wake.set()

    def _read_anew(self) -> None:
        """Another till on the same server may have made a payment of ours due, or changed it; it cannot tell us."""
        now = self._clock.monotonic()
        if now < self._next_reading:
            return
        self._next_reading = now + READ_ANEW
        if self._agenda:
            for payment in (one for till in (self._till, *self._others) for one in self._reader.to_ask(till)):
                known = self._agenda.get(payment.id)
                if known and known.payment.version < payment.version:
                    self.on_payment_changed(payment)

    def _tell_silence(self) -> None:
        """After a long pause thousands may be due at once, and the window hears of each of them."""
        now = self._clock.monotonic()
        if now < self._next_silence:
            return
        with self._lock:
            due = (entry for entry in self._agenda.values() if entry.silence is not None and entry.silence <= now)
            silent = list(islice(due, SILENCES))
            for entry in silent:
                entry.silence = None
        if silent:
            self._next_silence = now + SILENCE_GAP
        for entry in silent:
            self._ledger.record(Silence(), entry.payment)

    def _pick(self) -> _Entry | None:
        """The newest prompt that is due, and every fifth time the oldest; None before the second is over."""
        now = self._clock.monotonic()
        if now < self._next_query:
            return None
        with self._lock:
            due = [entry for entry in self._may_be_asked() if entry.ask is not None and entry.ask <= now]
            if not due:
                return None
            self._asked += 1
            self._next_query = now + QUERY_GAP
            choose = min if self._asked % OLDEST_EVERY == 0 else max
            entry = choose(due, key=lambda entry: entry.payment.id)
            entry.ask = None  # back on the agenda when the ledger has recorded the answer
            self._on_their_way[entry.payment.id] = self._asked
        return entry

    def _may_be_asked(self) -> list[_Entry]:
        """What may be asked about just now, due or not; under the lock."""
        if len(self._on_their_way) >= IN_FLIGHT:
            return []
        return [entry for at, entry in self._agenda.items() if at not in self._on_their_way]

    def _send(self, payment: Payment) -> None:
        try:
            self._executor.submit(self._ask, payment, self._asked)
        except RuntimeError:  # the till closes; or no thread can be started, and the executor may do it later or never
            self._come_back(payment.id)
            self._later(payment.id)

    def _later(self, payment_id: int) -> None:
        """It was not asked about, or what came of it was not recorded: put it on the agenda again."""
        with self._lock:
            entry = self._agenda.get(payment_id)
            if entry and entry.ask is None:
                entry.ask = self._clock.monotonic() + ASK_AGAIN
        self._wake.set()

    @contextmanager
    def alone(self, payment_id: int) -> Iterator[bool]:
        """Whoever asks M-PESA past the agenda: meanwhile nobody else asks about the payment, or any other for a second.

        Yields:
            Whether it may be asked about; not where it is being asked about just now.
        """
        with self._lock:
            free = payment_id not in self._on_their_way
            if free:
                self._on_their_way[payment_id] = 0
                self._next_query = max(self._next_query, self._clock.monotonic() + QUERY_GAP)
        try:
            yield free
        finally:
            if free:
                self._come_back(payment_id)

    def _come_back(self, payment_id: int) -> None:
        """Its question is not on its way any more."""
        with self._lock:
            self._on_their_way.pop(payment_id, None)
        self._wake.set()

    def _ask(self, payment: Payment, question: int) -> None:
        assert payment.query_id is not None
        if self._on_their_way.get(payment.id) != question:
            return  # no thread could be started for it then, and it was given back
        if self._answered_elsewhere(payment):
            self._come_back(payment.id)
            return
        try:
            event = self._gateway.query(payment.query_id)
        except Exception:  # noqa: BLE001 - one fault must not end all asking
            _log.exception("payment %s: the query failed in our own code", payment.number)
            event = NoAnswer(detail="fault in the till")
        if not self._stopping:
            self._ledger.record(event, payment).add_done_callback(partial(self._recorded, payment.id))
        self._come_back(payment.id)

    def _answered_elsewhere(self, payment: Payment) -> bool:
        """Whether another till has just recorded what became of it, such as a callback, and nobody has told yet."""
        with suppress(PosError):  # what cannot be read is asked about, and the answer waits until it can be saved
            now = self._reader.payment(payment.id) if self._ledger.publisher.hears_others else None
            if now and now.version > payment.version and not now.state.open:
                self.on_payment_changed(now)
                return True
        return False

    def _recorded(self, payment_id: int, recorded: "Future[Change | None]") -> None:
        """An answer that could not be recorded is published to nobody, so its payment is put on the agenda here."""
        if recorded.exception() is None:
            return
        self._later(payment_id)

    def _until_next(self) -> float | None:
        with self._lock:
            ask = min((entry.ask for entry in self._may_be_asked() if entry.ask is not None), default=None)
            silence = min((entry.silence for entry in self._agenda.values() if entry.silence is not None), default=None)
        both = ((ask, self._next_query), (silence, self._next_silence))
        moments = [max(at, earliest) for at, earliest in both if at is not None]
        if moments:
            return max(0.0, min(moments) - self._clock.monotonic())
        return _LONGEST_WAIT if self._agenda else None
