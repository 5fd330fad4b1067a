"""Money that M-PESA's record has and no prompt of ours surely asked for: what is known of it, and what people say."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import combinations
from typing import NamedTuple

from pos_app.domain.catalogue import Post
from pos_app.domain.money import NO_AMOUNT, parse_price
from pos_app.domain.payment import NOT_PAID_STATES, Payment, PaymentFacts, Remark, State
from pos_app.domain.phone import compact, is_erased, parse_phone
from pos_app.domain.reference import account_reference, read_reference
from pos_app.domain.search import name_words, typed_words
from pos_app.domain.statement_row import kept_phone, last_digits_of, may_be
from pos_app.domain.strict import upper
from pos_app.errors import BadInput

NEAR = timedelta(hours=24)  # how long before its money a prompt of ours may have been
CLOCKS = timedelta(minutes=1)  # that the till's clock may be ahead of M-PESA's
CLOSE = timedelta(minutes=10)  # after a prompt, in which its money has come if it ever does (rule 22), and some more
FEW = 5  # hints of each kind
_CODE_START = re.compile("(?=.*[A-Z])[A-Z0-9]{3,20}")
_SEVERAL = 5  # of one post that are thought of
_PAIRED = 200  # posts of which two together are thought of; more would take long


class RowWord(StrEnum):
    """What people, or M-PESA's record, say of such money. Stored by name."""

    NONE = ""  # it waits
    BOUND = "bound"  # a person has bound it to a sale
    REVERSED = "reversed"  # the record has it going back
    NOT_SALE = "not_sale"
    TEST = "test"
    REFUNDED = "refunded"
    OTHER_TILL = "other_till"
    COUNTED = "counted"  # a payment here counts it already, without its code


NAMES = (RowWord.NOT_SALE, RowWord.TEST, RowWord.REFUNDED, RowWord.OTHER_TILL, RowWord.COUNTED)  # a person's


class Standing(StrEnum):
    """Which of such money is looked at."""

    WAITING = "waiting"
    NAMED = "named"
    BOUND = "bound"


class MoneyPlace(NamedTuple):
    """Where a page ends: when the money of its last row came (UTC), and the id of that."""

    at: datetime
    id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Unprompted:
    """Money of one row of M-PESA's record. Times in UTC.

    Attributes:
        id: of the row.
        cents: a hundred to the shilling.
        at: when M-PESA completed it.
        phone: what is left to be seen of the payer's number; `name`, and `account`: what they typed for it.
        otherwise: another record has told its code with another amount; `cents` is what was told first.
        forgotten: who paid was taken away with a customer, or with the time (rule 21).
        word: what was said of it last; `note`, `worded_at`, and `by`: of whom, None for the owner or the record.
        back: what of it the record has going back, a hundred to the shilling.
        payment_id, number: the sale that it is bound to; `lost`: M-PESA has since given its code to another payment.
    """

    id: int
    receipt: str
    cents: int
    at: datetime
    phone: str = field(default="", repr=False)
    name: str = field(default="", repr=False)
    account: str = field(default="", repr=False)
    forgotten: bool = False
    otherwise: bool = False
    word: RowWord = RowWord.NONE
    note: str = field(default="", repr=False)
    worded_at: datetime | None = None
    by: str | None = None
    payment_id: int | None = None
    number: str = ""
    lost: bool = False
    back: int = 0

    @property
    def place(self) -> MoneyPlace:
        """Where it stands in the list."""
        return MoneyPlace(self.at, self.id)

    @property
    def amount(self) -> int | None:
        """KES; None where there are cents in it, which no sale has."""
        shillings, cents = divmod(self.cents, 100)
        return None if cents else shillings


@dataclass(frozen=True, slots=True, kw_only=True)
class MoneySearch:
    """A look-up of such money, newest first. `after`: only what stands after this place."""

    text: str = ""
    standing: Standing = Standing.WAITING
    after: MoneyPlace | None = None
    limit: int = 100


class MoneyMeaning(NamedTuple):
    """What a text may mean, each of them where it fits: the beginning of a code, an amount, digits of a phone, the
    beginnings of words of a name. Nothing of it: nothing is found.
    """

    code: str = ""
    cents: int | None = None
    phone: str = ""  # masked as it is kept
    digits: str = ""  # the last three
    words: tuple[str, ...] = ()


