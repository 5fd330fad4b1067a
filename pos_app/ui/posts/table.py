"""The table of posts, its columns as the room allows."""

from PySide6.QtWidgets import QWidget

from pos_app.ui.posts.delegate import PostDelegate
from pos_app.ui.posts.model import PostColumn, PostsModel
from pos_app.ui.style.theme import scaled
from pos_app.ui.widgets.list_table import ListTable

# px at the normal text size; the name takes what is left
_WIDTHS = {
    PostColumn.KEY: 64,
    PostColumn.NAME: 130,
    PostColumn.PRICE: 98,
    PostColumn.ACCESS: 112,
    PostColumn.BARCODE: 150,
    PostColumn.CATEGORY: 140,
    PostColumn.ACTIVE: 84,
}
_CAN_GO = (
    PostColumn.KEY,
    PostColumn.ACCESS,
    PostColumn.CATEGORY,
    PostColumn.BARCODE,
)  # where there is no room, the last first; the form shows them


class PostsTable(ListTable):
    """The list of posts."""

    def __init__(self, model: PostsModel, parent: QWidget | None = None) -> None:
        super().__init__(model, name="postsTable", spoken="Posts", main=PostColumn.NAME, parent=parent)
        self.setItemDelegate(PostDelegate(self))

    def fit(self) -> None:
        """The name has what the others leave."""
        self.fit_columns({column: scaled(width) for column, width in _WIDTHS.items()}, _CAN_GO)
