"""What stands above a day's table: which day it is, its totals, and what to know of it."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from pos_app.domain.day import DayClose, DayReport
from pos_app.domain.money import kes
from pos_app.domain.receipt import Mark
from pos_app.domain.supplement import Supplement
from pos_app.messages import day as words
from pos_app.messages.supplement import about_words, cents_words, later_words, told_rows
from pos_app.messages.supplement import notes as supplement_notes
from pos_app.messages.window import MARKS
from pos_app.ui.style.state_style import ColourRole
from pos_app.ui.widgets.flow import FlowLayout
from pos_app.ui.widgets.labels import Label

_NAMES = {
    "Net": "dayNet",
    "Paid by M-PESA": "dayPaid",
    "of which late": "dayLate",
    "Refunded, reversed": "dayRefunded",
    "Asked": "dayAsked",
    "Not paid": "dayNotPaid",
    "Still open": "dayUnsure",
}
_OPEN = "Not closed yet (X)"
_ALWAYS = ("Net", "Paid by M-PESA")


class DayHead(QWidget):
    """Money that is not real is said to be none. What is nothing, and only warns, is left out.

    Args:
        mark: of the shop.
    """

    def __init__(self, mark: Mark) -> None:
        super().__init__()
        self.setObjectName("dayHead")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._title = Label("", "strong", wrap=True)
        self._title.setObjectName("dayTitle")
        self._figures = {name: _figure(part, "strong" if name == "Net" else "small") for name, part in _NAMES.items()}
        self._figures["Still open"].set_colour(ColourRole.WAITING)
        self._mark = _figure("dayMark", "caption", MARKS.get(mark, ""))
        self._mark.set_colour(ColourRole.PRACTICE)
        self._notes = Label("", "note", wrap=True)
        self._notes.setObjectName("dayNotes")
        column = QVBoxLayout(self)
        column.setContentsMargins(17, 8, 17, 6)
        column.setSpacing(4)
        column.addWidget(self._title)
        column.addLayout(FlowLayout(*self._figures.values(), self._mark, spacing=14, rows_apart=2))
        column.addWidget(self._notes)
        self.show_report(None, None)

    def show_report(
        self, report: DayReport | None, close: DayClose | None, supplements: Sequence[Supplement] = ()
    ) -> None:
        """Show what a report says, None: there is none to show; and where to look for what came later."""
        self.setVisible(report is not None)
        told = {name: (count, amount) for name, count, amount in words.figure_rows(report)} if report else {}
        for name, label in self._figures.items():
            count, amount = told.get(name, (0, 0))
            label.setText(_text(name, count, amount) if report else "")
            label.setVisible(report is not None and (name in _ALWAYS or bool(count or amount)))
        self._mark.setVisible(bool(self._mark.text()) and report is not None)
        self._title.setText(f"{close.name if close else _OPEN}, {_when(report, close)}" if report else "")
        later = [later_words(close, supplements)] if close and supplements else []
        self._notes.setText(" ".join([*later, *_notes(report)]) if report else "")

    def show_supplement(self, supplement: Supplement) -> None:
        """Show what came later of a close: no figures of the day, whose totals it does not change."""
        self.show()
        for label in self._figures.values():
            label.hide()
        self._mark.setVisible(bool(self._mark.text()))
        self._title.setText(f"{supplement.name}, {about_words(supplement)}")
        totals = [f"{words}: {told.rows:,}, {cents_words(told.cents)}." for words, told in told_rows(supplement)]
        self._notes.setText(" ".join([*totals, *supplement_notes(supplement)]))


def _text(name: str, count: int | None, amount: int) -> str:
    return f"{name} {kes(amount)}" if count is None else f"{name} {count:,}: {kes(amount)}"


def _when(report: DayReport, close: DayClose | None) -> str:
    return f"{words.closed_words(close)}; {words.since_words(report)}" if close else words.since_words(report)


def _notes(report: DayReport) -> list[str]:
    return [*([words.carried_words(report)] if report.open_count else []), *words.notes(report)]


def _figure(name: str, role: str, text: str = "") -> Label:
    label = Label(text, role)
    label.setObjectName(name)
    return label
