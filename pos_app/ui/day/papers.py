"""A day on paper and as files: printed, PDF, table, and what the tax entry needs."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import QObject, QStandardPaths, Signal
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QFileDialog, QWidget

from pos_app.domain.day import DayClose, DayReport
from pos_app.domain.receipt import Line
from pos_app.domain.receipt_printer import Sent
from pos_app.domain.supplement import Supplement
from pos_app.errors import BadInput, PosError
from pos_app.exports.day_files import write_report, write_sales
from pos_app.messages.day_paper import day_paper
from pos_app.messages.printing import NOT_CERTAIN
from pos_app.messages.supplement import supplement_paper
from pos_app.sales.till import Till
from pos_app.ui.style.state_style import ColourRole
from pos_app.ui.tasks import Lane, Tasks
from pos_app.ui.widgets.save_file import named
from pos_app.ui.widgets.system_printer import ChoosePrinter, choose_printer, printer_names

PDF, TABLE, TAX = "PDF as it is printed (*.pdf)", "Table (*.csv)", "Each line, for the tax entry (*.csv)"
_NO_PRINTER = "There is no printer on this computer. Save keeps the day as PDF instead."


class Shown(NamedTuple):
    """What is on the page: a report, and the close whose it is, None where it is not closed; and the supplement to that
    close where it is that one that is looked at.
    """

    report: DayReport
    close: DayClose | None
    supplement: Supplement | None = None

    @property
    def file_name(self) -> str:
        """What it is called as a file, without its end."""
        if self.close is None:
            return "day-not-closed"
        return f"Z-{self.close.number:04}" + (f"-{self.supplement.part}" if self.supplement else "")

    @property
    def kinds(self) -> list[str]:
        """As what it can be kept."""
        if self.supplement:
            return [PDF]
        return [PDF, TABLE, *([TAX] if self.close else [])]


class Setting(NamedTuple):
    """What sets lines: on a printer of the computer's, and as PDF; the width of the roll is in mm."""

    print_on: Callable[[Sequence[Line], int, QPrinter], None]
    save_pdf: Callable[[Sequence[Line], int, Path], None]


class ChosenKind(NamedTuple):
    """Where to write, and what."""

    path: str
    kind: str


ChooseFile = Callable[[QWidget, str, Sequence[str]], ChosenKind | None]


def ask_for_file(parent: QWidget, name: str, kinds: Sequence[str]) -> ChosenKind | None:
    """Where to keep it, and as what; None where nobody chose."""
    folder = Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation))
    path, kind = QFileDialog.getSaveFileName(parent, "Save the day", str(folder / name), ";;".join(kinds))
    return ChosenKind(path, kind) if path else None


def ask_for_printer(parent: QWidget) -> QPrinter | None:
    """The system's dialog; None where nobody chose."""
    return choose_printer(parent, "Print the day")


def look_for_printers() -> list[str]:
    """What printers there are, on a thread. Raises BadInput where there is none."""
    return printer_names(_NO_PRINTER)


class DayPapers(QObject):
    """Prints and saves what is shown; whatever becomes of it, a close stays closed.

    Signals:
        said: what became of it, and its `ColourRole` or None.
    """

    said = Signal(str, object)

    def __init__(
        self,
        till: Till,
        tasks: Tasks,
        window: QWidget,
        setting: Setting,
        choose_file: ChooseFile = ask_for_file,
        choose_printer: ChoosePrinter = ask_for_printer,
        look: Callable[[], object] = look_for_printers,
    ) -> None:
        super().__init__(window)
        self._till, self._tasks, self._window, self._setting = till, tasks, window, setting
        self._choose_file, self._choose_printer, self._look = choose_file, choose_printer, look

    def print_it(self, shown: Shown) -> None:
        """On the till's own printer, else on one of the computer's."""
        self.said.emit("Printing...", None)
        lines, printing = self._lines(shown), self._till.printing
        if printing.printer:
            work = lambda: printing.print_lines(lines)  # noqa: E731
            self._tasks.run(work, self._printed, self._fail, owner=self, lane=Lane.RECEIPTS)
            return
        self._tasks.run(self._look, lambda _: self._print_elsewhere(lines), self._fail, owner=self, lane=Lane.PRINTER)

    def save(self, shown: Shown) -> None:
        """Ask where, and as what, and write it."""
        chosen = self._choose_file(self._window, shown.file_name, shown.kinds)
        if chosen is None:
            return
        try:
            path = named(chosen.path, ".pdf" if chosen.kind == PDF else ".csv")
        except BadInput as error:
            self._fail(error)
            return
        self._tasks.run(
            lambda: self._write(shown, path, chosen.kind),
            lambda _: self.said.emit(f"Written to {path.name}", None),
            self._fail,
            owner=self,
            lane=Lane.FILES,
        )

    def _write(self, shown: Shown, path: Path, kind: str) -> None:
        mark = self._till.shop.mark
        if kind == PDF:
            self._setting.save_pdf(self._lines(shown), self._till.printing.width, path)
        elif kind == TAX and shown.close:
            write_sales(path, self._till.reader.close_sales(shown.close.number), mark)
        else:
            write_report(path, shown.report, shown.close, mark)

    def _print_elsewhere(self, lines: list[Line]) -> None:
        printer = self._choose_printer(self._window)
        if printer is None:
            self.said.emit("", None)
            return
        width = self._till.printing.width
        self._tasks.run(
            lambda: self._setting.print_on(lines, width, printer),
            lambda _: self._printed(Sent.PRINTED),
            self._fail,
            owner=self,
            lane=Lane.PRINTER,
        )

    def _printed(self, sent: Sent) -> None:
        clear = sent is Sent.PRINTED
        self.said.emit("Printed." if clear else NOT_CERTAIN, None if clear else ColourRole.FAILED)

    def _fail(self, error: PosError) -> None:
        self.said.emit(error.user_text, ColourRole.FAILED)

    def _lines(self, shown: Shown) -> list[Line]:
        if shown.supplement:
            return supplement_paper(self._till.shop, shown.supplement)
        return day_paper(self._till.shop, shown.report, shown.close)
