"""Printing on a receipt printer that the till drives itself: by hand, and by itself after *paid*.

Nothing here can delay or undo money: a payment is saved and told before its receipt is thought of.
"""

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from queue import SimpleQueue
from typing import NamedTuple, Protocol

from pos_app.domain.operators import Shift
from pos_app.domain.payment import Payment, State
from pos_app.domain.receipt import Line
from pos_app.domain.receipt_printer import PrintJob, Sent
from pos_app.domain.unprompted import by_a_person
from pos_app.errors import PosError
from pos_app.sales.receipts import PrintedBefore, Receipt, Receipts

ENDING = 5.0  # seconds that closing waits for receipts
FAULT = "The receipt could not be printed."
NO_THREAD = "This computer is too busy to print. Nothing was printed."
_log = logging.getLogger(__name__)


class ReceiptPrinter(Protocol):
    """A receipt printer that the till drives itself. Prints one job after the other; any thread."""

    def print(self, make: Callable[[], PrintJob], /) -> Sent:
        """Print what `make` gives; it is called on whatever thread, once the printer is there and ready, right before
        the first byte. Whatever the printer does, this returns within half a minute.

        Raises:
            NotPrinted: surely nothing is on paper. And whatever `make` raises.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptPaper:
    """How a shop prints its receipts.

    Attributes:
        printer: None where only the system's print dialog prints.
        width: of its roll, in mm.
        by_itself: whether each paid payment's receipt is printed without anybody asking for it.
        drawer: whether the cash drawer opens with those.
    """

    printer: ReceiptPrinter | None = None
    width: int = 80
    by_itself: bool = False
    drawer: bool = False


class Printed(NamedTuple):
    """A receipt that the printer was given: what became of it, and what the next print of it will be."""

    sent: Sent
    next: Receipt


class PrintTrouble(NamedTuple):
    """A receipt that did not come out by itself. `why`: in words; None where it may have come out."""

    payment: Payment
    why: str | None


class Printing:
    """Prints receipts one at a time, each in its turn.

    By itself it prints each payment of this till once: when this program hears that it is paid, however late and
    whoever says so. What another till takes, or what was paid while this one was closed, it leaves alone, so that no
    restart prints anything twice.

    Args:
        till: the letter of the payments that are printed by themselves.
    """

    def __init__(self, till: str, receipts: Receipts, paper: ReceiptPaper) -> None:
        self._till = till
        self._receipts = receipts
        self._paper = paper
        self._width = paper.width
        self._not_paid: set[int] = set()  # payments of this till that were not paid when this run heard of them
        self._queued: set[int] = set()
        self._paid: SimpleQueue[Payment | None] = SimpleQueue()
        self._door = threading.Lock()
        self._thread: threading.Thread | None = None  # started with the first receipt
        self._stopping = self._ended = False
        self._watchers: list[Callable[[PrintTrouble], None]] = []

    @property
    def printer(self) -> ReceiptPrinter | None:
        """The printer that the till drives itself; None where it has none."""
        return self._paper.printer

    @property
    def width(self) -> int:
        """Of the roll (mm) that is in the printer."""
        return self._width

    def print_lines(self, lines: Sequence[Line]) -> Sent:
        """Print what is no receipt, such as a day. At most half a minute.

        Raises:
            NotPrinted: surely nothing is on paper.
        """
        printer = self._paper.printer
        assert printer is not None
        return printer.print(lambda: PrintJob(lines, self._width))

    def choose_width(self, width: int) -> None:
        """Another roll (mm) is in the printer from now on."""
        self._width = width

    def watch(self, told: Callable[[PrintTrouble], None]) -> None:
        """Be told of each receipt that did not come out by itself; on the thread that prints."""
        self._watchers.append(told)

    def print_receipt(self, payment_id: int, receipts: Receipts | None = None) -> Printed:
        """Print the receipt of a paid payment; from the second time on the paper says COPY. At most half a minute.

        Args:
            receipts: what makes another paper of it instead, such as a refund slip.

        Raises:
            NotPrinted: surely nothing is on paper, and the next print is what this one would have been.
            PosError: it is not paid, or cannot be remembered.
        """
        return self._print(payment_id, self._receipts.shift, receipts or self._receipts)

    def on_payment_changed(self, payment: Payment) -> None:
        """A payment changed, or was looked at anew; a subscriber of the ledger."""
        if not self._prints_by_itself(payment):
            return
        if payment.state is not State.PAID:
            self._not_paid.add(payment.id)
        elif payment.id in self._not_paid:
            self._queue(payment)

    def on_change(self, before: Payment | None, after: Payment) -> None:
        """This program has changed a payment; a watcher of the ledger."""
        was_paid = before is not None and before.state is State.PAID
        if self._prints_by_itself(after) and after.state is State.PAID and not was_paid:
            self._queue(after)

    def stop(self) -> None:
        """Take no more receipts; wait for those that are to be printed, and no longer than five seconds."""
        with self._door:
            self._stopping = True
            thread = self._thread
        self._paid.put(None)
        if thread:
            thread.join(ENDING)
        self._ended = True

    def _prints_by_itself(self, payment: Payment) -> bool:
        if by_a_person(payment):  # its customer paid elsewhere, perhaps yesterday
            return False
        return self._paper.by_itself and self._paper.printer is not None and payment.till == self._till

    def _queue(self, payment: Payment) -> None:
        with self._door:
            if self._stopping or payment.id in self._queued:
                return
            self._queued.add(payment.id)
            started = self._thread is not None or self._start()
        if started:
            self._paid.put(payment)
        else:
            self._tell(PrintTrouble(payment, NO_THREAD))

    def _start(self) -> bool:
        thread = threading.Thread(target=self._run, name="receipts", daemon=True)
        try:
            thread.start()
        except RuntimeError:  # the computer has none left
            _log.warning("a receipt was not printed: this computer can start no thread")
            return False
        self._thread = thread
        return True

    def _tell(self, trouble: PrintTrouble) -> None:
        for told in self._watchers:
            told(trouble)

    def _run(self) -> None:
        while (payment := self._paid.get()) is not None and not self._ended:
            trouble = self._trouble_with(payment)
            if trouble and not self._ended:
                self._tell(trouble)

    def _trouble_with(self, payment: Payment) -> PrintTrouble | None:
        """Print it; what is wrong, where something is."""
        try:
            sent = self._print(payment.id, None, self._receipts).sent
        except PrintedBefore:
            return None
        except PosError as error:
            return PrintTrouble(payment, error.user_text)
        except Exception:  # noqa: BLE001 - one receipt must not keep the next from being printed
            _log.exception("a receipt could not be printed")
            return PrintTrouble(payment, FAULT)
        return None if sent is Sent.PRINTED else PrintTrouble(payment, None)

    def _print(self, payment_id: int, shift: Shift | None, receipts: Receipts) -> Printed:
        """Print it for somebody, or with no shift by itself."""
        printer, by_itself = self._paper.printer, shift is None
        assert printer is not None
        begun: list[Receipt] = []

        def make() -> PrintJob:
            receipt = receipts.begin_print(payment_id, shift)
            begun.append(receipt)
            return PrintJob(receipt.lines, self._width, receipt.message, drawer=by_itself and self._paper.drawer)

        try:
            sent = printer.print(make)
        except PosError as error:
            if not isinstance(error, PrintedBefore):
                _log.info("%s of payment %s not printed: %s", receipts.paper, payment_id, error.user_text)
            raise
        [receipt] = begun
        _log.info("payment %s: %s %s", receipt.payment.number, receipts.paper, sent.value)
        return Printed(sent, receipts.as_copy(receipt.payment, receipt.copy + 1))
