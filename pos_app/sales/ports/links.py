"""What the store tells of the links between the lines of journal and audit (rule 24)."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol

from pos_app.domain.close_sum import CloseSeal
from pos_app.domain.links import Head, HeadCode, LastLines, LinkKey
from pos_app.domain.renewal_seal import SealBlock
from pos_app.domain.verification import Digest, Verification


class LinkReader(Protocol):
    """Looking up how far the lines of journal and audit are linked."""

    def heads(self) -> list[Head]:
        """The last line that every till has linked, by name."""
        ...

    def last_lines(self) -> LastLines: ...

    def add_unlinked(self, digest: Digest, key: LinkKey, after: LastLines, until: LastLines, limit: int) -> LastLines:
        """Add up what nobody has linked of the next lines behind some, up to others, so many of them at most; gives the
        last one.
        """
        ...

    def key_renewed_at(self) -> datetime | None:
        """When the owner has made another key for the shop, the last time (UTC); None where that never was."""
        ...

    def counted(self, until: int) -> int:
        """How many movements the closes up to a number have counted."""
        ...

    def seal_blocks(self, key: LinkKey, after: LastLines) -> tuple[list[SealBlock], LastLines]:
        """The next few blocks of lines behind some, stamped with a new key, and up to which line they go: only those to
        which nobody adds a line any more; up to the same line where there are no more of them.
        """
        ...

    def erased_customers(self) -> int:
        """How many customers were erased."""
        ...

    def seal_of_closes(self, until: int) -> CloseSeal:
        """What holds all closes up to a number together, as they are now."""
        ...

    def verify(self, key: LinkKey, against: Collection[HeadCode] = ()) -> Verification:
        """Look through every line of the journal and the audit and every close, however many, in little memory.

        Args:
            against: heads that were there once.
        """
        ...


class LinkTransaction(Protocol):
    """What a write transaction says of the lines that are appended to journal and audit."""

    def link_with(self, key: LinkKey) -> None:
        """Link what is appended from now on with another key, which is the shop's by now."""
        ...

    def heads(self) -> list[Head]:
        """The last line of every till, by name, with what this transaction has appended until now."""
        ...

    def last_lines(self) -> LastLines: ...

    def add_seal_blocks(self, name: str, blocks: Sequence[SealBlock]) -> None:
        """Keep blocks of the seal of this name."""
        ...

    def kept_seal_blocks(self, name: str) -> int:
        """How many it has."""
        ...

    def rest_of_seal(self, key: LinkKey, after: LastLines) -> tuple[list[SealBlock], LastLines]:
        """The blocks of all lines behind some, and the last lines."""
        ...

    def drop_seal_blocks(self) -> None:
        """Take away the blocks that no line of a renewal names."""
        ...

    def erased_customers(self) -> int:
        """How many customers were erased."""
        ...

    def note_renewal(self) -> None:
        """The last line of the audit is that of the last renewal: a hint for whoever verifies once it is gone."""
        ...
