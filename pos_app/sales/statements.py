"""M-PESA's statement beside the shop's books, for whoever may see sums (rule 22). Nothing is changed."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from pos_app.domain.booked import ShopBooks
from pos_app.domain.cancelling import Cancel
from pos_app.domain.operators import Act
from pos_app.domain.record_file import StatementFile
from pos_app.domain.statement_comparison import Comparison, check_short_code, compare
from pos_app.domain.statement_row import Statement, StatementRow
from pos_app.errors import BadInput
from pos_app.sales.authority import Authority
from pos_app.sales.ports import Reader

_CANDIDATES_FROM = timedelta(hours=24)  # before a row: payments that a person may find to be meant
_AFTER = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class MoneyAccount:
    """Where customers' money goes.

    Attributes:
        short_codes: those that a statement of it may name: a till has a store number and a till number.
        paybill: whether it is a paybill.
    """

    short_codes: frozenset[str]
    paybill: bool


NO_ACCOUNT = MoneyAccount(frozenset(), paybill=False)  # of a shop that charges for nobody yet


class NoStatementFiles:
    """Fits `ports.StatementFiles`: none can be read."""

    def read(self, path: Path, now: datetime, told: Callable[[int], object], cancel: Cancel) -> StatementFile:
        """Raises BadInput."""
        raise BadInput("Statements cannot be read here. Nothing was compared.")


class Statements:
    """Compares; see `domain.statement_match` for what is matched."""

    def __init__(self, reader: Reader, authority: Authority, account: MoneyAccount) -> None:
        self._reader = reader
        self._authority = authority
        self._account = account

    def look(self, statement: Statement, passphrase: str = "", cancel: Cancel | None = None) -> Comparison:
        """What a statement says about the shop's payments. Takes seconds for 100,000 rows: call it on a thread.

        Args:
            passphrase: the owner's; empty where it is not needed.

        Raises:
            BadInput: it is another short code's, its clock is another, or whoever stands here may not see sums.
            Cancelled: somebody has ended it by `cancel`.
        """
        self._authority.let_pass(Act.TOTALS, passphrase)
        return compared(self._reader, self._account, statement, cancel)


def compared(reader: Reader, account: MoneyAccount, statement: Statement, cancel: Cancel | None) -> Comparison:
    """What a statement says about the payments of whoever has an account. Raises as `Statements.look`."""
    check_short_code(statement, account.short_codes)
    found = compare([statement], _books(reader, statement, cancel), paybill=account.paybill)
    found.check_clock()
    return found


def _books(reader: Reader, statement: Statement, cancel: Cancel | None) -> ShopBooks:
    moments = list(_moments(statement))
    if not moments:
        return ShopBooks()
    since, until = min(moments) - _CANDIDATES_FROM, max(moments) + _AFTER
    return reader.books(since, until, set(_codes(statement.rows)), cancel)


def _moments(statement: Statement) -> Iterable[datetime]:
    yield from (row.at for row in statement.rows)
    yield from (row.at for row in statement.unreadable if row.at)
    if statement.covered:
        yield from (statement.covered.first, statement.covered.last)


def _codes(rows: Collection[StatementRow]) -> Iterable[str]:
    for row in rows:
        yield row.receipt
        if row.linked:
            yield row.linked
