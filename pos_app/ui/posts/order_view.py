"""Which post each favourite key picks, and the categories in their order: both moved by keys and by touch."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QFont, QKeyEvent, QPainter
from PySide6.QtWidgets import QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from pos_app.domain.catalogue import Post
from pos_app.domain.category import Category, find_category
from pos_app.domain.post_finder import Shelf
from pos_app.sales.catalogue import Catalogue
from pos_app.sales.favourites import KEYS
from pos_app.ui.style.theme import Theme, font, scaled
from pos_app.ui.widgets.button_row import ButtonRow
from pos_app.ui.widgets.buttons import Button, Kind
from pos_app.ui.widgets.card import Card
from pos_app.ui.widgets.field_row import FieldRow
from pos_app.ui.widgets.fields import Field
from pos_app.ui.widgets.labels import Label
from pos_app.ui.widgets.list_delegate import ListDelegate, paint_text
from pos_app.ui.widgets.list_model import ListModel
from pos_app.ui.widgets.list_table import Index, ListTable

FREE = "free"
FAVOURITES, CATEGORIES = "Favourite keys", "Categories"
Row = tuple[str, str]  # what stands in the two columns
Keep = Callable[[str, Callable[[], object]], None]
_FIRST, _NAME = 64, 130  # px at the normal text size
_UP, _DOWN = Qt.Key.Key_Up, Qt.Key.Key_Down


class OrderModel(ListModel[Row]):
    """Rows that are moved."""

    def __init__(self, headings: tuple[str, str]) -> None:
        super().__init__(headings, lambda row, column: row[column], ())

    def show_rows(self, rows: Sequence[Row]) -> None:
        """Show others."""
        if list(rows) != list(self._rows):
            self.beginResetModel()
            self._rows = list(rows)
            self.endResetModel()


class _OrderDelegate(ListDelegate):
    """The name stands out."""

    def paint_content(self, painter: QPainter, rect: QRectF, index: Index, theme: Theme) -> None:
        """Paint what stands in a cell."""
        name = index.column() == 1 and index.data() != FREE
        face = font(15, QFont.Weight.Medium) if name else font(15)
        paint_text(painter, rect, index, face, theme.ink if name else theme.muted)


class _OrderTable(ListTable):
    """Leaves Alt with an arrow to who moves its rows."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.AltModifier:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def fit(self) -> None:
        """The name has what the key or the number leaves."""
        self.fit_columns({0: scaled(_FIRST), 1: scaled(_NAME)}, ())


