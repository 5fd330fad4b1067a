"""Renewals of the shop's key (rule 24): the line that tells of the last one, and the blocks that it holds together."""

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any, NamedTuple

import sqlalchemy as sa

from pos_app.domain.links import NO_LINK, LastLines, LinkKey
from pos_app.domain.renewal_seal import (
    BLOCK,
    RenewalSeal,
    SealBlock,
    Stamped,
    block_of,
    blocks_of,
    read_renewal,
)
from pos_app.store import tables as t
from pos_app.store.integrity import reading
from pos_app.store.line_texts import LINK, SEQ, WRITER, audit_line_of, audits, event_line, events, is_linked, stamp_of
from pos_app.store.links import last_lines_of, renewals_of
from pos_app.store.parts import Reading, Writing, set_setting, setting
from pos_app.store.seal_table import seal_block
from pos_app.store.streamed import Row, streamed_rows

SETTING = "key_renewed"  # the id of the line of the last renewal: a hint, where that line is gone
_AT_ONCE = 10  # blocks that are read in one look
_s, _e, _a = seal_block.c, t.payment_event.c, t.audit.c
_add = seal_block.insert()
_BLOCK = (_s.journal, _s.number, _s.digest, _s.tags, _s.lines)


class RenewalReading(Reading):
    """What is read to renew the key."""

    def seal_blocks(self, key: LinkKey, after: LastLines) -> tuple[list[SealBlock], LastLines]:
        with reading(self._engine) as connection:
            until = last_lines_of(connection)
            journal, first = after.event < _whole(until.event), after.event
            if not journal:
                first = after.audit
                if first >= _whole(until.audit):
                    return [], after
            first, last = _some(connection, first, _whole(until.event if journal else until.audit), journal=journal)
            blocks = _blocks(connection, key, first, last, journal=journal)
            return blocks, after._replace(event=last) if journal else after._replace(audit=last)

    def erased_customers(self) -> int:
        with reading(self._engine) as connection:
            return _erased(connection)


class RenewalWriting(Writing):
    """What a write transaction says of it."""

    def add_seal_blocks(self, name: str, blocks: Sequence[SealBlock]) -> None:
        if blocks:
            self._connection.execute(_add, [{"seal": name, **block._asdict()} for block in blocks])

    def rest_of_seal(self, key: LinkKey, after: LastLines) -> tuple[list[SealBlock], LastLines]:
        self.flush()
        last = last_lines_of(self._connection)
        journal = _blocks(self._connection, key, after.event + 1, last.event, journal=True)
        return journal + _blocks(self._connection, key, after.audit + 1, last.audit, journal=False), last

    def kept_seal_blocks(self, name: str) -> int:
        many = sa.select(sa.func.count()).select_from(seal_block).where(_s.seal == name)
        return int(self._connection.scalar(many) or 0)

    def drop_seal_blocks(self) -> None:
        seals = (read_renewal(row.new) for row in renewals_of(self._connection))
        named = [seal.name for seal in seals if seal]
        self._connection.execute(seal_block.delete().where(_s.seal.not_in(named)))

    def erased_customers(self) -> int:
        return _erased(self._connection)

    def note_renewal(self) -> None:
        self.flush()
        set_setting(self._connection, SETTING, str(last_lines_of(self._connection).audit))


def _erased(connection: sa.Connection) -> int:
    many = sa.select(sa.func.count()).select_from(t.customer).where(t.customer.c.erased_at.is_not(None))
    return int(connection.scalar(many) or 0)


def _whole(last: int) -> int:
    """The last id of a block to which nobody will add a line any more: one writes at a time, each with a higher id."""
    return block_of(last + 1) * BLOCK - 1


def _some(connection: sa.Connection, after: int, until: int, *, journal: bool) -> tuple[int, int]:
    """The first and the last id of the next few blocks behind some, until others."""
    of = (t.payment_event if journal else t.audit).c
    first = connection.scalar(sa.select(sa.func.min(of.id)).where(of.id > after))
    if first is None:
        return until, until
    return first, min((block_of(first) + _AT_ONCE) * BLOCK - 1, until)


def _blocks(connection: sa.Connection, key: LinkKey, first: int, last: int, *, journal: bool) -> list[SealBlock]:
    of, part = (_e, events) if journal else (_a, audits)
    rows = streamed_rows(connection, part.where(of.id >= first, of.id <= last))
    return list(blocks_of(_stamped(rows, key, journal=journal), journal=journal))


def _stamped(rows: Iterator[Row], key: LinkKey, *, journal: bool) -> Iterator[Stamped]:
    for row in rows:
        line = event_line(row, key) if journal else audit_line_of(row)
        yield row[0], stamp_of(row, key, line.text)


def kept_blocks(connection: sa.Connection, name: str, *, journal: bool) -> Iterator[SealBlock]:
    """The blocks of one table that a renewal has kept, in their order."""
    kept = sa.select(*_BLOCK).where(_s.seal == name, _s.journal.is_(journal)).order_by(_s.number)
    for of_journal, number, digest, tags, lines in streamed_rows(connection, kept):
        yield SealBlock(bool(of_journal), number, bytes(digest), bytes(tags), lines)


class LastRenewal(NamedTuple):
    """The last renewal of the shop's key.

    Attributes:
        line_id: of its line in the audit.
        fits: whether that line is bound with the key that the shop has now; `binds`: whether it must be, since a
            program has written it that binds it so, and seals what is before: the key itself says so, the line, or the
            hint.
        seal: what it says of the lines before, where that can be believed.
        told: all that its line says.
    """

    line_id: int
    fits: bool
    binds: bool
    seal: RenewalSeal | None = None
    told: str = ""


def last_renewal(connection: sa.Connection, key: LinkKey) -> LastRenewal | None:
    """The last one whose line is bound with the key that the shop has now; else the last that is told of, be it that
    its line is not there any more. None where the key was never renewed.
    """
    lines = [(row.id, row.new) for row in renewals_of(connection)]
    for line_id, told in lines:
        if _fits(connection, key, line_id):
            seal = read_renewal(told)
            return LastRenewal(line_id, True, seal is not None, seal, told)
    noted = setting(connection, SETTING) or ""
    hint = int(noted) if noted.isdecimal() else 0
    last, told = lines[0] if lines else (0, "")
    if not (hint or last):
        return None
    return LastRenewal(hint or last, False, key.seals or hint > 0 or read_renewal(told) is not None)


def _fits(connection: sa.Connection, key: LinkKey, line_id: int) -> bool:
    row = next(iter(streamed_rows(connection, audits.where(_a.id == line_id))), None)
    if row is None or not is_linked(row):
        return False
    before = NO_LINK if row[SEQ] == 1 else _link_of(connection, row[WRITER], row[SEQ] - 1)
    return before is not None and key.link(before, audit_line_of(row).text) == bytes(row[LINK])


def _link_of(connection: sa.Connection, till: str, seq: int) -> bytes | None:
    """There is no index for it: it is looked for from the end."""
    there: list[sa.Select[Any]] = [
        sa.select(of.link).where(of.writer == till, of.seq == seq).order_by(of.id.desc()).limit(1) for of in (_e, _a)
    ]
    found = chain.from_iterable(connection.scalars(each) for each in there)
    return next((bytes(link) for link in found if link is not None), None)
