"""M-PESA's receipt code as somebody reads it from a phone: what the shop's books say of it. Never evidence (rule 8)."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from pos_app.domain.payment import Payment
from pos_app.domain.phone import compact
from pos_app.domain.record_file import RecordFile, RecordRow
from pos_app.domain.search import meaning
from pos_app.domain.statement_row import Period, RowKind
from pos_app.domain.unprompted import RowWord

_ALMOST = re.compile("(?=[0-9]*[A-Z])(?=[A-Z]*[0-9])[A-Z0-9]{8,14}")


class CodeStanding(Enum):
    """What a code turns out to be."""

    NO_CODE = auto()  # it cannot be one of M-PESA's
    SALE = auto()  # one payment's, by M-PESA's word, and no other's
    TYPED = auto()  # somebody has typed it for a paid payment, and M-PESA has not named that one's
    REFUND = auto()  # of money that went back, or left the shop's account
    UNPROMPTED = auto()  # of money that no prompt surely asked for
    NOT_THERE = auto()  # M-PESA's record of a time was read, and has no such code
    UNKNOWN = auto()  # M-PESA has not said it yet, and nothing of its record was read


@dataclass(frozen=True, slots=True)
class CodeFound:
    """What is known of a code.

    Attributes:
        code: as M-PESA writes it.
        payment: whose it is, or of which it gave money back.
        row: of M-PESA's record, where no payment is known to be meant; `word`: what was said of its money.
        record: which time was read of M-PESA's record last, without a gap.
    """

    code: str
    standing: CodeStanding
    payment: Payment | None = None
    row: RecordRow | None = None
    word: RowWord = RowWord.NONE
    record: Period | None = None


def code_in(text: str) -> str | None:
    """The one receipt code that a text means, or what was probably meant as one; None for anything else."""
    meant = meaning(text)
    if len(meant.codes) == 1:
        return meant.codes[0]
    whole = compact(text).upper()
    return whole if not meant.codes and not meant.numbers and not meant.phones and _ALMOST.fullmatch(whole) else None


def is_code(code: str) -> bool:
    """Whether it has the shape of M-PESA's receipt codes."""
    return meaning(code).codes == (code,)


def what_it_is(
    code: str,
    payments: Sequence[Payment],
    rows: Sequence[RecordRow],
    files: Iterable[RecordFile],
    word: RowWord = RowWord.NONE,
) -> CodeFound:
    """What the books say of a code that has the shape of one.

    Args:
        payments: those that a search for it finds.
        rows: of M-PESA's record, with this code.
        files: the records of the last days.
        word: what was said of its money, where no prompt surely asked for that.
    """
    for payment in payments:
        if payment.receipt == code:
            return CodeFound(code, CodeStanding.SALE, payment=payment)
    came = next((row for row in rows if row.kind is RowKind.PAYMENT and row.payment_id is None), None)
    if came:
        return CodeFound(code, CodeStanding.UNPROMPTED, row=came, word=word)
    if payments:
        typed = payments[0].receipt_typed == code
        return CodeFound(code, CodeStanding.TYPED if typed else CodeStanding.REFUND, payment=payments[0])
    if rows:
        return CodeFound(code, CodeStanding.REFUND, row=rows[0])
    read = read_last(files)
    return CodeFound(code, CodeStanding.NOT_THERE if read else CodeStanding.UNKNOWN, record=read)


def read_last(files: Iterable[RecordFile]) -> Period | None:
    """The time up to the end of what was read of M-PESA's record, without a gap; None where nothing was read whole."""
    periods = [file.covered for file in files if file.covered and file.ended_at]
    found: Period | None = None
    for period in sorted(periods, key=lambda each: each.last, reverse=True):
        if found is None:
            found = period
        elif period.last >= found.first:
            found = Period(min(found.first, period.first), found.last)
    return found
