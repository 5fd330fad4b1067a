"""What others do in the shop's database, as it happens: one view of its payments at every counter.

Others are the tills that share a server, or the commands that somebody runs beside the till of a file.
A till hears of each commit and looks up what was written, and looks every few seconds in any case. What is not its own
is shown and nothing else. Its own payment that somebody else has changed (the owner at another counter, a callback that
came there) is published as if it were changed here: its customer stands at this one.
"""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from pos_app.domain.payment import Payment
from pos_app.sales.ledger import Ledger
from pos_app.sales.ports import Reader, ShopFeed, Transaction
from pos_app.sales.write_queue import GroupWriter

STOPPING = 2.0  # seconds that closing waits for a look
_SLICE = 0.5  # seconds after which a till that waits notices that it closes
_REMEMBERED = 10_000  # payments: more than a day's
_log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Pauses:
    """Seconds.

    Attributes:
        poll: between two looks where nothing is told.
        first, longest: between two tries to listen again, which grow from the one to the other.
    """

    poll: float = 3.0
    first: float = 1.0
    longest: float = 30.0


class OtherTills:
    """Listens on a thread of its own, and tells by the ledger's publisher.

    Args:
        till: the letter in payment numbers.
        feed: what was written into the shop's database.
        still_mine: whether what has this till's letter is its own, asked in a transaction: another till may have taken
            that meanwhile, and this computer may have slept.
    """

    def __init__(
        self,
        till: str,
        feed: ShopFeed,
        reader: Reader,
        ledger: Ledger,
        writer: GroupWriter,
        pauses: Pauses = Pauses(),
        still_mine: Callable[[Transaction], bool] = lambda _: True,
    ) -> None:
        self._till = till
        self._feed = feed
        self._reader = reader
        self._publisher = ledger.publisher
        self._writer = writer
        self._pauses = pauses
        self._still_mine = still_mine
        self._door = threading.Lock()
        self._known: dict[int, Payment] = {}  # as they were published last, in the order in which they came
        self._again: set[int] = set()  # own payments that could not be looked at
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="other-tills", daemon=True)
        self._publisher.hears_others = True
        self._publisher.subscribe(self._remember)

    def start(self) -> None:
        """Begin to listen."""
        self._thread.start()

    def stop(self) -> None:
        """Listen no more. A look that hangs is left to itself."""
        self._stopping.set()
        self._feed.wake()
        if self._thread.is_alive():
            self._thread.join(STOPPING)

    def _run(self) -> None:
        pause, begun = self._pauses.first, False
        while not self._stopping.is_set():
            try:
                self._feed.open()
                if not begun:
                    self._take_up()
                    begun = True
                self.look()
                pause = self._pauses.first
                self._wait()
            except Exception as error:  # noqa: BLE001 - the next try may do better
                _log.warning("other tills are not heard (%s)", type(error).__name__)
                self._feed.close()
                self._stopping.wait(pause)
                pause = min(pause * 2, self._pauses.longest)
        self._feed.close()

    def _wait(self) -> None:
        waited = 0.0
        while waited < self._pauses.poll and not self._stopping.is_set() and not self._feed.wait(_SLICE):
            waited += _SLICE

    def _take_up(self) -> None:
        """How this till's open payments stood, so that it can be told what changes them."""
        still_open = self._reader.open_payments(self._till)
        with self._door:
            self._known = {payment.id: payment for payment in still_open} | self._known

    def look(self) -> None:
        """Tell of what was written since the last look. Raises CannotSave."""
        more = True
        while more and not self._stopping.is_set():
            again = frozenset(self._again)
            # Read before the feed is: what that has told once it does not tell again.
            missed = list(filter(None, map(self._reader.payment, again)))
            found = self._feed.look()
            self._again -= again
            for payment in (*missed, *found.payments):
                self._tell(payment)
            if found.acts:
                self._publisher.publish_acts(found.acts)
            more = found.more

    def _tell(self, payment: Payment) -> None:
        if not self._is_newer(payment):
            return
        if payment.till == self._till:
            # On the writer's thread: behind what this till is just saving itself, which is told by then.
            looked = self._writer.submit(partial(self._read, payment.id), after=self._tell_own)
            looked.add_done_callback(lambda done: self._again.add(payment.id) if done.exception() else None)
        else:
            self._tell_other(payment)

    def _tell_other(self, payment: Payment) -> None:
        self._remember(payment)
        self._publisher.publish_other(payment)

    def _read(self, payment_id: int, transaction: Transaction) -> tuple[Payment | None, bool]:
        """The payment, and whether it is this till's."""
        return transaction.payment(payment_id), self._still_mine(transaction)

    def _tell_own(self, found: tuple[Payment | None, bool]) -> None:
        payment, mine = found
        if payment is None or not self._is_newer(payment):
            return
        if not mine:
            self._tell_other(payment)
            return
        before = self._known.get(payment.id)
        if before:
            self._publisher.publish_change(before, payment)
        else:
            self._publisher.publish(payment)

    def _is_newer(self, payment: Payment) -> bool:
        known = self._known.get(payment.id)
        return known is None or known.version < payment.version

    def _remember(self, payment: Payment) -> None:
        with self._door:
            self._known.pop(payment.id, None)
            self._known[payment.id] = payment
            if len(self._known) > _REMEMBERED:
                del self._known[next(iter(self._known))]
