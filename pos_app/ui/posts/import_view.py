"""What a file of posts would do, line by line, before anything of it is done."""

from enum import IntEnum

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QFont, QKeyEvent, QPainter
from PySide6.QtWidgets import QVBoxLayout, QWidget

from pos_app.domain.post_import import ImportPlan, LineStep, StepKind
from pos_app.messages.post_import import KINDS, plan_words, short_words, step_words
from pos_app.ui.style.state_style import ColourRole
from pos_app.ui.style.theme import Theme, font, scaled
from pos_app.ui.widgets.button_row import ButtonRow
from pos_app.ui.widgets.buttons import Button, Kind
from pos_app.ui.widgets.card import Card
from pos_app.ui.widgets.labels import ElidedLabel, Label
from pos_app.ui.widgets.list_delegate import ListDelegate, paint_text
from pos_app.ui.widgets.list_model import ROW_ROLE, ListModel
from pos_app.ui.widgets.list_table import Index, ListTable
from pos_app.ui.widgets.pill import draw_pill


class ImportColumn(IntEnum):
    """The columns of the table."""

    LINE = 0
    KIND = 1
    POST = 2
    WHAT = 3


_HEADINGS = ("Line", "", "Post", "What would be")
_STYLES = {
    StepKind.NEW: ("plus", ColourRole.PAID),
    StepKind.CHANGED: ("pencil", ColourRole.SENDING),
    StepKind.SAME: ("check", ColourRole.NEUTRAL),
    StepKind.BAD: ("triangle-alert", ColourRole.FAILED),
}
_WIDTHS = {ImportColumn.LINE: 76, ImportColumn.KIND: 160, ImportColumn.POST: 150, ImportColumn.WHAT: 160}
_CAN_GO = (ImportColumn.LINE, ImportColumn.POST)  # the words below the table say both


def _text(step: LineStep, column: int) -> str:
    match column:
        case ImportColumn.LINE:
            return str(step.number)
        case ImportColumn.KIND:
            return KINDS[step.kind]
        case ImportColumn.POST:
            return step.title
        case _:
            return short_words(step)


class ImportModel(ListModel[LineStep]):
    """The lines that would do something: first those that cannot be used, then as they stand in the file."""

    def __init__(self) -> None:
        super().__init__(_HEADINGS, _text, (ImportColumn.LINE,))

    def show_plan(self, plan: ImportPlan) -> None:
        """Show another plan. What stays as it is has no row: it is counted below."""
        self.beginResetModel()
        bad = plan.of(StepKind.BAD)
        self._rows = bad + [step for step in plan.steps if step.kind in (StepKind.NEW, StepKind.CHANGED)]
        self.endResetModel()


class ImportDelegate(ListDelegate):
    """What would become of a line is a pill."""

    def paint_content(self, painter: QPainter, rect: QRectF, index: Index, theme: Theme) -> None:
        """Paint what stands in a cell."""
        if index.column() == ImportColumn.KIND:
            icon, colour = _STYLES[index.data(ROW_ROLE).kind]
            draw_pill(painter, QPointF(rect.left(), rect.center().y()), icon, str(index.data()), colour)
        elif index.column() == ImportColumn.POST:
            paint_text(painter, rect, index, font(15, QFont.Weight.Medium), theme.ink)
        else:
            paint_text(painter, rect, index, font(15), theme.muted)


class ImportTable(ListTable):
    """The list of lines."""

    def __init__(self, model: ImportModel) -> None:
        super().__init__(model, name="importTable", spoken="Lines of the file", main=ImportColumn.WHAT)
        self.setItemDelegate(ImportDelegate(self))

    def fit(self) -> None:
        """What would be done has what the others leave."""
        self.fit_columns({column: scaled(width) for column, width in _WIDTHS.items()}, _CAN_GO)


class ImportView(QWidget):
    """Shows a plan, and has it carried out only by its button: the Enter that chose the file is no yes.

    Signals:
        accepted: do it.
        left: do nothing of it.
    """

    accepted = Signal()
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("importView")
        self._model = ImportModel()
        self._model.setParent(self)
        self._table = ImportTable(self._model)
        self._heading = ElidedLabel("", "title")
        self._line = Label("", "small", wrap=True)
        self._line.setObjectName("importLine")
        self._words = Label("", "note", wrap=True)
        self._words.setObjectName("importWords")
        self._cancel = Button("Cancel", name="importCancel", key="Esc", height=52, spoken="Cancel, import nothing")
        self._accept = Button("Import", name="importAccept", kind=Kind.PRIMARY, height=52)
        self._lay_out()
        self._cancel.clicked.connect(self.left)
        self._accept.clicked.connect(self.accepted)
        self._table.selectionModel().currentRowChanged.connect(self._show_line)

    def _lay_out(self) -> None:
        card = Card(padding=1)
        for label in (self._heading, self._line, self._words):
            label.setContentsMargins(17, 8, 17, 8)
        card.body.addWidget(self._heading)
        card.body.addWidget(self._table, 1)
        card.body.addWidget(self._line)
        card.body.addWidget(self._words)
        page = QVBoxLayout(self)
        page.setContentsMargins(21, 17, 21, 17)
        page.setSpacing(8)
        page.addWidget(card, 1)
        page.addWidget(ButtonRow(self._cancel, self._accept))

    def show_plan(self, name: str, plan: ImportPlan, beside: str = "") -> None:
        """Show what a file would do.

        Args:
            name: of the file.
            beside: what else is to be said, before the counts.
        """
        self._model.show_plan(plan)
        self._heading.setText(f"What {name} would do")
        self._line.setText("")
        rows = self._model.rowCount()
        if rows:
            self._table.go_to_row(0)
        bad = bool(plan.of(StepKind.BAD))
        self._say(f"{beside} {plan_words(plan)}".strip(), ColourRole.FAILED if bad or beside else None)
        self._accept.setEnabled(rows > 0 and not bad)
        self._accept.set_text(f"Import {rows:,}" if self._accept.isEnabled() and rows > 1 else "Import")
        self._table.setFocus()

    def wait(self) -> None:
        """It is being saved: no second press."""
        self._accept.setEnabled(False)

    def say(self, text: str) -> None:
        """What went wrong; it can be tried again."""
        self._accept.setEnabled(True)
        self._say(text, ColourRole.FAILED)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc leaves."""
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def _show_line(self, current: Index) -> None:
        step = self._model.row_at(current.row())
        self._line.setText(f"Line {step.number}, {step.title}: {step_words(step)}" if step else "")

    def _say(self, text: str, colour: ColourRole | None) -> None:
        self._words.setText(text)
        self._words.set_colour(colour or "")
