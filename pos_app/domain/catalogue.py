"""Posts: what a customer pays for."""

import re
from dataclasses import dataclass, replace
from datetime import datetime

from pos_app.domain.audit import Doer
from pos_app.domain.category import category_name
from pos_app.domain.money import kes, parse_price
from pos_app.domain.strict import upper, whole
from pos_app.domain.typed_line import name_line
from pos_app.errors import BadInput

NO_ACCESS = 0
MAX_DAYS = 3_650
MAX_TITLE = 60
_GTIN = 14  # digits of the longest number of an article; the shorter ones are the same with zeros before them


@dataclass(frozen=True, slots=True, kw_only=True)
class PostDraft:
    """A post before it has an id. Make one with `draft_post`, which checks it.

    Attributes:
        price: KES; where it is asked at the counter, the lowest.
        highest: where the price is asked at the counter, the highest one, in KES; None where it is fixed.
        days: length of the access in days; 0 gives none, None is for ever.
        favourite: the key 1-9 that picks the post, or None.
        active: posts are switched off, never deleted.
        category: the name of the category that it is in, or None.
    """

    title: str
    price: int
    days: int | None = None
    favourite: int | None = None
    barcode: str | None = None
    active: bool = True
    highest: int | None = None
    category: str | None = None

    @property
    def open_price(self) -> bool:
        """Whether its price is asked at the counter."""
        return self.highest is not None

    @property
    def price_words(self) -> str:
        """`KES 250`; where it is asked at the counter, its bounds: `KES 50 to 500`."""
        return kes(self.price) if self.highest is None else f"{kes(self.price)} to {self.highest:,}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Post(PostDraft):
    """A post in the catalogue."""

    id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PostChange:
    """One line of what was done to a post; nobody edits it.

    Attributes:
        at: UTC.
        old: what the field said before; None where the post is new. `new` in the same form; empty where it is empty.
        source: where it was done: window or command.
        operator_id: who was signed in, and `operator`: the name, where the line was read; None in a shop without
            operators, and in lines of programs that did not write it down.
        owner: the owner's passphrase was typed for it.
    """

    at: datetime
    post_id: int
    field: str
    old: str | None
    new: str
    source: str
    operator_id: int | None = None
    operator: str | None = None
    owner: bool = False


FIELDS = ("title", "price", "days", "favourite", "barcode", "active", "highest", "category")


def changes(before: Post | None, after: Post, at: datetime, source: str, by: Doer) -> list[PostChange]:
    """What becomes another value; of a new post, every field that is not empty."""
    return [
        PostChange(
            at=at,
            post_id=after.id,
            field=field,
            old=old,
            new=new,
            source=source,
            operator_id=by.operator_id,
            owner=by.owner,
        )
        for field, old, new in differences(before, after)
    ]


def differences(before: PostDraft | None, after: PostDraft) -> list[tuple[str, str | None, str]]:
    """Which fields become another value: each with the old one and the new one as they are stored."""
    found = []
    for field in FIELDS:
        old, new = None if before is None else _stored(before, field), _stored(after, field)
        if old != new and (before or new):
            found.append((field, old, new))
    return found


def _stored(post: PostDraft, field: str) -> str:
    value = getattr(post, field)
    return "" if value is None else str(int(value)) if isinstance(value, bool) else str(value)


TRIAL = PostDraft(title="Set-up test", price=1, days=NO_ACCESS)  # one shilling is M-PESA's smallest


def is_trial(post: Post) -> bool:
    """Whether a post is that of the set-up's test, which the owner pays to see that everything works."""
    return replace(TRIAL, active=post.active) == draft_of(post)


def draft_of(post: Post) -> PostDraft:
    """What a post is, without its id."""
    return PostDraft(**{field: getattr(post, field) for field in FIELDS})


def draft_post(
    title: str,
    price: str | int,
    days: str | int | None = None,
    favourite: str | int | None = None,
    barcode: str | None = None,
    active: bool = True,
    highest: str | int | None = None,
    category: str | None = None,
) -> PostDraft:
    """Check what somebody typed about a post.

    Args:
        highest: empty for a fixed price; else `price` is the lowest that may be asked, and this the highest.

    Raises:
        BadInput: with words that name the field and what it takes.
    """
    name = name_line(title)
    if not name:
        raise BadInput("A post needs a name. Nothing was saved.")
    if not name.isprintable():
        raise BadInput("The name has a character that cannot be shown. Nothing was saved. Type it anew.")
    if len(name) > MAX_TITLE:
        raise BadInput(f"The name has {len(name)} characters; {MAX_TITLE} fit. Nothing was saved.")
    code = "".join((barcode or "").split())
    if not (code.isascii() and code.isprintable()) or len(code) > 64:
        raise BadInput("A barcode has letters and digits only, 64 at most. Nothing was saved.")
    lowest = parse_price(price)
    return PostDraft(
        title=name,
        price=lowest,
        highest=_highest(lowest, highest),
        days=_whole(days, "Access", 0, MAX_DAYS, "days (0 for none, empty for ever)"),
        favourite=_whole(favourite, "Favourite key", 1, 9, "or empty"),
        barcode=code or None,
        active=active,
        category=category_name(category) if category and category.strip() else None,
    )


def _highest(lowest: int, typed: str | int | None) -> int | None:
    text = "" if typed is None else str(typed).strip()
    if not text:
        return None
    highest = parse_price(text)
    if highest <= lowest:
        raise BadInput(f"The highest price is more than the lowest, {kes(lowest)}. Nothing was saved.")
    return highest


def _whole(value: str | int | None, name: str, low: int, high: int, unit: str) -> int | None:
    text = "" if value is None else str(value).strip()
    if not text:
        return None
    number = whole(text)
    if number is None or not low <= number <= high:
        raise BadInput(f"{name}: a whole number from {low} to {high:,} {unit}. Nothing was saved.")
    return number


def access_words(days: int | None) -> str:
    """How long the access lasts, as a tile shows it."""
    if days is None:
        return "for ever"
    if days == NO_ACCESS:
        return "no access"
    return "24 hours" if days == 1 else f"{days} days"


def barcode_key(text: str) -> str:
    """What two spellings of one barcode have in common: equal keys are the same article.

    Letter case and spaces do not count. A scanner gives the UPC-A 0 12345 67890 5 with twelve digits, or as the EAN-13
    that begins with one more zero, and a spreadsheet drops leading zeros: of twelve digits and more none counts, and
    of eleven where the check digit says that the twelfth is missing.
    """
    code = upper("".join(text.split()))
    if re.fullmatch("[0-9]{12,14}", code) or (re.fullmatch("[0-9]{11}", code) and _check_digit_fits(code)):
        return code.lstrip("0").zfill(_GTIN)
    return code


def same_barcode(one: str | None, other: str | None) -> bool:
    """Whether both are the barcode of one article; no barcode is like none."""
    return bool(one and other) and barcode_key(one or "") == barcode_key(other or "")


def _check_digit_fits(digits: str) -> bool:
    """Whether the last digit is the one that the others of a GTIN give (GS1 General Specifications, 7.9)."""
    return sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(reversed(digits))) % 10 == 0
