"""What was done to a post, in words."""

from collections.abc import Sequence

from pos_app.domain.catalogue import PostChange, access_words
from pos_app.domain.kenya_time import shop_time

SHOWN = 30  # lines of a post's history, the newest
_NAMES = {
    "title": "Name",
    "price": "Price",
    "highest": "Highest price",
    "days": "Access",
    "favourite": "Key",
    "barcode": "Barcode",
    "active": "Sold",
}


def history(changes: Sequence[PostChange]) -> str:
    """A line for each change, newest first; empty where nothing is known."""
    return "\n".join(map(_line, changes))


def _line(change: PostChange) -> str:
    name, new = _NAMES.get(change.field, change.field), _value(change.field, change.new)
    what = f"{name} {new}" if change.old is None else f"{name} {_value(change.field, change.old)} \u2192 {new}"
    return f"{shop_time(change.at)}  {what}" + ("" if change.source == "window" else f" ({change.source})")


def _value(field: str, value: str) -> str:
    if field == "days":
        return access_words(int(value) if value else None)
    if field == "active":
        return "yes" if value == "1" else "no"
    return value or "none"
