"""What looking through all linked lines finds: whether they are whole, and else the first that is not."""

import re
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from typing import NamedTuple

from pos_app.domain.links import Head


class Wrong(StrEnum):
    """What is wrong with a line."""

    EDITED = "edited"
    DELETED = "deleted"
    INSERTED = "inserted"
    SWAPPED = "swapped"  # it is there, and not in its place
    CUT = "cut"  # it and all that were behind it are not there
    REWRITTEN = "rewritten"  # all fits, but it is not the line that was there when its head was written down
    UNLINKED = "unlinked"  # no till that has the shop's key has written it
    COUNTED = "counted"  # what a close has counted is not what it was
    SEALED = "sealed"  # one of the lines from before, which one seal holds together
    RENEWED = "renewed"  # nothing is known to be: it was bound with the key that the shop had before
    BEFORE = "before"  # one of the lines that the renewal of the key holds together, and which cannot be told
    BLOCKS = "blocks"  # what would name such a line; the lines are as they were


class Broken(NamedTuple):
    """A line that is not as it was written.

    Attributes:
        what: what is wrong with it.
        till: whose line it is; empty where nobody has linked it.
        line: which of the till's lines, from 1; of a line that nobody has linked its id, 0 where there is none; the
            last one that was bound with the key before.
        payment: the number of the payment that it is about; None where it is about none, or that is not known.
        close: where it is no line, but a close of the day, its name; of several that one seal holds the last one.
        since: of lines that were bound with the key before behind those that its renewal has sealed, the first one.
    """

    what: Wrong
    till: str
    line: int
    payment: str | None = None
    close: str | None = None
    since: int = 0


class Seal(NamedTuple):
    """What holds lines together that nobody has linked, as they were when it was made.

    Attributes:
        events: the ids of the journal that it is about, the first and the last, and `audit`: those of the audit; of
            these ids only what is not linked.
        lines: how many they are.
        digest: of them, in hexadecimal.
    """

    events: tuple[int, int]
    audit: tuple[int, int]
    lines: int
    digest: str

    def __str__(self) -> str:
        ranges = f"journal {self.events[0]}-{self.events[1]}, audit {self.audit[0]}-{self.audit[1]}"
        return f"{ranges}, {self.lines} lines, {self.digest}"


_SEAL = re.compile(r"journal ([0-9]+)-([0-9]+), audit ([0-9]+)-([0-9]+), ([0-9]+) lines, ([0-9a-f]{64})")


def read_seal(text: str | None) -> Seal | None:
    """A seal as its line in the audit has it; None where that is none."""
    found = _SEAL.fullmatch(text or "")
    if found is None:
        return None
    first_event, last_event, first_audit, last_audit, lines = map(int, found.groups()[:5])
    return Seal((first_event, last_event), (first_audit, last_audit), lines, found[6])


class Digest:
    """Adds up lines that nobody has linked: journal and audit each in their own order."""

    def __init__(self) -> None:
        self.lines = 0
        self._journal, self._audit = sha256(), sha256()

    def add_event(self, text: str) -> None:
        """A line of the journal, as `links.event_text` has it."""
        self._add(self._journal, text)

    def add_audit(self, text: str) -> None:
        """A line of the audit, as `links.audit_text` has it."""
        self._add(self._audit, text)

    def hexdigest(self) -> str:
        """Of all that was added."""
        return sha256(self._journal.digest() + self._audit.digest()).hexdigest()

    def _add(self, to: "object", text: str) -> None:
        self.lines += 1
        said = text.encode("utf-8", "surrogatepass")
        to.update(b"%d\0%b" % (len(said), said))  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """What was found.

    Attributes:
        lines: how many are linked, and `erased`: of how many of those a text was erased.
        sealed: how many are from before there were links, and are held together by seals: what was edited before it was
            sealed cannot be found.
        renewed: how many are from before the shop's key was renewed, and were sealed then.
        unsealed: how many are from before, and not sealed yet.
        heads: the last line of each till, as it was found.
        broken: what is not as it was written, the first one first; of each till its first.
        closes: how many closes of the day the audit holds, and `unsealed_closes`: how many from before it does not yet.
    """

    lines: int
    erased: int
    sealed: int
    unsealed: int
    heads: tuple[Head, ...]
    broken: tuple[Broken, ...]
    closes: int = 0
    unsealed_closes: int = 0
    renewed: int = 0

    @property
    def whole(self) -> bool:
        """Whether every line and close is as it was written, as far as that can be told."""
        return not self.broken and not self.unsealed and not self.unsealed_closes
