"""The money behind the prompts: who pays, what M-PESA charges, what goes back, and where it goes at night."""

from datetime import datetime
from decimal import Decimal

from pos_app.simulator.charges import Charge
from pos_app.simulator.checks import PAYBILL
from pos_app.simulator.ids import ReceiptCodes
from pos_app.simulator.options import SimulatorOptions
from pos_app.simulator.record import MoneyRecord, Movement, MovementKind, fee_of
from pos_app.simulator.statement import ShopAccount
from pos_app.simulator.world import World

_PROMPTED = {True: "Pay Bill Online", False: "Pay Merchant"}  # by whether it is a paybill
_BY_HAND = {True: "Pay Bill", False: "Customer Merchant Payment"}
_REVERSED = {True: "Pay Bill Reversal", False: "Merchant Payment Reversal"}


class Money:
    """Moves money into the shop's account and out of it, each movement with a line in the record.

    Attributes:
        record: M-PESA's own, whatever the shop was told.
        account: whose it is.
    """

    def __init__(self, options: SimulatorOptions, world: World, receipts: ReceiptCodes) -> None:
        self._fee_percent = options.fee_percent
        self._world = world
        self._receipts = receipts
        self.record = MoneyRecord(options.record_size)
        self.account = ShopAccount(
            options.shop_name, options.till_number or options.shortcode, paybill=options.till_number is None
        )

    def prompted(self, charge: Charge, paid_at: datetime) -> str:
        """A customer has paid by a prompt; gives the receipt code."""
        push = charge.push
        reason = _PROMPTED[push.transaction_type == PAYBILL]
        return self._come(paid_at, push.amount, push.payer, push.account_reference, reason)

    def failed(self, charge: Charge, at: datetime) -> None:
        """A customer's money did not suffice: nothing moved, and the record has a line of it."""
        push = charge.push
        self.record.add(
            Movement(
                receipt=self._receipts.next(at),
                at=at,
                kind=MovementKind.FAILED,
                amount=Decimal(push.amount),
                reason=_PROMPTED[push.transaction_type == PAYBILL],
                phone=push.payer,
                account=push.account_reference,
            )
        )

    def by_hand(self, phone: str, amount: int, account: str = "") -> str:
        """Somebody pays without a prompt, by the number on the wall; gives the receipt code.

        Args:
            amount: KES.
            account: what the payer of a paybill types.
        """
        return self._come(self._world.now(), amount, phone, account, _BY_HAND[self.account.paybill])

    def reverse(self, receipt: str) -> str | None:
        """M-PESA gives a payment back; the reversal's receipt code, or None where there is no such payment."""
        paid = self.record.payment(receipt)
        if paid is None:
            return None
        at = self._world.now()
        undoing = Movement(
            receipt=self._receipts.next(at),
            at=at,
            kind=MovementKind.REVERSAL,
            amount=paid.amount,
            reason=_REVERSED[self.account.paybill],
            phone=paid.phone,
            account=paid.account,
            linked=receipt,
        )
        self.record.add(undoing)
        return undoing.receipt

    def sweep(self) -> None:
        """What is in the account goes to the shop's settlement account."""
        if self.record.balance > 0:
            at = self._world.now()
            self.record.add(
                Movement(
                    receipt=self._receipts.next(at),
                    at=at,
                    kind=MovementKind.SWEEP,
                    amount=self.record.balance,
                    reason=f"{self.account.name} to Organization Settlement Account",
                )
            )

    def _come(self, at: datetime, amount: int, phone: str, account: str, reason: str) -> str:
        paid = Movement(
            receipt=self._receipts.next(at),
            at=at,
            kind=MovementKind.PAYMENT,
            amount=Decimal(amount),
            fee=fee_of(amount, self._fee_percent),
            reason=reason,
            phone=phone,
            account=account,
        )
        self.record.add(paid)
        return paid.receipt
