"""Which sound a payment's change makes. No Qt here."""

from pos_app.domain.payment import NOT_PAID_STATES, Payment, State
from pos_app.messages.announcements import said_anew
from pos_app.messages.payments import late
from pos_app.sounds.sound import Sound


def sound_of(before: Payment | None, after: Payment) -> Sound | None:
    """What is heard of a change; None where nothing is: it is on its way, or in the same words as before.

    Args:
        before: as it was; None for a new one.
    """
    if not said_anew(before, after):
        return None
    if after.state in (State.UNKNOWN, State.REVIEW) or after.refund_due:
        return Sound.UNSURE
    if after.state is State.PAID and before is not None and before.state is State.PAID:
        return None  # a double that was worked off: no money has come
    if after.state is State.PAID:
        return Sound.PAID_LATE if late(after) else Sound.PAID
    return Sound.NOT_PAID if after.state in NOT_PAID_STATES else None
