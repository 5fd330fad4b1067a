"""What the charge form says of a customer before anybody is asked, and of those that four digits may mean.

Plain text, no Qt. Each line comes as the same thing ever shorter, for narrow places; nothing is ever cut to fit.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime

from pos_app.domain.customer import Customer, Possession
from pos_app.domain.kenya_time import shop_day
from pos_app.domain.money import kes
from pos_app.domain.payment import Payment
from pos_app.messages import payments as words
from pos_app.messages.renewals import date_words

Line = tuple[str, ...]  # the same words ever shorter
NEW: Line = ("First time here: nobody was asked at this number before", "First time at this number", "First time here")
CANNOT_LOOK: Line = ("This customer cannot be looked up now. You can still ask.", "Cannot be looked up now")
TOUCH_TO_TAKE = (
    "Enter takes nobody who is offered: touch the customer, or press Alt and its digit. Or type the whole number. "
    "Nothing was sent."
)
_DOT = " · "
_FROM_BEFORE = "Customer from before"
_LONGEST_NAME = 24  # characters of a name beside what the customer has


def about(customer: Customer | None, now: datetime, lines: int) -> tuple[Line, ...]:
    """What is known of a customer, in so many lines at most, the weightiest first.

    With one line: who, what they have, what is open. With two: who and what they have; what is open, else what was
    bought. With three everything has its own.

    Args:
        customer: None where nobody was ever asked at the number.
        now: UTC, by the till's time.
    """
    if customer is None:
        return (NEW,)
    if lines == 1:
        return (tuple(_ever_shorter(_in_one_line(customer, now))),)
    told = [_who(customer, now), _pending(customer, now), _sales(customer, now)]
    return tuple(tuple(_ever_shorter(line)) for line in told if line)[:lines]


def in_full(customer: Customer | None, now: datetime) -> str:
    """All of it, for tips and screen readers."""
    return ". ".join(line[0] for line in about(customer, now, 3))


def no_name(why: str) -> str:
    """What was typed as a customer's name is none, which is said in `why`; it stands there all the same."""
    return f"{why} Esc leaves the name as it was."


def nobody(digits: str) -> Line:
    """Nobody who has paid before has a phone that ends in these digits."""
    return (
        f"Nobody from before has a phone that ends in {digits}. Type the whole number.",
        f"Nobody from before ends in {digits}",
        f"Nobody ends in {digits}",
    )


def others(count: int, digits: str, *, alone: bool) -> Line:
    """How many customers whose phone ends in these digits are not offered.

    Args:
        alone: whether nobody is offered at all: they look alike, their numbers masked.
    """
    if not alone:
        return f"{count} more: type the whole number", f"{count} more", f"+{count}"
    return (
        f"{count} customers end in {digits} and look alike: type the whole number",
        f"{count} look alike: type the whole number",
        f"{count} look alike",
    )


def _in_one_line(customer: Customer, now: datetime) -> Line:
    who, more = _who(customer, now), _open_words(customer.pending)
    if not more and not customer.has and customer.sales:
        more = f"last sale {_sold(customer.sales[0], now)}"
    return _beside(who, more) if more else who


def _who(customer: Customer, now: datetime) -> Line:
    """The name, and what they have."""
    has = _has(customer, now)
    if not has:
        names = tuple(_names(customer))
        return names if customer.sales else _beside(names, "has never paid yet")
    named = [f"{name}{_DOT}{words}" for words in has for name in _names(customer) if customer.name]
    return (*named, *(f"Has {words}" for words in has), has[-1])


def _names(customer: Customer) -> list[str]:
    """As it was given, then without what people are not called by; a long one is left out rather than cut."""
    if customer.name is None:
        return [_FROM_BEFORE]
    parts = customer.name.split(" ")
    shorter = [name for name in (" ".join(parts[:2]), parts[0]) if len(name) <= _LONGEST_NAME]
    return [customer.name, *(shorter or [_FROM_BEFORE])]


def _has(customer: Customer, now: datetime) -> Line:
    """What they have and until when; nothing where they have nothing."""
    if not customer.has:
        return ()
    first, more = customer.has[0], len(customer.has) - 1
    each = ", ".join(_possession(one, now) for one in customer.has)
    if not more:
        return each, _until(first, now)
    return each, f"{_possession(first, now)}, {more} more", f"{_until(first, now)}, {more} more"


def _possession(one: Possession, now: datetime) -> str:
    return f"{one.title} {_until(one, now)}"


def _until(one: Possession, now: datetime) -> str:
    return "for ever" if one.until is None else f"until {date_words(one.until, now)}"


def _pending(customer: Customer, now: datetime) -> Line:
    """What the guard would see: the open one first, since it may still be paid."""
    if not customer.pending:
        return ()
    payment = min(customer.pending, key=lambda one: not one.state.open)
    more = len(customer.pending) - 1
    tail = f"{_DOT}{more} more" if more else ""
    state, at = words.pill_words(payment), _when(payment, now)
    return (
        f"{state}: {kes(payment.amount)}, {payment.post_title}, {at}{tail}",
        f"{state}: {kes(payment.amount)}, {at}{tail}",
        f"{state}: {kes(payment.amount)}{tail}",
        _open_words(customer.pending) or state,
    )


def _open_words(pending: Sequence[Payment]) -> str:
    count = sum(payment.state.open for payment in pending)
    return f"{count} open payment{'' if count == 1 else 's'}" if count else ""


def _sales(customer: Customer, now: datetime) -> Line:
    """The last sales, newest first."""
    if not customer.sales:
        return ()
    last = _sold(customer.sales[0], now)
    return (
        f"Before: {_DOT.join(f'{sale.post_title} {_sold(sale, now)}' for sale in customer.sales)}",
        f"Before: {_DOT.join(_sold(sale, now) for sale in customer.sales)}",
        f"Last sale {last}",
        last,
    )


def _when(payment: Payment, now: datetime) -> str:
    today = shop_day(payment.created_at) == shop_day(now)
    return words.clock_time(payment.created_at) if today else date_words(payment.created_at, now)


def _sold(sale: Payment, now: datetime) -> str:
    day = "today" if shop_day(sale.created_at) == shop_day(now) else date_words(sale.created_at, now)
    return f"{day} (refund due)" if sale.refund_due else day


def _beside(told: Line, more: str) -> Line:
    """Both; at last only what comes beside."""
    return (*(f"{words}{_DOT}{more}" for words in told), more[:1].upper() + more[1:])


def _ever_shorter(told: Sequence[str]) -> Iterator[str]:
    """Those that are shorter than each before them."""
    shortest = None
    for text in told:
        if shortest is None or len(text) < shortest:
            shortest = len(text)
            yield text
