"""A receipt printer, with a limit for all that it may do: however it fails, whoever prints hears of it in time."""

import errno
import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from pos_app.check_result import Verdict, amber, green
from pos_app.domain.receipt_printer import PrinterAddress, PrintJob, Sent, SerialPrinter
from pos_app.errors import NotPrinted, PosError
from pos_app.printers.connections import PrinterConnection, connection_to
from pos_app.printers.job_bytes import job_bytes
from pos_app.printers.printer_status import ASK_DONE, ASK_STATE, STATE_BYTES, is_done, must_be_ready

LIMIT = 10.0  # seconds for all of it
SERIAL_LIMIT = 25.0  # a QR code takes seven at 9600 bits a second
LOOK = 4.5  # seconds to see how it is, and as many to get its turn: a check has ten
# Parts of the limit.
_OPENING = 0.3
_ANSWER = 0.1  # until a printer which says anything has said how it is
_PRINTING = 0.4  # until it says that it has printed what it was sent
_ALL = 0.9  # so that as a rule the exchange itself ends in time
_NOTHING = "Nothing was printed."
NOT_THERE = f"The receipt printer did not answer. {_NOTHING} See whether it is on and connected."
NOT_ALLOWED = (
    f"This computer does not let the till use the receipt printer. {_NOTHING} Whoever looks after the computer gives "
    "its user the right to, as the manual says."
)
NO_USB = f"This computer lacks libusb, which printers at its USB need. {_NOTHING} The manual says how to add it."
NO_THREAD = f"This computer is too busy to print. {_NOTHING} Print again in a moment."
HANGS = f"The receipt printer still hangs at an earlier receipt. {_NOTHING} Switch it off and on again."
_log = logging.getLogger(__name__)


class EscposPrinter:
    """Prints jobs, one at a time; any thread, never the GUI's.

    Args:
        limit: seconds for an exchange; None for the usual.
        connect: makes the connection of an exchange.

    Attributes:
        address: where it is.
    """

    def __init__(
        self,
        address: PrinterAddress,
        *,
        limit: float | None = None,
        connect: Callable[[PrinterAddress], PrinterConnection] = connection_to,
    ) -> None:
        self.address = address
        self._limit = limit or (SERIAL_LIMIT if isinstance(address, SerialPrinter) else LIMIT)
        self._connect = connect
        self._memory = _Memory()
        self._door = threading.Lock()  # held by whoever talks with the printer, also where nobody waits for it any more

    def print(self, make: Callable[[], PrintJob]) -> Sent:
        """Print what `make` gives; it is called once the printer is there and ready, right before the first byte.

        Raises:
            NotPrinted: surely nothing is on paper. And whatever `make` raises.
        """
        return self._exchange(make, self._limit)

    def look(self) -> Verdict:
        """Whether it could print now; nothing is printed."""
        try:
            answers = self._exchange(None, min(self._limit, LOOK)) is Sent.PRINTED
        except PosError as error:
            return amber(f"{error.user_text} Payments are not affected.")
        if answers:
            return green("The receipt printer answers and is ready")
        return green("The receipt printer is there. It does not say whether it has paper")

    def _exchange(self, make: Callable[[], PrintJob] | None, limit: float) -> Sent:
        if not self._door.acquire(timeout=limit):
            raise NotPrinted(HANGS)
        exchange = _Exchange(self._connect(self.address), make, limit, self._memory)
        thread = threading.Thread(target=exchange.run, args=(self._door.release,), name="receipt printer", daemon=True)
        try:
            thread.start()
        except RuntimeError:  # the computer has none left
            self._door.release()
            raise NotPrinted(NO_THREAD) from None
        return exchange.outcome(limit)


@dataclass
class _Memory:
    """What is known of a printer from one exchange to the next. `answers`: it has said how it is, once at least."""

    answers: bool = False


class _Exchange:
    """One talk with the printer, on a thread of its own: nothing else ends a device that hangs.

    Args:
        make: gives the job; None where the printer is only asked how it is.
        limit: seconds for all of it.
        memory: what earlier ones have shown.
    """

    def __init__(
        self, connection: PrinterConnection, make: Callable[[], PrintJob] | None, limit: float, memory: _Memory
    ) -> None:
        self._connection = connection
        self._make = make
        self._limit = limit
        self._memory = memory
        self._until = time.monotonic() + limit * _ALL
        self._door = threading.Lock()
        self._begun = False  # something may be on paper
        self._given_up = False
        self._over = threading.Event()
        self._result: Sent | PosError = Sent.UNCLEAR

    def outcome(self, seconds: float) -> Sent:
        """Wait for what becomes of it, and no longer. Raises what it raised."""
        self._over.wait(seconds)
        with self._door:
            if not self._over.is_set():
                self._given_up = True
                self._result = Sent.UNCLEAR if self._begun else NotPrinted(NOT_THERE)
            result = self._result
        if isinstance(result, PosError):
            raise result
        return result

    def run(self, ended: Callable[[], None]) -> None:
        """Have the talk; calls `ended` when nothing of it is left."""
        try:
            result: Sent | PosError = self._talk()
        except PosError as error:
            result = error
        except Exception as error:  # noqa: BLE001 - whatever a device or its driver raises
            _log.info("the receipt printer failed: %s", type(error).__name__, exc_info=True)
            result = Sent.UNCLEAR if self._begun else NotPrinted(_why(error))
        with self._door:
            if not self._given_up:
                self._result = result
            self._over.set()
        self._connection.close()
        ended()

    def _talk(self) -> Sent:
        connection = self._connection
        connection.open(self._limit * _OPENING)
        answers = must_be_ready(connection.ask(ASK_STATE, STATE_BYTES, self._limit * _ANSWER))
        if self._memory.answers and not answers:
            raise NotPrinted(NOT_THERE)  # it can speak and does not
        self._memory.answers = answers
        if self._make is None:
            return Sent.PRINTED if answers else Sent.UNCLEAR
        data = job_bytes(self._make())
        with self._door:
            if self._given_up:
                raise NotPrinted(NOT_THERE)
            self._begun = True
        connection.send(data, self._until)
        if answers and (said := connection.ask(ASK_DONE, 1, self._limit * _PRINTING)):
            return Sent.PRINTED if is_done(said) else Sent.UNCLEAR
        until = min(self._until, time.monotonic() + self._limit * _PRINTING)
        return Sent.PRINTED if connection.end(until) else Sent.UNCLEAR


def _why(error: Exception) -> str:
    """What to do about it, in words."""
    if type(error).__name__ == "NoBackendError":
        return NO_USB
    cause: BaseException | None = error
    while cause:
        if getattr(cause, "errno", None) in (errno.EPERM, errno.EACCES):
            return NOT_ALLOWED
        cause = cause.__context__
    return NOT_THERE
