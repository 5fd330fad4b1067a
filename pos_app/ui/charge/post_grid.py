"""Finding and choosing a post: the find field with the tiles below it."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from pos_app.domain.catalogue import Post, barcode_key, find
from pos_app.messages import counter as words
from pos_app.ui.charge.post_tile import PostTile
from pos_app.ui.style.theme import RING
from pos_app.ui.widgets.buttons import Button
from pos_app.ui.widgets.fields import SearchField
from pos_app.ui.widgets.labels import Label

_TILE_WIDTH = 190  # as narrow as a tile gets before there is a column less
_MAX_TILES = 60  # more is found by typing


class PostGrid(QWidget):
    """Shows the posts that match what is typed.

    Attributes:
        chosen: a `Post`.
        posts_wanted: the person wants to go to the posts page.
    """

    chosen = Signal(object)
    posts_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.search = SearchField(
            name="findPost", spoken="Find a post, or scan", placeholder="Find a post, or scan", key="/"
        )
        self.search.edit.textChanged.connect(self._filter)
        self._posts: list[Post] = []
        self._barcodes: dict[str, Post] = {}
        self._tiles: list[PostTile] = []
        self._marked: Mapping[int, str] = {}
        self._columns = 2
        self._nothing = Label(role="muted", wrap=True)
        self._pages = QStackedWidget()
        self._lay_out()

    def _lay_out(self) -> None:
        inside = QWidget()
        inside.setObjectName("scrolled")
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._grid = QGridLayout()
        self._grid.setSpacing(8)
        column.addLayout(self._grid)
        self._nothing.setContentsMargins(RING + 2, RING, RING, RING)
        self._nothing.hide()
        column.addWidget(self._nothing)
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidget(inside)
        scroll.setWidgetResizable(True)
        scroll.setObjectName("postScroll")
        scroll.setAccessibleName("Posts")
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # its tiles take the focus
        self._pages.addWidget(scroll)
        self._pages.addWidget(self._empty())
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.setSpacing(8)
        page.addWidget(self.search)
        page.addWidget(self._pages, 1)

    def _empty(self) -> QWidget:
        empty = QWidget()
        column = QVBoxLayout(empty)
        column.setContentsMargins(0, 12, 0, 0)
        column.setSpacing(12)
        nothing = Label(words.NO_POSTS, "muted", wrap=True)
        nothing.setContentsMargins(RING + 2, 0, RING, 0)
        column.addWidget(nothing)
        self._add = Button("Add a post", name="addFirstPost", icon="plus", key="F7")
        self._add.clicked.connect(self.posts_wanted)
        column.addWidget(self._add)
        column.addStretch(1)
        return empty

    def show_posts(self, posts: Sequence[Post]) -> None:
        """The shop's posts; those switched off are not for sale."""
        self._posts = [post for post in posts if post.active]
        self._barcodes = {barcode_key(post.barcode): post for post in reversed(self._posts) if post.barcode}
        self._pages.setCurrentIndex(0 if self._posts else 1)
        self.search.setEnabled(bool(self._posts))
        self._filter()

    @property
    def empty(self) -> bool:
        """Whether nothing is for sale."""
        return not self._posts

    def offer_to_add(self) -> None:
        """The cursor on the button that adds the first post."""
        self._add.setFocus()

    @property
    def by_id(self) -> dict[int, Post]:
        """The posts that are for sale."""
        return {post.id: post for post in self._posts}

    @property
    def open_price(self) -> Post | None:
        """The first post whose price is asked, favourites first."""
        asked = [post for post in self._posts if post.open_price]
        return min(asked, key=lambda post: (post.favourite or 99, post.title.casefold()), default=None)

    def favourite(self, key: int) -> Post | None:
        """The post of a favourite key."""
        return next((post for post in self._posts if post.favourite == key), None)

    def mark(self, chosen: Mapping[int, str]) -> None:
        """Mark the tiles of the chosen posts: how many, as it was typed, by the post's id."""
        self._marked = chosen
        for tile in self._tiles:
            tile.show_chosen(self._marked.get(tile.post.id))

    def choose_first(self) -> None:
        """Choose the best match of what is typed; where nothing matches, what is typed next takes its place."""
        if self._tiles and self.search.edit.text().strip():
            self.chosen.emit(self._tiles[0].post)
        else:
            self.search.edit.selectAll()

    def has_barcode(self, code: str) -> bool:
        """Whether it is the barcode of a post that is for sale."""
        return barcode_key(code) in self._barcodes

    def scan(self, code: str) -> bool:
        """A scanner read a code: choose its post, or show the code as typed; whether it is a post's."""
        post = self._barcodes.get(barcode_key(code))
        if post:
            self.chosen.emit(post)
        else:
            self.search.edit.setText(code)
            self.search.edit.selectAll()  # what is scanned or typed next takes its place
        return post is not None

    @Slot()
    def _filter(self) -> None:
        text = self.search.edit.text()
        hits = find(self._posts, text)[:_MAX_TILES]
        if hits != [tile.post for tile in self._tiles]:
            self._replace(hits)
        self._nothing.setText(f'No post matches "{text.strip()}". F7 shows them all.')
        self._nothing.setVisible(not hits)

    def _replace(self, posts: list[Post]) -> None:
        for tile in self._tiles:
            self._grid.removeWidget(tile)
            tile.hide()
            tile.deleteLater()
        self._tiles = [PostTile(post) for post in posts]
        for tile in self._tiles:
            tile.clicked.connect(lambda _=False, post=tile.post: self.chosen.emit(post))
        self._place()
        self.mark(self._marked)

    def _place(self) -> None:
        for index, tile in enumerate(self._tiles):
            self._grid.addWidget(tile, index // self._columns, index % self._columns)
        for column in range(self._grid.columnCount()):
            self._grid.setColumnStretch(column, 1 if column < self._columns else 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        columns = max(1, self.width() // _TILE_WIDTH)
        if columns != self._columns:
            self._columns = columns
            self._place()
