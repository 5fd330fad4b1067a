"""Which evidence an event is about a payment, and what is odd about it. Pure: `apply` draws the consequences."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from pos_app.domain.bind_event import Bound, Identified, RefundCame, Unbound
from pos_app.domain.correction import RefundTakenBack
from pos_app.domain.facts import Facts
from pos_app.domain.manual_settlement import (
    allowed_settlements,
    fits_push,
    goes_back_first,
    needs_amount,
    needs_statement,
)
from pos_app.domain.money import MAX_AMOUNT, MIN_AMOUNT
from pos_app.domain.payment import Payment, Remark, Source, State
from pos_app.domain.payment_event import (
    Accepted,
    Answer,
    Callback,
    CodeTaken,
    EventKind,
    ManualSettlement,
    OtherRefunded,
    PaymentEvent,
    Refunded,
    Result,
    Settlement,
)
from pos_app.domain.phone import is_erased
from pos_app.domain.record_event import Recorded, Reversed
from pos_app.domain.refund import refundable
from pos_app.domain.transitions import Evidence
from pos_app.domain.unprompted import is_close

RECEIPT_CODE = re.compile("[A-Z0-9]{8,20}")  # ten today; the shape is not documented


class Classified(NamedTuple):
    """An event's evidence and, for a success that is not as asked, what is odd about it."""

    evidence: Evidence
    flag: Remark | None = None

    def __str__(self) -> str:
        """As counts of what repeats itself store it: `paid`, `paid_held amount_differs`."""
        return f"{self.evidence} {self.flag}" if self.flag else self.evidence.value


_BY_KIND: Mapping[EventKind, Evidence] = {  # what proves the same whatever it says
    EventKind.NOT_SENT: Evidence.NOT_SENT,
    EventKind.UNANSWERED: Evidence.UNANSWERED,
    EventKind.INTERRUPTED: Evidence.UNANSWERED,
    EventKind.SILENCE: Evidence.SILENT,
    EventKind.UNREADABLE_CALLBACK: Evidence.UNREADABLE,
    EventKind.NO_ANSWER: Evidence.NOTHING,
    EventKind.REFUND_CODE_TAKEN: Evidence.REFUND_CLASH,
    EventKind.RECORD_DIFFERS: Evidence.RECORD_DIFFERS,
}
_BY_RESULT: Mapping[Result, Evidence] = {
    Result.SUCCESS: Evidence.PAID,
    Result.CANCELLED: Evidence.CANCELLED,
    Result.DECLINED: Evidence.DECLINED,
    Result.EXPIRED: Evidence.EXPIRED,
    Result.PENDING: Evidence.NOTHING,
}
_BY_FLAG: Mapping[Remark | None, Evidence] = {
    None: Evidence.PAID,
    Remark.AMOUNT_DIFFERS: Evidence.PAID_HELD,
    Remark.RECEIPT_CLASH: Evidence.PAID_HELD,
    Remark.IDS_DIFFER: Evidence.PAID_CURABLE,
    Remark.INCOMPLETE: Evidence.PAID_CURABLE,
}
_BY_SETTLEMENT: Mapping[Settlement, Evidence] = {
    Settlement.PAID: Evidence.OWNER_PAID,
    Settlement.DECLINED: Evidence.OWNER_DECLINED,
    Settlement.CLOSED: Evidence.OWNER_CLOSED,
    Settlement.REFUNDED: Evidence.OWNER_REFUNDED,
    Settlement.BOTH_MEANT: Evidence.OWNER_MEANT,
    Settlement.SEEN: Evidence.OWNER_SEEN,
}