def money_meaning(text: str) -> MoneyMeaning:
    """What somebody looks for."""
    typed = " ".join(text.split())
    code = upper(typed.replace(" ", ""))
    digits, phone = "", ""
    plain = compact(typed).removeprefix("+")
    if plain.isascii() and plain.isdecimal() and len(plain) >= 3:
        digits = plain[-3:]
        try:
            phone = kept_phone(parse_phone(typed))
        except BadInput:
            digits = digits if len(plain) == 3 else ""
    try:
        cents = parse_price(upper(typed).removeprefix("KES").strip()) * 100
    except BadInput:
        cents = None
    if "*" in typed:  # as the list shows it
        phone = kept_phone(typed)
    return MoneyMeaning(code if _CODE_START.fullmatch(code) else "", cents, phone, digits, typed_words(typed))


def cents_words(cents: int) -> str:
    """An amount of M-PESA's record, of which a hundred are a shilling: `KES 170`, `KES 170.50`."""
    return f"KES {cents / 100:,.2f}".removesuffix(".00")


def bindable(money: Unprompted) -> str:
    """Why money cannot be bound to a sale, in words; empty where it can."""
    if money.word is RowWord.BOUND:
        return f"It is bound already, to payment {money.number}."
    if money.word is RowWord.REVERSED and 0 < money.back < money.cents:
        return (
            f"M-PESA's record has {cents_words(money.back)} of this money going back, and "
            f"{cents_words(money.cents - money.back)} of it is left: no sale is made of a part. Give that back, too."
        )
    if money.word is RowWord.REVERSED:
        return "M-PESA's record has this money going back: nothing of it is left to sell for."
    if money.word:
        return "Somebody has named what it is. Take that back first."
    if money.otherwise:
        return (
            "Two of M-PESA's records tell this code with two amounts, so that nobody can say here how much came. Look "
            "it up in the portal. It can be named here."
        )
    if money.amount is None or money.amount < 1:
        return "There are cents in it, which no sale has."
    if money.amount >= NO_AMOUNT:
        return "Nobody pays so much at once: the amount is wrong in M-PESA's record. Look it up in the portal."
    if money.forgotten:
        return (
            "Who paid it was erased, so that nobody can say any more whose it is. It can be given back by M-PESA, and "
            "named here."
        )
    return ""


def fits_phone(money: Unprompted, msisdn: str) -> bool:
    """Whether a customer's number has every digit that can be seen of the payer's."""
    return may_be(money.phone, msisdn)


class PromptHint(NamedTuple):
    """A payment of ours that the money may be of.

    Attributes:
        after: the money came so much after it was asked for; below 0: before.
        fits: whether its phone has the visible digits, at least three of them.
        may_be_its: whether a person may say that it is its money (rule 28).
    """

    payment: Payment
    after: timedelta
    fits: bool
    may_be_its: bool = False

    @property
    def close(self) -> bool:
        """Whether the two lie so near in time that one may be the other's."""
        return is_close(self.after)

    @property
    def stops(self) -> bool:
        """Whether the money must not become another sale of this customer."""
        return self.close and counts_or_waits(self.payment)


class PayerHint(NamedTuple):
    """A customer who may have paid it; `named`: their name begins as the payer's does."""

    phone: str
    name: str | None
    named: bool


class PostHint(NamedTuple):
    """Posts, each with how many of it, that cost what came."""

    lines: tuple[tuple[Post, int], ...]


@dataclass(frozen=True, slots=True)
class Hints:
    """What may help a person to say whose money it is. Nothing of it is ever taken by itself."""

    prompts: Sequence[PromptHint] = ()
    payers: Sequence[PayerHint] = ()
    posts: Sequence[PostHint] = ()


def is_close(after: timedelta) -> bool:
    """Whether money that came so much after a prompt may be of it."""
    return -CLOCKS <= after <= CLOSE


def counts_or_waits(payment: PaymentFacts) -> bool:
    """Whether a payment that was asked for waits for such money still, or counts it already without its code."""
    return payment.state.open or (payment.state is State.PAID and payment.receipt is None)


def may_yet_be_paid(payment: Payment) -> bool:
    """Whether M-PESA may still say that a payment is paid: it is open, or asked about although it ended."""
    return payment.state.open or payment.next_check_at is not None


