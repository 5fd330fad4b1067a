"""Payment events: all that can be learnt about a payment, whoever brings it.

The push's answer, a callback, a query's answer, silence, what the owner settles by hand. `classify` says what an event
proves, `apply` carries it out.
"""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar, NamedTuple

from pos_app.domain.kenya_time import shop_time
from pos_app.domain.money import kes
from pos_app.domain.operators import Role


class EventKind(StrEnum):
    """Who brought an event and what it was: the source and the kind of a journal line, as they are stored."""

    ACCEPTED = "push accepted"
    NOT_SENT = "push not sent"
    UNANSWERED = "push no answer"
    CALLBACK = "callback result"
    UNREADABLE_CALLBACK = "callback unreadable"
    MORE_CALLBACKS = "callback more of a kind"  # how many more there were than are kept
    ANSWER = "query result"
    NO_ANSWER = "query no answer"
    SILENCE = "clock no word"
    INTERRUPTED = "till restarted"
    SETTLED = "owner settled"
    REFUNDED = "owner refunded"
    REFUND_TAKEN_BACK = "owner refund taken back"  # see `correction`
    CODE_TAKEN = "till code lost"
    REFUND_CODE_TAKEN = "till refund code lost"
    OTHER_REFUNDED = "till other refunded"
    RECORDED = "record paid"  # M-PESA's record: see `record_event`
    REVERSED = "record reversed"
    RECORD_DIFFERS = "record differs"
    BOUND = "person bound"  # money without a prompt: see `bind_event`
    UNBOUND = "person unbound"
    IDENTIFIED = "person identified"
    REFUND_CAME = "till refund came"
    # What the till itself did about a payment; no event brings these.
    NOT_RECORDED = "till not recorded"
    PRINTED = "till printed"
    CODE_TYPED = "till code typed"
    REFUND_PRINTED = "till refund printed"
    REFUND_PASSED = "till refund passed"
    ACCESS_MOVED = "till access moved"
    ACCESS_WITHDRAWN = "till access withdrawn"

    @property
    def source(self) -> str:
        """Who brought it."""
        return self.value.partition(" ")[0]

    @property
    def what(self) -> str:
        """What it was, within its source."""
        return self.value.partition(" ")[2]


class Result(StrEnum):
    """What a ResultCode means for an STK payment. Codes are mapped in `daraja.codes`."""

    SUCCESS = "success"
    CANCELLED = "cancelled"
    DECLINED = "declined"
    EXPIRED = "expired"
    PENDING = "pending"  # in flight, or a code nobody has explained: not final


class Claims(NamedTuple):
    """What an event brings of that only one payment may have. `receipt` is M-PESA's receipt code."""

    receipt: str | None = None
    checkout_request_id: str | None = None


@dataclass(frozen=True, slots=True)
class PaymentEvent:
    """Something learnt about a payment.

    Attributes:
        kind: who brought it, and what it is.
        detail: words for the journal, never evidence: what went wrong, who sent it, the owner's reason.
    """

    kind: ClassVar[EventKind]
    detail: str | None = field(default=None, kw_only=True)

    @property
    def code(self) -> str | None:
        """What it says in one word, for the journal: M-PESA's code, why nothing was sent, what the owner decided."""
        return None

    @property
    def body(self) -> str | None:
        """What the journal keeps as its body, where none was received."""
        return None

    @property
    def claims(self) -> Claims:
        """Code and id that another payment may hold already."""
        return Claims()


@dataclass(frozen=True, slots=True)
class Accepted(PaymentEvent):
    """M-PESA took the push and prompts the customer."""

    kind = EventKind.ACCEPTED
    merchant_request_id: str | None
    checkout_request_id: str

    @property
    def claims(self) -> Claims:
        return Claims(checkout_request_id=self.checkout_request_id)


@dataclass(frozen=True, slots=True)
class NotSent(PaymentEvent):
    """Surely no prompt: the connection never opened, or M-PESA refused in words of its own (rule 3).

    Attributes:
        refusal: why, as one of the till's own words or M-PESA's errorCode.
    """

    kind = EventKind.NOT_SENT
    refusal: str

    @property
    def code(self) -> str:
        return self.refusal


@dataclass(frozen=True, slots=True)
class Unanswered(PaymentEvent):
    """The push may or may not have prompted the customer."""

    kind = EventKind.UNANSWERED


@dataclass(frozen=True, slots=True)
class Callback(PaymentEvent):
    """What M-PESA posted to the payment's own address. Its `detail` is who sent it, as far as anybody says.

    Attributes:
        amount: KES.
        receipt: M-PESA's receipt code.
        phone: of whoever paid (MSISDN), where it came whole.
    """

    kind = EventKind.CALLBACK
    result: Result
    result_code: str
    merchant_request_id: str | None = None
    checkout_request_id: str | None = None
    amount: Decimal | None = None
    receipt: str | None = None
    phone: str | None = None

    @property
    def code(self) -> str:
        return self.result_code

    @property
    def claims(self) -> Claims:
        return Claims(self.receipt, self.checkout_request_id)