def classify(payment: Payment, event: PaymentEvent, facts: Facts, now: datetime, here: datetime) -> Classified:
    """Which evidence an event is.

    Args:
        facts: what other payments hold, read in the same transaction.
        now: UTC, by M-PESA's clock where that is known; `here`: by this computer's.
    """
    match event:
        case Accepted():
            return Classified(Evidence.ACCEPTED_OTHER if other_ids(payment, event, facts) else Evidence.ACCEPTED)
        case Answer(checkout_request_id=asked) if asked is None or asked != payment.checkout_request_id:
            return Classified(Evidence.NOTHING)
        case Callback(result=Result.SUCCESS):
            flag = _flag(payment, event, facts)
            return Classified(_BY_FLAG[flag], flag)
        case Callback() if other_ids(payment, event, facts):
            return Classified(Evidence.FOREIGN)
        case Answer() | Callback():
            return Classified(_BY_RESULT[event.result])
        case ManualSettlement():
            allowed = _allowed(payment, event, facts, now, here)
            return Classified(_BY_SETTLEMENT[event.settlement] if allowed else Evidence.NOTHING)
        case Refunded() | RefundTakenBack() | Recorded() | Reversed() | Bound() | Identified() | Unbound():
            return Classified(_by_its_code(payment, event, facts))
        case CodeTaken():
            return Classified(Evidence.CODE_TAKEN if payment.receipt_by is Source.OWNER else Evidence.NOTHING)
        case OtherRefunded():
            counts = Remark.DOUBLE in payment.unseen and not facts.chain_paid
            return Classified(Evidence.OTHER_BACK if counts else Evidence.NOTHING)
        case _:
            return Classified(_BY_KIND[event.kind])


def other_ids(payment: Payment, event: Accepted | Callback, facts: Facts) -> bool:
    """Whether an event comes with an id that another payment holds, or not with the ids we know."""
    return (
        facts.checkout_taken
        or payment.merchant_request_id not in (None, event.merchant_request_id)
        or payment.checkout_request_id not in (None, event.checkout_request_id)
    )


def code_by_hand(payment: Payment) -> bool:
    """Whether a person gave a payment's receipt code, so that M-PESA's own takes that one's place."""
    return payment.receipt_by is Source.OWNER or (payment.receipt is None and Remark.CODE_LOST in payment.remarks)


def is_row_of(payment: Payment, row: Recorded, facts: Facts) -> bool:
    """Whether a row of M-PESA's record can be this payment, as far as the payment itself and its code say (rule 22).
    That nothing else can be meant is found out beside all others, by `statement_match`.
    """
    free = payment.receipt in (None, row.receipt) and not code_by_hand(payment)
    ours = payment.received == payment.amount == row.amount and not is_erased(payment.phone)
    return free and ours and not _is_taken(facts) and RECEIPT_CODE.fullmatch(row.receipt) is not None


def is_reversal_of(payment: Payment, row: Reversed, facts: Facts) -> bool:
    """Whether a row of M-PESA's record can be a refund of this payment that nobody has recorded (rule 19)."""
    free = not _is_taken(facts) and row.reversal != payment.receipt and RECEIPT_CODE.fullmatch(row.reversal)
    return bool(free) and 1 <= row.amount <= refundable(payment)


def _flag(payment: Payment, callback: Callback, facts: Facts) -> Remark | None:
    """Rules 8a and 9; what only the owner may settle comes before what a query can."""
    if callback.amount is not None and callback.amount != _expected(payment):
        return Remark.AMOUNT_DIFFERS
    known = None if code_by_hand(payment) else payment.receipt
    if facts.receipt_taken or (known is not None and callback.receipt not in (None, known)):
        return Remark.RECEIPT_CLASH
    if other_ids(payment, callback, facts):
        return Remark.IDS_DIFFER
    if callback.amount is None or callback.receipt is None:
        return Remark.INCOMPLETE
    return None


def _expected(payment: Payment) -> int:
    """The amount that tells nothing new: what we asked, or what the owner has settled it for."""
    settled = payment.state is State.PAID and payment.reason.by_owner
    return payment.received if settled else payment.amount


def _allowed(payment: Payment, word: ManualSettlement, facts: Facts, now: datetime, here: datetime) -> bool:
    """Whether the owner may decide this here and now, about the payment as the owner saw it."""
    if word.version not in (None, payment.version) or word.settlement not in allowed_settlements(payment, now):
        return False
    if goes_back_first(payment, word.settlement):
        return False
    return word.settlement is not Settlement.PAID or _proven(payment, word, facts, now, here)


