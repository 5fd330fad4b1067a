"""Money that came without a prompt, and a person's word whose it is (rule 22): bound to a sale, and that undone.

None of these waits in the file beside the database: whoever binds is there, and is told that it could not be saved.
"""

from dataclasses import dataclass, field
from datetime import datetime

from pos_app.domain.kenya_time import shop_time
from pos_app.domain.money import kes
from pos_app.domain.operators import Role
from pos_app.domain.payment_event import Claims, EventKind, PaymentEvent


@dataclass(frozen=True, slots=True)
class Bound(PaymentEvent):
    """A person says that money in M-PESA's record is this sale's, which nobody was asked for.

    Attributes:
        receipt: M-PESA's receipt code.
        amount: KES, as the record has it; the sale may cost less.
        at: when M-PESA completed it (UTC).
    """

    kind = EventKind.BOUND
    receipt: str
    amount: int
    at: datetime

    @property
    def code(self) -> str:
        return "paid"

    @property
    def body(self) -> str:
        """The row of the record."""
        return f"{self.receipt} · {kes(self.amount)} · {shop_time(self.at)}"

    @property
    def claims(self) -> Claims:
        return Claims(self.receipt)


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
