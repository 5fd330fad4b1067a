"""A table that is a list: whole rows, one selected, moved through by keys."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
    Signal,
)
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTableView, QWidget

from pos_app.ui.widgets.enter import ENTER

Index = QModelIndex | QPersistentModelIndex
ROW_HEIGHT = 50  # px; tall enough to be touched
CELL_LEFT = 9  # px; the header pads its words the same
CELL_RIGHT = 6
FIRST_LEFT = 17  # px, of whichever column is shown first: no words at the frame
LAST_RIGHT = 17  # px, of a column shown last whose figures stand at its right


class ListTable(QTableView):
    """The look and the keys that every list shares.

    Args:
        main: the column that takes the room that is left.

    Signals:
        opened: Enter on a row. (A click or a tap makes it current; the page shows it beside the list.)
        copy_wanted: Ctrl+C.
    """

    opened = Signal()
    copy_wanted = Signal()

    def __init__(
        self, model: QAbstractItemModel, *, name: str, spoken: str, main: int, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(spoken)
        self._main = main
        self._ends = 0, model.columnCount() - 1
        self.setModel(model)
        self._dress()

    def padding(self, column: int) -> tuple[int, int]:
        """The room left and right of what stands in a cell, in px; the style sheet gives headings the same."""
        first, last = self._ends
        at_frame = column == last and self._figures(column)
        return (FIRST_LEFT if column == first else CELL_LEFT), (LAST_RIGHT if at_frame else CELL_RIGHT)

    def go_to_row(self, row: int) -> None:
        """Make a row current and selected."""
        flags = QItemSelectionModel.SelectionFlag
        index = self.model().index(row, self._shown_column())
        self.selectionModel().setCurrentIndex(index, flags.ClearAndSelect | flags.Rows)

    def moveCursor(self, action: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier) -> QModelIndex:
        """Home and End go to the first and last row, not along the row."""
        rows = {
            QAbstractItemView.CursorAction.MoveHome: 0,
            QAbstractItemView.CursorAction.MoveEnd: self.model().rowCount() - 1,
        }
        if action in rows:
            return self.model().index(rows[action], self._shown_column())
        return super().moveCursor(action, modifiers)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """What nobody has selected is not current: Qt makes the first row so, unseen, and Enter would open it."""
        nothing = not self.currentIndex().isValid()
        super().focusInEvent(event)
        if nothing and not self.selectionModel().hasSelection():
            self.selectionModel().clearCurrentIndex()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens, Ctrl+C copies the row; printable keys belong to the page."""
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_wanted.emit()
        elif event.key() in ENTER:
            self.opened.emit()
        elif event.text() and event.text().isprintable():
            event.ignore()
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Another text size needs other widths."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self.fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Columns come and go with the room there is."""
        super().resizeEvent(event)
        self.fit()

    def fit(self) -> None:
        """Each list gives its columns their widths here, by `fit_columns`, as room and text size are now."""

    def fit_columns(self, widths: Mapping[int, int], may_go: Sequence[int]) -> None:
        """Give the columns their widths, and hide some where there is no room for all.

        Args:
            widths: of each column, in px, without what the first and the last have more beside the frame; the main
                column has at least this.
            may_go: the columns that may be hidden, the last of them first.
        """
        stay = [column for column in widths if column not in may_go]
        ends = FIRST_LEFT - CELL_LEFT + (LAST_RIGHT - CELL_RIGHT if self._figures(max(stay)) else 0)
        room = self.viewport().width() - ends - sum(widths[column] for column in stay)
        for column in may_go:
            self.setColumnHidden(column, widths[column] > room)
            room -= widths[column]
        shown = [column for column in widths if not self.isColumnHidden(column)]
        self._ends = min(shown), max(shown)
        for column, width in widths.items():
            self.setColumnWidth(column, width + sum(self.padding(column)) - CELL_LEFT - CELL_RIGHT)
        self.horizontalHeader().setStretchLastSection(self.isColumnHidden(self._main))

    def _figures(self, column: int) -> bool:
        """Whether figures stand below each other there, at the right."""
        side = self.model().headerData(column, Qt.Orientation.Horizontal, Qt.ItemDataRole.TextAlignmentRole)
        return bool(side is not None and side & Qt.AlignmentFlag.AlignRight)

    def _shown_column(self) -> int:
        """The main column, or another where a small window leaves no room for it."""
        columns = (self._main, *range(self.model().columnCount()))
        return next((column for column in columns if not self.isColumnHidden(column)), self._main)

    def _dress(self) -> None:
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionsClickable(False)
        header.setMinimumSectionSize(40)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setSectionResizeMode(self._main, QHeaderView.ResizeMode.Stretch)
