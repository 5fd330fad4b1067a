"""How results come back to a till that does not hold the shop's address itself, by what the database has of it."""

from datetime import datetime

from pos_app.domain.callback_route import RouteState, RouteStatus
from pos_app.domain.shop_address import ShopAddress

_ASKS = "This till asks M-PESA for its results meanwhile."


def elsewhere(row: ShopAddress, now: datetime, good_since: datetime | None = None) -> RouteStatus:
    """Another till holds the address.

    Args:
        good_since: since when callbacks come in there, by this computer's clock.
    """
    words = row.words
    if row.state is RouteState.DOWN:
        words = f"The shop's public address is at till {row.till}, and no results come in there now. {_ASKS} {words}"
    return RouteStatus(state=row.state, since=now, words=words.rstrip(), address_since=good_since, at=row.till)


def nobodys(row: ShopAddress, now: datetime, *, taken_over: bool) -> RouteStatus:
    """No till holds it. `taken_over`: whether this one may."""
    more = "Another till takes it over within a minute." if taken_over else "Open it there again."
    return _down(f"No till holds the shop's public address; the last was till {row.till}. {more} {_ASKS}", now)


def unknown(now: datetime) -> RouteStatus:
    """The database does not answer."""
    return _down(f"The shop's database does not say where its public address is. {_ASKS}", now)


def _down(words: str, now: datetime) -> RouteStatus:
    return RouteStatus(state=RouteState.DOWN, since=now, words=words)
