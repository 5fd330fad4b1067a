"""The shop's one public address, where its tills share a server: one holds it, and all have their callbacks by it.

Who holds it stands in the database, with a lease by its clock. A till that may hold it takes it where it is free, opens
its own way to it (a tunnel, an address of its own), and says every few seconds that it is there and whether anything
comes in. All others only look. Any till's listener takes the callback of any payment of the shop.
"""

import logging
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Protocol

from pos_app.callbacks.route import CallbackRoute, Clock, Subscriber
from pos_app.callbacks.route_record import RouteRecord
from pos_app.callbacks.shop_status import elsewhere, nobodys, unknown
from pos_app.daraja.wire import NO_ROUTE
from pos_app.domain.callback_route import RouteState, RouteStatus
from pos_app.domain.shop_address import LEASE, AddressHolder, HolderWord, ShopAddress
from pos_app.errors import PosError

BEAT = 5.0  # seconds between two words, or two looks
_SOON = 0.2  # seconds after the end of a lease in which another till takes it
_FRESH = 1.5  # seconds that a charge waits to read where the address is; then it goes by what was read last
_STOP = 3.0  # seconds
_FIRST_PAUSE, _LONGEST_PAUSE = 30.0, 480.0  # seconds before a till takes it again at which nothing came in

_log = logging.getLogger(__name__)


class BootClock(Clock, Protocol):
    """A clock that goes on while the computer sleeps."""

    def since_boot(self) -> float: ...


class AddressStore(Protocol):
    """Keeps who holds the address. Any thread; each call may raise a PosError, and ends within seconds."""

    def look(self) -> ShopAddress | None:
        """How it stands; None where no till ever held one."""
        ...

    def claim(self, mine: AddressHolder, /) -> ShopAddress | None:
        """Hold it from now on, where it is free; how it stands then."""
        ...

    def tell(self, run: str, word: HolderWord, /) -> ShopAddress | None:
        """The holder's word, which keeps it for another lease, where it still is the holder; how it stands then."""
        ...

    def release(self, run: str, /) -> None:
        """It is held no more by this run."""
        ...

    def forget(self, holder: str, /) -> None:
        """This till will hold none any more."""
        ...


class Way(Protocol):
    """This till's own way to the address; it tells its `CallbackRoute` what becomes of it."""

    def open(self) -> None:
        """Begin to open it. Returns at once."""
        ...

    def close(self) -> None:
        """Close it; two seconds at most."""
        ...


