"""Whether M-PESA can be reached: from what was really heard of it, and while nothing is heard, from a short test."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pos_app.sales.ports import Clock

TEST_EVERY = 60.0  # seconds without a word or a failure of it, before a connection is tried
STALE = 150.0  # seconds; what was heard longer ago says nothing about now
LASTING = 5.0  # seconds between two failures that are more than one hiccup
_LOOK_EVERY = 5.0  # seconds; so soon a computer that wakes up is noticed
_log = logging.getLogger(__name__)


class Reach(StrEnum):
    """How M-PESA can be reached."""

    UNTESTED = "untested"
    CONNECTING = "connecting"  # the first test is on its way
    REACHED = "reached"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class ContactStatus:
    """Where it stands. `age`: seconds since M-PESA last answered; None: it has not since the till was opened."""

    reach: Reach
    age: float | None = None


class Contact:
    """What is known of it. Any thread."""

    def __init__(self, clock: "Clock") -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._heard: float | None = None
        self._first_miss: float | None = None
        self._last_miss: float | None = None
        self._testing = False

    def tell(self, heard: bool) -> None:
        """An exchange with M-PESA ended: with its own answer, or without."""
        now = self._clock.since_boot()
        with self._lock:
            self._testing = False
            if heard:
                self._heard, self._first_miss, self._last_miss = now, None, None
            else:
                self._first_miss = now if self._first_miss is None else self._first_miss
                self._last_miss = now

    def begin_test(self) -> bool:
        """Whether it is time for a test: nothing was heard, and nothing was tried in vain, for a minute."""
        now = self._clock.since_boot()
        with self._lock:
            last = [moment for moment in (self._heard, self._last_miss) if moment is not None]
            if last and now - max(last) < TEST_EVERY:
                return False
            self._testing = True
            return True

    @property
    def status(self) -> ContactStatus:
        """Where it stands now."""
        now = self._clock.since_boot()
        with self._lock:
            if self._heard is None:
                if self._first_miss is not None:
                    return ContactStatus(Reach.LOST)
                return ContactStatus(Reach.CONNECTING if self._testing else Reach.UNTESTED)
            age = now - self._heard
            return ContactStatus(Reach.LOST if age > STALE or self._lasts() else Reach.REACHED, age)

    def _lasts(self) -> bool:
        """More than one failure, and no word since: one that fails says little."""
        if self._first_miss is None or self._last_miss is None:
            return False
        return self._last_miss - self._first_miss >= LASTING


class ContactWatch:
    """Keeps `Contact` true while nobody speaks to M-PESA.

    Args:
        test: opens a connection to M-PESA and ends it; tells the contact how that went. Bounded, never raises.
    """

    def __init__(self, contact: Contact, test: Callable[[], None]) -> None:
        self._contact = contact
        self._test = test
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="contact", daemon=True)

    def start(self) -> None:
        """Test at once, and whenever it is time."""
        self._thread.start()

    def stop(self) -> None:
        """Test no more. One on its way is hardly waited for."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(1.0)

    def step(self) -> None:
        """Test, if it is time."""
        if self._contact.begin_test():
            self._test()

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self.step()
            except Exception:  # noqa: BLE001 - one fault must not end all testing
                _log.exception("the test of the connection failed in our own code")
            self._stopping.wait(_LOOK_EVERY)
