"""Looking through all lines of the journal and the audit: whether they are as they were written."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

import sqlalchemy as sa

from pos_app.domain.links import NO_LINK, Head, HeadCode, LastLines, LinkKey, find_heads, short_link
from pos_app.domain.verification import Broken, Digest, Verification, Wrong, read_seal
from pos_app.store import tables as t
from pos_app.store.close_sums import verified_closes
from pos_app.store.integrity import reading
from pos_app.store.line_texts import (
    ABOUT,
    LINK,
    SEQ,
    WRITER,
    BoundLine,
    audit_line_of,
    audits,
    event_line,
    events,
    is_linked,
    old_event,
    stamp_of,
)
from pos_app.store.links import heads_of
from pos_app.store.renewals import RenewalReading, last_renewal
from pos_app.store.seals import RenewalCheck, UnlinkedSeals, from_before
from pos_app.store.streamed import Row, streamed_rows

_e, _a, _p = t.payment_event.c, t.audit.c, t.payment.c
_BINDING = ("close",)  # acts whose lines in the audit name the heads of all tills
_SEALING = "seal"  # the act of a seal
_first_linked = tuple(sa.select(sa.func.min(line.id)).where(line.link.is_not(None)) for line in (_e, _a))
_AT_ONCE = 500  # ids in one question
_NAMED = (Wrong.EDITED, Wrong.DELETED, Wrong.INSERTED, Wrong.SWAPPED, Wrong.CUT, Wrong.REWRITTEN)


class VerificationReading(RenewalReading):
    """What is read to verify, and to seal."""

    def verify(self, key: LinkKey, against: Iterable[HeadCode] = ()) -> Verification:
        with reading(self._engine) as connection:
            return verified(connection, key, against)

    def add_unlinked(self, digest: Digest, key: LinkKey, after: LastLines, until: LastLines, limit: int) -> LastLines:
        with reading(self._engine) as connection:
            if after.event < until.event:
                part = events.where(_e.id > after.event, _e.id <= until.event).limit(limit)
                rows = list(streamed_rows(connection, part))
                for row in rows:
                    if not is_linked(row):
                        digest.add_event(old_event(row, key))
                return after._replace(event=rows[-1][0] if rows else until.event)
            rows = list(streamed_rows(connection, audits.where(_a.id > after.audit, _a.id <= until.audit).limit(limit)))
            for row in rows:
                if not is_linked(row):
                    digest.add_audit(audit_line_of(row).text)
            return after._replace(audit=rows[-1][0] if rows else until.audit)


def verified(connection: sa.Connection, key: LinkKey, against: Iterable[HeadCode] = ()) -> Verification:
    """What looking through every line by this connection finds; see `sales.ports.LinkReader.verify`."""
    return _Check(connection, key, against).run()


class _Till:
    """How far the lines of a till were followed."""

    def __init__(self) -> None:
        self.seq = 0
        self.link = NO_LINK
        self.ends = 0  # with which line, as the till has noted it
        self.broken = False
        self.sealed = 0  # up to which line the renewal of the key holds them
        self.unknown = 0  # up to which line they do not fit, as the key was renewed
        self.unknown_at = 0  # where the first of them was found


class _Check:
    """One look through everything, in the order in which it was written."""

    def __init__(self, connection: sa.Connection, key: LinkKey, against: Iterable[HeadCode]) -> None:
        self._connection = connection
        self._key = key
        self._tills: defaultdict[str, _Till] = defaultdict(_Till)
        self._broken: list[tuple[int, Broken, int | None]] = []  # where it was found; what; the payment's id
        self._inserted: set[str] = set()
        self._read = 0
        self._lines = self._erased = self._unsealed = 0
        self._ends = heads_of(connection)
        for end in self._ends:
            self._tills[end.till].ends = end.seq
        self._gone: dict[int, tuple[int, str, int]] = {}  # payments with an erased text, and where
        self._seals = UnlinkedSeals(key)
        self._renewal = last_renewal(connection, key)
        seal = self._renewal and self._renewal.seal
        self._before = RenewalCheck(connection, seal) if seal else None
        self._invented = False  # whether the renewal excuses nothing; known once all lines were taken
        self._wanted: dict[tuple[str, int], set[int]] = {}
        self._want(against)

    def run(self) -> Verification:
        self._look_ahead()
        self._follow(streamed_rows(self._connection, events), streamed_rows(self._connection, audits))
        self._look_at_erased()
        self._look_at_ends()
        self._look_at_seals()
        closes = verified_closes(self._connection)
        self._broken.sort(key=lambda found: found[0])
        return Verification(
            lines=self._lines,
            erased=self._erased,
            sealed=self._seals.lines,
            unsealed=self._unsealed,
            heads=tuple(Head(till, at.seq, at.link) for till, at in sorted(self._tills.items()) if at.seq),
            broken=(*self._with_numbers(), *closes.broken),
            closes=closes.held,
            unsealed_closes=closes.unsealed,
            renewed=self._before.seal.lines if self._before else 0,
        )

    # What is known before.

    def _want(self, codes: Iterable[HeadCode]) -> None:
        for code in codes:
            self._wanted.setdefault((code.till, code.seq), set()).add(code.short)

    def _look_ahead(self) -> None:
        """The seals, and the heads that stand on closes and in the last renewal: few, in a table that is read once more
        for them.
        """
        renewed = self._renewal.line_id if self._renewal else 0
        if self._renewal and self._before:
            self._want(find_heads(self._renewal.told))
        first = [self._connection.scalar(linked) for linked in _first_linked]
        named = _a.act.in_((*_BINDING, _SEALING)), _a.link.is_not(None)
        acts = sa.select(_a.id, _a.act, _a.new, _a.owner).where(*named).order_by(_a.id)
        for line_id, act, new, owner in self._connection.execute(acts):
            if act != _SEALING:
                self._want(find_heads(new or ""))
            elif (seal := read_seal(new)) and (owner or from_before(seal, first)):
                self._seals.add(seal, before=line_id <= renewed)

    # Every line.

    def _follow(self, journal: Iterator[Row], audit_lines: Iterator[Row]) -> None:
        """Each till's lines are in two tables, and all of it was written one after the other: of the first lines of
        both that are left, one is the next of its till, unless something is amiss.
        """
        event, audit = next(journal, None), next(audit_lines, None)
        while event or audit:
            if event and self._is_next(event):
                self._take(event, event_line(event, self._key), journal=True)
                event = next(journal, None)
            elif audit and self._is_next(audit):
                self._take(audit, audit_line_of(audit), journal=False)
                audit = next(audit_lines, None)
            else:
                self._stop_one(event, audit)

    def _is_next(self, row: Row) -> bool:
        """Whether nothing can be between a line and those that were taken."""
        if not is_linked(row):
            return True
        till = self._tills[row[WRITER]]
        return till.broken or bool(row[SEQ] <= till.seq + 1 or row[SEQ] > till.ends)

    def _stop_one(self, event: Row | None, audit: Row | None) -> None:
        """Neither is the next of its till: of one till the next is not there, or not in its place."""
        tables = ((event, t.payment_event), (audit, t.audit))
        found = {of: self._where(row) for row, of in tables if row}
        for row, of in tables:
            if row and (found[of] is None or found[of] is of):
                self._break(row[1], Wrong.DELETED if found[of] is None else Wrong.SWAPPED)
                return
        row = event or audit
        assert row
        self._break(row[1], Wrong.SWAPPED)

    def _where(self, row: Row) -> sa.Table | None:
        """Where the line is that should stand here; there is no index for it, and this is asked once."""
        till, missing = row[1], self._tills[row[1]].seq + 1
        for table in (t.payment_event, t.audit):
            there = sa.select(table.c.id).where(table.c.writer == till, table.c.seq == missing).limit(1)
            if self._connection.scalar(there) is not None:
                return table
        return None

    def _take(self, row: Row, line: BoundLine, *, journal: bool) -> None:
        self._read += 1
        wrong, sealed = None, self._before is not None and self._before.holds(row[0], journal=journal)
        if self._before and sealed:
            wrong = self._before.take(row[0], stamp_of(row, self._key, line.text), journal=journal)
        about = row[ABOUT] if journal else None
        if not is_linked(row):
            self._take_unlinked(row, wrong, about, journal=journal)
            return
        if line.erased:
            self._note_erased(row)
        self._lines += 1
        name, seq, link = row[WRITER], row[SEQ], row[LINK]
        till = self._tills[name]
        if till.broken:
            return
        if seq != till.seq + 1 or seq > till.ends:
            self._insert(name, seq, about)
        elif wrong or not line.fits:
            self._break(name, wrong or Wrong.EDITED, about)
        elif not sealed and self._key.link(till.link, line.text) != link and not self._is_of_key_before(row, journal):
            self._break(name, Wrong.EDITED, about)
        elif self._wanted and self._wanted.pop((name, seq), {short_link(link)}) != {short_link(link)}:
            self._break(name, Wrong.REWRITTEN, about)
        else:
            till.seq, till.link = seq, link
            till.sealed = seq if sealed else till.sealed

    def _is_of_key_before(self, row: Row, journal: bool) -> bool:
        """Whether a line that does not fit may be bound with another key: the shop's was renewed, and no line of its
        till that no seal holds fits until here. A till that stayed open then has written such lines for a while. The
        line of the renewal itself is bound with the new key.
        """
        till, renewal = self._tills[row[WRITER]], self._renewal
        if renewal is None or max(till.unknown, till.sealed) != till.seq:
            return False
        if renewal.binds and not journal and row[0] == renewal.line_id:
            return False
        till.unknown_at = till.unknown_at or self._read
        till.unknown = row[SEQ]
        return True

    def _insert(self, name: str, seq: int, payment_id: int | None) -> None:
        """A line of a number that its till has had before, or never wrote; of each till the first is named."""
        if name not in self._inserted:
            self._inserted.add(name)
            self._broken.append((self._read, Broken(Wrong.INSERTED, name, seq), payment_id))

    def _take_unlinked(self, row: Row, wrong: Wrong | None, about: int | None, *, journal: bool) -> None:
        held = self._seals.take(row, journal=journal)
        if not held and (self._seals or self._lines):
            wrong = Wrong.UNLINKED
        elif not held:
            self._unsealed += 1
        if wrong:
            self._broken.append((self._read, Broken(wrong, "", row[0]), about))

    def _note_erased(self, row: Row) -> None:
        self._erased += 1
        self._gone[row[ABOUT]] = (self._read, row[WRITER], row[SEQ])
        if len(self._gone) >= _AT_ONCE:
            self._look_at_erased()

    def _break(self, name: str, what: Wrong, payment_id: int | None = None) -> None:
        """The next line of a till is not as it was written; what is behind it cannot be told any more."""
        till = self._tills[name]
        if not till.broken:
            till.broken = True
            self._broken.append((self._read, Broken(what, name, till.seq + 1), payment_id))

    # What can be told at the end only.

    def _look_at_erased(self) -> None:
        """Only of customers that were erased texts are gone."""
        ids, self._gone = self._gone, {}
        there = (
            sa.select(_p.id).join_from(t.payment, t.customer).where(_p.id.in_(ids), t.customer.c.erased_at.is_(None))
        )
        for payment_id in self._connection.scalars(there) if ids else ():
            read, till, line = ids[payment_id]
            self._broken.append((read, Broken(Wrong.EDITED, till, line), payment_id))

    def _look_at_seals(self) -> None:
        found = [*self._seals.broken(renewal_sealed=self._before is not None, invented=self._invented)]
        if self._before:
            found += self._before.broken(named=self._has_named())
        self._broken += [(0, broken, None) for broken in found]

    def _look_at_ends(self) -> None:
        self._read += 1
        for name, seq in sorted(self._wanted):
            if seq > self._tills[name].seq:
                self._break(name, Wrong.CUT)
        for name, seq, link in self._ends:
            till = self._tills[name]
            if (seq, link) != (till.seq, till.link):
                self._break(name, Wrong.CUT if seq > till.seq else Wrong.INSERTED)
        self._invented = self._is_invented()
        for name, till in sorted(self._tills.items()):
            if till.unknown and self._invented:
                self._broken.append((till.unknown_at, Broken(Wrong.EDITED, name, 1), None))
            elif till.unknown:
                since, at = (till.sealed + 1, till.unknown_at) if self._before else (0, self._read)
                self._broken.append((at, Broken(Wrong.RENEWED, name, till.unknown, since=since), None))

    def _is_invented(self) -> bool:
        """Whether no renewal excuses lines that do not fit: it would be bound with the key, and what is told of it is
        not, without a line that was edited or deleted where it should stand.
        """
        renewal = self._renewal
        return bool(renewal and renewal.binds and not renewal.fits and not self._has_named())

    def _has_named(self) -> bool:
        return any(broken.what in _NAMED for _, broken, _ in self._broken)

    def _with_numbers(self) -> Iterator[Broken]:
        for _, broken, payment_id in self._broken:
            number = None
            if payment_id is not None:
                number = self._connection.scalar(sa.select(_p.number).where(_p.id == payment_id))
            yield broken._replace(payment=number)
