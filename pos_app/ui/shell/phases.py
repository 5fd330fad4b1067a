"""What the till goes through behind its window, and what the window allows meanwhile."""

from enum import Enum, auto
from typing import NamedTuple

from pos_app.messages import window as words


class Phase(Enum):
    """Where a till is between its opening and its end."""

    OPENING = auto()
    LOCKED = auto()  # its keys are, and a person is asked for their passphrase
    FAILED = auto()  # it cannot open
    OPEN = auto()
    CLOSING = auto()
    CLOSED = auto()


class PhaseRules(NamedTuple):
    """What the window allows in a phase.

    Attributes:
        status: what the header says; None while it says how M-PESA is reached.
        selling: whether one may go to the pages that need an open till.
        leaving: whether nothing can be done any more, not even checks.
    """

    status: str | None
    selling: bool = False
    leaving: bool = False


PHASES = {
    Phase.OPENING: PhaseRules(words.OPENING),
    Phase.LOCKED: PhaseRules(words.NOT_OPEN),
    Phase.FAILED: PhaseRules(words.NOT_OPEN),
    Phase.OPEN: PhaseRules(None, selling=True),
    Phase.CLOSING: PhaseRules(words.CLOSING, leaving=True),
    Phase.CLOSED: PhaseRules(words.NOT_OPEN, leaving=True),
}
