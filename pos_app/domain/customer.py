"""Customers as they are known at the counter: by their phone, with what they have and what they bought."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from pos_app.domain.payment import Payment
from pos_app.domain.phone import mask, mask_spelt
from pos_app.domain.typed_line import name_line
from pos_app.errors import BadInput

MAX_NAME = 60  # characters


@dataclass(frozen=True, slots=True)
class Possession:
    """A post that a customer has now. `until` (UTC) is None for ever."""

    title: str
    until: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """Whoever was asked for money at a phone.

    Attributes:
        phone: the MSISDN.
        name: as somebody gave it; None where nobody has.
        has: what the customer has access to now, what ends first comes first, what is for ever last.
        sales: the last payments that are paid, newest first.
        pending: the payments that the guard would see (rule 13): every open one, and the others of the last 150 s.
    """

    phone: str
    name: str | None = None
    has: tuple[Possession, ...] = ()
    sales: tuple[Payment, ...] = ()
    pending: tuple[Payment, ...] = ()


@dataclass(frozen=True, slots=True)
class KnownPhone:
    """A phone (MSISDN) that has paid before, and its customer's name where somebody gave one."""

    phone: str
    name: str | None = None


def read_name(text: str) -> str | None:
    """What somebody typed as a customer's name, its words parted by one space each; None where nothing was typed.

    Raises:
        BadInput: too long, no letter in it (a number or a scanned code is no name), a phone number, or what cannot be
            seen.
    """
    name = name_line(text)
    if not name:
        return None
    if len(name) > MAX_NAME:
        raise BadInput(f"The name has {len(name)} characters; {MAX_NAME} fit. Nothing was saved.")
    if not name.isprintable() or not any(character.isalpha() for character in name):
        raise BadInput("A name has letters, and nothing that cannot be seen. Nothing was saved.")
    if mask_spelt(name) != name:  # it would stay where whoever has that phone is erased
        raise BadInput("There is a phone number in that name. Nothing was saved. Type the name alone.")
    return name


def told_apart(found: Sequence[KnownPhone]) -> tuple[KnownPhone, ...]:
    """Those, in their order, that nobody can take for another one of them: phones are shown masked, and two may look
    the same by that.
    """
    looks = Counter(mask(known.phone) for known in found)
    return tuple(known for known in found if looks[mask(known.phone)] == 1)
