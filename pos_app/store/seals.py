"""Seals, as `verify` follows them: of lines that nobody has linked, and of all lines before the key was renewed."""

from collections.abc import Iterator, Sequence

import sqlalchemy as sa

from pos_app.domain.links import LinkKey
from pos_app.domain.renewal_seal import (
    NO_TAG,
    AddedBlock,
    RenewalSeal,
    SealBlock,
    SealSum,
    block_of,
    empty_block,
    tag_of,
)
from pos_app.domain.verification import Broken, Digest, Seal, Wrong
from pos_app.store.line_texts import audit_line_of, old_event
from pos_app.store.renewals import kept_blocks
from pos_app.store.streamed import Row


class UnlinkedSeals:
    """The seals of lines that nobody has linked, and what they hold."""

    def __init__(self, key: LinkKey) -> None:
        self._key = key
        self._seals: list[tuple[Seal, Digest, bool]] = []

    def __bool__(self) -> bool:
        return bool(self._seals)

    @property
    def lines(self) -> int:
        """How many they hold."""
        return sum(seal.lines for seal, _, _ in self._seals)

    def add(self, seal: Seal, *, before: bool) -> None:
        """One of them; `before`: made with the key that the shop had before."""
        self._seals.append((seal, Digest(), before))

    def take(self, row: Row, *, journal: bool) -> bool:
        """A line that nobody has linked; gives whether a seal holds it."""
        for seal, digest, before in self._seals:
            first, last = seal.events if journal else seal.audit
            if first <= row[0] <= last:
                if before:
                    return True
                if journal:
                    digest.add_event(old_event(row, self._key))
                else:
                    digest.add_audit(audit_line_of(row).text)
                return True
        return False

    def broken(self, *, renewal_sealed: bool, invented: bool) -> Iterator[Broken]:
        """What is wrong with them; one of the key before says nothing any more, and need not where the renewal has
        sealed its lines. Where the renewal is invented there was no key before.
        """
        for seal, digest, before in self._seals:
            if before:
                if not renewal_sealed:
                    yield Broken(Wrong.SEALED if invented else Wrong.RENEWED, "", 0)
            elif (digest.lines, digest.hexdigest()) != (seal.lines, seal.digest):
                yield Broken(Wrong.SEALED, "", 0)


def from_before(seal: Seal, first: Sequence[int | None]) -> bool:
    """Whether a seal is only about what was there before the first line of either table was linked. A till seals that
    by itself, where the database says that it is due; whoever writes so later has the till seal what they like.
    """
    return all(start is None or last < start for (_, last), start in zip((seal.events, seal.audit), first, strict=True))


class _Side:
    """The lines of one table, held against the blocks that were kept of them."""

    def __init__(self, kept: Iterator[SealBlock] | None, found: SealSum, *, journal: bool) -> None:
        self._kept = kept
        self._found = found
        self._journal = journal
        self._adding: AddedBlock | None = None
        self._next: SealBlock | None = next(kept, None) if kept else None  # the next that was kept
        self._known: SealBlock | None = None  # the one that is followed
        self.missing: int | None = None  # the first line that was there

    def take(self, line_id: int, stamp: bytes) -> Wrong | None:
        """The next line; gives what is wrong with it."""
        number = block_of(line_id)
        if self._adding is None or self._adding.number != number:
            self._end_block()
            self._adding = AddedBlock(number, journal=self._journal)
            self._known = self._kept_of(number) if self._kept else None
        self._adding.add(line_id, stamp)
        if self._known is None:
            return None
        tag = self._known.tag(line_id)
        if tag == NO_TAG:
            return Wrong.INSERTED
        return None if tag == tag_of(stamp) else Wrong.EDITED

    def end(self) -> None:
        """There is no other line."""
        self._end_block()
        while self._next:
            self._miss(self._next, empty_block(self._next.number, journal=self._journal))
            self._next = next(self._kept, None) if self._kept else None

    def _kept_of(self, number: int) -> SealBlock:
        while self._next and self._next.number < number:
            self._miss(self._next, empty_block(self._next.number, journal=self._journal))
            self._next = next(self._kept, None) if self._kept else None
        if self._next is None or self._next.number != number:
            return empty_block(number, journal=self._journal)
        known, self._next = self._next, next(self._kept, None) if self._kept else None
        return known

    def _end_block(self) -> None:
        if self._adding is None:
            return
        block, self._adding = self._adding.block(), None
        self._found.add(block)
        if self._known is not None and self._known != block:
            self._miss(self._known, block)

    def _miss(self, known: SealBlock, there: SealBlock) -> None:
        if self.missing is None:
            self.missing = next((one for one in known.ids_unlike(there) if there.tag(one) == NO_TAG), None)


class RenewalCheck:
    """Every line from before the key was renewed, held against its seal.

    What was kept of the lines is believed where it adds up to what the line of the renewal says: then it names the line
    that is another one now. Where it does not, it says nothing, and the lines are added up without it.
    """

    def __init__(self, connection: sa.Connection, seal: RenewalSeal) -> None:
        self.seal = seal
        self._found = SealSum()
        kept = SealSum()
        for journal in (True, False):
            for block in kept_blocks(connection, seal.name, journal=journal):
                kept.add(block)
        self._believed = _fits(kept, seal)
        self._sides = {
            journal: _Side(
                kept_blocks(connection, seal.name, journal=journal) if self._believed else None,
                self._found,
                journal=journal,
            )
            for journal in (True, False)
        }

    def holds(self, line_id: int, *, journal: bool) -> bool:
        """Whether a line of this id is one from before."""
        return line_id <= (self.seal.last.event if journal else self.seal.last.audit)

    def take(self, line_id: int, stamp: bytes, *, journal: bool) -> Wrong | None:
        """The next line of a table; gives what is wrong with it, where that can be told."""
        return self._sides[journal].take(line_id, stamp)

    def broken(self, *, named: bool) -> Iterator[Broken]:
        """What is wrong, once all lines were taken.

        Args:
            named: whether a line was named already.
        """
        for side in self._sides.values():
            side.end()
        if _fits(self._found, self.seal):
            if not self._believed:
                yield Broken(Wrong.BLOCKS, "", 0)
            return
        missing = [side.missing for side in self._sides.values() if side.missing is not None]
        if missing and not named:
            yield Broken(Wrong.DELETED, "", missing[0])
        elif not named:
            yield Broken(Wrong.BEFORE, "", 0)


def _fits(found: SealSum, seal: RenewalSeal) -> bool:
    return (found.lines, found.hexdigest()) == (seal.lines, seal.digest)