class _OrderList(Card):
    """A list with buttons that move its current row; Alt with an arrow does the same.

    Signals:
        moved: the current row is to go one up (-1) or down (1).
        typed: a digit was pressed on a row.
    """

    moved = Signal(int)
    typed = Signal(int)

    def __init__(self, heading: str, headings: tuple[str, str], name: str, hint: str, *others: Button) -> None:
        super().__init__(padding=14)
        self._model = OrderModel(headings)
        self._model.setParent(self)
        self.table = _OrderTable(self._model, name=f"{name}Table", spoken=heading, main=1)
        self.table.setItemDelegate(_OrderDelegate(self.table))
        self.up = Button("Up", name=f"{name}Up", key="Alt \u2191", height=48, spoken="Move up")
        self.down = Button("Down", name=f"{name}Down", key="Alt \u2193", height=48, spoken="Move down")
        self.up.clicked.connect(lambda: self.moved.emit(-1))
        self.down.clicked.connect(lambda: self.moved.emit(1))
        self.body.setSpacing(6)
        self.body.addWidget(Label(hint, "small", wrap=True))
        self.body.addWidget(self.table, 1)
        self.body.addWidget(ButtonRow(self.up, self.down, *others))

    @property
    def row(self) -> int:
        """The current row; -1 where there is none."""
        return self.table.currentIndex().row()

    def show_rows(self, rows: Sequence[Row], row: int) -> None:
        """Show rows, one of them current."""
        self._model.show_rows(rows)
        if rows:
            self.table.go_to_row(min(max(0, row), len(rows) - 1))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Alt and an arrow move; a digit is told."""
        if event.modifiers() & Qt.KeyboardModifier.AltModifier and event.key() in (_UP, _DOWN):
            self.moved.emit(-1 if event.key() == _UP else 1)
        elif event.text().isdigit() and event.text().isascii():
            self.typed.emit(int(event.text()))
        else:
            super().keyPressEvent(event)


class OrderView(QWidget):
    """Two lists, one of them shown. Each move is saved by itself; where another till was faster, that is said.

    Args:
        keep: saves something that is called this in words, and shows the shelf again.

    Signals:
        left: enough.
    """

    left = Signal()

    def __init__(self, catalogue: Catalogue, keep: Keep) -> None:
        super().__init__()
        self.setObjectName("orderView")
        self._catalogue = catalogue
        self._keep = keep
        self._favourites: dict[int, Post] = {}
        self._categories: tuple[Category, ...] = ()
        self._wanted_category: int | None = None  # its id: it stays current where it goes
        self._name = Field(name="categoryName", spoken="Name of a category", placeholder="New category")
        self._add = Button("Add", name="categoryAdd", icon="plus", height=48, spoken="Add category")
        self._rename = Button("Rename", name="categoryRename", height=48, spoken="Rename the chosen category")
        self._remove = Button("Remove", name="categoryRemove", height=48, spoken="Remove the chosen category")
        self._keys = _OrderList(
            FAVOURITES,
            ("Key", "Post"),
            "favourites",
            "Ctrl and the digit picks the post. A digit moves the chosen one there.",
        )
        self._sorted = _OrderList(
            CATEGORIES,
            ("", "Category"),
            "categories",
            "They stand above the posts of a charge in this order.",
            self._rename,
            self._remove,
        )
        self._tabs = [
            Button(text, name=f"order{place}", kind=Kind.CHIP, height=48)
            for place, text in enumerate((FAVOURITES, CATEGORIES))
        ]
        self._words = Label("", "note", wrap=True)
        self._words.setObjectName("orderWords")
        self._done = Button("Done", name="orderDone", key="Esc", height=52)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        self._sorted.body.addWidget(FieldRow(self._name, self._add))
        self._stack = QStackedLayout()
        head = QHBoxLayout()
        head.setSpacing(4)
        for tab, part in zip(self._tabs, (self._keys, self._sorted), strict=True):
            tab.setCheckable(True)
            tab.clicked.connect(lambda _=False, part=part: self._open(part))
            head.addWidget(tab)
            self._stack.addWidget(part)
        head.addStretch(1)
        head.addWidget(self._done)
        page = QVBoxLayout(self)
        page.setContentsMargins(21, 17, 21, 17)
        page.setSpacing(8)
        page.addLayout(head)
        page.addLayout(self._stack, 1)
        page.addWidget(self._words)

    def _open(self, part: _OrderList) -> None:
        self._stack.setCurrentWidget(part)
        for tab, other in zip(self._tabs, (self._keys, self._sorted), strict=True):
            tab.setChecked(other is part)
        self.say("")
        part.table.setFocus()

    def _connect(self) -> None:
        self._keys.moved.connect(lambda by: self._swap(self._keys.row + by))
        self._keys.typed.connect(lambda key: self._swap(key - 1))
        self._sorted.moved.connect(self._move)
        self._add.clicked.connect(self._add_category)
        self._name.edit.returnPressed.connect(self._add_category)
        self._rename.clicked.connect(self._rename_category)
        self._remove.clicked.connect(self._remove_category)
        self._done.clicked.connect(self.left)

    def show_shelf(self, shelf: Shelf) -> None:
        """Show both as they are now."""
        if find_category(shelf.categories, self._name.edit.text()):
            self._name.edit.clear()  # it is there now; what was refused stays to be mended
        self._favourites = dict(shelf.all.by_favourite)
        self._categories = shelf.categories
        named = [(str(key), self._favourites[key].title if key in self._favourites else FREE) for key in KEYS]
        self._keys.show_rows(named, self._keys.row)
        ids = [one.id for one in self._categories]
        row = ids.index(self._wanted_category) if self._wanted_category in ids else self._sorted.row
        self._sorted.show_rows([(str(place), one.name) for place, one in enumerate(self._categories, 1)], row)

    def begin(self) -> None:
        """The cursor into the list that was shown last, at first that of the keys."""
        self._open(self._sorted if self._stack.currentWidget() is self._sorted else self._keys)

    def say(self, text: str) -> None:
        """What went wrong, or nothing."""
        self._words.setText(text)
        self._words.set_colour("failed" if text else "")
        self._words.setVisible(bool(text))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc leaves."""
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def _swap(self, to: int) -> None:
        """Let the current key and that of another row exchange their posts."""
        row, seen = self._keys.row, dict(self._favourites)
        if row < 0 or row == to or not 0 <= to < len(KEYS) or not (KEYS[row] in seen or KEYS[to] in seen):
            return
        self._keys.table.go_to_row(to)
        what = f"keys {KEYS[row]} and {KEYS[to]} change places"
        self._keep(what, lambda: self._catalogue.favourites.swap(seen, KEYS[row], KEYS[to]))

    def _chosen(self) -> Category | None:
        return self._categories[self._sorted.row] if 0 <= self._sorted.row < len(self._categories) else None

    def _move(self, by: int) -> None:
        seen, chosen = self._categories, self._chosen()
        if chosen and 0 <= self._sorted.row + by < len(seen):
            self._wanted_category = chosen.id
            self._keep(f"the place of {chosen.name}", lambda: self._catalogue.categories.move(seen, chosen.id, by))

    def _add_category(self) -> None:
        name = self._name.edit.text()

        def add() -> None:
            self._wanted_category = self._catalogue.categories.add(name).id

        if name.strip():
            self._keep(f"category {name}", add)
        else:
            self._name.edit.setFocus()

    def _rename_category(self) -> None:
        name, chosen = self._name.edit.text(), self._chosen()
        if not name.strip():
            self.say("Type the other name into the field first, then Rename.")
            self._name.edit.setFocus()
        elif chosen:
            self._wanted_category = chosen.id
            self._keep(f"category {name}", lambda: self._catalogue.categories.rename(chosen, name))

    def _remove_category(self) -> None:
        chosen = self._chosen()
        if chosen:
            self._keep(f"no category {chosen.name}", lambda: self._catalogue.categories.remove(chosen))
