"""A payment, its journal and what becomes of it; `payment_event` has what can be learnt, `transitions` the moves."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from pos_app.domain.payment_event import EventKind
from pos_app.domain.payment_line import PaymentLine, short_title
from pos_app.domain.phone import is_erased

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
        """Only evidence closes a payment (rule 7)."""
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
    REFUNDED = "refunded"  # how the owner worked a double off
    BOTH_MEANT = "both_meant"  # the other way: its access was added after all
    OTHER_BACK = "other_back"  # the third: the other one went back instead, so that this one counts
    OTHER_PAID = "other_paid"  # gone past for something else while it was open, or for a bind, and both are paid
    CODE_LOST = "code_lost"  # M-PESA gave the code that the owner had typed to another payment
    BY_OWNER = "by_owner"  # settled by hand; it stays marked for ever
    REFUND_CLASH = "refund_clash"  # M-PESA gave the code that was typed for its refund to a payment
    ERASED = "erased"  # money came after its customer was erased: nobody can ask for what it gave
    UNRECORDED = "unrecorded"  # an answer about it could not be recorded, and is kept beside the database
    REVERSED = "reversed"  # M-PESA's record has its money going back, and nobody has decided about its access
    RECORD_DIFFERS = "record_differs"  # M-PESA's record has another amount of it, or nothing
    BOUND = "bound"  # a person has bound money to it that came without a prompt; it stays marked for ever
    REST_DUE = "rest_due"  # more money was bound to it than its lines cost: the rest is due back
    UNBOUND = "unbound"  # a person has taken that back: its money was another's
    IDENTIFIED = "identified"  # a person has said which money is its own; it stays marked for ever
    UNIDENTIFIED = "unidentified"  # a person has taken that back


COUNTS_AFTER_ALL = frozenset({Remark.BOTH_MEANT, Remark.OTHER_BACK})  # a double that was no mistake, or is none now
ATTENTION_REMARKS = frozenset(
    {
        Remark.CONFLICT,
        Remark.DOUBLE,
        Remark.AMOUNT_DIFFERS,
        Remark.RECEIPT_CLASH,
        Remark.IDS_DIFFER,
        Remark.OTHER_PAID,
        Remark.CODE_LOST,
        Remark.REFUND_CLASH,
        Remark.ERASED,
        Remark.UNRECORDED,
        Remark.REVERSED,
        Remark.RECORD_DIFFERS,
        Remark.REST_DUE,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class StateReason:
    """Why a payment is where it is: by one of these at most.

    Attributes:
        result_code: M-PESA's ResultCode, which says why it is not paid.
        refusal: why its push did not leave: a word of the till's, or M-PESA's errorCode.
        review: what the owner must look at.
        by_owner: the owner has settled it by hand.
    """

    result_code: str | None = None
    refusal: str | None = None
    review: Remark | None = None
    by_owner: bool = False

    @property
    def word(self) -> str | None:
        """The one word that is stored and printed for programs; `read_reason` reads it."""
        if self.by_owner:
            return Remark.BY_OWNER.value
        if self.review:
            return self.review.value
        return self.result_code if self.refusal is None else self.refusal


BY_OWNER = StateReason(by_owner=True)
_REMARKS = frozenset(Remark)


def read_reason(state: State, word: str | None) -> StateReason:
    """What a stored word means in a state; a word that no program of ours gives a state is taken for M-PESA's."""
    if word == Remark.BY_OWNER:
        return BY_OWNER
    if state is State.REVIEW and word in _REMARKS:
        return StateReason(review=Remark(word))
    return StateReason(refusal=word) if state is State.NOT_SENT else StateReason(result_code=word)


