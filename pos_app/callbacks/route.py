"""The callback route: the public address that M-PESA is given, probed from outside.

The same for a tunnel, whose address comes and goes, for the shop's own address, and for a till that only asks.
"""

import logging
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Protocol

from pos_app.callbacks.last_callback import LastCallback
from pos_app.callbacks.probe import ProbeResult
from pos_app.callbacks.route_record import RouteRecord
from pos_app.callbacks.tunnel_usage import Usage
from pos_app.daraja.wire import NO_ROUTE
from pos_app.domain.callback_route import RouteState, RouteStatus

PROBE_EVERY = 900.0  # seconds; each probe is one of the requests that a tunnel has in a month
PROBE_AGAIN = 5.0  # seconds after the first probe that failed
PROBE_WHILE_DOWN = 15.0  # seconds to the next while nothing comes through; twice as many each time, up to the usual
QUIET = 300.0  # seconds without confirmation after which somebody who types is reason for a probe
USED_UP = 3_600.0  # seconds between two looks whether a tunnel whose month is used up carries something again
FAILED_PROBES = 2  # in a row, and the route is down: a single one can be lost
CONFIRMED_FOR = timedelta(hours=3)  # how long a callback of M-PESA's confirms a route that our own probe cannot go
SAVE_EVERY = 5.0  # seconds; how often at most it is written down what came in
_STOP = 1.0  # seconds
_ARRIVED = 100  # callbacks
_FAULT = (
    "The public address could not be tried out, by a fault in the till itself. The log says more. Payments go on: the "
    "till asks M-PESA for their results."
)
_ONLY_OURS = (
    "M-PESA's results come through; the till's own test of its address does not, which some routers never allow."
)
_log = logging.getLogger(__name__)
Subscriber = Callable[[RouteStatus], None]


class Clock(Protocol):
    """Where time comes from."""

    def now(self) -> datetime: ...

    def monotonic(self) -> float: ...

    def corrected(self) -> datetime:
        """M-PESA's time (UTC), by which payments are dated."""
        ...


