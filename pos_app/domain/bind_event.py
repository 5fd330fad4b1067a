"""Money that came without a prompt, and a person's word whose it is (rule 22): bound to a sale, and that undone.

None of these waits in the file beside the database: whoever binds is there, and is told that it could not be saved.
"""

from dataclasses import dataclass, field

from pos_app.domain.operators import Role
from pos_app.domain.payment_event import EventKind, PaymentEvent
from pos_app.domain.record_event import Reversed, RowOfRecord


@dataclass(frozen=True, slots=True)
class Bound(RowOfRecord):
    """A person says that money in the record is this sale's, which nobody was asked for. The sale may cost less."""

    kind = EventKind.BOUND


@dataclass(frozen=True, slots=True)
class Identified(RowOfRecord):
    """A person says that money in the record is that of a payment which we asked for and which ended not paid. Its
    `detail` is who.

    Attributes:
        version: of the payment as that person saw it.
    """

    kind = EventKind.IDENTIFIED
    version: int


@dataclass(frozen=True, slots=True)
class Unbound(PaymentEvent):
    """A person takes that back. Its `detail` is the reason.

    Attributes:
        version: of the payment as that person saw it.
        by: their name, or that it was the owner.
        operator_id, role, owner: who it was, as the audit keeps it.
    """

    kind = EventKind.UNBOUND
    version: int
    by: str
    operator_id: int | None = field(default=None, kw_only=True)
    role: Role | None = field(default=None, kw_only=True)
    owner: bool = field(default=False, kw_only=True)

    @property
    def code(self) -> str:
        return "unbound"

    @property
    def body(self) -> str:
        """Who it was."""
        return self.by


@dataclass(frozen=True, slots=True)
class RefundCame(Reversed):
    """What went back of a sale was of money that is this payment's, by M-PESA's word: its refund passes to this one, as
    the bind is undone. The access is left, as ever where nobody has decided. Its `detail` names the sale.

    Attributes:
        of: the id of that sale.
    """

    kind = EventKind.REFUND_CAME
    of: int
