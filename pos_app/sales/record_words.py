"""What M-PESA's record says of payments, recorded by the one door in a transaction; each word once."""

from collections.abc import Callable
from decimal import Decimal

from pos_app.domain.classify import is_reversal_of
from pos_app.domain.payment import Outcome, Payment, PaymentId, State
from pos_app.domain.payment_event import Claims, PaymentEvent
from pos_app.domain.record_event import Difference, RecordDiffers, Recorded, Reversed
from pos_app.domain.record_file import RecordRow, RecordSource, record_row
from pos_app.domain.statement_comparison import Compared, RowOutcome
from pos_app.domain.statement_row import StatementRow
from pos_app.sales.journal import Arrived, journal_line
from pos_app.sales.ledger import Ledger
from pos_app.sales.ports import Clock, Transaction


class RecordWords:
    """Carries out the lines of a comparison.

    Attributes:
        tells: to be called after the commit.
    """

    def __init__(self, transaction: Transaction, ledger: Ledger, clock: Clock, source: RecordSource) -> None:
        self.tells: list[Callable[[], None]] = []
        self._transaction = transaction
        self._ledger = ledger
        self._clock = clock
        self._detail = source.name

    def carry_out(self, line: Compared) -> None:
        """What a row of the record means for its payment, where one is surely meant."""
        if line.row is None or line.payment_id is None:
            return
        match line.outcome:
            case RowOutcome.FILLS | RowOutcome.SETTLES:
                self._enter(_recorded(line.row, self._detail), line.payment_id)
            case RowOutcome.REVERSAL if line.asks:
                self.reverse(line.payment_id, record_row(line, line.row))
            case RowOutcome.DIFFERS:
                self._differs(line.payment_id, line.row)

    def reverse(self, payment_id: int, row: RecordRow) -> None:
        """Money of a payment went back: its refund is recorded, or a person looks where it does not fit."""
        shillings, cents = divmod(row.cents, 100)
        event = Reversed(shillings, row.receipt, detail=self._detail)
        found = self._transaction.with_facts(PaymentId(payment_id), event.claims)
        assert found is not None
        if not row.incoming and not cents and is_reversal_of(found[0], event, found[1]):
            self._enter(event, payment_id)
        else:
            amount = Decimal(row.cents) / 100
            self._once(Difference.REVERSAL, found[0], f"{row.receipt} · {_kes(amount)}")

    def join(self, payment_id: int, row: RecordRow) -> None:
        """The same, where somebody may have recorded the refund since the row was read."""
        found = self._transaction.with_facts(PaymentId(payment_id), Claims(row.receipt))
        assert found is not None
        if found[1].refund_of != payment_id:
            self.reverse(payment_id, row)

    def missing(self, line: Compared) -> None:
        """M-PESA has nothing of a payment that is paid here, and still is as it was compared."""
        payment = self._payment(line.payment_id)
        if payment.state is State.PAID and (payment.receipt or "") == line.receipt:
            self._once(Difference.MISSING, payment, "")

    def _differs(self, payment_id: int, row: StatementRow) -> None:
        payment, said = self._payment(payment_id), f"{row.receipt} · {_kes(row.amount)}"
        if payment.receipt != row.receipt:
            self._once(Difference.REFUND_CODE, payment, said)
        else:
            other = payment.received != row.amount
            self._once(Difference.AMOUNT if other else Difference.PAYER, payment, said)

    def _once(self, difference: Difference, payment: Payment, row: str) -> None:
        """What the journal has already asks for no further look."""
        event = RecordDiffers(difference, row, detail=self._detail)
        like = journal_line(payment, payment, Outcome.IGNORED, Arrived(event, None), self._clock.corrected())
        if not self._transaction.has_line(payment.id, like):
            self._enter(event, payment.id)

    def _enter(self, event: PaymentEvent, payment_id: int) -> None:
        self.tells.append(self._ledger.enter(self._transaction, event, payment_id))

    def _payment(self, payment_id: int | None) -> Payment:
        payment = self._transaction.payment(payment_id or 0)
        assert payment is not None
        return payment


def _recorded(row: StatementRow, detail: str) -> Recorded:
    return Recorded(row.receipt, int(row.amount), row.at, detail=detail)


def _kes(amount: Decimal) -> str:
    return f"KES {amount:,.2f}".removesuffix(".00")