class Source(StrEnum):
    """Who gave a receipt code. A code by hand ranks below M-PESA's word (rule 9)."""

    MPESA = "mpesa"
    OWNER = "owner"


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentFacts:
    """What lists and files tell of a payment. Amounts in KES, times in UTC.

    Attributes:
        lines: what was sold.
        reason: why it is where it is.
        amount: what we asked for: the sum of the lines.
        amount_paid: what M-PESA has, by its own word or by the owner's from its statement; None until one says so.
        refunded: what went back of it by all its refunds together; never more than that (rule 19).
        receipt: M-PESA's own code, only ever from a callback or from the owner's statement.
        seen: the remarks that asked for a look and had it: the owner worked them off.
        receipt_typed: what the operator typed from the customer's SMS: never evidence (rule 8).
        operator: the name of who charged; None in a shop without operators.
        created_at: when it was saved, right before the push left; the asking schedule counts from here.
    """

    id: int
    number: str
    lines: tuple[PaymentLine, ...]
    phone: str
    amount: int
    state: State
    remarks: frozenset[Remark] = frozenset()
    reason: StateReason = StateReason()
    merchant_request_id: str | None = None
    checkout_request_id: str | None = None
    receipt: str | None = None
    receipt_typed: str | None = None
    amount_paid: int | None = None
    refunded: int = 0
    seen: frozenset[Remark] = frozenset()
    operator: str | None = None
    created_at: datetime
    updated_at: datetime

    @property
    def post_id(self) -> int | None:
        """The one post that it is for; None where there are more."""
        return self.lines[0].post_id if len(self.lines) == 1 else None

    @property
    def post_title(self) -> str:
        """What it is for, as lists show it: `Week pass`, `Tea x2 and 1 more`."""
        return short_title(self.lines)

    @property
    def unseen(self) -> frozenset[Remark]:
        """The remarks that ask for a look which nobody has had yet."""
        return (self.remarks & ATTENTION_REMARKS) - self.seen

    @property
    def needs_attention(self) -> bool:
        """Whether it belongs on the attention list until a person has looked at it."""
        return self.state is State.REVIEW or bool(self.unseen)

    @property
    def received(self) -> int:
        """What M-PESA has of it, in KES; what we asked, while nobody has named another figure."""
        return self.amount if self.amount_paid is None else self.amount_paid

    @property
    def rest(self) -> int:
        """What came beyond what the lines cost, in KES, where a person has bound it (rule 22)."""
        return max(0, self.received - self.amount) if Remark.BOUND in self.remarks else 0

    @property
    def refund_due(self) -> bool:
        """Whether it was surely paid twice (rule 28) and the owner has not worked that off."""
        return Remark.DOUBLE in self.unseen and Remark.OTHER_PAID not in self.unseen


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment(PaymentFacts):
    """One request for money.

    Attributes:
        address: the SHA-256 of its address token: what it is, whichever id a database gives it.
        lines: what was sold, and once it is paid what each of them grants: all or none.
        receipt_by: whom its receipt code is from.
        completed_at: when M-PESA completed it, where the owner took that from the statement.
        retry_of: the payment that this one asks again for.
        found_by: who has said which money is its own; None also where that was the owner.
    """

    till: str
    address: str
    customer_id: int
    receipt_by: Source | None = None
    completed_at: datetime | None = None
    retry_of: int | None = None
    found_by: str | None = None
    closed_at: datetime | None = None
    next_check_at: datetime | None = None
    version: int = 1

    @property
    def granted(self) -> bool:
        """Whether the customer has what was paid for: every line of it, or none."""
        return all(line.grant for line in self.lines)

    @property
    def gives_access(self) -> bool:
        """Whether the customer has access to anything by it."""
        return any(line.gives_access for line in self.lines)

    @property
    def query_id(self) -> str | None:
        """The CheckoutRequestID to ask M-PESA by: none where it never came, or lost its end with an erased number."""
        return None if is_erased(self.phone) else self.checkout_request_id


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPayment:
    """A payment to be saved before the first byte goes to M-PESA.

    Attributes:
        lines: what is sold; at least one, no post twice.
        address: the SHA-256 of its address token.
        despite: ids of the payments that the operator was warned about and went past.
        operator_id: who charges; None in a shop without operators.
    """

    till: str
    lines: tuple[PaymentLine, ...]
    phone: str
    address: str
    retry_of: int | None
    created_at: datetime
    despite: frozenset[int] = frozenset()
    operator_id: int | None = None

    @property
    def amount(self) -> int:
        """What is asked for, in KES."""
        return sum(line.amount for line in self.lines)


@dataclass(frozen=True, slots=True)
class PaymentId:
    """Which payment: by its id."""

    id: int


@dataclass(frozen=True, slots=True)
class CallbackAddress:
    """Which payment: by the SHA-256 of its address token, which is all that the store keeps of it."""

    address: str


PaymentKey = PaymentId | CallbackAddress


class Outcome(StrEnum):
    """What became of an event; its journal line says so."""

    APPLIED = "applied"
    DUPLICATE = "duplicate"
    IGNORED = "ignored"
    CONFLICT = "conflict"


KEPT_OF_A_KIND = 20  # lines about what changed nothing that a payment's journal keeps; more are only counted


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalLine:
    """One line of a payment's journal. Phones in `detail` and `body` are masked.

    Attributes:
        at: UTC.
        source: who brought it, and `kind`: what it was; `event_kind` has the two where they are of this program.
        before: the state until then, and `after`: since then.
        code: what it says in one word.
    """

    at: datetime
    source: str
    kind: str
    outcome: Outcome
    before: State
    after: State
    code: str | None = None
    detail: str | None = None
    body: str | None = None

    @property
    def event_kind(self) -> EventKind | None:
        """What the line is about; None for what another version of this program has written."""
        words = f"{self.source} {self.kind}"
        return EventKind(words) if words in _EVENT_KINDS else None


_EVENT_KINDS = frozenset(EventKind)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """An event carried out: the payment afterwards, and what became of the event.

    Attributes:
        proved: what the event proved about the payment, and what is odd about it, as counts store it.
        ask_now: the next question to M-PESA is due at once.
        phone_due: every open payment of this phone is due for a question (M-PESA said the subscriber is locked).
    """

    before: Payment
    after: Payment
    outcome: Outcome
    proved: str = field(default="", compare=False)
    ask_now: bool = False
    phone_due: bool = False

    @property
    def granted(self) -> bool:
        """Whether this very event gave the grant."""
        return self.after.granted and not self.before.granted
