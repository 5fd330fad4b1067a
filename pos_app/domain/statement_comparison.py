"""A statement beside the shop's books: each receipt code's outcome, and what is left for a person (rule 22)."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from statistics import median

from pos_app.domain.booked import Booked, BookedRefund, ShopBooks
from pos_app.domain.payment import Source, State
from pos_app.domain.statement_layout import NOTHING_READ
from pos_app.domain.statement_match import AFTER, BEFORE, Matcher
from pos_app.domain.statement_record import CONTRADICTION, MpesaRecord, put_together
from pos_app.domain.statement_row import RowKind, Statement, StatementRow, may_be
from pos_app.errors import BadInput

CLOCKS_DIFFER = 120.0  # seconds


class RowOutcome(StrEnum):
    """What a receipt code of the record turns out to be. Printed by name."""

    AGREES = "agrees"  # we hold it with this amount
    FILLS = "fills"  # the code of a payment that is paid by our query and has none yet
    SETTLES = "settles"  # a payment that is not paid
    DIFFERS = "differs"  # in its amount, from ours or between two records; or ours is paid and theirs is not there
    UNPROMPTED = "unprompted"  # money that no prompt surely asked for
    FEE = "fee"
    SWEEP = "sweep"
    REVERSAL = "reversal"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """One line of a comparison.

    Attributes:
        at: when M-PESA completed it, or our push left where M-PESA has nothing (UTC); None where it cannot be read.
        amount: KES, out of the account where it is below 0; None where it cannot be read.
        payment_id: which payment it is; None where that is not certain.
        row: of the record; None where M-PESA has nothing.
        candidates: ids of payments that may be meant, the likeliest first.
        fault: what cannot be read or contradicts itself, in words; `line`: of the file.
        asks: whether it needs a person.
    """

    outcome: RowOutcome
    receipt: str = ""
    at: datetime | None = None
    amount: Decimal | None = None
    payment_id: int | None = None
    row: StatementRow | None = None
    candidates: tuple[int, ...] = ()
    fault: str = ""
    line: int = 0
    asks: bool = False


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a record says about the shop's books.

    Attributes:
        lines: all but what agrees, by time.
        agreeing: what agrees.
        ahead: seconds that M-PESA's times are ahead of ours, by the receipt codes that both have; None without any.
    """

    lines: tuple[Compared, ...]
    agreeing: tuple[Compared, ...]
    ahead: float | None

    @property
    def agrees(self) -> int:
        """How many receipt codes agree."""
        return len(self.agreeing)

    @property
    def counts(self) -> Mapping[RowOutcome, int]:
        """How many lines have each outcome."""
        return Counter({RowOutcome.AGREES: self.agrees}) + Counter(line.outcome for line in self.lines)

    @property
    def unprompted(self) -> Decimal:
        """How much money no prompt surely asked for, in KES."""
        found = (line.amount for line in self.lines if line.outcome is RowOutcome.UNPROMPTED)
        return sum((amount for amount in found if amount is not None), Decimal(0))

    @property
    def asks(self) -> bool:
        """Whether anything needs a person."""
        return any(line.asks for line in self.lines)

    def check_clock(self) -> None:
        """Raises BadInput where the times of the record are not ours: it would be put beside the wrong payments."""
        if self.ahead is not None and abs(self.ahead) > CLOCKS_DIFFER:
            words = "later" if self.ahead > 0 else "earlier"
            raise BadInput(
                f"The times in that file are {abs(self.ahead) / 60:,.0f} minutes {words} than those of the same "
                f"payments here. {NOTHING_READ} Export it from the portal again, do not open it, and look at this "
                "computer's clock and time zone."
            )


def check_short_code(statement: Statement, ours: Collection[str]) -> None:
    """Raises BadInput where a statement is of another short code than the shop's."""
    if statement.short_code not in ours:
        raise BadInput(
            f"That is the statement of short code {statement.short_code}, and this till charges for "
            f"{' and '.join(sorted(ours)) or 'none yet'}. {NOTHING_READ} Export the statement of the shop's own."
        )


def compare(statements: Iterable[Statement], books: ShopBooks, *, paybill: bool) -> Comparison:
    """What statements say about the shop's books, whatever their order.

    Args:
        books: at least what `needed` names.
        paybill: whether customers pay to a paybill.
    """
    record = put_together(statements)
    return _Comparing(record, books, paybill=paybill).result()


