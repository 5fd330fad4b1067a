"""Finding and choosing a post: the find field with the tiles below it."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from pos_app.domain.catalogue import Post
from pos_app.domain.post_finder import PostFinder, Shelf
from pos_app.messages import counter as words
from pos_app.ui.charge.category_chips import CategoryChips
from pos_app.ui.charge.post_tile import PostTile
from pos_app.ui.style.theme import RING
from pos_app.ui.widgets.buttons import Button
from pos_app.ui.widgets.fields import SearchField
from pos_app.ui.widgets.labels import Label

_TILE_WIDTH = 190  # as narrow as a tile gets before there is a column less
_AT_ONCE = 60  # tiles; more of them come when they are asked for, or what is meant is found by typing


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
        self._finder = PostFinder()
        self._hits: Sequence[Post] = ()
        self._tiles: list[PostTile] = []  # as many as were ever needed: what is typed gives them other posts
        self._used = 0  # so many of them, the first, show a post
        self._marked: Mapping[int, str] = {}
        self._columns = 2
        self._chips = CategoryChips()
        self._chips.chosen.connect(self._filter)
        self._nothing = Label(role="muted", wrap=True)
        self._more = Button("", name="morePosts", height=44)
        self._more.clicked.connect(self._show_more)
        self._pages = QStackedWidget()
        self._lay_out()

    def _lay_out(self) -> None:
        self._inside = inside = QWidget()
        inside.setObjectName("scrolled")
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._grid = QGridLayout()
        self._grid.setSpacing(8)
        column.addWidget(self._chips)
        column.addLayout(self._grid)
        self._nothing.setContentsMargins(RING + 2, RING, RING, RING)
        self._nothing.hide()
        column.addWidget(self._nothing)
        column.addWidget(self._more)
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

    def show_shelf(self, shelf: Shelf) -> None:
        """The shop's posts; those switched off are not for sale."""
        self._finder = shelf.sold
        sold = {post.category for post in shelf.sold.posts}
        self._chips.offer([one.name for one in shelf.categories if one.name in sold])
        self._pages.setCurrentIndex(1 if self.empty else 0)
        self.search.setEnabled(not self.empty)
        self._filter()

    @property
    def empty(self) -> bool:
        """Whether nothing is for sale."""
        return not self._finder.posts

    def offer_to_add(self) -> None:
        """The cursor on the button that adds the first post."""
        self._add.setFocus()

    @Slot()
    def begin(self) -> None:
        """As it is for the next customer: nothing typed, all categories."""
        self.search.edit.clear()
        self._chips.clear()

    @property
    def by_id(self) -> Mapping[int, Post]:
        """The posts that are for sale."""
        return self._finder.by_id

    @property
    def open_price(self) -> Post | None:
        """The first post whose price is asked, favourites first."""
        return next((post for post in self._finder.posts if post.open_price), None)

    def favourite(self, key: int) -> Post | None:
        """The post of a favourite key."""
        return self._finder.by_favourite.get(key)

    def mark(self, chosen: Mapping[int, str]) -> None:
        """Mark the tiles of the chosen posts: how many, as it was typed, by the post's id."""
        self._marked = chosen
        for tile in self._tiles[: self._used]:
            tile.show_chosen(self._marked.get(tile.post.id))

    def choose_first(self) -> None:
        """Choose the best match of what is typed; where nothing matches, what is typed next takes its place."""
        if self._hits and self.search.edit.text().strip():
            self.chosen.emit(self._hits[0])
        else:
            self.search.edit.selectAll()

    def has_barcode(self, code: str) -> bool:
        """Whether it is the barcode of a post that is for sale."""
        return self._finder.scanned(code) is not None

    def scan(self, code: str) -> bool:
        """A scanner read a code: choose its post, or show the code as typed; whether it is a post's."""
        post = self._finder.scanned(code)
        if post:
            self.chosen.emit(post)
        else:
            self.search.edit.setText(code)
            self.search.edit.selectAll()  # what is scanned or typed next takes its place
        return post is not None

    @Slot()
    def _filter(self) -> None:
        """What is typed finds among all posts; a category is only what is shown where nothing is typed."""
        text, category = self.search.edit.text(), self._chips.category
        hits = self._finder.find(text)
        if not text.strip() and category:
            hits = [post for post in hits if post.category == category]
        self._hits = hits
        self._chips.setVisible(self._chips.offered and not text.strip())
        self._show(_AT_ONCE)
        self._nothing.setText(f'No post matches "{text.strip()}". F7 shows them all.')
        self._nothing.setVisible(not hits)

    @Slot()
    def _show_more(self) -> None:
        self._show(self._used + _AT_ONCE)

    def _show(self, most: int) -> None:
        """Give the first hits their tiles."""
        shown = self._hits[:most]
        left = len(self._hits) - len(shown)
        self._more.set_text(f"Show more: {left:,} posts")
        self._more.setVisible(left > 0)
        before = [tile.post for tile in self._tiles[: self._used]]
        if list(shown) == before:
            return
        focused = next((tile for tile in self._tiles if tile.hasFocus()), None)
        meant = focused.post.id if focused else None
        for _ in range(len(shown) - len(self._tiles)):
            self._add_tile(shown[0])
        self._used = len(shown)
        for tile, post in zip(self._tiles, shown, strict=False):
            if tile.post != post or tile.isHidden():
                tile.show_post(post)
        for tile in self._tiles[self._used :]:
            tile.rest()
        if focused and focused.post.id != meant:
            self.search.setFocus()  # Enter must not choose what came under the cursor by itself
        self.mark(self._marked)

    def _add_tile(self, post: Post) -> None:
        tile = PostTile(post, self._inside)  # what is shown without a parent opens as a window
        tile.clicked.connect(lambda: self.chosen.emit(tile.post))
        index = len(self._tiles)
        self._tiles.append(tile)
        self._grid.addWidget(tile, index // self._columns, index % self._columns)
        self._stretch()

    def _place(self) -> None:
        for index, tile in enumerate(self._tiles):
            self._grid.addWidget(tile, index // self._columns, index % self._columns)
        self._stretch()

    def _stretch(self) -> None:
        for column in range(self._grid.columnCount()):
            self._grid.setColumnStretch(column, 1 if column < self._columns else 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        columns = max(1, self.width() // _TILE_WIDTH)
        if columns != self._columns:
            self._columns = columns
            self._place()
