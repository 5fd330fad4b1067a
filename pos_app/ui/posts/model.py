"""The catalogue as a table: favourites first, then by name."""

from enum import IntEnum

from PySide6.QtCore import QObject

from pos_app.domain.catalogue import Post, access_words
from pos_app.domain.post_finder import Shelf
from pos_app.ui.widgets.list_model import ListModel


class PostColumn(IntEnum):
    """The columns of the table."""

    KEY = 0
    NAME = 1
    PRICE = 2
    ACCESS = 3
    BARCODE = 4
    CATEGORY = 5
    ACTIVE = 6


HEADINGS = ("Key", "Post", "KES", "Access", "Barcode", "Category", "Sold")


class PostsModel(ListModel[Post]):
    """All posts are in memory, also 20,000, and finding is done here; the view paints what is seen."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(HEADINGS, _text, (PostColumn.PRICE,), parent)
        self.shelf = Shelf.of(())
        self._wanted: tuple[str, str | None] = "", None

    def show_shelf(self, shelf: Shelf) -> None:
        """Take over the catalogue; nothing is done where it is the very one that is shown."""
        if shelf is not self.shelf:
            self.shelf = shelf
            self._refresh()

    def show_kept(self, post: Post) -> None:
        """A post as it is kept, before the catalogue was read again: whoever opens it now sees that."""
        row = self.row_of(post.id)
        if row is not None:
            self._rows[row] = post
            self.dataChanged.emit(self.index(row, 0), self.index(row, self.columnCount() - 1))

    def find(self, text: str, category: str | None = None) -> None:
        """Show only the posts that match, and that are in a category: empty for those in none, None for all."""
        self._wanted = text, category
        self._refresh()

    def row_of(self, post_id: int) -> int | None:
        """Where a post stands, or None."""
        return next((row for row, post in enumerate(self._rows) if post.id == post_id), None)

    def _refresh(self) -> None:
        text, category = self._wanted
        found = self.shelf.all.find(text)
        self.beginResetModel()
        self._rows = [post for post in found if category is None or (post.category or "") == category]
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
        case PostColumn.CATEGORY:
            return post.category or ""
        case _:
            return "on" if post.active else "off"
