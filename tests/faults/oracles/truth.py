"""What really happened, seen from outside the till: M-PESA's own books, and what reached the till of them."""

from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

Json = dict[str, Any]


@dataclass(slots=True)
class Prompted:
    """One prompt on a customer's phone, in M-PESA's books.

    Attributes:
        ended: seconds since the world began; None while the phone shows it.
    """

    checkout: str
    phone: str
    amount: int
    code: str | None = None
    ended: float | None = None


@dataclass(frozen=True, slots=True)
class Accepted:
    """The push's answer reached the till whole: M-PESA took it."""

    token: str
    merchant: str | None
    checkout: str


@dataclass(frozen=True, slots=True)
class Refused:
    """Word that surely no prompt was sent reached the till whole."""

    token: str


@dataclass(frozen=True, slots=True)
class Told:
    """What a callback that was posted says, as its sender meant it. `checkout` and the rest None: not said."""

    code: str
    merchant: str | None
    checkout: str | None
    amount: Decimal | None = None
    receipt: str | None = None


@dataclass(frozen=True, slots=True)
class Delivered:
    """A callback reached an address of ours. `told` None: nobody can read it."""

    token: str
    told: Told | None


@dataclass(frozen=True, slots=True)
class Answered:
    """The answer to a question reached the till whole."""

    asked: str
    code: str
    checkout: str | None


@dataclass(frozen=True, slots=True)
class Ruled:
    """The owner settled a payment by hand.

    Attributes:
        settlement: paid, declined or closed.
        code: the statement's, for paid; `amount` too, where M-PESA has not said it.
    """

    token: str
    settlement: str
    code: str
    amount: int | None = None


@dataclass(frozen=True, slots=True)
class OnRecord:
    """M-PESA's own record of all money named this payment beyond doubt, says the till; the books know the code."""

    token: str
    code: str


Seen = Accepted | Refused | Delivered | Answered | Ruled | OnRecord


@dataclass(slots=True)
class Truth:
    """The books.

    Attributes:
        prompts: what M-PESA did for each address token.
        left: how many pushes left the till for each address token, but those refused for their access token.
        refused: how many were refused for their access token.
        bearers: the access tokens that each push was sent with.
        seen: what reached the till, in order.
        acknowledged: how many callbacks were answered 200 or 400, for each address token.
        handling: the address token of the push that M-PESA is looking at.
    """

    prompts: dict[str, list[Prompted]] = field(default_factory=dict)
    left: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    bearers: dict[str, list[str]] = field(default_factory=dict)
    seen: list[Seen] = field(default_factory=list)
    acknowledged: Counter[str] = field(default_factory=Counter)
    by_checkout: dict[str, Prompted] = field(default_factory=dict)
    handling: str = ""

    def prompted(self, token: str, prompt: Prompted) -> None:
        """A phone shows a prompt."""
        self.prompts.setdefault(token, []).append(prompt)
        self.by_checkout[prompt.checkout] = prompt

    def paid(self, token: str) -> bool:
        """Whether money moved."""
        return any(prompt.code == "0" for prompt in self.prompts.get(token, ()))

    def forget(self) -> None:
        """Begin empty books."""
        for book in (self.prompts, self.left, self.refused, self.bearers, self.seen):
            book.clear()
        self.acknowledged.clear()
        self.by_checkout.clear()


def told_by(body: Json) -> Told:
    """What an undamaged callback of the simulator says."""
    stk = body["Body"]["stkCallback"]
    items = {item["Name"]: item.get("Value") for item in stk.get("CallbackMetadata", {}).get("Item", ())}
    amount = items.get("Amount")
    return Told(
        code=str(stk["ResultCode"]),
        merchant=stk["MerchantRequestID"],
        checkout=stk["CheckoutRequestID"],
        amount=None if amount is None else Decimal(amount),
        receipt=items.get("MpesaReceiptNumber"),
    )
