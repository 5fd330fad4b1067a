"""What binds a close to its line in the audit (rule 24): sums of what it says, and of what it has counted."""

import re
from collections.abc import Iterable
from hashlib import sha256
from typing import NamedTuple

_SUM = re.compile(r"\bbound ([0-9a-f]{64}) ([0-9a-f]{64})$")
_ONE_SUM = re.compile(r"\bbound ([0-9a-f]{64})$")
_ANY_SUM = re.compile(r"\bbound [0-9a-f]{64}( [0-9a-f]{64})?$")
_SEAL = re.compile(r"closes ([0-9]+)-([0-9]+), ([0-9a-f]{64})")


class CloseSum(NamedTuple):
    """SHA-256 in hexadecimal: of the close as it was written, and of its movements. As text it ends the line of the
    audit by which the day was closed, and is never changed.
    """

    said: str
    counted: str

    def __str__(self) -> str:
        return f"bound {self.said} {self.counted}"


class CloseSeal(NamedTuple):
    """What holds closes together that no line of the audit binds: those from before there were sums.

    Attributes:
        first, last: their numbers, both of them sealed, too.
        digest: of the sums of all of them, as `seal_digest` gives it.
    """

    first: int
    last: int
    digest: str

    def __str__(self) -> str:
        return f"closes {self.first}-{self.last}, {self.digest}"


def read_close_sum(text: str | None) -> CloseSum | None:
    """The sum that a line of the audit ends with; None where it has none."""
    found = _SUM.search(text or "")
    return CloseSum(found[1], found[2]) if found else None


def without_sum(text: str) -> str:
    """A line of the audit for a person: without what nobody reads."""
    return _ANY_SUM.sub("", text).rstrip(", ")


def supplement_sum(close: int, part: int, digest: str, report: str) -> str:
    """What binds a supplement to its line in the audit, which ends with `bound` and this.

    Args:
        digest: of the record that it is about, and `report`: what it says, as it is kept.
    """
    return sha256(f"supplement\0{close}\0{part}\0{digest}\0{report}".encode("utf-8", "surrogatepass")).hexdigest()


def read_supplement_sum(text: str | None) -> str | None:
    """The sum that a line of the audit about a supplement ends with; None where it has none."""
    found = _ONE_SUM.search(text or "")
    return found[1] if found else None


def read_close_seal(text: str | None) -> CloseSeal | None:
    """A seal of closes as its line in the audit has it; None where that is none."""
    found = _SEAL.fullmatch(text or "")
    return CloseSeal(int(found[1]), int(found[2]), found[3]) if found else None


def said_sum(said: Iterable[str | int | None]) -> str:
    """Of a close as it was written: number, time (as `links.moment_text`), till, operator's id, `1` where it was the
    owner's passphrase, the last payment's id, received, refunded, returned, report.
    """
    told = "\0".join("" if one is None else f"={one}" for one in said)
    return sha256(f"day close\0{told}".encode("utf-8", "surrogatepass")).hexdigest()


class CountedSum:
    """Adds up the movements of a close in the order of their ids."""

    def __init__(self) -> None:
        self._sum = sha256(b"movements\0")

    def add(self, movements: Iterable[tuple[str | int | None, ...]]) -> None:
        """Each with id, payment's id, refund's id, time (as `links.moment_text`), paid, received, refunds, refunded,
        returned.
        """
        told = "".join(
            f"{key}\0{payment}\0{'' if refund is None else refund}\0{at}\0{paid}\0{received}\0{refunds}\0{refunded}\0"
            f"{returned}\n"
            for key, payment, refund, at, paid, received, refunds, refunded, returned in movements
        )
        self._sum.update(told.encode("utf-8", "surrogatepass"))

    def hexdigest(self) -> str:
        """Of all that was added."""
        return self._sum.hexdigest()


def seal_digest(sums: Iterable[tuple[int, CloseSum]]) -> str:
    """Of closes, each with its number, in the order of these."""
    together = sha256(b"closes\0")
    for number, each in sums:
        together.update(f"{number} {each}\n".encode())
    return together.hexdigest()
