"""The catalogue as a table: favourites first, then by name."""

from collections.abc import Sequence
from enum import IntEnum

from PySide6.QtCore import QObject

from pos_app.domain.catalogue import Post, access_words, find
from pos_app.ui.widgets.list_model import ListModel


class PostColumn(IntEnum):
    """The columns of the table."""

    KEY = 0
    NAME = 1
    PRICE = 2
    ACCESS = 3
    BARCODE = 4
    ACTIVE = 5


HEADINGS = ("Key", "Post", "KES", "Access", "Barcode", "Sold")


class PostsModel(ListModel[Post]):
    """A shop has few posts, so they are all in memory and finding is done here."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(HEADINGS, _text, (PostColumn.PRICE,), parent)
        self._all: list[Post] = []
        self._wanted = ""

    @property
    def posts(self) -> tuple[Post, ...]:
        """Every post, whether it matches or not."""
        return tuple(self._all)

    def show_posts(self, posts: Sequence[Post]) -> None:
        """Take over the catalogue."""
        self._all = list(posts)
        self._refresh()

    def find(self, text: str) -> None:
        """Show only the posts that match."""
        self._wanted = text
        self._refresh()

    def row_of(self, post_id: int) -> int | None:
        """Where a post stands, or None."""
        return next((row for row, post in enumerate(self._rows) if post.id == post_id), None)

    def _refresh(self) -> None:
        self.beginResetModel()
        self._rows = find(self._all, self._wanted)
        self.endResetModel()


def _text(post: Post, column: int) -> str:
    match column:
        case PostColumn.KEY:
            return str(post.favourite or "")
        case PostColumn.NAME:
            return post.title
        case PostColumn.PRICE:
            return f"{post.price:,}" if post.highest is None else f"{post.price:,} to {post.highest:,}"
        case PostColumn.ACCESS:
            return access_words(post.days)
        case PostColumn.BARCODE:
            return post.barcode or ""
        case _:
            return "on" if post.active else "off"
