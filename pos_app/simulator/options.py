"""How a simulated M-PESA is set up, and what its customers' phones show."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from pos_app.domain.payment import PROMPT_LIFE
from pos_app.simulator.faults import Fault
from pos_app.simulator.record import REMEMBERED


class Choice(StrEnum):
    """What a customer does with the prompt on the phone."""

    PIN = "pin"  # pays
    WRONG_PIN = "wrong-pin"
    CANCEL = "cancel"
    IGNORE = "ignore"  # the prompt ends by itself
    NO_MONEY = "no-money"  # the PIN is right, the balance is not enough


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulatorOptions:
    """What the simulator is and how it behaves. Times are in seconds.

    Attributes:
        port: where to listen on 127.0.0.1; 0 takes any free port.
        seed: the same seed meets the same pushes with the same faults.
        customer: what every customer does by himself, `delay` after the prompt; None leaves it to `answer`.
        delay: from the prompt to what the customer does by himself.
        ignore_after: from the prompt to its end when the customer does nothing (result 1037).
        faults: what goes wrong, with the probability of each.
        till_number: the one PartyB that Buy Goods may pay to; None takes any.
        shop_name: stands in the prompt.
        late_after: how much later the callback leaves under `callback-late`.
        slow: how long the push's answer takes under `push-slow`.
        token_lifetime: of an access token; Daraja says 3599 in `expires_in`.
        fee_percent: of each payment, which M-PESA takes from the shop.
        record_size: movements of money that M-PESA's record keeps.
        pull_page: rows in one answer of Pull Transactions.
    """

    port: int = 0
    seed: int = 0
    customer: Choice | None = Choice.PIN
    delay: float = 1.0
    ignore_after: float = PROMPT_LIFE
    faults: Mapping[Fault, float] = field(default_factory=dict)
    consumer_key: str = "practice-key"
    consumer_secret: str = "practice-secret"  # noqa: S105  the simulator's own, meant to be known
    shortcode: str = "174379"
    till_number: str | None = None
    passkey: str = "practice-passkey"
    shop_name: str = "Practice shop"
    late_after: float = 30.0
    slow: float = 10.0
    token_lifetime: int = 3599
    fee_percent: Decimal = Decimal("0.55")
    record_size: int = REMEMBERED
    pull_page: int = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """A request for the PIN, as the customer's phone shows it. `amount` in KES, `phone` an MSISDN, `created_at` UTC."""

    checkout_request_id: str
    phone: str
    amount: int
    shop_name: str
    account_reference: str
    description: str
    created_at: datetime
