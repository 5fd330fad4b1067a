"""Parts beside each other, in as many rows as they need: none is ever cut for the sake of its neighbours."""

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget


class FlowLayout(QLayout):
    """Each part in its own size, from left to right; what does not fit goes to the next row.

    A part that can wrap is never wider than a row, and as high as it is then.

    Args:
        spacing: px between the parts of a row.
        rows_apart: px between the rows; as `spacing` where it is not given.
        last_right: the last part stands at the right end of its row.
    """

    def __init__(
        self, *parts: QWidget, spacing: int = 8, rows_apart: int | None = None, last_right: bool = False
    ) -> None:
        super().__init__()
        self._items: list[QLayoutItem] = []
        self._last_right = last_right
        self._rows_apart = spacing if rows_apart is None else rows_apart
        self.setContentsMargins(0, 0, 0, 0)
        self.setSpacing(spacing)
        for part in parts:
            self.addWidget(part)

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._place(QRect(0, 0, width, 0), move=False)

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        self._place(rect, move=True)

    def sizeHint(self) -> QSize:
        sizes = [item.sizeHint() for item in self._shown()]
        width = sum(size.width() for size in sizes) + self.spacing() * max(0, len(sizes) - 1)
        return QSize(width, max((size.height() for size in sizes), default=0)).grownBy(self.contentsMargins())

    def minimumSize(self) -> QSize:
        sizes = [item.minimumSize() if item.hasHeightForWidth() else item.sizeHint() for item in self._shown()]
        width = max((size.width() for size in sizes), default=0)
        return QSize(width, max((size.height() for size in sizes), default=0)).grownBy(self.contentsMargins())

    def _shown(self) -> list[QLayoutItem]:
        return [item for item in self._items if not item.isEmpty()]

    def _rows(self, width: int) -> list[list[QLayoutItem]]:
        rows: list[list[QLayoutItem]] = []
        used = 0
        for item in self._shown():
            wide = _size(item, width).width()
            if not rows or used + self.spacing() + wide > width:
                rows.append([item])
                used = wide
            else:
                rows[-1].append(item)
                used += self.spacing() + wide
        return rows

    def _place(self, rect: QRect, *, move: bool) -> int:
        """Place the parts in a rectangle, or only give the height that they need in it."""
        inside = rect.marginsRemoved(self.contentsMargins())
        y = inside.top()
        rows = self._rows(inside.width())
        for row in rows:
            sizes = [_size(item, inside.width()) for item in row]
            high = max(size.height() for size in sizes)
            x = inside.left()
            for item, size in zip(row, sizes, strict=True):
                if self._last_right and item is rows[-1][-1] and (len(row) > 1 or len(rows) > 1):
                    x = max(x, inside.right() + 1 - size.width())
                if move:
                    item.setGeometry(QRect(x, y + (high - size.height()) // 2, size.width(), size.height()))
                x += size.width() + self.spacing()
            y += high + self._rows_apart
        if rows:
            y -= self._rows_apart
        return y + self.contentsMargins().bottom() - rect.top()


def _size(item: QLayoutItem, room: int) -> QSize:
    """How large a part is in a row of its own at most."""
    size = item.sizeHint()
    if not item.hasHeightForWidth():
        return size
    width = min(size.width(), room)
    return QSize(width, item.heightForWidth(width))
