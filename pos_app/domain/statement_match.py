"""What M-PESA's record says about the shop's payments (rule 22): which row is which payment, and what fits nothing.

Pure, and the same whatever the order of rows, files and payments. Nothing is matched that only seems likely: where a
row may be more than one payment, or a payment more than one row, or anything of the two cannot be seen, a person looks.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from pos_app.domain.booked import Booked
from pos_app.domain.payment import State
from pos_app.domain.phone import is_erased
from pos_app.domain.statement_record import MpesaRecord
from pos_app.domain.statement_row import (
    FEWEST_DIGITS,
    RowKind,
    StatementRow,
    UnreadRow,
    last_digits_of,
    may_be,
    visible_digits,
)

BEFORE = timedelta(seconds=10)  # that M-PESA may have completed a payment before its push, on the till's clock
AFTER = timedelta(minutes=5)  # and after it
_DAY = timedelta(hours=24)
_MANY = 1_000  # rows that cannot be read; where there are more, nothing is certain
_CANDIDATES = 5
_OF_TILLS = frozenset({"pay merchant", "merchant payment", "customer merchant payment", "c2b-buy-goods-debit"})
_OF_PAYBILLS = frozenset(
    {
        "pay bill online",
        "pay utility",
        "pay utility with od via stk",
        "pay utility with od online",
        "c2b-pay-bill-debit",
    }
)
_MAY_BE_SETTLED = frozenset(
    {State.REQUESTED, State.PROMPTED, State.UNKNOWN, State.CANCELLED, State.DECLINED, State.EXPIRED}
)


class Matcher:
    """Finds the one payment of a row, among payments without a code of M-PESA's.

    Args:
        record: what M-PESA has.
        rows: those of its rows that paid the shop and that no payment holds.
        payments: those that may be one of them.
        paybill: whether customers pay to a paybill, whose rows name the payment's reference.
        undone: receipt codes that were reversed, by an earlier record.
    """

    def __init__(
        self,
        record: MpesaRecord,
        rows: Sequence[StatementRow],
        payments: Iterable[Booked],
        *,
        paybill: bool,
        undone: frozenset[str] = frozenset(),
    ) -> None:
        self._record = record
        self._paybill = paybill
        self._reversed = undone | {row.linked for row in record.rows if row.linked and row.kind is RowKind.REVERSAL}
        self._by_end: defaultdict[tuple[object, str], list[Booked]] = defaultdict(list)
        for payment in sorted(payments, key=lambda each: (each.pushed_at, each.id)):
            self._by_end[payment.amount, payment.phone[-FEWEST_DIGITS:]].append(payment)
            self._by_end[payment.amount, ""].append(payment)
        self._unread: defaultdict[str, list[UnreadRow]] = defaultdict(list)
        for unread in record.unread:
            self._unread[last_digits_of(unread.phone)].append(unread)
        self._fits = {row.receipt: self._which(row) for row in rows}
        self._rivals: defaultdict[int, int] = defaultdict(int)
        for fits in self._fits.values():
            for payment in fits:
                self._rivals[payment.id] += 1

    def may_have(self, payment: Booked) -> bool:
        """Whether any row may be a payment's."""
        return bool(self._rivals[payment.id]) or self._unread_rival(payment, "")

    def match(self, row: StatementRow) -> Booked | None:
        """The payment that a row is, where in both directions nothing else can be meant."""
        fits = self._fits[row.receipt]
        if len(fits) != 1 or self._rivals[fits[0].id] != 1 or not self._certain(row, fits[0]):
            return None
        return None if self._unread_rival(fits[0], row.receipt) else fits[0]

    def candidates(self, row: StatementRow) -> tuple[int, ...]:
        """The ids of payments that a person may find to be meant, the nearest first."""
        found = self._fits[row.receipt] or [
            payment
            for payment in self._near(row, _DAY, BEFORE)
            if may_be(row.phone, payment.phone) and visible_digits(row.phone) >= FEWEST_DIGITS
        ]
        nearest = sorted(found, key=lambda payment: (abs(row.at - payment.pushed_at), payment.id))
        return tuple(payment.id for payment in nearest[:_CANDIDATES])

    def _which(self, row: StatementRow) -> list[Booked]:
        """All payments that a row may be."""
        return [payment for payment in self._near(row, AFTER, BEFORE) if self._may_be(row, payment)]

    def _near(self, row: StatementRow, before: timedelta, after: timedelta) -> Iterable[Booked]:
        """Payments of the amount that were pushed from so long before a row to so long after it."""
        there = self._by_end.get((row.amount, last_digits_of(row.phone)), [])
        start = bisect_left(there, row.at - before, key=_pushed_at)
        end = row.latest + after
        for place in range(start, len(there)):
            if there[place].pushed_at > end:
                break
            yield there[place]

    def _may_be(self, row: StatementRow, payment: Booked) -> bool:
        named = self._paybill and row.account != "" and row.account != payment.reference
        return not named and may_be(row.phone, payment.phone)

    def _certain(self, row: StatementRow, payment: Booked) -> bool:
        """Whether all of the two is seen, and fits."""
        first, last = payment.pushed_at - BEFORE, payment.pushed_at + AFTER
        return (
            _can_be_explained(payment)
            and first <= row.at
            and row.latest <= last
            and visible_digits(row.phone) >= FEWEST_DIGITS
            and not is_erased(payment.phone)
            and row.reason.lower() in (_OF_PAYBILLS if self._paybill else _OF_TILLS)
            and (not self._paybill or row.account == payment.reference)
            and (row.receipt not in self._reversed or payment.state is State.PAID)
            and self._record.covers(first, last)
        )

    def _unread_rival(self, payment: Booked, but: str) -> bool:
        """Whether a row that cannot be read may be a payment's, other than one with this receipt code."""
        if len(self._record.unread) > _MANY:
            return True
        there = (*self._unread.get(payment.phone[-FEWEST_DIGITS:], ()), *self._unread.get("", ()))
        return any((not row.receipt or row.receipt != but) and _unread_may_be(row, payment) for row in there)


def _can_be_explained(payment: Booked) -> bool:
    """Whether a row may fill or settle it by itself: what the owner has settled, and what never left, is a person's."""
    if payment.by_hand or payment.receipt is not None:
        return False
    if payment.state is State.PAID:
        return payment.received == payment.amount
    return payment.state in _MAY_BE_SETTLED


def _unread_may_be(row: UnreadRow, payment: Booked) -> bool:
    if row.amount is not None and row.amount != payment.amount:
        return False
    if row.at is not None:
        latest = row.at + timedelta(seconds=row.within)
        if row.at > payment.pushed_at + AFTER or latest < payment.pushed_at - BEFORE:
            return False
    return may_be(row.phone, payment.phone)


def _pushed_at(payment: Booked) -> datetime:
    return payment.pushed_at
