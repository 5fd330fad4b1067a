"""A payment and the news that reach it. Which news moves it where stands in `moves`."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from pos_app.domain.catalogue import Post

PROMPT_LIFE = 90.0  # seconds: about how long M-PESA leaves a prompt on the phone; it decides nothing about a payment


class State(StrEnum):
    """Where a payment stands. Stored by name; words and colours are the window's."""

    REQUESTED = "requested"  # row saved, push on its way
    PROMPTED = "prompted"  # M-PESA accepted; CheckoutRequestID known
    UNKNOWN = "unknown"  # push unanswered, or no word within 150 s
    REVIEW = "review"  # paid, it seems, but not as asked: the owner looks at it
    PAID = "paid"
    CANCELLED = "cancelled"
    DECLINED = "declined"
    EXPIRED = "expired"
    NOT_SENT = "not_sent"

    @property
    def open(self) -> bool:
        """Only evidence closes a payment (design rule 7)."""
        return self in OPEN_STATES


OPEN_STATES = frozenset({State.REQUESTED, State.PROMPTED, State.UNKNOWN, State.REVIEW})
NOT_PAID_STATES = frozenset({State.CANCELLED, State.DECLINED, State.EXPIRED, State.NOT_SENT})


class Remark(StrEnum):
    """What is odd about a payment, beside its state."""

    LATE = "late"  # success after not paid
    CONFLICT = "conflict"  # not paid after success
    PHONE_DIFFERS = "phone_differs"
    AMOUNT_DIFFERS = "amount_differs"
    RECEIPT_CLASH = "receipt_clash"
    IDS_DIFFER = "ids_differ"
    INCOMPLETE = "incomplete"  # success without a usable amount or receipt code
    DOUBLE = "double"  # a payment of the same chain was paid before: refund due
    BY_OWNER = "by_owner"  # settled by hand; it stays marked for ever
    UNRECORDED = "unrecorded"  # an answer about it could not be recorded, and is kept beside the database


ATTENTION_REMARKS = frozenset(
    {Remark.CONFLICT, Remark.DOUBLE, Remark.AMOUNT_DIFFERS, Remark.RECEIPT_CLASH, Remark.IDS_DIFFER, Remark.UNRECORDED}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """The record that this customer has this post. `until` is None for ever, or where `access` is False."""

    granted_at: datetime
    access: bool
    until: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """One request for money. Amounts in KES, times in UTC; title, price and days as sold.

    Attributes:
        reason: why it is where it is, as a code: M-PESA's ResultCode, what kept the push from leaving, or the
            remark that made it `review`.
        receipt: M-PESA's own code, only ever from a callback or from the owner's statement.
        amount_paid: what M-PESA says was paid, where that is not what we asked.
        receipt_typed: what the operator typed from the customer's SMS: never evidence (design rule 8).
        retry_of: the payment that this one asks again for.
        created_at: when it was saved, right before the push left; the asking schedule counts from here.
    """

    id: int
    number: str
    till: str
    post_id: int
    post_title: str
    days: int | None
    customer_id: int
    phone: str
    amount: int
    state: State
    remarks: frozenset[Remark] = frozenset()
    reason: str | None = None
    merchant_request_id: str | None = None
    checkout_request_id: str | None = None
    receipt: str | None = None
    receipt_typed: str | None = None
    amount_paid: int | None = None
    retry_of: int | None = None
    created_at: datetime
    updated_at: datetime
    closed_at: datetime | None = None
    next_check_at: datetime | None = None
    version: int = 1
    grant: Grant | None = None

    @property
    def granted(self) -> bool:
        """Whether the customer has the post."""
        return self.grant is not None

    @property
    def needs_attention(self) -> bool:
        """Whether it belongs on the attention list until a person has looked at it."""
        return self.state is State.REVIEW or bool(self.remarks & ATTENTION_REMARKS)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPayment:
    """A payment to be saved before the first byte goes to M-PESA. `address` is the SHA-256 of its address token."""

    till: str
    post: Post
    phone: str
    address: str
    retry_of: int | None
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Push:
    """What M-PESA needs to know to prompt a customer. `address_token` is the secret of the callback's address."""

    phone: str
    amount: int
    post_id: int
    customer_id: int
    title: str
    address_token: str


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
    """Surely no prompt: the connection never opened, or M-PESA refused in words of its own (design rule 3)."""

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


@dataclass(frozen=True, slots=True)
class OwnerWord:
    """The owner settles a payment by hand (design rules 7 and 9).

    Attributes:
        detail: the owner's reason.
        receipt: the code on the M-PESA statement, where the ruling is `PAID`.
    """

    ruling: Ruling
    detail: str
    receipt: str | None = None


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
)


@dataclass(frozen=True, slots=True)
class Facts:
    """What the store knows that decides about a news, read in the same transaction."""

    receipt_taken: bool = False
    checkout_taken: bool = False
    chain_paid: bool = False


class Outcome(StrEnum):
    """What became of a news; its journal line says so."""

    APPLIED = "applied"
    DUPLICATE = "duplicate"
    IGNORED = "ignored"
    CONFLICT = "conflict"


KEPT_OF_A_KIND = 20  # lines about what changed nothing that a payment's journal keeps; more are only counted
MORE_OF_A_KIND = "more of a kind"  # the kind of the line that says how many more there were


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalLine:
    """One line of a payment's journal. Phones in `detail` and `body` are masked."""

    at: datetime
    source: str
    kind: str
    outcome: Outcome
    before: State
    after: State
    code: str | None = None
    detail: str | None = None
    body: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A news judged: the payment afterwards, and what became of the news.

    Attributes:
        found: what the news proved about the payment, as a word for each kind.
        ask_now: the next question to M-PESA is due at once.
        phone_due: every open payment of this phone is due for a question (M-PESA said the subscriber is locked).
    """

    before: Payment
    after: Payment
    outcome: Outcome
    found: str = field(default="", compare=False)
    ask_now: bool = False
    phone_due: bool = False

    @property
    def granted(self) -> bool:
        """Whether this very news gave the grant."""
        return self.after.granted and not self.before.granted
