"""A push that was taken, and how it is written down, so that it outlives the simulator."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime

from pos_app.domain.phone import without_payer
from pos_app.simulator import bodies
from pos_app.simulator.bodies import Json, PromptOutcome
from pos_app.simulator.checks import PushRequest, Signature
from pos_app.simulator.options import Prompt

_OUTCOMES = {
    str(outcome.code): outcome
    for outcome in (
        bodies.PAID,
        bodies.NO_MONEY,
        bodies.CANCELLED,
        bodies.NO_RESPONSE,
        bodies.WRONG_PIN,
        bodies.WRONG_PAYBILL,
        bodies.WRONG_TILL,
    )
}


@dataclass(slots=True)
class Charge:
    """A push that was taken.

    Attributes:
        subject: its name to the dice.
        held: sends the push's answer, where the callback goes first.
    """

    subject: str
    push: PushRequest
    prompt: Prompt
    merchant_request_id: str
    outcome: PromptOutcome | None = None  # None: the phone still shows the prompt
    ended_at: datetime | None = None
    receipt: str = ""
    queries: int = 0
    held: Callable[[], object] | None = None

    @property
    def ids(self) -> tuple[str, str]:
        """MerchantRequestID and CheckoutRequestID."""
        return self.merchant_request_id, self.prompt.checkout_request_id


def written(charge: Charge) -> Json:
    """The charge as JSON, without what it was signed with; once it has ended, also without the customer's number."""
    push = asdict(charge.push)
    del push["signature"]
    prompt = {**asdict(charge.prompt), "created_at": charge.prompt.created_at.isoformat()}
    if charge.outcome is not None:  # nobody is prompted any more; who asks what became of it has its whole id
        push |= {"payer": "", "phone": ""}
        prompt |= {"phone": "", "checkout_request_id": without_payer(charge.prompt.checkout_request_id)}
    return {
        "subject": charge.subject,
        "push": push,
        "prompt": prompt,
        "merchant_request_id": charge.merchant_request_id,
        "outcome": str(charge.outcome.code) if charge.outcome else None,
        "ended_at": charge.ended_at.isoformat() if charge.ended_at else None,
        "receipt": charge.receipt,
    }


def read(known: Json, shortcode: str) -> Charge:
    """A charge as it was written.

    Raises:
        ValueError, TypeError, KeyError: it is none.
    """
    prompt = dict(known["prompt"])
    outcome = known["outcome"]
    ended_at = known["ended_at"]
    return Charge(
        subject=str(known["subject"]),
        push=PushRequest(signature=Signature(shortcode=shortcode, password="", timestamp=""), **known["push"]),
        prompt=Prompt(**{**prompt, "created_at": datetime.fromisoformat(prompt["created_at"])}),
        merchant_request_id=str(known["merchant_request_id"]),
        outcome=None if outcome is None else _OUTCOMES[outcome],
        ended_at=datetime.fromisoformat(ended_at) if ended_at else None,
        receipt=str(known["receipt"]),
    )