class ShopRoute:
    """Fits `sales.ports.Route`. Any thread; `step` is its own thread's, or a test's.

    Args:
        own: how this till's own way stands, while it holds the address.
        mine: as whom it holds it.
        way: opens its own way; None for a till that never holds the address.
        record: where other programs see how the route stands, or None.
    """

    def __init__(
        self,
        own: CallbackRoute,
        store: AddressStore,
        mine: AddressHolder,
        clock: BootClock,
        way: Way | None,
        record: RouteRecord | None = None,
    ) -> None:
        self._own = own
        self._store = store
        self._mine = mine
        self._clock = clock
        self._way = way
        self._record = record
        self._status = RouteStatus(state=RouteState.OPENING, since=clock.now())
        self._lock = threading.RLock()
        self._subscribers: list[Subscriber] = []
        self._row: ShopAddress | None = None
        self._read_at: float | None = None  # when the row was asked for, by the clock that nobody sets
        self._kept_at: float | None = None  # when the word was said that keeps the address; None: it is not held here
        self._told_since: datetime | None = None  # since when the address is good, as it was told last
        self._good: tuple[tuple[str, float], datetime] | None = None  # another's `good_since` by this computer's clock
        self._pauses = 0
        self._not_before = clock.since_boot()
        self._forgotten = way is not None
        self._held_before = False
        self._in_trouble = False
        self._wake = threading.Event()
        self._ending = threading.Event()
        self._thread: threading.Thread | None = None
        own.subscribe(lambda _: self._wake.set())

    @property
    def status(self) -> RouteStatus:
        """How results come back to this till now."""
        return self._status

    @property
    def holds(self) -> bool:
        """Whether this till holds the address, as far as it knows."""
        return self._kept_at is not None

    def subscribe(self, told: Subscriber) -> None:
        """Tell how it stands, at once and after each change; `told` must be quick."""
        with self._lock:
            self._subscribers.append(told)
            told(self._status)

    def start(self) -> None:
        """Begin to look."""
        self._thread = threading.Thread(target=self._run, name="shop-address", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Close the way and give the address to whoever wants it; what hangs is left to itself."""
        self._ending.set()
        self._wake.set()
        if self._thread:
            self._thread.join(_STOP)
        if self.holds and self._way:
            self._way.close()
            _within(_STOP, lambda: self._store.release(self._mine.run))
        if self._record:
            self._record.remove()

    def base(self) -> str:
        """What M-PESA is given now, as the database has it: the address, or one that can never exist."""
        read: list[ShopAddress | None] = []
        asked = self._clock.since_boot()
        if _within(_FRESH, lambda: read.append(self._store.look())) and read:
            self._took(asked, read[0])
            self._wake.set()
        with self._lock:
            if self._row is None:
                return NO_ROUTE
            return self._own.base() if self._is_ours(self._row) else self._row.given(self._age()) or NO_ROUTE

    def key(self) -> str:
        """What the tills of the shop know by the database, and nobody else; empty where this one does not know it."""
        row = self._row
        return row.run if row else ""

    def freshen(self) -> None:
        """Somebody begins to type. Returns at once."""
        if self.holds:
            self._own.freshen()

    def step(self) -> float:
        """Look, say a word, take the address or let it go. Gives seconds until it is time again."""
        try:
            self._follow()
            self._in_trouble = False
        except PosError as error:
            if not self._in_trouble:
                _log.warning("the shop's public address cannot be looked up: %s", _fault(error))
            self._in_trouble = True
        if self._kept_at is not None and self._clock.since_boot() - self._kept_at >= LEASE:
            self._let_go("nothing could be said of it for the time of its lease")
        self._tell()
        return self._pause()

    def _run(self) -> None:
        pause = 0.0
        while True:
            self._wake.wait(pause)
            self._wake.clear()
            if self._ending.is_set():
                return
            try:
                pause = self.step()
            except Exception:  # noqa: BLE001 - whatever fails once must not end it
                _log.exception("looking for the shop's public address failed")
                pause = BEAT

    def _follow(self) -> None:
        asked = self._clock.since_boot()
        if self.holds:
            self._took(asked, self._say())
            if self._has(self._mine.run):
                self._kept_at = asked
            else:
                self._let_go("another till has it by now")
            return
        if not self._forgotten:
            self._store.forget(self._mine.holder)
            self._forgotten = True
        row = self._store.look()
        self._took(asked, row)
        if self._way and asked >= self._not_before and self._may_claim(row):
            self._took(asked, self._store.claim(self._mine))
            if self._has(self._mine.run):
                self._hold(asked, self._way)

    def _hold(self, asked: float, way: Way) -> None:
        if not self._ending.is_set():
            _log.info("this till holds the shop's public address")
            self._kept_at, self._told_since, self._held_before = asked, None, True
            way.open()
        if self._ending.is_set():  # while that hung: `stop` has closed what was open then
            way.close()
            self._store.release(self._mine.run)
        else:
            self._took(asked, self._say())

    def _has(self, run: str) -> bool:
        """Whether the database said last that this run holds it."""
        return self._row is not None and self._row.run == run

    def _may_claim(self, row: ShopAddress | None) -> bool:
        """What an earlier run has left is had again at once; by one that has lost it only where it is free: a disk may
        have been copied.
        """
        return row is None or row.free or (row.holder == self._mine.holder and not self._held_before)

    def _took(self, asked: float, row: ShopAddress | None) -> None:
        with self._lock:
            if self._read_at is None or self._read_at <= asked:
                self._row, self._read_at = row, asked

    def _say(self) -> ShopAddress | None:
        """Say how this till's own way stands."""
        status, base = self._own.status, self._own.base()
        word = HolderWord(
            address="" if base == NO_ROUTE else base,
            state=status.state,
            good=status.address_since is not None,
            anew=status.address_since != self._told_since,
            words=status.words,
        )
        told = self._store.tell(self._mine.run, word)
        self._told_since = status.address_since
        if status.state is RouteState.UP:
            self._pauses = 0
        return told

    def _let_go(self, why: str) -> None:
        """It is another's by now, or nobody knows: what was opened here is closed before anything else is told."""
        _log.warning("this till does not hold the shop's public address any more: %s", why)
        if self._own.status.state is not RouteState.UP:  # another shall try first
            self._not_before = self._clock.since_boot() + min(_FIRST_PAUSE * 2**self._pauses, _LONGEST_PAUSE)
            self._pauses = min(self._pauses + 1, 9)
        self._kept_at = None
        if self._way:
            self._way.close()

    def _is_ours(self, row: ShopAddress) -> bool:
        """Whether this till has the address for sure: by the database, and by its own clock since it was read."""
        return row.run == self._mine.run and self.holds and row.is_held(self._age())

    def _age(self) -> float:
        """Seconds since the row was asked for."""
        return self._clock.since_boot() - self._read_at if self._read_at is not None else 0.0

    def _pause(self) -> float:
        if self._row and not self.holds and self._way:
            left = self._row.left - self._age() + _SOON
            return min(max(left, _SOON), BEAT) if left > 0 else BEAT
        return BEAT

    # --- how it stands, for this till

    def _tell(self) -> None:
        with self._lock:
            found = self._found()
            old = self._status
            if (found.state, found.words, found.at) == (old.state, old.words, old.at):
                found = replace(found, since=old.since)
            changed, self._status = found != self._status, found
            if changed and not self._ending.is_set():
                for told in self._subscribers:
                    _call(told, found)
        if self._record and not self._ending.is_set():
            self._record.write(self._status)

    def _found(self) -> RouteStatus:
        row, now, age = self._row, self._clock.now(), self._age()
        if self._in_trouble and not (row and row.is_held(age)):
            return unknown(now)
        if self._read_at is None:
            return self._status
        if row is None:
            return RouteStatus(state=RouteState.OPENING if self._way else RouteState.NONE, since=now)
        if self._is_ours(row):
            return self._own.status
        if row.run == self._mine.run or not row.is_held(age):
            return nobodys(row, now, taken_over=self._way is not None)
        return elsewhere(row, now, None if row.good_since is None else self._by_this_clock(row, row.good_since))

    def _by_this_clock(self, row: ShopAddress, good_since: float) -> datetime:
        """Reckoned once: each time it would be another by as much as the question took."""
        key = (row.run, good_since)
        if self._good is None or self._good[0] != key:
            self._good = key, self._clock.now() - timedelta(seconds=self._age() + row.now - good_since)
        return self._good[1]


def _call(told: Subscriber, status: RouteStatus) -> None:
    try:
        told(status)
    except Exception:  # noqa: BLE001 - one failing subscriber must not silence the others
        _log.exception("a subscriber failed")


def _fault(error: PosError) -> str:
    """What is wrong, without what it means for a save."""
    return error.user_text.partition(". ")[0]


def _within(seconds: float, work: Callable[[], object]) -> bool:
    """Do what may hang on a thread that is left to itself after so many seconds; gives whether it was done."""
    done = threading.Event()

    def take() -> None:
        try:
            work()
            done.set()
        except PosError as error:
            _log.warning("the shop's public address was asked for in vain: %s", _fault(error))
        finally:
            ended.set()

    ended = threading.Event()
    threading.Thread(target=take, name="shop-address", daemon=True).start()
    ended.wait(seconds)
    return done.is_set()