def cannot_be_its(money: Unprompted, payment: Payment) -> str:
    """Why money cannot be that of a payment which we asked for (rule 28), in words; empty where it can be."""
    number = payment.number
    if not was_asked_for(payment) or is_erased(payment.phone):
        return f"Nobody was asked for payment {number}, or its customer was erased."
    if not _ended_unpaid(payment):
        return f"Payment {number} is not one that ended unpaid."
    if payment.amount != money.amount:
        return f"Payment {number} asked for another amount than came."
    if not fits_phone(money, payment.phone):
        return f"M-PESA's record has {money.phone} as the payer's number, and payment {number} asked another."
    if not is_close(money.at - payment.created_at):
        return f"The money of payment {number} would have come within {CLOSE.seconds // 60} minutes of its prompt."
    another = _names_another(money.account, payment)
    return f"It was paid for {money.account}, which is another payment than {number}." if another else ""


def _ended_unpaid(payment: Payment) -> bool:
    refused = payment.state is State.DECLINED and payment.reason.by_owner
    return payment.state is State.UNKNOWN or (payment.state in NOT_PAID_STATES and not refused)


def _names_another(account: str, payment: Payment) -> bool:
    """Whether what was typed for the money is a reference of ours, and of another payment."""
    try:
        return read_reference(account) != account_reference(payment)
    except ValueError:
        return False


def found_by(payment: Payment) -> str:
    """Who has said which money is a payment's own: a name, or that it was the owner; empty where nobody has."""
    return (payment.found_by or "the owner") if Remark.IDENTIFIED in payment.remarks else ""


def bound_by(payment: PaymentFacts) -> str:
    """Who has bound money to a payment: a name, or that it was the owner; empty where nobody has."""
    return (payment.operator or "the owner") if Remark.BOUND in payment.remarks else ""


def by_a_person(payment: PaymentFacts) -> bool:
    """Whether a person has said which money is a payment's: nobody has paid just now."""
    return bool(payment.remarks & {Remark.BOUND, Remark.IDENTIFIED})


def was_asked_for(payment: PaymentFacts) -> bool:
    """Whether there ever was a prompt for a payment: there is none for what a person has bound."""
    return Remark.BOUND not in payment.remarks


def prompt_hints(money: Unprompted, payments: Iterable[Payment]) -> list[PromptHint]:
    """Payments of this amount that may be it, the likeliest first: those whose phone fits, then by time.

    Args:
        payments: that were asked for near it, are not paid, or have no code.
    """
    seen = bool(last_digits_of(money.phone))
    hints = [
        PromptHint(
            each, money.at - each.created_at, seen and fits_phone(money, each.phone), not cannot_be_its(money, each)
        )
        for each in payments
        if was_asked_for(each) and (not seen or fits_phone(money, each.phone))
    ]
    return sorted(hints, key=lambda hint: (not hint.fits, abs(hint.after), hint.payment.id))[:FEW]


def payer_hints(money: Unprompted, customers: Iterable[tuple[str, str | None]]) -> list[PayerHint]:
    """Customers whose number has every visible digit; those first whose first name fits.

    Args:
        customers: their MSISDN and name, those who have paid last first.
    """
    first = next(iter(name_words(money.name)), "")
    hints = [
        PayerHint(phone, name, named=bool(first) and first in name_words(name or ""))
        for phone, name in customers
        if fits_phone(money, phone)
    ]
    return sorted(hints, key=lambda hint: not hint.named)[:FEW]


def post_hints(amount: int, posts: Iterable[Post]) -> list[PostHint]:
    """What of these posts costs exactly so much (KES): one of a post, two posts, or several of one."""
    sold = [post for post in posts if post.active and not post.open_price]
    one = [PostHint(((post, 1),)) for post in sold if post.price == amount]
    two = [
        PostHint(((left, 1), (right, 1)))
        for left, right in combinations([post for post in sold if post.price < amount][:_PAIRED], 2)
        if left.price + right.price == amount
    ]
    several = [
        PostHint(((post, many),))
        for post in sold
        for many in range(2, _SEVERAL + 1)
        if post.price * many == amount and post.days is not None
    ]
    return [*one, *several, *two][:FEW]
