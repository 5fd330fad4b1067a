"""A public address for the listener, by ngrok: kept up in a thread of its own while the till runs."""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from typing import Protocol

from pos_app.callbacks.ngrok import NgrokProcess, NoTunnel, StillHeld, UsedUp
from pos_app.errors import PosError

PAUSES = (1.0, 2.0, 5.0, 10.0, 30.0, 60.0)  # seconds before ngrok is started again, the last for ever
USED_UP = 3_600.0  # seconds before it is started again in a month whose requests are used up
STILL_HELD = 5.0  # seconds at most while the address is open elsewhere: another till is just letting it go
POLL = 1.0  # seconds between two looks whether its process lives
LOOK = 5.0  # seconds between two questions what its address is
_UNANSWERED = 2  # questions in a row that end it: a busy computer may leave one
_STEADY = 60.0  # seconds after which a tunnel counts as having held
_STOP = 2.0  # seconds
_HANGS = "The ngrok program does not answer any more. It is started again."
_FAILED = "The tunnel has failed. It is opened again."
_log = logging.getLogger(__name__)


class Told(Protocol):
    """Who wants to know the address."""

    def found(self, address: str) -> None:
        """This is the address from now on."""
        ...

    def lost(self, words: str) -> None:
        """There is none; why, for a person."""
        ...


class Tunnel:
    """Opens the tunnel, notices when it dies or moves, and opens it again.

    Args:
        check: raises a PosError, with words, for an address that M-PESA would not take.
    """

    def __init__(
        self,
        ngrok: NgrokProcess,
        told: Told,
        check: Callable[[str], None] = lambda _: None,
        *,
        pauses: Sequence[float] = PAUSES,
        poll: float = POLL,
        look: float = LOOK,
        used_up: float = USED_UP,
        still_held: float = STILL_HELD,
    ) -> None:
        self._used_up = used_up
        self._still_held = still_held
        self._ngrok = ngrok
        self._told = told
        self._check = check
        self._pauses = pauses
        self._poll = poll
        self._look = look
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self, port: int) -> None:
        """Begin to open a tunnel to the listener's port."""
        self._thread = threading.Thread(target=self._run, args=(port,), name="tunnel", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the process, also one that hangs or is only just starting; two seconds at most."""
        ends = time.monotonic() + _STOP
        self._stopping.set()
        self._ngrok.prevent_start()
        self._ngrok.end()
        if self._thread:
            self._thread.join(max(0.0, ends - time.monotonic()))

    def _run(self, port: int) -> None:
        failures = 0
        while not self._stopping.is_set():
            began = time.monotonic()
            ended = self._hold(port)
            self._ngrok.end()
            if self._stopping.is_set():
                break
            self._told.lost(ended.user_text)
            if time.monotonic() - began > _STEADY:
                failures = 0
            usual = self._pauses[min(failures, len(self._pauses) - 1)]
            if isinstance(ended, StillHeld):
                usual = min(usual, self._still_held)
            self._stopping.wait(self._used_up if isinstance(ended, UsedUp) else usual)
            failures += 1
        self._ngrok.close()

    def _hold(self, port: int) -> PosError:
        """Open the tunnel and stay with it until it ends; gives how that came."""
        try:
            self._stay(self._ngrok.open(port))
        except PosError as error:
            return error
        except Exception:  # noqa: BLE001 - whatever it is, the till goes on by asking, and tries again
            _log.exception("the tunnel failed in our own code")
        return NoTunnel(_FAILED)

    def _stay(self, address: str) -> None:
        self._tell(address)
        unanswered, looked = 0, time.monotonic()
        while not self._stopping.wait(self._poll):
            self._ngrok.check_running()
            if time.monotonic() - looked < self._look:
                continue
            looked, now = time.monotonic(), self._ngrok.address()
            unanswered = 0 if now else unanswered + 1
            if unanswered == _UNANSWERED:
                raise NoTunnel(_HANGS)
            if now and now != address:
                address = now
                self._tell(address)

    def _tell(self, address: str) -> None:
        self._check(address)
        if not self._stopping.is_set():
            self._told.found(address)
