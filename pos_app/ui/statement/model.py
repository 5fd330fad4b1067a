"""The lines of a statement that need a person, each with its next step."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum

from PySide6.QtCore import QObject

from pos_app.domain.kenya_time import shop_time
from pos_app.domain.statement_comparison import Compared, Comparison
from pos_app.messages.statements import name_of, next_step, short_step
from pos_app.ui.widgets.list_model import ListModel

NUMBERED = 300  # lines whose payments are looked up; of further ones the next step names none


class StatementColumn(IntEnum):
    """The columns of the table."""

    TIME = 0
    CODE = 1
    AMOUNT = 2
    WHAT = 3
    STEP = 4


_HEADINGS = ("Time", "Code", "KES", "What it is", "What to do")


@dataclass(frozen=True, slots=True)
class StatementLine:
    """A line as the table shows it, `step` with what to do in full; `numbers` are of the payments that may be meant."""

    cells: tuple[str, ...]
    step: str
    numbers: tuple[str, ...]

    @property
    def text(self) -> str:
        """All that can be found of it."""
        return " ".join((*self.cells, self.step)).lower()


def lines_of(found: Comparison, number_of: Callable[[int], str], *, recorded: bool) -> list[StatementLine]:
    """The lines that need a person. Looks payments up: call it on a thread.

    Args:
        number_of: the number of the payment with an id; empty where there is none.
        recorded: the statement was carried out.
    """
    asking = [line for line in found.lines if line.asks]
    return [
        _line(line, tuple(_numbers(line, number_of)) if place < NUMBERED else (), recorded=recorded)
        for place, line in enumerate(asking)
    ]


def _numbers(line: Compared, number_of: Callable[[int], str]) -> Iterable[str]:
    meant = line.candidates if line.payment_id is None else (line.payment_id,)
    return filter(None, map(number_of, meant))


def _line(line: Compared, numbers: Sequence[str], *, recorded: bool) -> StatementLine:
    time = shop_time(line.at) if line.at else "?"
    amount = "?" if line.amount is None else f"{line.amount:,.2f}".removesuffix(".00")
    short = short_step(line, found=bool(numbers))
    cells = (time, line.receipt or "-", amount, name_of(line.outcome), short)
    return StatementLine(cells, next_step(line, numbers, recorded=recorded), tuple(numbers))


class StatementModel(ListModel[StatementLine]):
    """Those of the lines that hold what is looked for."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(_HEADINGS, lambda line, column: line.cells[column], (StatementColumn.AMOUNT,), parent)
        self._all: list[tuple[StatementLine, str]] = []
        self._wanted = ""

    def show_lines(self, lines: Sequence[StatementLine]) -> None:
        """Take over other lines."""
        self._all = [(line, line.text) for line in lines]
        self._fill()

    def look_for(self, wanted: str) -> None:
        """Show only lines with this in them, whatever its case."""
        self._wanted = wanted.strip().lower()
        self._fill()

    def _fill(self) -> None:
        self.beginResetModel()
        self._rows = [line for line, text in self._all if self._wanted in text]
        self.endResetModel()
