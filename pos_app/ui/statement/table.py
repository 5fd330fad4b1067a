"""The table of what needs a person."""

from PySide6.QtCore import QRectF
from PySide6.QtGui import QFont, QPainter
from PySide6.QtWidgets import QWidget

from pos_app.ui.statement.model import StatementColumn, StatementModel
from pos_app.ui.style.theme import Theme, font, scaled
from pos_app.ui.widgets.list_delegate import ListDelegate, paint_text
from pos_app.ui.widgets.list_table import Index, ListTable

_WIDTHS = {
    StatementColumn.TIME: 170,
    StatementColumn.CODE: 130,
    StatementColumn.AMOUNT: 110,
    StatementColumn.WHAT: 150,
    StatementColumn.STEP: 170,
}
_CAN_GO = (StatementColumn.CODE, StatementColumn.WHAT, StatementColumn.TIME, StatementColumn.STEP)
_STRONG = (StatementColumn.CODE, StatementColumn.AMOUNT)


class StatementDelegate(ListDelegate):
    """Code and amount stand out; all else is muted."""

    def paint_content(self, painter: QPainter, rect: QRectF, index: Index, theme: Theme) -> None:
        """Paint what stands in a cell."""
        strong = index.column() in _STRONG
        weight = QFont.Weight.Medium if strong else QFont.Weight.Normal
        paint_text(painter, rect, index, font(15, weight), theme.ink if strong else theme.muted)


class StatementTable(ListTable):
    """The list of lines."""

    def __init__(self, model: StatementModel, parent: QWidget | None = None) -> None:
        spoken = "Lines of the statement that need you"
        super().__init__(model, name="statementTable", spoken=spoken, main=StatementColumn.STEP, parent=parent)
        self.setItemDelegate(StatementDelegate(self))

    def fit(self) -> None:
        """What to do has what the others leave; it stands below the table, too."""
        self.fit_columns({column: scaled(width) for column, width in _WIDTHS.items()}, _CAN_GO)
