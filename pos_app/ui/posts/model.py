"""The catalogue as a table: favourites first, then by name."""

from collections.abc import Sequence
from enum import IntEnum

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from pos_app.domain.catalogue import Post, access_words, find

POST_ROLE = Qt.ItemDataRole.UserRole
_NOWHERE = QModelIndex()


class PostColumn(IntEnum):
    """The columns of the table."""

    KEY = 0
    NAME = 1
    PRICE = 2
    ACCESS = 3
    BARCODE = 4
    ACTIVE = 5


HEADINGS = ("Key", "Post", "KES", "Access", "Barcode", "Sold")


class PostsModel(QAbstractTableModel):
    """A shop has few posts, so they are all in memory and finding is done here."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._all: list[Post] = []
        self._text = ""
        self._rows: list[Post] = []

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
        self._text = text
        self._refresh()

    def row_of(self, post_id: int) -> int | None:
        """Where a post stands, or None."""
        return next((row for row, post in enumerate(self._rows) if post.id == post_id), None)

    def post_at(self, row: int) -> Post | None:
        """The post in a row, or None where there is no such row."""
        return self._rows[row] if 0 <= row < len(self._rows) else None

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = _NOWHERE) -> int:
        """How many posts match."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: QModelIndex | QPersistentModelIndex = _NOWHERE) -> int:
        """The columns of the table."""
        return 0 if parent.isValid() else len(PostColumn)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The headings."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return HEADINGS[section]
        return _alignment(section) if role == Qt.ItemDataRole.TextAlignmentRole else None

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """A cell's text; the whole post under `POST_ROLE`."""
        post = self.post_at(index.row())
        if post is None:
            return None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return _text(post, index.column())
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(index.column())
        return post if role == POST_ROLE else None

    def _refresh(self) -> None:
        self.beginResetModel()
        self._rows = find(self._all, self._text)
        self.endResetModel()


def _text(post: Post, column: int) -> str:
    match column:
        case PostColumn.KEY:
            return str(post.favourite or "")
        case PostColumn.NAME:
            return post.title
        case PostColumn.PRICE:
            return f"{post.price:,}"
        case PostColumn.ACCESS:
            return access_words(post.days)
        case PostColumn.BARCODE:
            return post.barcode or ""
        case _:
            return "on" if post.active else "off"


def _alignment(column: int) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if column == PostColumn.PRICE else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter
