"""A workbook: numbers are numbers, times are times in the shop, and every text stays the text that it is."""

import tempfile
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import IO, Any

import xlsxwriter
from xlsxwriter.exceptions import FileCreateError

from pos_app.domain.kenya_time import NAIROBI
from pos_app.domain.payment import PaymentFacts
from pos_app.domain.receipt import Mark
from pos_app.exports.columns import HEADINGS, Cell, cells

ROWS = 1_048_576  # of a sheet, by the format
_DAY_0, _A_DAY = datetime(1899, 12, 30, tzinfo=NAIROBI), timedelta(days=1)  # of the format, whose days are numbers
_WIDTHS = (18, 19, 24, 14, 10, 10, 24, 14, 14, 24, 32, 12, 16)  # characters


class _Target:
    """The file, as the library writes to it. It leaves a packer behind where it failed, which would end the file it was
    packing whenever Python comes to clear it away: once it is given up, nothing of that reaches the disk.
    """

    def __init__(self, raw: IO[bytes]) -> None:
        self._raw = raw
        self._given_up_at: int | None = None

    def give_up(self) -> None:
        self._given_up_at = self._raw.tell()

    def write(self, data: bytes) -> int:
        return self._raw.write(data) if self._given_up_at is None else len(data)

    def seek(self, offset: int, whence: int = 0) -> int:
        return self._raw.seek(offset, whence) if self._given_up_at is None else self._given_up_at

    def tell(self) -> int:
        return self._raw.tell() if self._given_up_at is None else self._given_up_at

    def flush(self) -> None:
        if self._given_up_at is None:
            self._raw.flush()


class XlsxFile:
    """Fits `PaymentFile`. A row is written as soon as the next one begins, so that memory stays flat; what a sheet has
    no room for goes on in another.
    """

    def __init__(self, raw: IO[bytes], mark: Mark) -> None:
        self._raw, self._target = raw, _Target(raw)
        self._mark = mark
        self._folder = tempfile.TemporaryDirectory(prefix="kaunta-")  # of the rows, until they are packed
        options = {"constant_memory": True, "tmpdir": self._folder.name, "use_zip64": True}
        self._book: Any = xlsxwriter.Workbook(self._target, options)
        self._heading = self._book.add_format({"bold": True})
        self._time = self._book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        self._begin_sheet()

    def add(self, payments: Iterable[PaymentFacts]) -> None:
        for payment in payments:
            if self._row == ROWS:
                self._begin_sheet()
            self._put(cells(payment, self._mark))
            self._row += 1

    def finish(self) -> None:
        try:
            self._book.close()
        except FileCreateError as error:  # around what the disk said
            raise error.args[0] from error

    def close(self) -> None:
        self._target.give_up()
        with suppress(OSError):
            for sheet in self._book.worksheets():
                sheet.row_data_fh.close()  # where the workbook was not finished, nothing else does
        self._folder.cleanup()
        self._raw.close()

    def _begin_sheet(self) -> None:
        number = len(self._book.worksheets()) + 1
        self._sheet = self._book.add_worksheet("Payments" if number == 1 else f"Payments {number}")
        self._sheet.freeze_panes(1, 0)
        for column, (heading, width) in enumerate(zip(HEADINGS, _WIDTHS, strict=True)):
            self._sheet.set_column(column, column, width)
            self._sheet.write_string(0, column, heading, self._heading)
        self._row = 1

    def _put(self, row: tuple[Cell, ...]) -> None:
        """Each cell by the library's way of its kind, the most frequent first: there may be ten million of them."""
        number, string = self._sheet.write_number, self._sheet.write_string
        for column, cell in enumerate(row):
            if isinstance(cell, str):
                # The library takes a text between these marks for one that is formatted already, and escapes nothing.
                string(self._row, column, f" {cell}" if cell.startswith("<r>") else cell)
            elif isinstance(cell, datetime):
                number(self._row, column, (cell - _DAY_0) / _A_DAY, self._time)
            elif cell is not None:
                number(self._row, column, cell)
