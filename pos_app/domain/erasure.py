"""Erasing a customer (rule 21): the key that hashes numbers, what stands in the way, and which texts go."""

import hmac
import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import NamedTuple

from pos_app.domain.bind_event import Bound, Identified, Unbound
from pos_app.domain.links import LinkKey
from pos_app.domain.payment import Payment
from pos_app.domain.payment_event import (
    Accepted,
    Answer,
    Callback,
    CodeTaken,
    EventKind,
    ManualSettlement,
    OtherRefunded,
    PaymentEvent,
    RefundCodeTaken,
    Refunded,
)
from pos_app.domain.phone import mask_spelt, without_payer
from pos_app.domain.receipt_check import ReceiptKey
from pos_app.domain.record_event import RecordDiffers, Recorded, Reversed
from pos_app.domain.search import name_words
from pos_app.domain.typed_line import is_plain, one_line, with_our_digits
from pos_app.errors import BadInput

KEY_BYTES = 32
KEY_RANDOM = 28  # of them; the others say that its program seals what a renewal leaves behind
KEY_SETTING = "erasure_key"  # of the database: which key its hashes are by, not the key; see `erasure_key.ShopKey`
QUIET = 150.0  # seconds for which the guard looks at what was opened (rule 13)
MAX_REASON = 200  # characters
_SHORTEST = 3  # characters of a name that counts as one
_HEX = re.compile(f"[0-9a-f]{{{2 * KEY_BYTES}}}")
_PLAIN_CODE = re.compile(r"(?!.*[0-9]{7})[A-Za-z0-9_.]{1,40}")  # M-PESA's codes and the till's own words

# What the till itself has written of these, in words of its own, codes and amounts.
OWN_DETAILS = frozenset(
    {
        EventKind.SILENCE,
        EventKind.INTERRUPTED,
        EventKind.CODE_TAKEN,
        EventKind.REFUND_CODE_TAKEN,
        EventKind.OTHER_REFUNDED,
        EventKind.NOT_RECORDED,
        EventKind.PRINTED,
        EventKind.CODE_TYPED,
        EventKind.REFUND_PRINTED,
        EventKind.ACCESS_MOVED,
        EventKind.RECORDED,
        EventKind.REVERSED,
        EventKind.RECORD_DIFFERS,
        EventKind.REFUND_CAME,
        EventKind.REFUND_PASSED,
        EventKind.IDENTIFIED,
    }
)
OWN_BODIES = OWN_DETAILS | {
    EventKind.SETTLED,
    EventKind.REFUNDED,
    EventKind.REFUND_TAKEN_BACK,
    EventKind.BOUND,
    EventKind.UNBOUND,
    EventKind.IDENTIFIED,
}


class ErasureKey:
    """The shop's key for the hashes of erased numbers: whoever has only the database cannot try numbers out. The keys
    for links and for receipts are derived from it, each for itself: a shop has one key to keep and to carry.

    Args:
        secret: 32 random bytes.
    """

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def __repr__(self) -> str:
        return "ErasureKey(...)"

    @property
    def fingerprint(self) -> str:
        """Which key this is: what the database keeps of it."""
        return self._digest("fingerprint", "")

    def hash(self, msisdn: str) -> str:
        """What is kept of an erased number, to answer whether a number was erased."""
        return self._digest("phone", msisdn)

    @property
    def links(self) -> LinkKey:
        """The shop's key for the links between the lines of journal and audit."""
        random, told = self._secret[:KEY_RANDOM], self._secret[KEY_RANDOM:]
        secret = hmac.digest(self._secret, b"kaunta links 1", "sha256")
        return LinkKey(secret, self.fingerprint, seals=told == _sealing(random))

    @property
    def receipts(self) -> ReceiptKey:
        """The shop's key for the check values of receipts."""
        return ReceiptKey(hmac.digest(self._secret, b"kaunta receipts 1", "sha256"))

    def _digest(self, purpose: str, text: str) -> str:
        return hmac.new(self._secret, f"kaunta erasure 1 {purpose}\0{text}".encode(), sha256).hexdigest()


def new_key(random: bytes) -> str:
    """A new key in hexadecimal, given `KEY_RANDOM` bytes that nobody can guess. That it is of a program that seals the
    lines before a renewal is said by the key itself: whoever has only the database cannot take that away.
    """
    return (random + _sealing(random)).hex()


def _sealing(random: bytes) -> bytes:
    return hmac.digest(random, b"kaunta seals 1", "sha256")[: KEY_BYTES - KEY_RANDOM]


def read_key(text: str) -> ErasureKey:
    """The key as the shop's secrets have it, in hexadecimal.

    Raises:
        BadInput: it is none.
    """
    if not _HEX.fullmatch(text):
        raise BadInput("The key that erased numbers are hashed with is damaged. Nothing was erased.")
    return ErasureKey(bytes.fromhex(text))


def without_person(event: PaymentEvent) -> PaymentEvent:
    """What is learnt about a payment whose customer was erased, without what would bring them back.

    Its CheckoutRequestID is compared with what is left of ours; what the owner says of it stays whole.
    """
    match event:
        case ManualSettlement() | Refunded() | CodeTaken() | RefundCodeTaken() | OtherRefunded():
            return event
        case Recorded() | Reversed() | RecordDiffers():  # codes and amounts
            return event
        case Bound() | Identified() | Unbound():  # and a person's reason
            return event
        case Callback(checkout_request_id=asked):
            return replace(event, checkout_request_id=asked and without_payer(asked), phone=None, detail=None)
        case Accepted(checkout_request_id=asked):
            return replace(event, checkout_request_id=without_payer(asked), detail=None)
        case Answer(checkout_request_id=asked):
            return replace(event, checkout_request_id=asked and without_payer(asked), detail=None)
        case _:
            return replace(event, detail=None)


class Erased(NamedTuple):
    """A customer who was erased: when (UTC), and how many payments stay without a number."""

    at: datetime
    payments: int


class IdleCustomer(NamedTuple):
    """A customer whom retention looks at: `idle` where they have bought nothing for long, and have no access."""

    id: int
    phone: str
    idle: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasableCustomer:
    """What decides whether a customer can be erased.

    Attributes:
        payments: those that may stand in the way: open, asked about, new, or with a remark; newest first.
    """

    id: int
    phone: str
    name: str | None
    payments: tuple[Payment, ...]


def read_reason(text: str, msisdn: str, name: str | None) -> str:
    """Why somebody is erased, as the owner typed it. It stays in the audit for ever: the customer must not be in it.

    Raises:
        BadInput: none, too long, with a character in it that is none, or it names the customer.
    """
    reason = one_line(text)
    if not reason:
        raise BadInput("Erasing needs a reason. Nothing was erased.")
    if len(reason) > MAX_REASON:
        raise BadInput(f"The reason has {len(reason)} characters; {MAX_REASON} fit. Nothing was erased.")
    if not is_plain(reason):
        raise BadInput("The reason has a character in it that is none. Nothing was erased: type it again.")
    digits = "".join(character for character in with_our_digits(reason) if "0" <= character <= "9")
    named = _words(name or "") & _words(reason)
    if named or mask_spelt(reason) != reason or msisdn[3:] in digits:
        raise BadInput(
            "The reason stays in the audit for ever, so it must not name the customer nor hold a phone number. Nothing "
            "was erased. Write why, such as: asked for by letter."
        )
    return reason


def _words(text: str) -> set[str]:
    """Those that may be a name, in one spelling; what stands around an apostrophe is one word and two."""
    apart = re.sub(r"[^\w\s]", " ", text)
    return {word for word in (*name_words(text), *name_words(apart)) if len(word) >= _SHORTEST}


def hindrance(payment: Payment, now: datetime) -> str | None:
    """Why a payment's customer cannot be erased yet, in words; None where it stands in nobody's way.

    Args:
        now: UTC, by M-PESA's clock where that is known.
    """
    if payment.state.open:
        return f"Payment {payment.number} is still open. Nothing was erased. Wait for its end, or settle it."
    if payment.next_check_at is not None:
        return (
            f"M-PESA is still asked about payment {payment.number}, for a day after its prompt: it could be paid yet. "
            "Nothing was erased. Try again tomorrow."
        )
    if abs(now - payment.created_at) < timedelta(seconds=QUIET):  # a clock that was wrong once locks nothing
        return f"Payment {payment.number} is only just over. Nothing was erased. Try again in three minutes."
    if payment.needs_attention:
        return f"Payment {payment.number} waits for your look, under Payments. Nothing was erased. Work it off first."
    return None


def is_plain_code(code: str) -> bool:
    """Whether a journal line's code is one of M-PESA's or of the till's, and no text that a stranger has sent."""
    return _PLAIN_CODE.fullmatch(code) is not None
