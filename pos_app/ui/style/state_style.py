"""The icon and the colour of each state; the words are in `words`."""

from enum import StrEnum
from typing import NamedTuple

from pos_app.domain.payment import Payment, Remark, State
from pos_app.domain.receipt import Mark
from pos_app.domain.refund import whole
from pos_app.messages import payments as words


class ColourRole(StrEnum):
    """A pair of colours, text on ground. `theme.Theme.role` gives them for light and dark."""

    NEUTRAL = "neutral"
    SENDING = "sending"
    WAITING = "waiting"
    UNSURE = "unsure"
    REVIEW = "review"
    PAID = "paid"
    FAILED = "failed"
    PRACTICE = "practice"


class StateStyle(NamedTuple):
    """How a state looks. `icon` is a name for `icons`."""

    icon: str
    colour: ColourRole


_STYLES = {
    State.REQUESTED: StateStyle("send", ColourRole.SENDING),
    State.PROMPTED: StateStyle("smartphone", ColourRole.WAITING),
    State.UNKNOWN: StateStyle("circle-question-mark", ColourRole.UNSURE),
    State.REVIEW: StateStyle("search-check", ColourRole.REVIEW),
    State.PAID: StateStyle("check", ColourRole.PAID),
    State.CANCELLED: StateStyle("x", ColourRole.FAILED),
    State.DECLINED: StateStyle("x", ColourRole.FAILED),
    State.EXPIRED: StateStyle("x", ColourRole.FAILED),
    State.NOT_SENT: StateStyle("unplug", ColourRole.FAILED),
}


MARKS = {Mark.PRACTICE: ColourRole.PRACTICE, Mark.SANDBOX: ColourRole.SENDING}


def state_style(payment: Payment) -> StateStyle:
    """The icon and colour of a payment. What is due back looks like what needs checking, what went back is over."""
    if payment.refund_due or Remark.REST_DUE in payment.unseen:
        return StateStyle("circle-alert", ColourRole.REVIEW)
    if payment.refunded:
        return StateStyle("corner-down-left", ColourRole.NEUTRAL if whole(payment) else ColourRole.PAID)
    return StateStyle("clock-check", ColourRole.PAID) if words.late(payment) else _STYLES[payment.state]
