"""What a look at one part of the till gave: said by the checks, shown by the window and the command line.

Words say what is, and where it is not green, what to do now. They never carry a secret or a full phone number.
"""

from collections.abc import Callable
from enum import StrEnum
from typing import NamedTuple


class Status(StrEnum):
    """How good it is."""

    GREEN = "green"
    AMBER = "amber"  # the till works; somebody should know
    RED = "red"  # the till cannot charge, or cannot charge safely


class Verdict(NamedTuple):
    """What one look gave."""

    status: Status
    words: str


class Check(NamedTuple):
    """A look to be taken. `look` may take long or raise a `PosError`, whose words are then a red verdict."""

    name: str
    look: Callable[[], Verdict]


class Finding(NamedTuple):
    """A look that was taken. `seconds` is how long it took; None where it was not taken."""

    name: str
    status: Status
    words: str
    seconds: float | None = None

    @property
    def line(self) -> str:
        """`red    Keys: what is wrong and what to do`."""
        return f"{self.status:<6} {self.name}: {self.words}"


def green(words: str) -> Verdict:
    """All is well."""
    return Verdict(Status.GREEN, words)


def amber(words: str) -> Verdict:
    """The till works, but somebody should know."""
    return Verdict(Status.AMBER, words)


def red(words: str) -> Verdict:
    """The till cannot charge, or not safely."""
    return Verdict(Status.RED, words)
