"""What the shop's books have of payments and refunds, as far as M-PESA's record can be compared with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from pos_app.domain.payment import Source, State


@dataclass(frozen=True, slots=True, kw_only=True)
class Booked:
    """A payment. Amounts in KES.

    Attributes:
        phone: MSISDN, or what is left of an erased one.
        received: what M-PESA has of it; what was asked, while nobody has named another figure.
        by_hand: the owner has settled it, or its code was another payment's: what becomes of it is a person's.
        bound: a person has bound money to it, or had (rule 22): there was no prompt of it that a row could be.
        reference: the AccountReference of its push; empty where it was not asked for.
        pushed_at: when it was saved, right before its push left (UTC, by M-PESA's clock where that was known); of one
            that is bound, when its money came.
    """

    id: int
    phone: str
    amount: int
    received: int
    state: State
    by_hand: bool
    receipt: str | None
    receipt_by: Source | None
    reference: str
    pushed_at: datetime
    bound: bool = False


@dataclass(frozen=True, slots=True)
class BookedRefund:
    """Money of a payment that went back, in KES, by M-PESA's code of the reversal."""

    payment_id: int
    code: str
    amount: int


@dataclass(frozen=True, slots=True)
class ShopBooks:
    """What is compared: each payment once.

    Attributes:
        undone: receipt codes of which a record that was read before has a reversal.
        told: money from customers that no payment here is, in records that were read before: by receipt code, how much
            (a hundred to the shilling), and whether they told it otherwise among themselves.
    """

    payments: Sequence[Booked] = ()
    refunds: Sequence[BookedRefund] = ()
    undone: frozenset[str] = frozenset()
    told: Mapping[str, tuple[int, bool]] = field(default_factory=dict)


def is_by_hand(state: State, *, by_owner: bool, code_lost: bool) -> bool:
    """Whether a person has decided about a payment, or must. What the owner closed after a day is none (rule 7)."""
    return code_lost or (by_owner and state is not State.EXPIRED)
