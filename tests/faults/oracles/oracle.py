"""What must be known about a payment after what reached the till: rules 6, 8 and 9, written a second time.

Nothing of `pos_app` is used here, so that one mistake does not confirm the other.
"""

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from tests.faults.oracles.truth import Accepted, Answered, Delivered, OnRecord, Refused, Ruled, Seen, Told

CANCELLED = frozenset({"1031", "1032"})
EXPIRED = frozenset({"1019", "1036", "1037"})
DECLINED = frozenset(
    (
        *("1", "2", "3", "4", "8", "11", "15", "17", "18", "20", "21", "24", "25", "26", "29", "1001", "1025"),
        *("2001", "2006", "2028", "2040", "8006", "9999", "SFC_IC0003"),
    )
)


class Verdict(StrEnum):
    """Where a payment must stand, as far as evidence tells."""

    OPEN = "open"
    CANCELLED = "cancelled"
    DECLINED = "declined"
    EXPIRED = "expired"
    NOT_SENT = "not sent"
    CURABLE = "review, a query settles it"
    HELD = "review, only the owner settles it"
    DENIED = "refused by the owner, who looks at it again if M-PESA says paid"
    PAID = "paid"


_SETTLEMENTS = {"paid": Verdict.PAID, "declined": Verdict.DENIED, "closed": Verdict.EXPIRED}


@dataclass(slots=True)
class Expected:
    """One payment as the evidence makes it."""

    amount: int
    verdict: Verdict = Verdict.OPEN
    merchant: str | None = None
    checkout: str | None = None
    receipt: str | None = None
    by_hand: bool = False  # the owner gave its code, or had given it and M-PESA gave it to another payment
    settled: bool = False  # paid by the owner's word
    paid: int | None = None  # what M-PESA has, as far as anybody says
    back: int = 0  # what went back of it, says the owner
    callbacks: int = 0
    unreadable: int = 0


@dataclass(slots=True)
class Oracle:
    """Goes through what was seen, in its order."""

    payments: dict[str, Expected] = field(default_factory=dict)  # by address token
    checkouts: dict[str, str] = field(default_factory=dict)  # whose they are
    receipts: dict[str, str] = field(default_factory=dict)
    reversals: dict[str, str] = field(default_factory=dict)  # codes that the owner typed for refunds, and of what
    clashes: list[str] = field(default_factory=list)  # whose refund has a code that M-PESA gave to a payment, in order
    robbed: list[str] = field(default_factory=list)  # who lost a code by hand to M-PESA's word, in order

    def see(self, seen: Seen) -> None:
        """The next thing that reached the till."""
        match seen:
            case Accepted(token, merchant, checkout):
                self._learn(token, merchant, checkout)
            case Refused(token):
                if self.payments[token].verdict is Verdict.OPEN:
                    self.payments[token].verdict = Verdict.NOT_SENT
            case Delivered(token, told):
                self.payments[token].callbacks += 1
                if told:
                    self._told(token, told)
                else:
                    self.payments[token].unreadable += 1
            case Answered(asked, code, checkout):
                token = self.checkouts.get(asked, "")
                if token and checkout == asked:
                    self._answered(self.payments[token], code)
            case Ruled(token, settlement, code, amount):
                self._ruled(token, settlement, code, amount)
            case OnRecord(token, code):
                self._name(token, code)
                self._succeeded(self.payments[token], Verdict.PAID)

    def others(self, token: str, merchant: str | None, checkout: str | None) -> bool:
        """Whether these ids are not the payment's own, or are another's."""
        known = self.payments[token]
        return (
            (checkout is not None and self.checkouts.get(checkout, token) != token)
            or known.merchant not in (None, merchant)
            or known.checkout not in (None, checkout)
        )

    def _learn(self, token: str, merchant: str | None, checkout: str | None) -> None:
        if self.others(token, merchant, checkout):
            return
        known = self.payments[token]
        known.merchant, known.checkout = known.merchant or merchant, known.checkout or checkout
        if checkout:
            self.checkouts[checkout] = token

    def _told(self, token: str, told: Told) -> None:
        payment = self.payments[token]
        if told.code != "0":
            if not self.others(token, told.merchant, told.checkout):
                self._learn(token, told.merchant, told.checkout)
                self._failed(payment, told.code)
            return
        verdict, other_amount = self.success(token, told), self._other_amount(payment, told)
        others = self.others(token, told.merchant, told.checkout)
        if payment.verdict is Verdict.PAID:
            certain = payment.receipt is not None and not payment.by_hand
            free = told.receipt is not None and not self._is_held(told.receipt, token)
            untold = payment.paid == payment.amount or (free and not other_amount)
            first = free if payment.by_hand else untold  # junk must not change it for ever
            if _whole(told.amount) is not None and not others and not certain and first:
                payment.paid = self._not_below(payment, _whole(told.amount))
            if verdict is not Verdict.PAID and not (payment.by_hand and other_amount):
                return
        self._learn(token, told.merchant, told.checkout)
        if told.receipt and not others and not self._is_held(told.receipt, token):
            self._name(token, told.receipt)
        if payment.verdict is not Verdict.PAID:
            if other_amount and payment.verdict is not Verdict.HELD and told.amount is not None:
                payment.paid = self._not_below(payment, _whole(told.amount))
            self._succeeded(payment, verdict)

    def _name(self, token: str, code: str) -> None:
        """M-PESA's own code; it takes the place of one by hand, here and at another payment."""
        payment = self.payments[token]
        if payment.receipt is not None and not payment.by_hand:
            return
        other = self.receipts.get(code)
        if other not in (None, token):
            self.payments[other].receipt = None
            self.robbed.append(other)
        if payment.receipt:
            self.receipts.pop(payment.receipt, None)
        if code in self.reversals and payment.receipt != code:
            self.clashes.append(self.reversals[code])
        payment.receipt, payment.by_hand = code, False
        self.receipts[code] = token

    @staticmethod
    def _not_below(payment: Expected, paid: int | None) -> int | None:
        """No word makes what was paid less than what went back of it already (rule 19)."""
        return payment.paid if payment.back > (paid or 0) else paid

    def may_go_back(self, token: str) -> int:
        """How much of a payment can still go back, in KES."""
        payment = self.payments[token]
        known = payment.verdict in (Verdict.PAID, Verdict.DENIED) and payment.paid is not None
        return payment.paid - payment.back if known and payment.paid else 0

    def _is_held(self, code: str, token: str) -> bool:
        """Whether M-PESA gave this code to another payment; the owner's hand does not count."""
        other = self.receipts.get(code, token)
        return other != token and not self.payments[other].by_hand

    @staticmethod
    def _other_amount(payment: Expected, told: Told) -> bool:
        known = payment.paid if payment.verdict is Verdict.PAID and payment.settled else payment.amount
        return told.amount is not None and told.amount != known

    def success(self, token: str, told: Told) -> Verdict:
        """What a callback that says "paid" proves by itself."""
        payment = self.payments[token]
        if self._other_amount(payment, told):
            return Verdict.HELD
        another = payment.receipt is not None and not payment.by_hand and told.receipt not in (None, payment.receipt)
        if another or self._is_held(told.receipt or "", token):
            return Verdict.HELD
        if self.others(token, told.merchant, told.checkout) or told.amount is None or told.receipt is None:
            return Verdict.CURABLE
        return Verdict.PAID

    def _answered(self, payment: Expected, code: str) -> None:
        if code != "0":
            self._failed(payment, code)
        else:
            self._succeeded(payment, Verdict.PAID)

    @staticmethod
    def _succeeded(payment: Expected, verdict: Verdict) -> None:
        """What the owner has refused, or must look at, no success settles (rule 9)."""
        if payment.verdict is not Verdict.HELD:
            payment.verdict = Verdict.HELD if payment.verdict is Verdict.DENIED else verdict
        if payment.verdict is Verdict.PAID and payment.paid is None:
            payment.paid = payment.amount  # a query's "0" means what was asked

    def _ruled(self, token: str, settlement: str, code: str, amount: int | None) -> None:
        payment = self.payments[token]
        payment.verdict = _SETTLEMENTS[settlement]
        if payment.verdict is Verdict.PAID:  # the statement's code, whatever a callback had said
            payment.settled = True
            payment.by_hand = payment.receipt != code
            self.receipts.pop(payment.receipt or "", None)
            self.receipts[code], payment.receipt = token, code
            payment.paid = next(each for each in (payment.paid, amount, payment.amount) if each is not None)

    @staticmethod
    def _failed(payment: Expected, code: str) -> None:
        if payment.verdict is not Verdict.OPEN:
            return
        for codes, verdict in (
            (CANCELLED, Verdict.CANCELLED),
            (EXPIRED, Verdict.EXPIRED),
            (DECLINED, Verdict.DECLINED),
        ):
            if code in codes:
                payment.verdict = verdict


def _whole(amount: Decimal | None) -> int | None:
    """An amount in KES that a till can show; None for one with cents, which M-PESA never moves."""
    return None if amount is None or amount % 1 else int(amount)
