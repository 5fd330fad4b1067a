"""The rows of a day: by post, operator or hour, and what is carried over."""

from enum import IntEnum
from typing import NamedTuple

from PySide6.QtCore import QObject, Qt

from pos_app.domain.day import CarriedOver, DayReport
from pos_app.domain.supplement import Supplement, ToldRow
from pos_app.messages import day as words
from pos_app.messages import supplement as later
from pos_app.ui.widgets.list_model import ListModel

BY = {"By post": "posts", "By operator": "operators", "By hour": "hours"}
CARRIED = "Carried over"
_HEADINGS = {"posts": "Post", "operators": "Operator", "hours": "Hour"}
FIGURES = ("Paid", "KES asked", "KES paid", "Refunded", "KES net")


class DayColumn(IntEnum):
    """The columns of the groups."""

    NAME = 0
    PAID = 1
    ASKED = 2
    RECEIVED = 3
    REFUNDED = 4
    NET = 5


class CarriedColumn(IntEnum):
    """The columns of what is carried over."""

    NUMBER = 0
    WHY = 1
    AGE = 2
    AMOUNT = 3


class LaterColumn(IntEnum):
    """The columns of what M-PESA's record said later."""

    CODE = 0
    WHAT = 1
    PAYMENT = 2
    OURS = 3
    THEIRS = 4


class DayRow(NamedTuple):
    """A group: what it is called, and its figures."""

    name: str
    figures: tuple[int, ...]


class DayModel(ListModel[DayRow]):
    """A row for each group, in the order of the report."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(("", *FIGURES), self._cell, range(1, len(DayColumn)), parent)

    def show_report(self, report: DayReport | None, kind: str) -> None:
        """Take over the groups of a kind: posts, operators or hours; None: nothing is shown."""
        self.beginResetModel()
        groups = getattr(report, kind) if report else ()
        self._rows = [
            DayRow(
                words.group_name(group, kind),
                (group.paid, group.asked, group.received, group.refunded, group.net),
            )
            for group in groups
        ]
        self._headings = (_HEADINGS[kind], *FIGURES)
        self.endResetModel()
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, 0)

    @staticmethod
    def _cell(row: DayRow, column: int) -> str:
        return row.name if column == DayColumn.NAME else f"{row.figures[column - 1]:,}"


class CarriedModel(ListModel[CarriedOver]):
    """A row for each payment that is carried over, the oldest first."""

    def __init__(self, parent: QObject | None = None) -> None:
        headings = ("Payment", "Why", "Waits", "KES asked")
        super().__init__(headings, self._cell, (CarriedColumn.AMOUNT,), parent)
        self._report: DayReport | None = None

    def show_report(self, report: DayReport | None) -> None:
        """Take over what a report carries over; None: nothing is shown."""
        self.beginResetModel()
        self._report = report
        self._rows = list(report.open) if report else []
        self.endResetModel()

    def _cell(self, item: CarriedOver, column: int) -> str:
        assert self._report is not None
        cells = (item.number, words.item_short(item), words.age_words(item, self._report), f"{item.amount:,}")
        return cells[column]


class LaterModel(ListModel[ToldRow]):
    """A row for each row of M-PESA's record that a supplement names, by time."""

    def __init__(self, parent: QObject | None = None) -> None:
        headings = ("M-PESA code", "What", "Payment", "Till has", "M-PESA has")
        super().__init__(headings, self._cell, (LaterColumn.OURS, LaterColumn.THEIRS), parent)

    def show_supplement(self, supplement: Supplement | None) -> None:
        """Take over what it names; None: nothing is shown."""
        self.beginResetModel()
        self._rows = list(supplement.rows) if supplement else []
        self.endResetModel()

    @staticmethod
    def _cell(row: ToldRow, column: int) -> str:
        said = (row.receipt or "-", later.outcome_words(row), row.payment or "-", later.ours_words(row))
        return (*said, later.theirs_words(row))[column]
