"""What the shop's books say of a receipt code that a customer reads out: it is looked up, and nothing is paid by it."""

from datetime import timedelta

from pos_app.domain.receipt_code import CodeFound, CodeStanding, code_in, is_code, what_it_is
from pos_app.domain.search import Search
from pos_app.domain.unprompted import MoneySearch, RowWord, Standing
from pos_app.sales.ports import Clock, Reader

RECENT = timedelta(days=2)  # of M-PESA's record, which the till itself asks for no older
_FEW = 5


class CodeLook:
    """Looks codes up. Any thread."""

    def __init__(self, reader: Reader, clock: Clock) -> None:
        self._reader = reader
        self._clock = clock

    def look(self, text: str) -> CodeFound | None:
        """What is known of the code in a text; None where it means none."""
        code = code_in(text)
        if code is None or not is_code(code):
            return CodeFound(code, CodeStanding.NO_CODE) if code else None
        named = self._reader.unprompted(MoneySearch(text=code, standing=Standing.NAMED, limit=1))
        return what_it_is(
            code,
            self._reader.search(Search(text=code, limit=_FEW)),
            self._reader.rows_of_code(code),
            self._reader.record_files(self._clock.corrected() - RECENT),
            named[0].word if named else RowWord.NONE,
        )
