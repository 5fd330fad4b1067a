"""A look-up as its statements see it: what is asked for at all, and, by name, which values.

Statements of one shape read the same, whatever is looked for: they are made once and given the values each time, since
making one takes longer than asking it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from pos_app.domain.kenya_time import day_start, shop_day
from pos_app.domain.search import NOBODY, Meaning, Search, Sort
from pos_app.store.tables import PHONE_END

_TICK = timedelta(microseconds=1)
_AFTER_ALL = "\U0010ffff"  # sorts behind every text, so that a prefix is a range the index can serve
SHAPES = 256  # of which a statement is held: a shop asks in some dozen of the thousands that there could be
Values = Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """Which of a look-up's filters are there, and its order.

    Attributes:
        first, last: whether its days begin and end; `since`, `until`: at a moment within such a day.
        nobody: those are wanted for which nobody was signed in.
        after: it is no first page.
    """

    states: bool
    attention: bool
    first: bool
    last: bool
    since: bool
    until: bool
    operator: bool
    nobody: bool
    till: bool
    post: bool
    hour: bool
    sort: Sort
    after: bool

    @property
    def filtered(self) -> bool:
        """Whether the running totals know anything of what is wanted."""
        return self.states or self.first or self.last or self.operator or self.till


@dataclass(frozen=True, slots=True, kw_only=True)
class TextShape:
    """In which ways a text can be meant. `numbered`: a number of a day, `at_till`: with its till; `words`: how many."""

    codes: bool
    code_start: bool
    numbers: bool
    numbered: bool
    at_till: bool
    phones: bool
    phone_end: bool
    amount: bool
    words: int


def days_of(since: datetime | None, until: datetime | None) -> tuple[date | None, date | None]:
    """The first and the last day of the shop between two moments (UTC); None where it is open on that side."""
    return since and shop_day(since), until and shop_day(until - _TICK)


def whole_days(search: Search) -> bool:
    """Whether its time begins and ends with days of the shop, so that the running totals know it."""
    return all(each is None or each == day_start(shop_day(each)) for each in (search.since, search.until))


def shape_of(search: Search) -> Shape:
    """The shape of a look-up, its text left aside."""
    cut = not whole_days(search)
    return Shape(
        states=bool(search.states),
        attention=search.attention,
        first=search.since is not None,
        last=search.until is not None,
        since=cut and search.since is not None,
        until=cut and search.until is not None,
        operator=search.operator is not None,
        nobody=search.operator == NOBODY,
        till=bool(search.till),
        post=search.post is not None,
        hour=search.hour is not None,
        sort=search.sort,
        after=search.after is not None,
    )


def text_shape_of(meant: Meaning) -> TextShape:
    """The shape of what a text means."""
    short = meant.short_number
    return TextShape(
        codes=bool(meant.codes),
        code_start=bool(meant.code_start),
        numbers=bool(meant.numbers),
        numbered=short is not None,
        at_till=short is not None and bool(short[0]),
        phones=bool(meant.phones),
        phone_end=bool(meant.phone_end),
        amount=meant.amount is not None,
        words=len(meant.words),
    )


def values_of(search: Search) -> dict[str, object]:
    """The values that the statements of its shape ask by."""
    first, last = days_of(search.since, search.until)
    return {
        "states": sorted(search.states),
        "first": first,
        "last": last,
        "since": search.since,
        "until": search.until,
        "operator": search.operator,
        "till": search.till,
        "post": search.post,
        "hour": search.hour,
        "after_id": search.after and search.after.id,
        "after_amount": search.after and search.after.amount,
        "limit": search.limit,
    }


def text_values_of(meant: Meaning) -> dict[str, object]:
    """The same of what a text means."""
    till, sequence = meant.short_number or (None, None)
    return {
        "codes": meant.codes,
        "code_start": meant.code_start,
        "code_after": after_all(meant.code_start),
        "numbers": meant.numbers,
        "number_till": till,
        "number": sequence,
        "phones": meant.phones,
        "phone_end": meant.phone_end,
        "phone_tail": meant.phone_end[-PHONE_END:],
        "amount": meant.amount,
        **words_of(meant.words),
    }


def words_of(words: tuple[str, ...]) -> dict[str, str]:
    """The values of words, each with where what begins so ends: `word0`, `after_word0` and on."""
    values = {f"word{place}": word for place, word in enumerate(words)}
    return values | {f"after_{name}": after_all(word) for name, word in values.items()}


def after_all(start: str) -> str:
    """Sorts behind every text that begins like this."""
    return start + _AFTER_ALL
