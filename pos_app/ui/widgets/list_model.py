"""The rows of a list, each of them one thing, as Qt's views ask for them."""

from collections.abc import Callable, Collection, Sequence
from typing import Generic, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, Qt

from pos_app.ui.widgets.list_table import Index

ROW_ROLE = Qt.ItemDataRole.UserRole  # the whole thing that a row shows
NOWHERE = QModelIndex()
Row = TypeVar("Row")


class ListModel(QAbstractTableModel, Generic[Row]):
    """Answers a view from `_rows`, which the subclass fills.

    Args:
        headings: of the columns, in their order.
        text: what stands in a column of a row.
        right: the columns whose figures stand below each other.
    """

    def __init__(
        self,
        headings: Sequence[str],
        text: Callable[[Row, int], str],
        right: Collection[int],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._headings = tuple(headings)
        self._text = text
        self._right = right
        self._rows: list[Row] = []

    def row_at(self, row: int) -> Row | None:
        """What stands in a row, or None where there is no such row."""
        return self._rows[row] if 0 <= row < len(self._rows) else None

    def rowCount(self, parent: Index = NOWHERE) -> int:
        """How many rows there are."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = NOWHERE) -> int:
        """The columns of the table."""
        return 0 if parent.isValid() else len(self._headings)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The headings."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._headings[section]
        return self._alignment(section) if role == Qt.ItemDataRole.TextAlignmentRole else None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """A cell's text; the whole thing under `ROW_ROLE`."""
        row = self.row_at(index.row())
        if row is None:
            return None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self._text(row, index.column())
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self._alignment(index.column())
        return row if role == ROW_ROLE else None

    def _alignment(self, column: int) -> Qt.AlignmentFlag:
        side = Qt.AlignmentFlag.AlignRight if column in self._right else Qt.AlignmentFlag.AlignLeft
        return side | Qt.AlignmentFlag.AlignVCenter
