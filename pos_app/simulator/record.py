"""M-PESA's own record of the shop's account: every movement of money, also those that the shop was never told of."""

from collections import deque
from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from random import Random

from pos_app.simulator.bodies import Json

REMEMBERED = 10_000  # movements
_CENT = Decimal("0.01")
_FIRST_NAMES = ("AMINA", "BARAKA", "CHEBET", "DAUDI", "FATUMA", "KAMAU", "MUTHONI", "NJERI", "OTIENO", "WANJIKU")
_LAST_NAMES = ("ACHIENG", "BARASA", "CHEROTICH", "KIPLAGAT", "MWANGI", "NDUNGU", "ODHIAMBO", "OTIENO", "WAFULA")


class MovementKind(StrEnum):
    """What a movement is. Written down by name."""

    PAYMENT = "payment"
    FAILED = "failed"  # nothing moved
    REVERSAL = "reversal"
    SWEEP = "sweep"  # to the shop's settlement account


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """One receipt code of the account.

    Attributes:
        at: when it was completed (UTC).
        amount: KES, above 0.
        fee: what M-PESA charged for it, in KES.
        reason: its reason type.
        phone: the other party's MSISDN, or what can be seen of it; empty where there is none.
        account: what the payer of a paybill has named.
        linked: the receipt code of the payment that it undoes.
    """

    receipt: str
    at: datetime
    kind: MovementKind
    amount: Decimal
    reason: str
    fee: Decimal = Decimal(0)
    phone: str = ""
    account: str = ""
    linked: str = ""

    @property
    def change(self) -> Decimal:
        """By how much the balance changes, in KES, without the fee."""
        if self.kind is MovementKind.FAILED:
            return Decimal(0)
        return self.amount if self.kind is MovementKind.PAYMENT else -self.amount


class MoneyRecord:
    """The newest movements, and the balance.

    Args:
        most: movements that are remembered.

    Attributes:
        balance: KES in the account now.
        forgotten_until: of this moment (UTC) and before it not everything is known; None where nothing was forgotten.
    """

    def __init__(self, most: int = REMEMBERED) -> None:
        self._most = most
        self._movements: deque[Movement] = deque()
        self.balance = Decimal(0)
        self.forgotten_until: datetime | None = None

    def add(self, movement: Movement) -> None:
        """Money has moved."""
        self.balance += movement.change - movement.fee
        self._movements.append(movement)
        if len(self._movements) > self._most:
            self.forgotten_until = self._movements.popleft().at

    def movements(self) -> list[Movement]:
        """All that are remembered, oldest first."""
        return list(self._movements)

    def payment(self, receipt: str) -> Movement | None:
        """The payment with a receipt code, unless it was reversed."""
        if any(movement.linked == receipt for movement in self._movements):
            return None
        found = (each for each in self._movements if each.kind is MovementKind.PAYMENT and each.receipt == receipt)
        return next(found, None)

    def written(self, most: int) -> Json:
        """The newest movements as JSON, without whole numbers of customers, for `restore`."""
        movements = list(self._movements)
        kept = movements[len(movements) - min(most, len(movements)) :]
        dropped = movements[: len(movements) - len(kept)]
        forgotten = dropped[-1].at if dropped else self.forgotten_until
        return {
            "balance": str(self.balance),
            "forgotten_until": forgotten.isoformat() if forgotten else None,
            "movements": [_written(movement) for movement in kept],
        }

    def restore(self, known: Json) -> None:
        """Go on where an earlier run stopped.

        Raises:
            ValueError, TypeError, KeyError, ArithmeticError: that is not what was written.
        """
        movements = deque(map(_read, known["movements"]))
        balance, forgotten = Decimal(known["balance"]), known["forgotten_until"]
        self.forgotten_until = datetime.fromisoformat(forgotten) if forgotten else None
        self._movements, self.balance = movements, balance


def fee_of(amount: int, percent: Decimal) -> Decimal:
    """What M-PESA charges the shop for a payment, in KES, to the cent."""
    return (amount * percent / 100).quantize(_CENT, ROUND_HALF_UP)


def masked(phone: str) -> str:
    """A number as M-PESA's statement shows it: `070****366`."""
    return f"0{phone[3:5]}****{phone[-3:]}"


def masked_abroad(phone: str) -> str:
    """A number as Pull Transactions shows it, where it masks: `25470****366`."""
    return f"{phone[:5]}****{phone[-3:]}"


def payer(phone: str) -> str:
    """The other party as M-PESA's statement shows it; the name is invented, and always the same for one number."""
    seen = masked(phone)
    random = Random(seen)  # noqa: S311  a name in a game
    return f"{seen} - {random.choice(_FIRST_NAMES)} **** {random.choice(_LAST_NAMES)}"


def _written(movement: Movement) -> Json:
    return {
        **asdict(movement),
        "at": movement.at.isoformat(),
        "amount": str(movement.amount),
        "fee": str(movement.fee),
        "phone": masked_abroad(movement.phone) if movement.phone else "",
    }


def _read(known: Json) -> Movement:
    return Movement(
        **{
            **known,
            "at": datetime.fromisoformat(known["at"]),
            "kind": MovementKind(known["kind"]),
            "amount": Decimal(known["amount"]),
            "fee": Decimal(known["fee"]),
        }
    )