def _proven(payment: Payment, word: ManualSettlement, facts: Facts, now: datetime, here: datetime) -> bool:
    """ "Paid" needs the statement's code, held by no other payment; its amount and time where M-PESA said nothing."""
    if _is_taken(facts) or not RECEIPT_CODE.fullmatch(word.receipt or ""):
        return False
    if word.amount is not None and word.amount < payment.refunded:
        return False
    if needs_amount(payment) and not (word.amount and MIN_AMOUNT <= word.amount <= MAX_AMOUNT):
        return False
    fits = word.completed_at is not None and fits_push(payment, word.completed_at, now, here)
    return fits or not needs_statement(payment)


def _by_its_code(
    payment: Payment,
    event: Refunded | RefundTakenBack | Recorded | Reversed | Bound | Identified | Unbound,
    facts: Facts,
) -> Evidence:
    """What M-PESA's code proves, whether the owner has typed it or M-PESA's record has it; and that a person says of it
    whose it is, or was not.
    """
    match event:
        case Unbound():
            return _taken_back(payment, event)
        case Identified():
            return Evidence.IDENTIFIED if _can_be_its(payment, event, facts) else Evidence.NOTHING
        case Bound():
            return Evidence.BOUND if _can_be_bound(payment, event, facts) else Evidence.NOTHING
        case Refunded():
            return Evidence.MONEY_BACK if _can_go_back(payment, event, facts) else Evidence.NOTHING
        case RefundTakenBack():
            theirs = facts.refund_of == payment.id and event.version == payment.version
            return Evidence.REFUND_TAKEN_BACK if theirs else Evidence.NOTHING
        case RefundCame():
            fits = facts.refund_of == event.of and event.amount <= refundable(payment)
            return Evidence.REVERSED if fits else Evidence.NOTHING
        case Recorded():
            return Evidence.RECORDED if is_row_of(payment, event, facts) else Evidence.NOTHING
        case _:
            return Evidence.REVERSED if is_reversal_of(payment, event, facts) else Evidence.NOTHING


def _can_go_back(payment: Payment, event: Refunded, facts: Facts) -> bool:
    """Never more than was paid, of the payment as the owner saw it, and with a code that is no payment's (rule 19)."""
    free = not _is_taken(facts) and event.reversal != payment.receipt and RECEIPT_CODE.fullmatch(event.reversal)
    return bool(free) and event.version == payment.version and 1 <= event.amount <= refundable(payment)


def _can_be_bound(payment: Payment, event: Bound, facts: Facts) -> bool:
    """A sale that costs what came, or less, and a code that nobody holds (rule 22)."""
    free = not _is_taken(facts) and RECEIPT_CODE.fullmatch(event.receipt) is not None
    return free and payment.amount <= event.amount and not is_erased(payment.phone)


def _can_be_its(payment: Payment, event: Identified, facts: Facts) -> bool:
    """Exactly what was asked for, right after that, of the payment as that person saw it; a code that nobody holds."""
    free = payment.receipt is None and not _is_taken(facts) and RECEIPT_CODE.fullmatch(event.receipt) is not None
    ours = payment.amount == event.amount and not is_erased(payment.phone) and Remark.BOUND not in payment.remarks
    return free and ours and is_close(event.at - payment.created_at) and event.version == payment.version


def _taken_back(payment: Payment, event: Unbound) -> Evidence:
    """What a person has bound or said, as that person saw it; nothing of whose money went back, or that has passed on.
    What M-PESA has said itself since is no person's any more.
    """
    if event.version != payment.version or payment.refunded or payment.receipt_by is Source.MPESA:
        return Evidence.NOTHING
    if Remark.BOUND in payment.remarks:
        return Evidence.UNBOUND
    return Evidence.UNIDENTIFIED if Remark.IDENTIFIED in payment.remarks else Evidence.NOTHING


def _is_taken(facts: Facts) -> bool:
    """Whether a person's code is another payment's, or a refund's."""
    return facts.receipt_taken or facts.typed_for is not None or facts.refund_of is not None
