"""What M-PESA's record of a time says about a payment (rule 22): a statement file, or what was pulled.

None of these waits in the file beside the database: the record can be read again.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from pos_app.domain.kenya_time import shop_time
from pos_app.domain.money import kes
from pos_app.domain.payment_event import Claims, EventKind, PaymentEvent


@dataclass(frozen=True, slots=True)
class RowOfRecord(PaymentEvent):
    """One row of M-PESA's record, money in, is a payment's: by itself, or by a person's word.

    Attributes:
        receipt: M-PESA's receipt code.
        amount: KES, as the record has it.
        at: when M-PESA completed it (UTC).
    """

    receipt: str
    amount: int
    at: datetime

    @property
    def code(self) -> str:
        return "paid"

    @property
    def body(self) -> str:
        """The row."""
        return f"{self.receipt} · {kes(self.amount)} · {shop_time(self.at)}"

    @property
    def claims(self) -> Claims:
        return Claims(self.receipt)


@dataclass(frozen=True, slots=True)
class Recorded(RowOfRecord):
    """One row of the record is surely this payment. Its `detail` says which record."""

    kind = EventKind.RECORDED


@dataclass(frozen=True, slots=True)
class Reversed(PaymentEvent):
    """The record has money of this payment going back, of which nobody has recorded a refund. The access is left: a
    person decides about it.

    Attributes:
        amount: KES.
        reversal: M-PESA's code of what went back.
    """

    kind = EventKind.REVERSED
    withdraw: ClassVar[bool] = False
    amount: int
    reversal: str

    @property
    def code(self) -> str:
        return "left"

    @property
    def body(self) -> str:
        """The row."""
        return f"{self.reversal} · {kes(self.amount)}"

    @property
    def claims(self) -> Claims:
        return Claims(self.reversal)


class Difference(StrEnum):
    """How the record differs from a payment. Stored by name, as the code of a journal line."""

    AMOUNT = "amount"  # it has the payment's code with another amount
    PAYER = "payer"  # it has the code that the owner typed with another payer
    MISSING = "missing"  # it has everything of that time, and nothing of the payment
    REVERSAL = "reversal"  # it has money going back that does not fit what was recorded
    REFUND_CODE = "refund_code"  # the code of a refund of it is that of a payment


@dataclass(frozen=True, slots=True)
class RecordDiffers(PaymentEvent):
    """The record and the payment do not say the same: a person looks.

    Attributes:
        difference: what it is.
        row: what the record has, in words; empty where it has nothing.
    """

    kind = EventKind.RECORD_DIFFERS
    difference: Difference
    row: str = ""

    @property
    def code(self) -> str:
        return self.difference.value

    @property
    def body(self) -> str | None:
        """What the record has."""
        return self.row or None
