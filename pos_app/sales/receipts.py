"""Receipts of paid payments: their lines, their copies, and the code an operator types from an SMS."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from pos_app.domain.audit import audit_line
from pos_app.domain.operators import Act, Actor, Shift
from pos_app.domain.payment import JournalLine, Payment, State
from pos_app.domain.payment_event import EventKind
from pos_app.domain.receipt import Line, Shop, receipt_lines, receipt_message, typed_code
from pos_app.domain.receipt_check import ReceiptKey
from pos_app.errors import BadInput, PosError
from pos_app.sales.authority import Authority
from pos_app.sales.journal import till_line
from pos_app.sales.ledger import Ledger
from pos_app.sales.ports import Clock, Reader, Transaction
from pos_app.sales.write_queue import GroupWriter

_ACTS = {EventKind.PRINTED: Act.PRINT, EventKind.REFUND_PRINTED: Act.PRINT, EventKind.CODE_TYPED: Act.CODE}
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Receipt:
    """A receipt to show or print.

    Attributes:
        copy: which print it is, from 1.
        message: the same in few words, to be sent to the customer or read from a QR code.
    """

    payment: Payment
    lines: list[Line]
    copy: int
    message: str


class PrintedBefore(PosError):
    """Somebody was faster than the till itself."""


class Receipts:
    """Makes receipts and remembers that they were printed.

    Args:
        code_comes: whether M-PESA can still tell the code of a payment of its own.
        key: makes the check values; None: receipts have none.

    Attributes:
        print_kind: how the journal says that one was printed, and `paper`: how the log does.
    """

    print_kind = EventKind.PRINTED
    paper = "receipt"

    def __init__(
        self,
        shop: Shop,
        reader: Reader,
        writer: GroupWriter,
        ledger: Ledger,
        clock: Clock,
        code_comes: Callable[[Payment], bool],
        authority: Authority,
        key: ReceiptKey | None = None,
    ) -> None:
        self._shop = shop
        self._key = key
        self._code_comes = code_comes
        self._reader = reader
        self._writer = writer
        self._ledger = ledger
        self._clock = clock
        self._authority = authority

    def receipt(self, payment_id: int, at_least: int = 1) -> Receipt:
        """The receipt as the next print will show it.

        Args:
            at_least: the copy that it is, where more was printed than is remembered yet.

        Raises:
            BadInput: no such payment, or it is not paid.
        """
        payment = self._reader.payment(payment_id)
        if payment is None:
            raise BadInput("There is no such payment.")
        return self.as_copy(payment, max(at_least, 1 + self._count(self._reader.journal(payment_id))))

    def as_copy(self, payment: Payment, copy: int) -> Receipt:
        """The receipt of a paid payment as this copy of it. Raises `BadInput` where it is not paid."""
        comes = self._code_comes(payment)
        check = self._key.value(payment) if self._key else None
        lines = receipt_lines(self._shop, payment, copy, code_comes=comes, check=check)
        return Receipt(payment, lines, copy, receipt_message(self._shop, payment, code_comes=comes, check=check))

    @property
    def shift(self) -> Shift:
        """Who stands at the till now; whoever prints takes it first."""
        return self._authority.shift

    def begin_print(self, payment_id: int, shift: Shift | None) -> Receipt:
        """Remember a print before its first byte leaves, so that it counts whatever becomes of it: one that breaks off
        in the middle, or with the program, may be on paper. Waits until it is saved. Of all tills that print it at once
        one has the original.

        Args:
            shift: in which somebody wanted it; None where the till prints by itself, which makes no copies.

        Raises:
            BadInput: as `receipt`; nobody is signed in.
            PrintedBefore: by itself, and it would be a copy.
            CannotSave: nothing may be printed now.
        """
        self.receipt(payment_id)  # what has none is not written down

        def work(transaction: Transaction) -> tuple[Payment, int]:
            actor = self._authority.admit(transaction, Act.PRINT, shift) if shift else Actor()
            copy = 1 + self._count(transaction.journal(payment_id))
            if shift is None and copy > 1:
                raise PrintedBefore("")
            return self._note(transaction, payment_id, self.print_kind, actor), copy

        # What becomes of it is logged by whoever prints.
        payment, copy = self._writer.run(work, after=lambda noted: self._ledger.publish(noted[0]))
        return self.as_copy(payment, copy)

    def printed(self, payment_id: int) -> None:
        """Remember a print, so that the next one says COPY. Does not wait: printing never delays money."""
        shift = self._authority.shift

        def work(transaction: Transaction) -> Payment:
            actor = self._authority.actor(transaction, shift)  # it is on paper, whoever may
            return self._note(transaction, payment_id, self.print_kind, actor)

        self._writer.submit(work, after=self._printed, keep=True)

    def _count(self, journal: Sequence[JournalLine]) -> int:
        """How often it was printed."""
        return sum(line.event_kind is self.print_kind for line in journal)

    def type_code(self, payment_id: int, text: str) -> Payment:
        """Keep the code an operator typed from the customer's SMS, in a field of its own: never evidence (rule 8).

        Raises:
            BadInput: not the shape of a code, or the payment is not paid, or M-PESA's own code is known; nobody is
                signed in.
        """
        shift = self._authority.shift
        code = typed_code(text)
        if code is None:
            raise BadInput("An M-PESA code has 10 letters and digits, for example UKN4X7Q2ZT. Nothing was saved.")

        def work(transaction: Transaction) -> Payment:
            actor = self._authority.admit(transaction, Act.CODE, shift)
            payment = transaction.payment(payment_id)
            if payment is None or payment.state is not State.PAID or payment.receipt:
                raise BadInput("Only a paid payment whose code has not come takes a typed code. Nothing was saved.")
            typed = replace(payment, receipt_typed=code, updated_at=self._clock.corrected())
            transaction.update(payment, typed)
            self._note(transaction, payment_id, EventKind.CODE_TYPED, actor, new=code, old=payment.receipt_typed)
            return replace(typed, version=payment.version + 1)

        payment = self._writer.run(work, after=self._ledger.publish)
        _log.info("payment %s: a code was typed from the customer's SMS", payment.number)
        return payment

    def _printed(self, payment: Payment) -> None:
        _log.info("payment %s: %s printed", payment.number, self.paper)
        self._ledger.publish(payment)

    def _note(
        self,
        transaction: Transaction,
        payment_id: int,
        kind: EventKind,
        actor: Actor,
        *,
        new: str | None = None,
        old: str | None = None,
    ) -> Payment:
        payment = transaction.payment(payment_id)
        assert payment is not None
        now = self._clock.corrected()
        subject = f"{payment.number}, refund slip" if kind is EventKind.REFUND_PRINTED else payment.number
        transaction.add_audit([audit_line(actor, _ACTS[kind], now, subject, new, old)])
        transaction.add_line(payment_id, till_line(payment, kind, now))
        return payment
