"""M-PESA's own statement: what the file of the organisation portal says, whatever its layout was."""

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from pos_app.domain.phone import is_erased

FEWEST_DIGITS = 3  # of a phone number that must be seen before it can be told from another
_MASKED = re.compile(r"\+?([0-9]+)(?:([*xX\u2022]+)([0-9]*))?")
_LOCAL = 9  # digits of a number behind its 254 or 0


class RowKind(StrEnum):
    """What a row of a statement tells of. Stored and sent by name."""

    PAYMENT = "payment"  # somebody paid the shop
    FEE = "fee"  # M-PESA's charge, often under the receipt code of the payment
    SWEEP = "sweep"  # money that left the account, or went from one of the shop's accounts to another
    REVERSAL = "reversal"  # money of a payment that went back
    NOT_MOVED = "not_moved"  # failed, or not completed: no money


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementRow:
    """A row that could be read.

    Attributes:
        line: of the file, counted from 1.
        at: when M-PESA completed it (UTC).
        within: seconds after `at` that it may have been too: 59 where the file leaves seconds out.
        amount: what it moved, in KES, above 0; 0 where it moved nothing.
        incoming: whether the money came in.
        details: M-PESA's words; `reason`: its reason type.
        phone: of the other party as it stands there, masked or not: `070****366`; empty where there is none.
        name: of the other party.
        linked: the receipt code of the transaction that this one undoes.
        account: what a paybill's payer has named: A/C No.
    """

    line: int
    receipt: str
    at: datetime
    within: int
    kind: RowKind
    amount: Decimal
    incoming: bool
    details: str
    reason: str
    phone: str = ""
    name: str = ""
    linked: str = ""
    account: str = ""

    @property
    def latest(self) -> datetime:
        """The last moment (UTC) that it may have been completed at."""
        return self.at + timedelta(seconds=self.within) if self.within else self.at

    @property
    def key(self) -> tuple[object, ...]:
        """What makes it the same row in another file: a fee has the receipt code of its payment."""
        if self.kind is RowKind.PAYMENT:
            return (self.receipt, self.kind)
        return (self.receipt, self.kind, self.incoming, self.details, self.amount)


@dataclass(frozen=True, slots=True, kw_only=True)
class UnreadRow:
    """A row that cannot be read, with what can be read of it: it may be any payment that this does not contradict.

    Attributes:
        line: of the file, counted from 1.
        fault: what cannot be read, in words.
        at, within, amount, phone: as of `StatementRow`; None where they cannot be read.
    """

    line: int
    fault: str
    receipt: str = ""
    at: datetime | None = None
    within: int = 0
    amount: Decimal | None = None
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Period:
    """From one moment to another (UTC), both included."""

    first: datetime
    last: datetime

    def holds(self, first: datetime, last: datetime) -> bool:
        """Whether all of this is in it."""
        return self.first <= first and last <= self.last


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What a file says.

    Attributes:
        short_code: whose account it is.
        period: what the file says that it is about; None where it says nothing.
        covered: of this everything is in it; None where that is not known.
        rows, unreadable: in the order of the file.
    """

    short_code: str
    period: Period | None
    covered: Period | None
    rows: tuple[StatementRow, ...] = field(default=())
    unreadable: tuple[UnreadRow, ...] = field(default=())


def covered_period(period: Period | None, made_at: datetime, cut: Period | None) -> Period | None:
    """Of which time a file has every row.

    Args:
        period: what it says that it is about.
        made_at: when it was made, at the latest (UTC): nothing is in it that came later.
        cut: from its first row to its last one, where its sheet has no room for another: some may have been left out.
    """
    if period is None:
        return None
    first, last = period.first, min(period.last, made_at)
    if cut:
        first = max(first, cut.first + timedelta(seconds=60))
        last = min(last, cut.last - timedelta(seconds=1))
    return Period(first, last) if first < last else None


def visible_digits(phone: str) -> int:
    """How many digits of a number can be seen, without its `0` or `254`."""
    beginning, end = _parts(phone)
    return len(beginning) + len(end)


def last_digits_of(phone: str) -> str:
    """The last three digits of a number, where they can be seen; else nothing."""
    _, end = _parts(phone)
    return end[-FEWEST_DIGITS:] if len(end) >= FEWEST_DIGITS else ""


def kept_phone(phone: str) -> str:
    """What may be kept of a number, however much of it can be seen: its first two and last three digits; nothing where
    the last three cannot be seen.
    """
    beginning, end = _parts(phone)
    if len(end) < FEWEST_DIGITS:
        return ""
    first = (beginning or end[: max(0, len(end) - _LOCAL + 2)])[:2]
    return f"0{first}****{end[-FEWEST_DIGITS:]}"


def may_be(phone: str, msisdn: str) -> bool:
    """Whether no digit that can be seen of a masked number contradicts a customer's number.

    Of an erased one (rule 21) only the last three digits are left to compare.
    """
    beginning, end = _parts(phone)
    if is_erased(msisdn):
        seen = min(len(end), FEWEST_DIGITS)
        return not seen or msisdn[-seen:] == end[-seen:]
    number = msisdn[-_LOCAL:]
    return number.startswith(beginning) and number.endswith(end) and len(beginning) + len(end) <= _LOCAL


def _parts(phone: str) -> tuple[str, str]:
    """The digits before and behind the mask, without `0` or `254`; of one without a mask all of them are its end."""
    found = _MASKED.fullmatch(phone)
    if found is None:
        return "", ""
    digits = found[1]
    if not found[2] or len(digits) > 3:
        beginning = digits.removeprefix("254") if digits.startswith("254") else digits.removeprefix("0")
    else:  # so few may be the beginning of 254 itself
        beginning = "" if "254".startswith(digits) else digits.removeprefix("0")
    return (beginning, found[3]) if found[2] else ("", beginning)
