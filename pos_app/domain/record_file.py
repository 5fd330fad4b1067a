"""What the shop's books keep of M-PESA's record: which files and pulls there were, and each row of them once."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from pos_app.domain.phone import mask_spelt
from pos_app.domain.statement_comparison import Compared, RowOutcome
from pos_app.domain.statement_row import Period, RowKind, Statement, StatementRow, kept_phone, last_digits_of


class RecordOrigin(StrEnum):
    """How a record came. Stored by name."""

    FILE = "file"  # a person has chosen it
    PULL = "pull"  # the till has asked for it


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordSource:
    """One record.

    Attributes:
        digest: SHA-256 of what it holds, in hexadecimal: the same again is no other one.
    """

    origin: RecordOrigin
    digest: str

    @property
    def name(self) -> str:
        """Which one it is, short enough for a line of the journal or the audit."""
        return f"{'statement' if self.origin is RecordOrigin.FILE else 'pull'} {self.digest[:8]}"


class StatementFile(NamedTuple):
    """A file that somebody has chosen: what it says, and the SHA-256 of it in hexadecimal."""

    statement: Statement
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordFile:
    """What is kept of one record as a whole.

    Attributes:
        at: when it was begun to be recorded (UTC), and `ended_at`: when all of it was; None where that was cut short.
        operator_id: who was signed in, `owner`: whether by the owner's passphrase; neither for what the till pulls.
        period: what it says that it is about, and `covered`: of which time it has everything.
        rows: how many it has, also those that cannot be read.
        counts: how many had each outcome, when it was compared first.
    """

    source: RecordSource
    at: datetime
    operator_id: int | None
    owner: bool
    short_code: str
    period: Period | None
    covered: Period | None
    rows: int
    counts: Mapping[RowOutcome, int]
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordRow:
    """One row that moved money. What says who the other party was is kept only while no payment is known to be meant.

    Attributes:
        receipt, kind, incoming, key: together they are one row's alone, in whichever record it stands.
        cents: what it moved, a hundred to the shilling.
        at: when M-PESA completed it (UTC).
        linked: the receipt code that it undoes.
        phone: of the other party, of which five digits are left; `name`, and `account`: what was typed for it.
        outcome: what it turned out to be last.
        payment_id: the payment that it is, or of which money went back.
    """

    receipt: str
    kind: RowKind
    incoming: bool
    key: str
    cents: int
    at: datetime
    linked: str
    outcome: RowOutcome
    payment_id: int | None = None
    phone: str = field(default="", repr=False)
    name: str = field(default="", repr=False)
    account: str = field(default="", repr=False)

    @property
    def identity(self) -> tuple[str, RowKind, bool, str]:
        """What no other row has."""
        return (self.receipt, self.kind, self.incoming, self.key)

    @property
    def digits(self) -> str:
        """The last three of the phone, by which its customer's rows are found."""
        return last_digits_of(self.phone)


def record_row(line: Compared, row: StatementRow) -> RecordRow:
    """What is kept of a row, now that it was compared."""
    phone = kept_phone(row.phone) if line.payment_id is None else ""
    return RecordRow(
        receipt=row.receipt,
        kind=row.kind,
        incoming=row.incoming,
        key=row_key(row),
        cents=int(row.amount * 100),
        at=row.at,
        linked=row.linked,
        outcome=line.outcome,
        payment_id=line.payment_id,
        phone=phone,
        name=mask_spelt(row.name) if phone else "",
        account=mask_spelt(row.account) if phone else "",
    )


def row_key(row: StatementRow) -> str:
    """What tells rows of one receipt code, kind and direction apart: a fee stands under the code of its payment. The
    details are not looked at: they may name people, and each layout words them in its own way.
    """
    return "" if row.kind is RowKind.PAYMENT else f"{row.reason.lower()} {row.amount:.2f}"


def learnt(before: RecordRow, now: RecordRow) -> RecordRow | None:
    """What is known of a row that is told again; None where that is nothing new. What was once found to be a payment
    stays that, whichever record is read next.
    """
    if before.payment_id is not None or (before.outcome is now.outcome and now.payment_id is None):
        return None
    return now
