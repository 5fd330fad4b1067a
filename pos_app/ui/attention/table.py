"""The table of what needs a person."""

from PySide6.QtCore import QModelIndex, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QFont, QFontMetricsF, QPainter
from PySide6.QtWidgets import QAbstractItemView, QWidget

from pos_app.domain.attention import Concern, Waiting
from pos_app.ui.attention.model import AttentionColumn, AttentionModel
from pos_app.ui.style.state_style import ColourRole, StateStyle
from pos_app.ui.style.theme import Theme, font
from pos_app.ui.widgets.list_delegate import ListDelegate, paint_text
from pos_app.ui.widgets.list_model import ROW_ROLE
from pos_app.ui.widgets.list_table import CELL_LEFT, CELL_RIGHT, Index, ListTable
from pos_app.ui.widgets.pill import draw_pill, pill_width

STYLES = {
    Concern.REVIEW: StateStyle("search-check", ColourRole.REVIEW),
    Concern.REFUND_DUE: StateStyle("circle-alert", ColourRole.REVIEW),
    Concern.NOT_SURE: StateStyle("circle-question-mark", ColourRole.UNSURE),
    Concern.DIFFERS: StateStyle("triangle-alert", ColourRole.WAITING),
    Concern.LOOK: StateStyle("search", ColourRole.WAITING),
    Concern.UNPROMPTED: StateStyle("smartphone", ColourRole.WAITING),
    Concern.DAY_OPEN: StateStyle("clock", ColourRole.NEUTRAL),
    Concern.NO_RECORD: StateStyle("search-check", ColourRole.NEUTRAL),
}
_WIDEST = {
    AttentionColumn.WHAT: "Needs checking",
    AttentionColumn.NUMBER: "A-00000",
    AttentionColumn.PHONE: "0700 ••• 000",
    AttentionColumn.AMOUNT: "250,000",
    AttentionColumn.AGE: "47 h 59 min",
    AttentionColumn.STEP: "Statement... (supervisor)",
}
_CAN_GO = (AttentionColumn.STEP, AttentionColumn.AGE, AttentionColumn.PHONE, AttentionColumn.NUMBER)


class _Delegate(ListDelegate):
    """What it is is a pill; the amount and the next step stand out."""

    def paint_content(self, painter: QPainter, rect: QRectF, index: Index, theme: Theme) -> None:
        """Paint what stands in a cell."""
        if index.column() == AttentionColumn.WHAT:
            style = STYLES[index.data(ROW_ROLE).concern]
            draw_pill(painter, QPointF(rect.left(), rect.center().y()), style.icon, str(index.data()), style.colour)
            return
        strong = index.column() in (AttentionColumn.AMOUNT, AttentionColumn.STEP)
        item: Waiting = index.data(ROW_ROLE)
        short = f"{item.payment.received:,}" if index.column() == AttentionColumn.AMOUNT and item.payment else ""
        paint_text(painter, rect, index, _font(index.column()), theme.ink if strong else theme.muted, short)


class AttentionTable(ListTable):
    """The list, gravest first.

    Signals:
        chosen: the `Waiting` that is selected now; None where none is.
    """

    chosen = Signal(object)

    def __init__(self, model: AttentionModel, parent: QWidget | None = None) -> None:
        self._items = model
        self._place = 0  # of the row that was selected last
        super().__init__(
            model, name="attentionTable", spoken="What needs a person", main=AttentionColumn.STEP, parent=parent
        )
        self.setItemDelegate(_Delegate(self))

    @property
    def current(self) -> Waiting | None:
        """What is selected."""
        return self._items.row_at(self.currentIndex().row())

    def let_go(self) -> None:
        """Select nothing: what was selected goes. The arrow keys go on from its place."""
        self.selectionModel().clear()

    def go_on(self) -> None:
        """Select what stands where the last selection was, where nothing is selected."""
        if not self.currentIndex().isValid() and self._items.rowCount():
            self.go_to_row(min(self._place, self._items.rowCount() - 1))

    def moveCursor(self, action: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier) -> QModelIndex:
        """From where the last selection was, where nothing is selected."""
        actions = QAbstractItemView.CursorAction
        lost = not self.currentIndex().isValid() and self._items.rowCount()
        if lost and action not in (actions.MoveHome, actions.MoveEnd):
            return self._items.index(min(self._place, self._items.rowCount() - 1), 0)
        return super().moveCursor(action, modifiers)

    def currentChanged(self, current: Index, previous: Index) -> None:
        """Tell what is selected now."""
        super().currentChanged(current, previous)
        if current.isValid():
            self._place = current.row()
        self.chosen.emit(self._items.row_at(current.row()))

    def fit(self) -> None:
        """The next step has what the others leave."""
        widths: dict[int, int] = {column: _width(column, text) for column, text in _WIDEST.items()}
        self.fit_columns(widths, _CAN_GO)


def _width(column: int, text: str) -> int:
    if column == AttentionColumn.WHAT:
        return int(pill_width("check", text)) + CELL_LEFT + CELL_RIGHT
    return int(QFontMetricsF(_font(column)).horizontalAdvance(text)) + CELL_LEFT + CELL_RIGHT + 1


def _font(column: int) -> QFont:
    if column == AttentionColumn.AMOUNT:
        return font(15, QFont.Weight.DemiBold)
    return font(15, QFont.Weight.Medium) if column == AttentionColumn.STEP else font(15)
