"""The seal in the line of the audit by which the shop's key is renewed: what holds all lines before it together.

Links from before cannot be checked with the new key. So each of those lines is stamped with it, as it is then: in
blocks of a thousand ids, each with the sum of its stamps and the beginning of each stamp, by which `verify` names the
line that was edited since. The line of the renewal has the sum of all blocks (rule 24).
"""

import re
from collections.abc import Iterable, Iterator
from hashlib import sha256
from itertools import groupby
from typing import NamedTuple

from pos_app.domain.audit import CHANGED
from pos_app.domain.links import Head, LastLines, heads_text

BLOCK = 1_000  # ids of one table in one block
TAG = 4  # bytes of a stamp that are kept
NO_TAG = bytes(TAG)  # there was no line of that id
NO_DIGEST = bytes(32)
BEGINNING = LastLines(-(2**31), -(2**31))  # before the first line that either table can have
_SEAL = re.compile(
    rf"{CHANGED}, sealed ([0-9a-f]{{16}}): journal to ([0-9]+), audit to ([0-9]+), ([0-9]+) lines, ([0-9a-f]{{64}})"
)
Stamped = tuple[int, bytes]  # the id of a line, and its stamp


class SealBlock(NamedTuple):
    """The lines of one table whose ids are `number * BLOCK` and the next.

    Attributes:
        journal: of the journal; else of the audit.
        digest: SHA-256 of ids and stamps.
        tags: the first bytes of each stamp, by the id; `NO_TAG` where there is no line.
        lines: how many there are.
    """

    journal: bool
    number: int
    digest: bytes
    tags: bytes
    lines: int

    def tag(self, line_id: int) -> bytes:
        """What is kept of the stamp of a line of this block."""
        place = line_id % BLOCK * TAG
        return self.tags[place : place + TAG]

    def ids_unlike(self, other: "SealBlock") -> Iterator[int]:
        """Which lines are other ones there, or only in one of the two, in their order."""
        first = self.number * BLOCK
        return (first + place for place in range(BLOCK) if self.tag(first + place) != other.tag(first + place))


def block_of(line_id: int) -> int:
    """In which block a line is."""
    return line_id // BLOCK


def tag_of(stamp: bytes) -> bytes:
    """What is kept of a stamp to name its line: never `NO_TAG`."""
    return stamp[:TAG] if stamp[:TAG] != NO_TAG else b"\0\0\0\1"


def empty_block(number: int, *, journal: bool) -> SealBlock:
    """One of which no line is there."""
    return SealBlock(journal, number, NO_DIGEST, bytes(BLOCK * TAG), 0)


def blocks_of(stamped: Iterable[Stamped], *, journal: bool) -> Iterator[SealBlock]:
    """The blocks of lines in the order of their ids, all of a block together; those without a line are left out."""
    for number, lines in groupby(stamped, lambda line: block_of(line[0])):
        adding = AddedBlock(number, journal=journal)
        for line_id, stamp in lines:
            adding.add(line_id, stamp)
        yield adding.block()


class AddedBlock:
    """Puts a block together, line after line in the order of the ids."""

    def __init__(self, number: int, *, journal: bool) -> None:
        self.number = number
        self._journal = journal
        self._lines = 0
        self._sum = sha256(b"block\0")
        self._tags = bytearray(BLOCK * TAG)

    def add(self, line_id: int, stamp: bytes) -> None:
        """A line of this block."""
        place = line_id % BLOCK * TAG
        self._lines += 1
        self._tags[place : place + TAG] = tag_of(stamp)
        self._sum.update(b"%d\0%b" % (line_id, stamp))

    def block(self) -> SealBlock:
        """With all that was added."""
        return SealBlock(self._journal, self.number, self._sum.digest(), bytes(self._tags), self._lines)


class SealSum:
    """Adds up the blocks of both tables, each in their order."""

    def __init__(self) -> None:
        self.lines = 0
        self.blocks = 0
        self._of = {journal: sha256(b"journal" if journal else b"audit") for journal in (True, False)}

    def add(self, block: SealBlock) -> None:
        """The next block of its table."""
        self.lines += block.lines
        self.blocks += 1
        self._of[block.journal].update(b"%d\0%d\0%b%b" % (block.number, block.lines, block.digest, block.tags))

    def copy(self) -> "SealSum":
        """Another one with the same blocks until here."""
        other = SealSum()
        other.lines, other.blocks = self.lines, self.blocks
        other._of = {journal: added.copy() for journal, added in self._of.items()}
        return other

    def hexdigest(self) -> str:
        """Of all that was added."""
        return sha256(self._of[True].digest() + self._of[False].digest()).hexdigest()


class RenewalSeal(NamedTuple):
    """What the line of a renewal says of all lines before it.

    Attributes:
        name: of its blocks, 16 hexadecimal digits.
        last: the ids of the last lines that it holds.
        lines: how many they are.
        digest: of its blocks, as `SealSum` gives it.
    """

    name: str
    last: LastLines
    lines: int
    digest: str


def renewal_text(seal: RenewalSeal, heads: Iterable[Head]) -> str:
    """What the line of a renewal says: `changed`, the seal, and the heads of all tills. It is never changed."""
    told = f"journal to {seal.last.event}, audit to {seal.last.audit}, {seal.lines} lines, {seal.digest}"
    return f"{CHANGED}, sealed {seal.name}: {told} {heads_text(heads)}".rstrip()


def read_renewal(text: str | None) -> RenewalSeal | None:
    """The seal in the line of a renewal; None where it has none."""
    found = _SEAL.match(text or "")
    if found is None:
        return None
    return RenewalSeal(found[1], LastLines(int(found[2]), int(found[3])), int(found[4]), found[5])


def is_renewal(text: str | None) -> bool:
    """Whether a line of the audit about the shop's key says that another one was made, sealed or not."""
    return text == CHANGED or read_renewal(text) is not None


def without_seal(text: str) -> str:
    """The line of a renewal for a person: without what nobody reads."""
    seal = read_renewal(text)
    return text if seal is None else f"{CHANGED}; all {seal.lines:,} lines before it are sealed"
