"""The icon and the colour of each state; the words are in `words`."""

from enum import StrEnum
from typing import NamedTuple

from pos_app.domain.payment import Payment, State
from pos_app.domain.receipt import Mark
from pos_app.messages import payments as words


class Tone(StrEnum):
    """A pair of colours, text on ground. `theme.Theme.tone` gives them for light and dark."""

    NEUTRAL = "neutral"
    SENDING = "sending"
    WAITING = "waiting"
    UNSURE = "unsure"
    REVIEW = "review"
    PAID = "paid"
    FAILED = "failed"
    PRACTICE = "practice"


class Sign(NamedTuple):
    """How a state looks. `icon` is a name for `icons`."""

    icon: str
    tone: Tone


_SIGNS = {
    State.REQUESTED: Sign("send", Tone.SENDING),
    State.PROMPTED: Sign("smartphone", Tone.WAITING),
    State.UNKNOWN: Sign("circle-question-mark", Tone.UNSURE),
    State.REVIEW: Sign("search-check", Tone.REVIEW),
    State.PAID: Sign("check", Tone.PAID),
    State.CANCELLED: Sign("x", Tone.FAILED),
    State.DECLINED: Sign("x", Tone.FAILED),
    State.EXPIRED: Sign("x", Tone.FAILED),
    State.NOT_SENT: Sign("unplug", Tone.FAILED),
}


MARKS = {Mark.PRACTICE: Tone.PRACTICE, Mark.SANDBOX: Tone.SENDING}


def sign(payment: Payment) -> Sign:
    """The icon and tone of a payment."""
    return Sign("clock-check", Tone.PAID) if words.late(payment) else _SIGNS[payment.state]
