"""Whether a customer has a post, in one line. Plain text, no Qt."""

from datetime import datetime

from pos_app.domain.access import Held
from pos_app.domain.kenya_time import shop_time
from pos_app.domain.phone import mask


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
