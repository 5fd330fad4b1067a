"""A payment before, an event for it, and what the two are together: what `apply` draws its parts from."""

from dataclasses import dataclass
from datetime import datetime

from pos_app.domain.bind_event import Bound, Identified, RefundCame
from pos_app.domain.classify import code_by_hand, other_ids
from pos_app.domain.correction import RefundTakenBack
from pos_app.domain.facts import Facts
from pos_app.domain.payment import COUNTS_AFTER_ALL, Outcome, Payment, Remark, State
from pos_app.domain.payment_event import Accepted, Callback, ManualSettlement, PaymentEvent, Refunded, Result
from pos_app.domain.record_event import Recorded, Reversed
from pos_app.domain.refund import ENDED_BY_REFUND, refundable, whole
from pos_app.domain.transitions import Evidence, Move


@dataclass(frozen=True, slots=True)
class Case:
    """A payment before, an event for it, and what the matrix has for the two."""

    payment: Payment
    event: PaymentEvent
    facts: Facts
    evidence: Evidence
    flag: Remark | None
    move: Move

    @property
    def to(self) -> State:
        return self.move.to or self.payment.state

    @property
    def was_paid(self) -> bool:
        return self.payment.state is State.PAID

    @property
    def becomes_paid(self) -> bool:
        """Whether this very event says so."""
        return self.move.to is State.PAID

    @property
    def success(self) -> Callback | None:
        """The event, where it is a callback that says "paid"."""
        return self.event if isinstance(self.event, Callback) and self.event.result is Result.SUCCESS else None

    @property
    def settled(self) -> ManualSettlement | None:
        """The event, where by it the owner settles the payment as paid."""
        return self.event if isinstance(self.event, ManualSettlement) and self.becomes_paid else None

    @property
    def bound(self) -> Bound | Identified | None:
        """The event, where by it a person binds money to the payment, or says that it is the payment's."""
        return self.event if isinstance(self.event, Bound | Identified) and self.becomes_paid else None

    @property
    def unbound(self) -> bool:
        """Whether by this event a person takes that back, or the owner that it is paid (rule 30)."""
        return self.was_paid and self.evidence in (Evidence.UNBOUND, Evidence.UNIDENTIFIED, Evidence.OWNER_DECLINED)

    @property
    def gives(self) -> bool:
        """Whether its lines get their grants by this event: for the first time, or again after what a person had said
        of it was taken back.
        """
        return self.to is State.PAID and not (self.was_paid and self.payment.granted)

    @property
    def refund_clashes(self) -> bool:
        """Whether the code of a refund that passes to it is a payment's."""
        is_a_payments = self.facts.receipt_taken or self.facts.typed_for is not None
        return isinstance(self.event, RefundCame) and self.back is not None and is_a_payments

    @property
    def completed_at(self) -> datetime | None:
        """When M-PESA completed it, where a person has taken that from its record."""
        if self.unbound:
            return None
        if self.bound:
            return self.bound.at
        return self.settled.completed_at if self.settled else self.payment.completed_at

    @property
    def back(self) -> Refunded | Reversed | None:
        """The event, where by it money counts as given back."""
        counts = self.evidence in (Evidence.MONEY_BACK, Evidence.REVERSED)
        return self.event if isinstance(self.event, Refunded | Reversed) and counts else None

    @property
    def all_back(self) -> bool:
        """Whether by this very event everything that was paid is back."""
        return self.back is not None and self.back.amount == refundable(self.payment)

    @property
    def taken_back(self) -> RefundTakenBack | None:
        """The event, where by it money that was recorded as gone back did not (rule 30)."""
        counts = self.evidence is Evidence.REFUND_TAKEN_BACK and self.move.outcome is Outcome.APPLIED
        return self.event if isinstance(self.event, RefundTakenBack) and counts else None

    @property
    def asks_anew(self) -> frozenset[Remark]:
        """What asks for a look as before, once money did not go back: also that its customer paid twice, where the
        other one counted because of that (rule 13).
        """
        payment = self.payment
        if not self.taken_back or payment.state is not State.PAID:
            return frozenset()
        meant = bool(payment.remarks & COUNTS_AFTER_ALL)
        asks = (payment.remarks & ENDED_BY_REFUND) - ({Remark.DOUBLE} if meant else frozenset())
        gone = whole(payment) and not payment.gives_access
        return asks | {Remark.DOUBLE} if gone and self.facts.chain_paid and not meant else asks

    @property
    def teaches(self) -> Accepted | Callback | None:
        """The event, where its ids and its code are this payment's (rule 5), and none is odd after it was paid (9)."""
        if not isinstance(self.event, Accepted | Callback) or other_ids(self.payment, self.event, self.facts):
            return None
        other_amount_by_hand = self.flag is Remark.AMOUNT_DIFFERS and code_by_hand(self.payment)
        return None if self.flag and self.was_paid and not other_amount_by_hand else self.event

    @property
    def new_code(self) -> str | None:
        """M-PESA's own receipt code, where it is new here; it takes the place of one by hand."""
        if isinstance(self.event, Recorded):
            learnt = self.evidence is Evidence.RECORDED and self.to is State.PAID
            return self.event.receipt if learnt and self.payment.receipt is None else None
        if self.success is None or self.teaches is None or self.facts.receipt_taken:
            return None
        free = self.payment.receipt is None or code_by_hand(self.payment)
        return self.success.receipt if free else None
