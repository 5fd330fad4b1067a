"""Looking payments up: what a text that somebody typed or pasted can mean."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from pos_app.domain.catalogue import MAX_TITLE
from pos_app.domain.money import parse_price
from pos_app.domain.payment import PaymentFacts, State
from pos_app.domain.phone import compact, parse_phone
from pos_app.domain.strict import upper
from pos_app.errors import BadInput

_MOST = 20  # codes, numbers or phones that are looked for at once
_SHOWN = 40  # characters of a text that are repeated to whoever typed it
_AROUND = "\"'`\u00ab\u00bb\u2018\u2019\u201a\u201c\u201d\u201e,;:!?#*"  # marks around what was copied
_CODE = re.compile("(?<![A-Z0-9])(?=[0-9]*[A-Z])(?=[A-Z]*[0-9])[A-Z0-9]{10}(?![A-Z0-9])")
_CODE_START = re.compile("[A-Z0-9]{3,20}")
_WORD = re.compile(r"[^\W_]+")
_IN_WORDS = str.maketrans("", "", "'\u2018\u2019\u02bc`\u00b4")  # Ng'ang'a is one word
_MOST_WORDS = 8  # of a name; more are no name that anybody gave
_NUMBER = re.compile("(?<![A-Z0-9-])[A-Z][A-Z0-9]{0,3}-[0-9]{8}-[0-9]{4,9}(?![A-Z0-9-])")
_SHORT_NUMBER = re.compile("(?:([A-Z][A-Z0-9]{0,3})-)?([0-9]{1,6})")
_AS_SHOWN = re.compile("0(?!000)[0-9]{3}")  # a number of a day, as the list has it
_PHONE_END = re.compile("[0-9]{3,12}")
_PHONE_LIKE = re.compile(r"\+?[(0-9][0-9 ().\-/]{7,30}")
_CURRENCY = r"(?:KES|KSHS?|SHS?)\.?"
_FIGURE = r"([0-9][0-9,]{0,9}(?:\.00)?)"
_AMOUNT = re.compile(f"{_CURRENCY} ?{_FIGURE}(?:/[=-])?|{_FIGURE} ?(?:{_CURRENCY}|/[=-])?")


NOBODY = 0  # in the place of an operator: who charged in a shop without operators


class Sort(StrEnum):
    """The order of what is found. Payments of one amount (KES, as asked) stand newest first or oldest first."""

    NEWEST = "newest"
    OLDEST = "oldest"
    HIGHEST = "highest"
    LOWEST = "lowest"

    @property
    def by_amount(self) -> bool:
        """By amount, not by time."""
        return self in (Sort.HIGHEST, Sort.LOWEST)

    @property
    def descending(self) -> bool:
        """What is newest, or most, comes first."""
        return self in (Sort.NEWEST, Sort.HIGHEST)


@dataclass(frozen=True, slots=True)
class PageEnd:
    """Where a page of a look-up ends: the id and the amount (KES) of its last payment."""

    id: int
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """A look-up of payments.

    Attributes:
        text: whatever somebody looks for; `meaning` says how it is read.
        attention: only what a person should look at (`Payment.needs_attention`).
        since: UTC, inclusive; `until`: UTC, exclusive.
        operator: the id of who charged, or `NOBODY`; None for whoever it was.
        till: the name of the till that charged; empty for all.
        post: the id of a post that is among what was sold; None for all.
        hour: the hour of the day (0 to 23, in the shop) in which it was opened; None for all.
        after: keyset for the next page: only what stands after this place in the order of `sort`.
    """

    text: str = ""
    states: frozenset[State] = frozenset()
    attention: bool = False
    since: datetime | None = None
    until: datetime | None = None
    operator: int | None = None
    till: str = ""
    post: int | None = None
    hour: int | None = None
    sort: Sort = Sort.NEWEST
    after: PageEnd | None = None
    limit: int = 100

    def following(self, last: PaymentFacts) -> "Search":
        """The look-up of the next page, where this payment was the last one of the page before."""
        return replace(self, after=PageEnd(last.id, last.amount))


@dataclass(frozen=True, slots=True)
class Totals:
    """Figures of payments, as of a day in the shop; amounts in KES.

    Attributes:
        paid_amount: what was paid less what went back of it, which is `refunded`, whenever it went back.
    """

    payments: int
    paid: int
    paid_amount: int
    unsure: int
    review: int
    refunded: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """What a text can mean; a payment that fits one of these is found.

    Attributes:
        codes: M-PESA's receipt codes, whole.
        code_start: what a code begins with.
        numbers: payment numbers.
        short_number: a till and the number of a payment in its day, as lists show them; any till where it is empty.
        phones: MSISDNs.
        phone_end: the last digits of one.
        amount: KES, asked or paid.
        words: beginnings of words, as `name_words` has them; a post's or a customer's name has a word for each.
    """

    codes: tuple[str, ...] = ()
    code_start: str = ""
    numbers: tuple[str, ...] = ()
    short_number: tuple[str, int] | None = None
    phones: tuple[str, ...] = ()
    phone_end: str = ""
    amount: int | None = None
    words: tuple[str, ...] = ()


def meaning(text: str) -> Meaning:
    """Read what was typed, or copied from an SMS, a contact or a statement, with whatever came along unseen.

    A whole SMS means the code in it. Figures alone may be an amount, a number and the end of a phone at once. Time
    grows with the length of the text, and no faster.
    """
    plain = _seen(unicodedata.normalize("NFKC", text))
    words = typed_words(plain)
    capitals = upper(plain)
    codes, numbers = _first(_CODE.findall(capitals)), _first(_NUMBER.findall(capitals))
    if codes or numbers:
        return Meaning(codes=codes, numbers=numbers, words=words)
    bare = capitals.strip(_AROUND + " ")
    amount, short = _AMOUNT.fullmatch(bare), _SHORT_NUMBER.fullmatch(bare)
    kes = _amount(amount[1] or amount[2]) if amount else None
    if amount and not re.fullmatch(_FIGURE, bare):
        return Meaning(amount=kes, words=words)
    if short and short[1]:
        return Meaning(short_number=(short[1], int(short[2])), words=words)
    joined = compact(bare)
    digits = joined.removeprefix("+")
    phones = _first(_phones(capitals))
    return Meaning(
        code_start=joined if _CODE_START.fullmatch(joined) else "",
        short_number=("", int(bare)) if short and (not bare.startswith("0") or _AS_SHOWN.fullmatch(bare)) else None,
        phones=phones,
        phone_end=digits if not phones and _PHONE_END.fullmatch(digits) else "",
        amount=kes,
        words=words,
    )


def name_words(name: str) -> tuple[str, ...]:
    """The words of a name as they are looked for, each once: without case, accents and what is no letter or digit."""
    plain = unicodedata.normalize("NFKD", name.translate(_IN_WORDS)).casefold()
    folded = "".join(character for character in plain if not unicodedata.combining(character))
    return tuple(dict.fromkeys(_WORD.findall(folded)))


def shown(text: str) -> str:
    """A text as words repeat it to whoever typed it: without what cannot be seen, and not longer than a line."""
    seen = " ".join(_seen(text).split())
    return seen if len(seen) <= _SHOWN else seen[:_SHOWN].rstrip() + "\u2026"


def _seen(text: str) -> str:
    """Every space as one of ours, every dash too, and nothing that only directs or joins."""
    return "".join(map(_as_seen, text)).strip()


def _as_seen(character: str) -> str:
    if " " <= character <= "~":
        return character
    if character.isspace():
        return " "
    category = unicodedata.category(character)
    if category == "Pd" or character == "\u2212":
        return "-"
    if category in ("Cs", "Cc"):  # no text: it must not be found, and a database cannot even be asked for it
        return "\ufffd"
    return "" if category == "Cf" else character


def typed_words(text: str) -> tuple[str, ...]:
    """The words of a name that is looked for, as `name_words` has them; none where no name can have them all."""
    words = name_words(text)
    return words if len(words) <= _MOST_WORDS and all(len(word) <= MAX_TITLE for word in words) else ()


def _amount(figure: str) -> int | None:
    try:
        return parse_price(figure)
    except BadInput:
        return None


def _phones(text: str) -> Iterator[str]:
    for found in _PHONE_LIKE.finditer(text):
        try:
            yield parse_phone(found[0])
        except BadInput:
            continue


def _first(found: Iterator[str] | list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(found))[:_MOST]
