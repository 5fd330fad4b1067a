"""Posts in words, the same in the window and at a command."""

from collections.abc import Sequence

from pos_app.domain.catalogue import PostChange, PostDraft, access_words
from pos_app.domain.kenya_time import shop_time
from pos_app.domain.money import kes

NEW_CHARGES_ONLY = "Price changes apply to new charges only."
PRICES = ("price", "highest")
_NAMES = {
    "title": "Name",
    "price": "Price",
    "highest": "Highest price",
    "days": "Access",
    "favourite": "Key",
    "barcode": "Barcode",
    "active": "Sold",
    "category": "Category",
}


def posts_words(count: int) -> str:
    """So many posts."""
    return "1 post" if count == 1 else f"{count:,} posts"


def for_ever_words(posts: Sequence[PostDraft]) -> str:
    """What a person should know of posts from a file: where it says nothing of days, access never ends; or nothing."""
    count = sum(post.days is None for post in posts)
    if not count:
        return ""
    give = "gives" if count == 1 else "give"
    return f"{count:,} of them {give} access for ever: where that is not meant, give it days, or no access."


def saved_words(draft: PostDraft) -> str:
    """A post that is to be saved, in a few words."""
    off = "" if draft.active else ", off"
    return f"{draft.title}, {draft.price_words}, {access_words(draft.days)}{off}"


def change_words(field: str, old: str | None, new: str) -> str:
    """What became of a field, as it is stored: `Price KES 250 → KES 300`; of a new post only what it is."""
    name, now = _NAMES.get(field, field), value_words(field, new)
    return f"{name} {now}" if old is None else f"{name} {value_words(field, old)} \u2192 {now}"


def value_words(field: str, value: str) -> str:
    """What stands in a field, as a person reads it."""
    if field == "days":
        return access_words(int(value) if value else None)
    if field == "active":
        return "yes" if value == "1" else "no"
    if field in PRICES and value:
        return kes(int(value))
    return value or "none"


def by_words(change: PostChange) -> str:
    """Who changed a post, and where: `by Jane`, `by the owner, by command`; nothing where nobody knows."""
    who = f"by {change.operator}" if change.operator else ""
    if change.owner:
        who = f"{who}, as the owner" if who else "by the owner"
    where = "" if change.source == "window" else f"by {change.source}"
    return ", ".join(filter(None, (who, where)))


def history_line(change: PostChange) -> str:
    """A change of a post in one line: when, what, who."""
    by = by_words(change)
    return f"{shop_time(change.at)}  {change_words(change.field, change.old, change.new)}" + (f"  ({by})" if by else "")
