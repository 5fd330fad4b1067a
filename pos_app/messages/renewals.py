"""What a customer has of a post already, said before the charge: days add up, and for ever swallows them (rule 15).

Plain text, no Qt.
"""

from datetime import datetime

from pos_app.domain.access import Held, extended
from pos_app.domain.catalogue import NO_ACCESS
from pos_app.domain.charge_request import ChargeLine
from pos_app.domain.kenya_time import shop_day, shop_time


def renewal_words(line: ChargeLine, held: Held | None, now: datetime) -> tuple[str, ...]:
    """What the customer has of a post and what this line makes of it, in one sentence.

    Returns:
        the same thing ever shorter, for narrow places; nothing where the customer has nothing of it.
    """
    post = line.post
    if held is None or post.days == NO_ACCESS or not held.lasts(now):
        return ()
    if held.until is None:
        return f"Already has {post.title} for ever: more days add nothing", "Already has it for ever"
    after = extended(held, line.access_days, now)
    until = date_words(held.until, now)
    then = date_words(after.until, now) if after and after.until else "for ever"
    return (
        f"Has {post.title} until {until}; this makes it {then}",
        f"Has it until {until}; this makes it {then}",
        f"{until}, then {then}",
    )


def date_words(moment: datetime, now: datetime) -> str:
    """`3 Dec`; with the year where it is not this one, with the time where it is today."""
    day, month, year, clock = shop_time(moment).split()
    if shop_day(moment) == shop_day(now):
        return f"{clock} today"
    return f"{day} {month}" if shop_day(moment).year == shop_day(now).year else f"{day} {month} {year}"