@dataclass(frozen=True, slots=True)
class UnreadableCallback(PaymentEvent):
    """Something came to the payment's own address that cannot be read."""

    kind = EventKind.UNREADABLE_CALLBACK


@dataclass(frozen=True, slots=True)
class Answer(PaymentEvent):
    """What M-PESA answered when we asked about our own CheckoutRequestID."""

    kind = EventKind.ANSWER
    result: Result
    result_code: str
    checkout_request_id: str | None

    @property
    def code(self) -> str:
        return self.result_code

    @property
    def claims(self) -> Claims:
        return Claims(checkout_request_id=self.checkout_request_id)


@dataclass(frozen=True, slots=True)
class NoAnswer(PaymentEvent):
    """We asked and learnt nothing. `reached`: it was M-PESA itself that had nothing to say."""

    kind = EventKind.NO_ANSWER
    reached: bool = False


@dataclass(frozen=True, slots=True)
class Silence(PaymentEvent):
    """No word within 150 s of the push."""

    kind = EventKind.SILENCE


@dataclass(frozen=True, slots=True)
class Interrupted(PaymentEvent):
    """The till stopped between saving the payment and hearing about its push."""

    kind = EventKind.INTERRUPTED


class Settlement(StrEnum):
    """What the owner may decide about a payment."""

    PAID = "paid"  # the M-PESA statement has it
    DECLINED = "declined"  # it does not count as paid
    CLOSED = "closed"  # a day has passed without an answer
    REFUNDED = "refunded"  # it was paid twice, and the customer has the money back without M-PESA
    BOTH_MEANT = "both_meant"  # it was paid twice, and that was meant: the access is added
    SEEN = "seen"  # a remark that asked for a look had it


@dataclass(frozen=True, slots=True)
class ManualSettlement(PaymentEvent):
    """The owner settles a payment by hand (rules 7, 9 and 13). Its `detail` is the owner's reason.

    Attributes:
        settlement: what was decided.
        receipt: where that is `PAID`, the code on the M-PESA statement.
        amount: KES, and `completed_at`: when (UTC), as on the statement; needed where M-PESA cannot be asked.
        version: of the payment as the owner saw it; None where that does not matter. A decision that waits in the file
            beside the database must not meet what nobody had seen then, nor be carried out twice.
        operator_id, role, owner: who decided it, as the audit keeps it.
    """

    kind = EventKind.SETTLED
    settlement: Settlement
    receipt: str | None = None
    amount: int | None = None
    completed_at: datetime | None = None
    version: int | None = None
    operator_id: int | None = None
    role: Role | None = None
    owner: bool = False

    @property
    def code(self) -> str:
        return self.settlement.value

    @property
    def body(self) -> str | None:
        """What was taken from the statement."""
        amount = kes(self.amount) if self.amount is not None else None
        completed = shop_time(self.completed_at) if self.completed_at else None
        return " · ".join(part for part in (self.receipt, amount, completed) if part) or None

    @property
    def claims(self) -> Claims:
        return Claims(self.receipt)


@dataclass(frozen=True, slots=True)
class Refunded(PaymentEvent):
    """The owner says that money went back (rule 19). Its `detail` is the owner's reason.

    Attributes:
        amount: KES.
        reversal: M-PESA's code of what went back, as its portal or app has it.
        withdraw: whether the access that the payment gave ends now.
        version: of the payment as the owner saw it.
        operator_id, role, owner: who says so, as the audit keeps it.
    """

    kind = EventKind.REFUNDED
    amount: int
    reversal: str
    withdraw: bool
    version: int
    operator_id: int | None = None
    role: Role | None = None
    owner: bool = False

    @property
    def code(self) -> str:
        """What becomes of the access: the one thing beside the money that was decided."""
        return "withdrawn" if self.withdraw else "left"

    @property
    def body(self) -> str:
        """What M-PESA has of it."""
        return f"{self.reversal} · {kes(self.amount)}"

    @property
    def claims(self) -> Claims:
        return Claims(self.reversal)


@dataclass(frozen=True, slots=True)
class CodeTaken(PaymentEvent):
    """M-PESA gave the code that the owner had typed for this payment to another one, whose number `detail` names."""

    kind = EventKind.CODE_TAKEN


@dataclass(frozen=True, slots=True)
class RefundCodeTaken(PaymentEvent):
    """M-PESA gave the code that was typed for a refund of this payment to a payment, whose number `detail` names.

    Attributes:
        reversal: that code. It tells this from the same about another refund, which asks for a look of its own.
    """

    kind = EventKind.REFUND_CODE_TAKEN
    reversal: str

    @property
    def body(self) -> str:
        """The code."""
        return self.reversal


@dataclass(frozen=True, slots=True)
class OtherRefunded(PaymentEvent):
    """All of another payment of the same chain went back with its access; `detail` names its number (rule 13)."""

    kind = EventKind.OTHER_REFUNDED
