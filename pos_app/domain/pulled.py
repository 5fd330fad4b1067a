"""What Pull Transactions told of the money that came, and how it becomes a statement that can be compared (rule 22).

Its times say that they are UTC, and mostly are Nairobi's: only receipt codes that both sides hold decide that. Where
they cannot, nothing is concluded.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from decimal import Decimal
from enum import StrEnum
from statistics import median

from pos_app.domain.kenya_time import NAIROBI
from pos_app.domain.statement_comparison import CLOCKS_DIFFER
from pos_app.domain.statement_row import Period, RowKind, Statement, StatementRow, UnreadRow
from pos_app.errors import BadInput

OLDEST = timedelta(hours=48)  # that M-PESA still tells of
MARGIN = timedelta(minutes=1)  # of that, since its clock is not ours to the second
SETTLING = timedelta(minutes=10)  # until what was paid is surely in the set; nobody has said how long it takes
NOTHING_CONCLUDED = "Nothing was concluded from it."
_STATEMENT = "Export the statement from M-PESA's portal instead, and give it to the till"
NO_CLOCK = (
    "M-PESA's Pull Transactions does not say in which time zone its times are, and none of its receipt codes is known "
    f"here, so that it cannot be found out. {NOTHING_CONCLUDED} {_STATEMENT}, or try again after the next paid payment."
)
OTHER_CLOCK = (
    "The times of M-PESA's Pull Transactions are not those of the same payments here, neither in Nairobi's time nor in "
    f"UTC. {NOTHING_CONCLUDED} Look at this computer's clock. {_STATEMENT}."
)


class PullTrouble(StrEnum):
    """Why Pull Transactions has told nothing that can be used."""

    NO_RECORDS = "no_records"  # or the short code may not ask: M-PESA says the same
    FAILED = "failed"  # M-PESA says that it could not
    INCOMPLETE = "incomplete"  # a page is missing
    UNREADABLE = "unreadable"
    UNREACHABLE = "unreachable"
    CREDENTIALS = "credentials"


class PullRegistration(StrEnum):
    """What M-PESA says where Pull Transactions is registered."""

    NEW = "new"
    ALREADY = "already"
    REFUSED = "refused"
    UNKNOWN = "unknown"  # no answer that can be read


class TellsTooLittle(BadInput):
    """Nothing can be concluded of this time; of a longer one perhaps."""


@dataclass(frozen=True, slots=True)
class NotPulled:
    """Nothing can be concluded. `detail` is for the log, without secrets and numbers."""

    trouble: PullTrouble
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PulledRow:
    """A row with money that somebody paid.

    Attributes:
        said_at: the digits of its time, in a zone that is not known; None where they cannot be read.
        amount: KES; None where it cannot be read.
        phone: of the payer as far as it can be seen; `name`, `account` as of `StatementRow`.
        kind: M-PESA's own word for it, in lower case.
        fault: what cannot be read, in words; empty where all can.
    """

    receipt: str
    said_at: datetime | None
    amount: Decimal | None
    phone: str = ""
    name: str = ""
    account: str = ""
    kind: str = ""
    fault: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PulledSet:
    """Everything that M-PESA told of a time, which it told whole.

    Attributes:
        first, last: from when to when it was asked (UTC).
        asked_at: when the first question left (UTC, by the till's time).
    """

    rows: tuple[PulledRow, ...]
    first: datetime
    last: datetime
    asked_at: datetime


def to_statement(pulled: PulledSet, short_code: str, held: Mapping[str, datetime]) -> Statement:
    """The set as a statement of the short code.

    Args:
        held: when we pushed the payments (UTC) that hold a receipt code by M-PESA's word, by that code.

    Raises:
        TellsTooLittle: its clock cannot be told. BadInput: it is not ours.
    """
    zone = _zone(pulled.rows, held)
    rows, unreadable = [], []
    for number, row in enumerate(pulled.rows, start=1):
        at = row.said_at.replace(tzinfo=zone).astimezone(UTC) if row.said_at else None
        if row.fault or at is None or row.amount is None:
            unreadable.append(
                UnreadRow(line=number, fault=row.fault, receipt=row.receipt, at=at, amount=row.amount, phone=row.phone)
            )
        else:
            rows.append(_row(number, row, at, row.amount))
    return Statement(
        short_code=short_code,
        period=Period(pulled.first, pulled.last),
        covered=_covered(pulled),
        rows=tuple(rows),
        unreadable=tuple(unreadable),
    )


def _covered(pulled: PulledSet) -> Period | None:
    first = max(pulled.first, pulled.asked_at - OLDEST + MARGIN)
    last = min(pulled.last, pulled.asked_at - SETTLING)
    return Period(first, last) if first < last else None


def _zone(rows: Iterable[PulledRow], held: Mapping[str, datetime]) -> tzinfo:
    both = [(row.said_at, held[row.receipt]) for row in rows if row.said_at and row.receipt in held]
    if not both:
        raise TellsTooLittle(NO_CLOCK)
    for zone in (NAIROBI, UTC):
        ahead = median((said.replace(tzinfo=zone) - pushed).total_seconds() for said, pushed in both)
        if abs(ahead) <= CLOCKS_DIFFER:
            return zone
    raise BadInput(OTHER_CLOCK)


def _row(number: int, row: PulledRow, at: datetime, amount: Decimal) -> StatementRow:
    return StatementRow(
        line=number,
        receipt=row.receipt,
        at=at,
        within=0,
        kind=RowKind.PAYMENT,
        amount=amount,
        incoming=True,
        details="",
        reason=row.kind,
        phone=row.phone,
        name=row.name,
        account=row.account,
    )
