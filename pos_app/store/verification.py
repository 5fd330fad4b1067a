"""Looking through all lines of the journal and the audit: whether they are as they were written."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

import sqlalchemy as sa

from pos_app.domain.links import (
    NO_LINK,
    Head,
    HeadCode,
    LastLines,
    LinkKey,
    Mismatch,
    audit_text,
    bound_texts,
    event_facts,
    event_text,
    find_heads,
    linked_place,
    old_place,
    old_texts,
    short_link,
)
from pos_app.domain.verification import Broken, Digest, Seal, Verification, Wrong, read_seal
from pos_app.store import tables as t
from pos_app.store.close_sums import verified_closes
from pos_app.store.integrity import reading
from pos_app.store.links import AUDIT_SAID, EVENT_SAID, EVENT_TEXTS, heads_of, renewal_of
from pos_app.store.parts import Reading
from pos_app.store.streamed import Row, stored_moment, streamed_rows

_e, _a, _p = t.payment_event.c, t.audit.c, t.payment.c
_LINK = ("writer", "seq", "link")
_EVENT = (_e.id, *(_e[name] for name in _LINK), _e.payment_id, _e.at, *(_e[name] for name in EVENT_SAID + EVENT_TEXTS))
_AUDIT = (_a.id, *(_a[name] for name in _LINK), _a.owner, _a.at, *(_a[name] for name in AUDIT_SAID))
_events = sa.select(*_EVENT, _e.salts).order_by(_e.id)
_audits = sa.select(*_AUDIT).order_by(_a.id)
_ABOUT, _AT, _SAID = 4, 5, 6  # columns of both: the payment, or whether the owner's passphrase was typed; the time
_TEXTS = _SAID + len(EVENT_SAID)
_SALTS = _TEXTS + len(EVENT_TEXTS)
_BINDING = ("close",)  # acts whose lines in the audit name the heads of all tills
_SEALING = "seal"  # the act of a seal
_first_linked = tuple(sa.select(sa.func.min(line.id)).where(line.link.is_not(None)) for line in (_e, _a))
_AT_ONCE = 500  # ids in one question


class VerificationReading(Reading):
    """What is read to verify, and to seal."""

    def verify(self, key: LinkKey, against: Iterable[HeadCode] = ()) -> Verification:
        with reading(self._engine) as connection:
            return verified(connection, key, against)

    def add_unlinked(self, digest: Digest, key: LinkKey, after: LastLines, until: LastLines, limit: int) -> LastLines:
        with reading(self._engine) as connection:
            if after.event < until.event:
                part = _events.where(_e.id > after.event, _e.id <= until.event).limit(limit)
                rows = list(streamed_rows(connection, part))
                for row in rows:
                    if not _is_linked(row):
                        digest.add_event(_old_event(row, key))
                return after._replace(event=rows[-1][0] if rows else until.event)
            rows = list(
                streamed_rows(connection, _audits.where(_a.id > after.audit, _a.id <= until.audit).limit(limit))
            )
            for row in rows:
                if not _is_linked(row):
                    digest.add_audit(_old_audit(row))
            return after._replace(audit=rows[-1][0] if rows else until.audit)


def verified(connection: sa.Connection, key: LinkKey, against: Iterable[HeadCode] = ()) -> Verification:
    """What looking through every line by this connection finds; see `sales.ports.LinkReader.verify`."""
    return _Check(connection, key, against).run()


def _is_linked(row: Row) -> bool:
    return row[3] is not None and row[2] is not None and row[1] is not None


def _old_event(row: Row, key: LinkKey) -> str:
    try:
        texts = old_texts(row[_TEXTS:_SALTS], row[_SALTS], key.old_text(row[0]))
    except Mismatch:
        texts = ""  # which no line has
    facts = event_facts(row[_ABOUT], stored_moment(row[_AT]), *row[_SAID:_TEXTS])
    return event_text(old_place(row[0]), facts, texts)


def _old_audit(row: Row) -> str:
    return audit_text(old_place(row[0]), stored_moment(row[_AT]), row[_SAID:], owner=bool(row[_ABOUT]))


class _Till:
    """How far the lines of a till were followed."""

    def __init__(self) -> None:
        self.seq = 0
        self.link = NO_LINK
        self.ends = 0  # with which line, as the till has noted it
        self.broken = False
        self.unknown = 0  # up to which line they do not fit, as the key was renewed


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
        self._seals: list[tuple[Seal, Digest]] = []
        self._sealed_before: set[Seal] = set()  # with the key that the shop had before
        self._renewed = 0  # by which line of the audit the shop's key was renewed, where it was
        self._wanted: dict[tuple[str, int], set[int]] = {}
        self._want(against)

    def run(self) -> Verification:
        self._look_ahead()
        self._follow(streamed_rows(self._connection, _events), streamed_rows(self._connection, _audits))
        self._look_at_erased()
        self._look_at_seals()
        self._look_at_ends()
        closes = verified_closes(self._connection)
        self._broken.sort(key=lambda found: found[0])
        return Verification(
            lines=self._lines,
            erased=self._erased,
            sealed=sum(seal.lines for seal, _ in self._seals),
            unsealed=self._unsealed,
            heads=tuple(Head(till, at.seq, at.link) for till, at in sorted(self._tills.items()) if at.seq),
            broken=(*self._with_numbers(), *closes.broken),
            closes=closes.held,
            unsealed_closes=closes.unsealed,
        )

    # What is known before.

    def _want(self, codes: Iterable[HeadCode]) -> None:
        for code in codes:
            self._wanted.setdefault((code.till, code.seq), set()).add(code.short)

    def _look_ahead(self) -> None:
        """The seals, and the heads that stand on closes: few, in a table that is read once more for them."""
        renewal = renewal_of(self._connection)
        self._renewed = renewal.id if renewal else 0
        first = [self._connection.scalar(linked) for linked in _first_linked]
        named = _a.act.in_((*_BINDING, _SEALING)), _a.link.is_not(None)
        acts = sa.select(_a.id, _a.act, _a.new, _a.owner).where(*named).order_by(_a.id)
        for line_id, act, new, owner in self._connection.execute(acts):
            if act != _SEALING:
                self._want(find_heads(new or ""))
            elif (seal := read_seal(new)) and (owner or _from_before(seal, first)):
                self._seals.append((seal, Digest()))
                if line_id <= self._renewed:
                    self._sealed_before.add(seal)

    # Every line.

    def _follow(self, events: Iterator[Row], audits: Iterator[Row]) -> None:
        """Each till's lines are in two tables, and all of it was written one after the other: of the first lines of
        both that are left, one is the next of its till, unless something is amiss.
        """
        event, audit = next(events, None), next(audits, None)
        while event or audit:
            if event and self._is_next(event):
                self._take_event(event)
                event = next(events, None)
            elif audit and self._is_next(audit):
                self._take_audit(audit)
                audit = next(audits, None)
            else:
                self._stop_one(event, audit)

    def _is_next(self, row: Row) -> bool:
        """Whether nothing can be between a line and those that were taken."""
        if row[3] is None or row[2] is None or row[1] is None:
            return True
        till = self._tills[row[1]]
        return till.broken or bool(row[2] <= till.seq + 1 or row[2] > till.ends)

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

    def _take_event(self, row: Row) -> None:
        self._read += 1
        _, writer, seq, link, payment, at, source, kind, outcome, before, after, code, detail, body, salts = row
        if link is None or seq is None or writer is None:
            self._take_unlinked(row, t.payment_event)
            return
        try:
            texts, erased = bound_texts((code, detail, body), salts)
        except Mismatch:
            texts, erased = "", False  # which no line has
        if erased:
            self._note_erased(row)
        facts = event_facts(payment, at if type(at) is str else stored_moment(at), source, kind, outcome, before, after)
        self._take(row, event_text(f"{writer}\0{seq}", facts, texts), payment)

    def _take_audit(self, row: Row) -> None:
        self._read += 1
        if not _is_linked(row):
            self._take_unlinked(row, t.audit)
            return
        place = linked_place(row[1], row[2])
        self._take(row, audit_text(place, stored_moment(row[_AT]), row[_SAID:], owner=bool(row[_ABOUT])), None)

    def _take(self, row: Row, text: str, payment_id: int | None) -> None:
        _, name, seq, link = row[:4]
        self._lines += 1
        till = self._tills[name]
        if till.broken:
            return
        if seq != till.seq + 1 or seq > till.ends:
            self._insert(name, seq, payment_id)
        elif self._key.link(till.link, text) != link and not self._is_of_key_before(till, seq):
            self._break(name, Wrong.EDITED, payment_id)
        elif self._wanted and self._wanted.pop((name, seq), {short_link(link)}) != {short_link(link)}:
            self._break(name, Wrong.REWRITTEN, payment_id)
        else:
            till.seq, till.link = seq, link

    def _is_of_key_before(self, till: _Till, seq: int) -> bool:
        """Whether a line that does not fit may be bound with another key: the shop's was renewed, and no line of its
        till fits until here. A till that stayed open then has written such lines for a while.
        """
        if not self._renewed or till.unknown != till.seq:
            return False
        till.unknown = seq
        return True

    def _insert(self, name: str, seq: int, payment_id: int | None) -> None:
        """A line of a number that its till has had before, or never wrote; of each till the first is named."""
        if name not in self._inserted:
            self._inserted.add(name)
            self._broken.append((self._read, Broken(Wrong.INSERTED, name, seq), payment_id))

    def _take_unlinked(self, row: Row, of: sa.Table) -> None:
        line_id, event = row[0], of is t.payment_event
        for seal, digest in self._seals:
            first, last = seal.events if event else seal.audit
            if first <= line_id <= last:
                if event:
                    digest.add_event(_old_event(row, self._key))
                else:
                    digest.add_audit(_old_audit(row))
                return
        if self._seals or self._lines:
            about = row[_ABOUT] if event else None
            self._broken.append((self._read, Broken(Wrong.UNLINKED, "", line_id), about))
        else:
            self._unsealed += 1

    def _note_erased(self, row: Row) -> None:
        self._erased += 1
        self._gone[row[_ABOUT]] = (self._read, row[1], row[2])
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
        for seal, digest in self._seals:
            if (digest.lines, digest.hexdigest()) != (seal.lines, seal.digest):
                what = Wrong.RENEWED if seal in self._sealed_before else Wrong.SEALED
                self._broken.append((0, Broken(what, "", 0), None))

    def _look_at_ends(self) -> None:
        self._read += 1
        for name, seq in sorted(self._wanted):
            if seq > self._tills[name].seq:
                self._break(name, Wrong.CUT)
        for name, seq, link in self._ends:
            till = self._tills[name]
            if (seq, link) != (till.seq, till.link):
                self._break(name, Wrong.CUT if seq > till.seq else Wrong.INSERTED)
        for name, till in sorted(self._tills.items()):
            if till.unknown:
                self._broken.append((self._read, Broken(Wrong.RENEWED, name, till.unknown), None))

    def _with_numbers(self) -> Iterator[Broken]:
        for _, broken, payment_id in self._broken:
            number = None
            if payment_id is not None:
                number = self._connection.scalar(sa.select(_p.number).where(_p.id == payment_id))
            yield broken._replace(payment=number)


def _from_before(seal: Seal, first: Sequence[int | None]) -> bool:
    """Whether a seal is only about what was there before the first line of either table was linked. A till seals that
    by itself, where the database says that it is due; whoever writes so later has the till seal what they like.
    """
    return all(start is None or last < start for (_, last), start in zip((seal.events, seal.audit), first, strict=True))
