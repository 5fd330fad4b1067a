"""Finding posts by what somebody types or scans, as quickly among 20,000 as among six."""

from bisect import insort
from collections.abc import Sequence
from dataclasses import dataclass

from pos_app.domain.catalogue import Post, barcode_key
from pos_app.domain.category import Category


class PostFinder:
    """Posts in the order in which they are shown, favourites first and then by name, and what finds them.

    What is compared is made once, here: a key that is pressed costs a look at each name, and nothing for each post.
    """

    def __init__(self, posts: Sequence[Post] = ()) -> None:
        rows = [(post.title.casefold(), post) for post in sorted(posts, key=_order)]
        self._take(rows, {barcode_key(post.barcode): post for _, post in reversed(rows) if post.barcode})

    def _take(self, rows: list[tuple[str, Post]], by_barcode: dict[str, Post]) -> None:
        self._rows, self._by_barcode = rows, by_barcode
        self.posts = tuple(post for _title, post in rows)
        self.by_id = {post.id: post for post in self.posts}
        self.by_favourite = {post.favourite: post for post in self.posts if post.favourite}

    def sold(self) -> "PostFinder":
        """The same among those only that are for sale."""
        made = PostFinder()
        by_barcode = {key: post for key, post in self._by_barcode.items() if post.active}
        made._take([row for row in self._rows if row[1].active], by_barcode)
        return made

    def scanned(self, code: str) -> Post | None:
        """The post whose barcode this is."""
        return self._by_barcode.get(barcode_key(code)) if code.strip() else None

    def find(self, text: str) -> Sequence[Post]:
        """The post whose barcode is the text; else the posts whose name holds every typed word, or whose id it is."""
        scanned = self.scanned(text)
        if scanned:
            return [scanned]
        words = text.casefold().split()
        if not words:
            return self.posts
        rows = self._rows
        for word in words:
            rows = [row for row in rows if word in row[0]]
        hits = [post for _title, post in rows]
        by_id = self._of_id(text.strip())
        if by_id and text.strip() not in by_id.title:
            insort(hits, by_id, key=_order)
        return hits

    def _of_id(self, text: str) -> Post | None:
        if not (text.isascii() and text.isdigit() and len(text) < 10) or text.startswith("0"):
            return None
        return self.by_id.get(int(text))


@dataclass(frozen=True, slots=True)
class Shelf:
    """What a shop sells, as it was read at one time: the same one while nothing of it has changed.

    Attributes:
        posts: every post, also those switched off, by id.
        categories: what they are sorted by, in the owner's order.
        all: finds among all of them.
        sold: finds among those that are for sale.
    """

    posts: tuple[Post, ...]
    categories: tuple[Category, ...]
    all: PostFinder
    sold: PostFinder

    @classmethod
    def of(cls, posts: Sequence[Post], categories: Sequence[Category] = ()) -> "Shelf":
        """Put posts in order. Takes a while for thousands: call it on a thread."""
        found = PostFinder(posts)
        return cls(tuple(posts), tuple(categories), found, found.sold())


def _order(post: Post) -> tuple[int, str, int]:
    return post.favourite or 99, post.title.casefold(), post.id
