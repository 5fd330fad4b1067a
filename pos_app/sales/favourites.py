"""Which post each favourite key picks, for whoever may change posts (rule 16)."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from pos_app.domain.catalogue import Post
from pos_app.domain.operators import Actor
from pos_app.errors import BadInput
from pos_app.sales.catalogue_door import CatalogueDoor
from pos_app.sales.ports import Transaction

KEYS = range(1, 10)
MEANWHILE = "Somebody has changed the favourite keys meanwhile. Nothing was saved. Look at them again."


class Favourites:
    """The keys 1 to 9; each picks one post at most, a post has one key at most."""

    def __init__(self, door: CatalogueDoor) -> None:
        self._door = door

    def swap(self, seen: Mapping[int, Post], one: int, other: int) -> None:
        """Let two keys pick each other's posts; where one picks none, the other's post goes there.

        Args:
            seen: the posts of the keys as they were shown; where one of these two picks another by now, nothing is
                done.

        Raises:
            BadInput: another till was faster; and as `CatalogueDoor.change` does.
        """
        pair = (one, other)
        shown = [_id(seen.get(key)) for key in pair]

        def work(transaction: Transaction, actor: Actor) -> None:
            there = transaction.favourites()
            if [_id(there.get(key)) for key in pair] != shown:
                raise BadInput(MEANWHILE)
            moved = [(there[key], new) for key, new in (pair, pair[::-1]) if key in there and key != new]
            for post, _ in moved:  # no two posts have one key, not even for a moment
                transaction.change_post(replace(post, favourite=None))
            for post, key in moved:
                after = replace(post, favourite=key)
                transaction.change_post(after)
                self._door.note(transaction, actor, post, after)

        self._door.change(work)


def by_key(posts: Iterable[Post]) -> dict[int, Post]:
    """The posts that a favourite key picks, by the key."""
    return {post.favourite: post for post in posts if post.favourite}


def _id(post: Post | None) -> int | None:
    return post.id if post else None
