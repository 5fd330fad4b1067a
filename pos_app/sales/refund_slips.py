"""Slips of money that went back, printed by the same way as receipts."""

from collections.abc import Sequence

from pos_app.domain.payment import JournalLine, Outcome, Payment
from pos_app.domain.payment_event import EventKind
from pos_app.domain.refund_slip import refund_message, refund_slip
from pos_app.sales.receipts import Receipt, Receipts


class RefundSlips(Receipts):
    """Makes refund slips and remembers that they were printed. A further refund makes a new slip, which is no copy."""

    print_kind = EventKind.REFUND_PRINTED
    paper = "refund slip"

    def as_copy(self, payment: Payment, copy: int) -> Receipt:
        """The slip of a payment as this copy of it. Raises `BadInput` where nothing went back."""
        refunds = self._reader.refunds(payment.id)
        lines = refund_slip(self._shop, payment, refunds, copy)
        return Receipt(payment, lines, copy, refund_message(self._shop, payment, refunds))

    def _count(self, journal: Sequence[JournalLine]) -> int:
        backs = [
            number
            for number, line in enumerate(journal)
            if line.event_kind is EventKind.REFUNDED and line.outcome is Outcome.APPLIED
        ]
        return super()._count(journal[backs[-1] :] if backs else [])
