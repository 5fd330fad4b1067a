"""What can be heard of a payment."""

from enum import StrEnum


class Sound(StrEnum):
    """One of the till's sounds."""

    PAID = "paid"
    PAID_LATE = "paid_late"
    NOT_PAID = "not_paid"
    UNSURE = "unsure"  # not sure yet, or somebody has to look