class CallbackRoute:
    """Fits `sales.ports.Route` and `callbacks.tunnel.Told`. Any thread.

    Args:
        probe: probes an address; gives what came of it.
        record: where other programs see how the route stands, or None.
        wanted: False for a till that only asks.
        usage: the requests of a tunnel's month.
        last: the last callback, which proves the address that it came through.
        own: whether the address is the shop's own: it is given to M-PESA also while nobody answers a probe there,
            since only a callback can confirm it behind a router that lets nobody out and in again.
    """

    def __init__(
        self,
        *,
        clock: Clock,
        probe: Callable[[str], ProbeResult],
        record: RouteRecord | None = None,
        wanted: bool = True,
        usage: Usage | None = None,
        last: LastCallback | None = None,
        own: bool = False,
    ) -> None:
        self._usage = usage or Usage(None, clock.now, limited=False)
        self._last = last or LastCallback()
        self._own = own
        self._given = False  # whether M-PESA is given the address although nothing confirms it
        self._confirmed = clock.monotonic() - QUIET  # when it was confirmed last, or probed
        self._clock = clock
        self._probe = probe
        self._record = record
        self._status = RouteStatus(state=RouteState.OPENING if wanted else RouteState.NONE, since=clock.now())
        self._address = ""  # what is probed; M-PESA is given it while the status has `address_since`
        self._due = 0.0
        self._arrived: deque[datetime] = deque(maxlen=_ARRIVED)  # when their payments were opened
        self._saved = clock.monotonic() - SAVE_EVERY
        self._failed = 0
        self._subscribers: list[Subscriber] = []
        self._lock = threading.RLock()  # held while telling, so that all hear it in the order in which it happened
        self._wake = threading.Event()
        self._stopping = False
        self._thread: threading.Thread | None = None

    @property
    def status(self) -> RouteStatus:
        """How the callback route stands now."""
        return self._status

    def base(self) -> str:
        """What M-PESA is given now: the public address, or one that can never exist."""
        address = self._address
        return address if address and (self._status.address_since or self._given) else NO_ROUTE

    def subscribe(self, told: Subscriber) -> None:
        """Tell how it stands, at once and after each change; `told` must be quick."""
        with self._lock:
            self._subscribers.append(told)
            told(self._status)

    def start(self) -> None:
        """Begin to probe."""
        self._write()
        if self._status.state is not RouteState.NONE:
            self._thread = threading.Thread(target=self._run, name="route", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """Probe no more, tell nobody anything more. A probe on its way is not waited for."""
        self._stopping = True
        self._wake.set()
        if self._thread:
            self._thread.join(_STOP)
        self._note_arrived()
        self._usage.save()
        self._last.save()
        if self._record:
            self._record.remove()

    def found(self, address: str) -> None:
        """M-PESA is given this address from now on, and it is probed."""
        with self._lock:
            now = self._clock.now()
            self._last.given(address, self._clock.corrected())
            self._address, self._failed, self._given = address, 0, False
            self._due = self._clock.monotonic()
            self._set(replace(self._status, state=RouteState.OPENING, since=now, words="", address_since=now))
        self._wake.set()

    def lost(self, words: str) -> None:
        """There is no address any more; why, for a person."""
        with self._lock:
            self._address = ""
            self._go_down(words)

    def visited(self) -> None:
        """A request came in. Returns at once."""
        known = self._usage.changed
        self._usage.count()
        if self._usage.changed and not known:
            self._wake.set()

    def came(self, opened_at: datetime) -> None:
        """A callback of M-PESA's came in: no probe confirms more. Returns at once; the route's thread does the rest.

        Args:
            opened_at: when its payment was opened (UTC), which says what address M-PESA was given for it.
        """
        self._arrived.append(opened_at)
        self._wake.set()

    def freshen(self) -> None:
        """Somebody begins to type: a route that nothing has confirmed for some time is probed now. Returns at once."""
        with self._lock:
            quiet = self._clock.monotonic() - self._confirmed >= QUIET
            if self._address and quiet and self._usage.pause(PROBE_EVERY) == PROBE_EVERY:
                self._confirmed = self._due = self._clock.monotonic()
                self._wake.set()

    def step(self) -> float | None:
        """Probe where it is time, and write down what is to be remembered.

        Returns:
            Seconds until it is time again; None where there is nothing to do.
        """
        self._note_arrived()
        address = self._address
        if address and self._clock.monotonic() >= self._due:
            self._usage.count()
            told = self._probed(address)
            with self._lock:
                if self._address == address:  # it may have changed meanwhile
                    self._heard(told)
        waits = [self._remember()]
        if self._address:
            waits.append(max(0.0, self._due - self._clock.monotonic()))
        return min((wait for wait in waits if wait is not None), default=None)

    def _note_arrived(self) -> None:
        """What came through the present address confirms it."""
        with self._lock:
            while self._arrived:
                opened_at = self._arrived.popleft()
                if self._address and self._last.came(opened_at, self._clock.corrected()):
                    self._failed = 0
                    self._go_up(self._usage.words())
                    self._wait(self._usage.pause(PROBE_EVERY))

    def _remember(self) -> float | None:
        """Write what has changed, here and nowhere else: a disk that hangs delays neither a callback nor the window.

        Returns:
            Seconds until there is something to write, or None.
        """
        self._write()
        if not (self._usage.changed or self._last.changed):
            return None
        left = self._saved + SAVE_EVERY - self._clock.monotonic()
        if left > 0:
            return left
        self._saved = self._clock.monotonic()
        self._usage.save()
        self._last.save()
        return None

    def _probed(self, address: str) -> ProbeResult:
        try:
            return self._probe(address)
        except Exception:  # noqa: BLE001 - without this thread nobody would ever hear how the route stands
            _log.exception("the probe failed in our own code")
            return ProbeResult(_FAULT)

    def _run(self) -> None:
        while not self._stopping:
            self._wake.wait(self.step())
            self._wake.clear()

    def _heard(self, told: ProbeResult) -> None:
        usual = self._usage.pause(PROBE_EVERY)
        if not told.words:
            self._failed = 0
            self._go_up(self._usage.words(), self._clock.now())
            self._wait(usual)
        elif told.used_up:
            self._failed = FAILED_PROBES
            self._go_down(told.words)
            self._wait(USED_UP)
        elif told.nobody and self._mpesa_came_lately():
            self._failed = 0
            self._go_up(" ".join(filter(None, (_ONLY_OURS, self._usage.words()))))
            self._wait(usual)
        else:
            self._failed += 1
            if self._failed >= FAILED_PROBES:
                self._given = self._own and told.nobody
                self._go_down(told.words)
                self._wait(min(PROBE_WHILE_DOWN * 2 ** min(self._failed - FAILED_PROBES, 9), usual))
            else:
                self._wait(PROBE_AGAIN)

    def _wait(self, seconds: float) -> None:
        self._confirmed = self._clock.monotonic()
        self._due = self._confirmed + seconds
        self._wake.set()

    def _mpesa_came_lately(self) -> bool:
        came_at = self._last.came_at
        return came_at is not None and timedelta(0) <= self._clock.corrected() - came_at <= CONFIRMED_FOR

    def _go_up(self, words: str, probed_at: datetime | None = None) -> None:
        now, old = self._clock.now(), self._status
        self._given = False
        self._set(
            replace(
                old,
                state=RouteState.UP,
                since=old.since if old.state is RouteState.UP else now,
                words=words,
                probed_at=probed_at or old.probed_at,
                address_since=old.address_since or now,
            )
        )

    def _go_down(self, words: str) -> None:
        old = self._status
        since = old.since if old.state is RouteState.DOWN else self._clock.now()
        self._set(replace(old, state=RouteState.DOWN, since=since, words=words, address_since=None))

    def _set(self, status: RouteStatus) -> None:
        old, self._status = self._status, status
        if status == old or self._stopping:
            return
        if (status.state, status.words) != (old.state, old.words):
            _log.info("the callback route is %s%s", status.state, f": {status.words}" if status.words else "")
        for told in self._subscribers:
            try:
                told(status)
            except Exception:  # noqa: BLE001 - one failing subscriber must not silence the others
                _log.exception("a subscriber failed")
        self._wake.set()

    def _write(self) -> None:
        if self._record and not self._stopping:
            self._record.write(self._status)
