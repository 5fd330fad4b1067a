"""What can be learnt about a payment, whoever brings it: the push's answer, a callback, a query, the owner's word."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from pos_app.domain.kenya_time import shop_time
from pos_app.domain.money import kes


class Result(StrEnum):
    """What a ResultCode means for an STK payment. Codes are mapped in `daraja.codes`."""

    SUCCESS = "success"
    CANCELLED = "cancelled"
    DECLINED = "declined"
    EXPIRED = "expired"
    PENDING = "pending"  # in flight, or a code nobody has explained: not final


@dataclass(frozen=True, slots=True)
class Accepted:
    """M-PESA took the push and prompts the customer."""

    merchant_request_id: str | None
    checkout_request_id: str


@dataclass(frozen=True, slots=True)
class NotSent:
    """Surely no prompt: the connection never opened, or M-PESA refused in words of its own (rule 3)."""

    reason: str
    detail: str | None = None


@dataclass(frozen=True, slots=True)
class Unanswered:
    """The push may or may not have prompted the customer."""

    detail: str


@dataclass(frozen=True, slots=True)
class Callback:
    """What M-PESA posted to the payment's own address.

    Attributes:
        detail: who sent it, as far as anybody says: a hint for the journal, never evidence.
    """

    result: Result
    code: str
    merchant_request_id: str | None = None
    checkout_request_id: str | None = None
    amount: Decimal | None = None
    receipt: str | None = None
    phone: str | None = None
    detail: str | None = None


@dataclass(frozen=True, slots=True)
class UnreadableCallback:
    """Something came to the payment's own address that cannot be read."""

    detail: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What M-PESA answered when we asked about our own CheckoutRequestID."""

    result: Result
    code: str
    checkout_request_id: str | None


@dataclass(frozen=True, slots=True)
class NoAnswer:
    """We asked and learnt nothing. `reached`: it was M-PESA itself that had nothing to say."""

    detail: str
    reached: bool = False


@dataclass(frozen=True, slots=True)
class Silence:
    """No word within 150 s of the push."""


@dataclass(frozen=True, slots=True)
class Interrupted:
    """The till stopped between saving the payment and hearing about its push."""


class Ruling(StrEnum):
    """What the owner may decide about a payment."""

    PAID = "paid"  # the M-PESA statement has it
    DECLINED = "declined"  # it does not count as paid
    CLOSED = "closed"  # a day has passed without an answer
    REFUNDED = "refunded"  # it was paid twice, and the customer has the money back
    BOTH_MEANT = "both_meant"  # it was paid twice, and that was meant: the access is added
    SEEN = "seen"  # a remark that asked for a look had it


@dataclass(frozen=True, slots=True)
class OwnerWord:
    """The owner settles a payment by hand (rules 7, 9 and 13).

    Attributes:
        detail: the owner's reason.
        receipt: where the ruling is `PAID`, the code on the M-PESA statement; where it is `REFUNDED`, perhaps that of
            the reversal, which proves nothing.
        amount: KES, and `completed_at`: when (UTC), as on the statement; needed where M-PESA cannot be asked.
        version: of the payment as the owner saw it; None where that does not matter. A decision that waits in the file
            beside the database must not meet what nobody had seen then, nor be carried out twice.
    """

    ruling: Ruling
    detail: str
    receipt: str | None = None
    amount: int | None = None
    completed_at: datetime | None = None
    version: int | None = None

    @property
    def body(self) -> str | None:
        """What was taken from the statement, as the journal keeps it."""
        amount = kes(self.amount) if self.amount is not None else None
        completed = shop_time(self.completed_at) if self.completed_at else None
        return " · ".join(part for part in (self.receipt, amount, completed) if part) or None


@dataclass(frozen=True, slots=True)
class CodeTaken:
    """M-PESA gave the code that the owner had typed for this payment to another one, whose number `detail` names."""

    detail: str


News = (
    Accepted
    | NotSent
    | Unanswered
    | Callback
    | UnreadableCallback
    | Answer
    | NoAnswer
    | Silence
    | Interrupted
    | OwnerWord
    | CodeTaken
)
