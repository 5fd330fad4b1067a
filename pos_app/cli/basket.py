"""What `charge` is given to sell, as lines of a charge."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from pos_app.domain.catalogue import Post
from pos_app.domain.charge_request import ChargeLine, NotSold, read_open_price, read_quantity
from pos_app.domain.strict import whole
from pos_app.errors import BadInput
from pos_app.sales.ports import Reader

_WANTED = re.compile("([^x]*)(?:x(.*))?", re.DOTALL)
_MAX_ID = 1_000_000_000


class Wanted(NamedTuple):
    """A post by its id, and how many of it."""

    post_id: int
    quantity: int = 1


def read_wanted(text: str) -> Wanted:
    """Read `4`, or `4x2` for two of post 4.

    Raises:
        BadInput: no such text, or a quantity that is none.
    """
    found = _WANTED.fullmatch(text)
    post_id = whole(found[1]) if found else None
    if found is None or post_id is None or not 1 <= post_id <= _MAX_ID:
        raise BadInput(f"{text[:40]!r} is not a number from 1 to {_MAX_ID:,}, or one with how many of it: 4 or 4x2.")
    return Wanted(post_id) if found[2] is None else Wanted(post_id, read_quantity(found[2]))


def read_lines(reader: Reader, wanted: Sequence[Wanted], prices: Sequence[str]) -> tuple[ChargeLine, ...]:
    """The lines of a charge: each post once, in the order in which they were first named.

    Args:
        prices: as typed, for the posts whose price is asked, in their order.

    Raises:
        BadInput: an unknown post, a quantity or sum that is none, prices that are not exactly those that are asked.
    """
    quantities: dict[int, int] = {}
    for post_id, quantity in wanted:
        quantities[post_id] = quantities.get(post_id, 0) + quantity
    posts = [_post(reader, post_id) for post_id in quantities]
    asked = _asked_prices(posts, prices)
    return tuple(ChargeLine(post, quantities[post.id], asked.get(post.id)) for post in posts)


def _post(reader: Reader, post_id: int) -> Post:
    post = reader.post(post_id)
    if post is None:
        raise NotSold(post_id)
    return post


def _asked_prices(posts: Sequence[Post], prices: Sequence[str]) -> dict[int, int]:
    """The price of each post that has an open one."""
    opened = [post for post in posts if post.open_price]
    if len(prices) > len(opened):
        raise BadInput("--price is for a post whose price is asked, once for each. Nothing was sent.")
    if len(prices) < len(opened):
        post = opened[len(prices)]
        raise BadInput(f"The price of {post.title} is {post.price_words}: give it with --price. Nothing was sent.")
    return {post.id: read_open_price(post, price) for post, price in zip(opened, prices, strict=True)}