class _Comparing:
    """One comparison."""

    def __init__(self, record: MpesaRecord, books: ShopBooks, *, paybill: bool) -> None:
        self._record = record
        self._payments = {payment.id: payment for payment in books.payments}
        self._held = {payment.receipt: payment for payment in books.payments if payment.receipt}
        self._refunds = {refund.code: refund for refund in books.refunds}
        self._paid_in = [row for row in record.rows if row.kind is RowKind.PAYMENT]
        self._there = {row.receipt for row in self._paid_in}
        self._told = books.told
        self._agreeing = {row.receipt for row in self._paid_in if self._agrees(row)}
        loose = [row for row in self._paid_in if row.receipt not in self._agreeing and not self._is_mpesas(row)]
        may_be = filter(self._is_loose, books.payments)
        self._matcher = Matcher(record, loose, may_be, paybill=paybill, undone=books.undone)

    def result(self) -> Comparison:
        """The whole of it."""
        lines = [self._line(row) for row in self._record.rows if row.receipt not in self._agreeing or not _paid(row)]
        lines += [
            Compared(
                outcome=RowOutcome.UNREADABLE, receipt=row.receipt, at=row.at, amount=row.amount or None,
                fault=row.fault, line=row.line, asks=True,
            )
            for row in self._record.unread
        ]  # fmt: skip
        lines += map(_missing, filter(self._is_missing, self._payments.values()))
        agreeing = [
            _of(row, RowOutcome.AGREES, self._held[row.receipt].id)
            for row in self._paid_in
            if row.receipt in self._agreeing
        ]
        return Comparison(tuple(sorted(lines, key=_by_time)), tuple(agreeing), self._ahead())

    def _agrees(self, row: StatementRow) -> bool:
        """Whether we hold a row with its amount; where only a person says so, the phone must not contradict it."""
        payment = self._held.get(row.receipt)
        if payment is None or payment.received != row.amount:
            return False
        return payment.receipt_by is Source.MPESA or may_be(row.phone, payment.phone)

    def _is_mpesas(self, row: StatementRow) -> bool:
        payment = self._held.get(row.receipt)
        return payment is not None and payment.receipt_by is Source.MPESA

    def _is_loose(self, payment: Booked) -> bool:
        """Whether a payment may be another row than the one whose code it has."""
        if payment.bound:
            return False
        return payment.receipt is None or (payment.receipt_by is Source.OWNER and payment.receipt not in self._agreeing)

    def _line(self, row: StatementRow) -> Compared:
        if row.kind is RowKind.PAYMENT:
            return self._paid_line(row)
        if row.kind is RowKind.REVERSAL:
            return self._reversal(row)
        return _of(row, RowOutcome.FEE if row.kind is RowKind.FEE else RowOutcome.SWEEP)

    def _paid_line(self, row: StatementRow) -> Compared:
        holder = self._held.get(row.receipt)
        if holder is not None:
            return _of(row, RowOutcome.DIFFERS, holder.id, asks=True)
        refund = self._refunds.get(row.receipt)
        if refund is not None:  # somebody has typed the code of a payment as that of a refund
            return _of(row, RowOutcome.DIFFERS, refund.payment_id, asks=True)
        if self._was_told_otherwise(row):
            return replace(_of(row, RowOutcome.DIFFERS, asks=True), fault=CONTRADICTION)
        payment = self._matcher.match(row)
        if payment is None:
            return _of(row, RowOutcome.UNPROMPTED, asks=True, candidates=self._matcher.candidates(row))
        return _of(row, RowOutcome.FILLS if payment.state is State.PAID else RowOutcome.SETTLES, payment.id)

    def _was_told_otherwise(self, row: StatementRow) -> bool:
        cents, otherwise = self._told.get(row.receipt, (int(row.amount * 100), False))
        return otherwise or cents != row.amount * 100

    def _reversal(self, row: StatementRow) -> Compared:
        """Joined to its payment by the code that it undoes, and to the refund by its own; without a refund, a person
        decides about the access.
        """
        holder, refund = self._held.get(row.linked), self._refunds.get(row.receipt)
        payment_id = holder.id if holder else refund.payment_id if refund else None
        return _of(row, RowOutcome.REVERSAL, payment_id, asks=not _is_recorded(row, holder, refund))

    def _is_missing(self, payment: Booked) -> bool:
        """Whether a payment is paid, and M-PESA has nothing of it in a time that is covered."""
        if payment.state is not State.PAID or payment.receipt in self._there:
            return False
        if not self._record.covers(payment.pushed_at - BEFORE, payment.pushed_at + AFTER):
            return False
        return not self._matcher.may_have(payment)

    def _ahead(self) -> float | None:
        apart = [
            (row.at - self._held[row.receipt].pushed_at).total_seconds()
            for row in self._paid_in
            if row.receipt in self._agreeing and self._is_mpesas(row)
        ]
        return median(apart) if apart else None


def _is_recorded(row: StatementRow, holder: Booked | None, refund: BookedRefund | None) -> bool:
    if refund is None or refund.amount != row.amount or row.incoming:
        return False
    return holder is None or holder.id == refund.payment_id


def _missing(payment: Booked) -> Compared:
    return Compared(
        outcome=RowOutcome.DIFFERS,
        receipt=payment.receipt or "",
        at=payment.pushed_at,
        amount=Decimal(payment.received),
        payment_id=payment.id,
        asks=True,
    )


def _paid(row: StatementRow) -> bool:
    return row.kind is RowKind.PAYMENT


def _of(
    row: StatementRow,
    outcome: RowOutcome,
    payment_id: int | None = None,
    *,
    asks: bool = False,
    candidates: tuple[int, ...] = (),
) -> Compared:
    return Compared(
        outcome=outcome,
        receipt=row.receipt,
        at=row.at,
        amount=row.amount if row.incoming else -row.amount,
        payment_id=payment_id,
        row=row,
        candidates=candidates,
        line=row.line,
        asks=asks,
    )


def _by_time(line: Compared) -> tuple[object, ...]:
    at = line.at.timestamp() if line.at else float("inf")
    return (at, line.receipt, line.outcome, line.payment_id or 0, line.line)
