"""Whose payments have an answer that no database has yet (rule 11): they are not erased meanwhile (rule 21)."""

from collections.abc import Callable

from pos_app.domain.payment_event import Claims
from pos_app.errors import BadInput
from pos_app.sales.keeping import Keeping
from pos_app.sales.kept_events import KeptEvent, read_line
from pos_app.sales.ports import Transaction

KeptLines = Callable[[], list[str]]


class KeptAnswers:
    """Looks through what this process holds, and through the file beside the database.

    Args:
        keeping: what this process holds.
        elsewhere: what a till of another process could not save yet, as lines of its file. Raises OSError.
    """

    def __init__(self, keeping: Keeping, elsewhere: KeptLines) -> None:
        self._keeping = keeping
        self._elsewhere = elsewhere

    @property
    def place(self) -> str:
        """Where they wait, in words."""
        return self._keeping.place or "the file beside the database"

    def of_customers(self, transaction: Transaction) -> dict[int, str]:
        """The ids of the customers whose payments have one, each with the number of such a payment.

        Raises:
            BadInput: the file is there and cannot be read.
        """
        keeping = self._keeping
        try:
            elsewhere = self._elsewhere()
        except OSError:
            raise BadInput(
                "What could not be saved yet is in a file beside the database, and that file cannot be read. Nothing "
                "was erased. Allow reading it, or erase by the till's window."
            ) from None
        found: dict[int, str] = {}
        for line in [*keeping.waiting, *keeping.aside, *keeping.lost, *elsewhere]:
            kept = _read(line)
            theirs = transaction.with_facts(kept.key, Claims()) if kept else None
            if theirs:
                found[theirs[0].customer_id] = theirs[0].number
        return found


def _read(line: str) -> KeptEvent | None:
    try:
        return read_line(line)
    except ValueError:
        return None
