"""What customers have, and whether they have a post, in lines. Plain text, no Qt."""

from collections.abc import Sequence
from datetime import datetime

from pos_app.domain.access import Held
from pos_app.domain.customer_record import GivenAccess
from pos_app.domain.kenya_time import NAIROBI, day_words, shop_time
from pos_app.domain.note import Note
from pos_app.domain.payment import Payment
from pos_app.domain.phone import mask
from pos_app.domain.withdrawal import lasting_lines

ALL_OF_IT = "All of it"
NO_MONEY_MOVES = (
    "Days that wait behind it move forward. No money moves: where money goes back, record the refund, which ends the "
    "access with it."
)
HAS_NOTHING = "Has nothing now."


def has_words(phone: str, title: str, held: Held | None, now: datetime) -> str:
    """`0708 ••• 149 has Week pass until 3 Dec 2026 14:00.`

    Args:
        phone: the MSISDN.
        held: what the customer has, or had at last.
        now: UTC, by the till's time.
    """
    who = mask(phone)
    if held is None:
        return f"{who} does not have {title}."
    if held.until is None:
        return f"{who} has {title} for ever."
    if held.lasts(now):
        return f"{who} has {title} until {shop_time(held.until)}."
    return f"{who} does not have {title}: it ended {shop_time(held.until)}."


def makes_it_words(then: Held | None) -> str:
    """What the customer will have: `That makes it 10 Dec 2026 14:00.`"""
    until = then.until if then else None
    return f"That makes it {shop_time(until) if until else 'for ever'}."


def withdraws_words(payment: Payment, now: datetime) -> str:
    """What ends where a payment's access is withdrawn, and what that means: `Ends now: Week pass, for ever. ...`

    Args:
        now: UTC, by the till's time.
    """
    lines = [payment.lines[number - 1] for number in lasting_lines(payment, now)]
    ends = "; ".join(f"{line.title}, {_until(line.grant.until)}" for line in lines if line.grant)
    return f"Ends now: {ends}. {NO_MONEY_MOVES}"


def _until(until: datetime | None) -> str:
    return "for ever" if until is None else f"until {shop_time(until)}"


def given_words(given: GivenAccess) -> str:
    """What has given access, in a menu: `A-0042, until 3 Dec 2026`, `By hand, for ever`."""
    until = "for ever" if given.until is None else f"until {day_words(given.until.astimezone(NAIROBI))}"
    till, _, sequence = (given.number or "By hand").partition("-")
    return f"{till}-{sequence.rpartition('-')[2]}, {until}" if sequence else f"{till}, {until}"


def possessions(has: Sequence[tuple[str, Held]]) -> str:
    """What a customer has now, a line for each post."""
    lines = [f"{title} {_until(held.until)}" for title, held in has]
    return "\n".join(lines) or HAS_NOTHING


def by_hand_words(given: GivenAccess) -> str:
    """Who gave access by hand, and why: `By hand, 23 Nov 2026 14:00, Amina: a regular`."""
    who = given.operator or "the owner"
    return f"{given.title} by hand, {shop_time(given.given_at)}, {who}: {given.reason or 'erased'}"


def written_words(phone: str, file: str) -> str:
    """A customer was handed out as a file."""
    return f"Everything about {mask(phone)} is in {file}, for you alone to read: the number stands in it in full."


def note_line(note: Note) -> str:
    """`23 Nov 2026 14:00, Amina: asked for the manager`."""
    who = f", {note.operator}" if note.operator else ""
    return f"{shop_time(note.at)}{who}: {note.text or 'erased'}"


def access_promised(days: int | None) -> str:
    """What a post gives: "Access for 7 days from payment"."""
    if days is None:
        return "Access for ever"
    if days == 0:
        return "No access"
    return "Access for 24 hours from payment" if days == 1 else f"Access for {days} days from payment"
