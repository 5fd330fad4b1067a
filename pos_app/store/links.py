"""Linking what a till appends: each line of its journal and of its audit to the one before, in its transaction."""

import os
from collections.abc import Callable
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from pos_app.domain.audit import CHANGED
from pos_app.domain.erasure import KEY_SETTING, is_plain_code
from pos_app.domain.links import (
    NO_LINK,
    SALT_BYTES,
    Head,
    LastLines,
    LinkKey,
    audit_text,
    event_facts,
    event_text,
    linked_place,
    moment_text,
    new_salts,
)
from pos_app.domain.operators import Act
from pos_app.domain.renewal_seal import is_renewal
from pos_app.store import tables as t
from pos_app.store.integrity import reading
from pos_app.store.parts import Reading, Writing
from pos_app.store.rows import AnyRow

_h = t.head.c
_add = {table: table.insert() for table in (t.payment_event, t.audit)}
_begin = t.head.insert()
_move = (
    t.head.update()
    .where(_h.till == sa.bindparam("of"), _h.seq == sa.bindparam("at_seq"), _h.link == sa.bindparam("at_link"))
    .values(seq=sa.bindparam("to_seq"), link=sa.bindparam("to_link"))
)
_head = sa.select(_h.till, _h.seq, _h.link).where(_h.till == sa.bindparam("of"))
_heads = sa.select(_h.till, _h.seq, _h.link).order_by(_h.till)
_a = t.audit.c
_renewed = _a.act == Act.KEYS.value, _a.subject == f"setting {KEY_SETTING}", _a.new.startswith(CHANGED)
_renewals = sa.select(_a.id, _a.at, _a.new).where(*_renewed).order_by(_a.id.desc())
_shop_key = sa.select(t.setting.c.value).where(t.setting.c.key == KEY_SETTING)
_last = [sa.select(sa.func.max(table.c.id)) for table in (t.payment_event, t.audit)]
EVENT_TEXTS = ("code", "detail", "body")
EVENT_SAID = ("source", "kind", "outcome", "before", "after")
AUDIT_SAID = ("act", "operator_id", "role", "subject", "old", "new")
_RANDOM = SALT_BYTES * len(EVENT_TEXTS)


class Linking:
    """How one program links what it writes.

    Attributes:
        till: whose lines they are, and `key`: what they are linked with; None: they are not.
        last: the last line as this program knows it; another one of the same till may have written since.
    """

    def __init__(self, till: str, key: LinkKey | None) -> None:
        self.till = till
        self.key = key
        self.last: Head | None = None


class LinkReading(Reading):
    """What is read of links."""

    def heads(self) -> list[Head]:
        with reading(self._engine) as connection:
            return heads_of(connection)

    def key_renewed_at(self) -> datetime | None:
        with reading(self._engine) as connection:
            renewals = renewals_of(connection)
        return renewals[0].at if renewals else None

    def last_lines(self) -> LastLines:
        with reading(self._engine) as connection:
            return last_lines_of(connection)


class LinkWriting(Writing):
    """What a write transaction appends for ever, linked where the shop's key is there: a till that has none saves all
    the same. The lines are written together: one statement for all is several times faster than one each.
    """

    def __init__(self, connection: sa.Connection, linking: Linking | None = None) -> None:
        super().__init__(connection)
        self._linking = linking
        self.link_key = linking.key if linking else None  # as this transaction leaves it
        self._waiting: list[tuple[sa.Table, dict[str, object]]] = []
        self.head: Head | None = None  # as this transaction leaves it, where it has linked anything
        self.appended = False  # whether anything was written that another till looks for

    def append(self, table: sa.Table, values: dict[str, object]) -> None:
        """Write a line of the journal or of the audit with the next `flush`."""
        self._waiting.append((table, values))

    def flush(self) -> None:
        if not self._waiting:
            return
        waiting, self._waiting = self._waiting, []
        self.appended = True
        if self._linking and self.link_key:
            self._link(self._linking, self.link_key, waiting)
        for table, statement in _add.items():
            if lines := [values for of, values in waiting if of is table]:
                self._connection.execute(statement, lines)

    def link_with(self, key: LinkKey) -> None:
        """Link what is appended from now on with another key, which is the shop's by now."""
        self.flush()
        self.link_key = key

    def forget(self) -> None:
        """What waited is not written, and what was written since the savepoint is undone."""
        self._waiting.clear()
        self.link_key = self._linking.key if self._linking else None
        self.head = None

    def heads(self) -> list[Head]:
        self.flush()
        return heads_of(self._connection)

    def last_lines(self) -> LastLines:
        self.flush()
        return last_lines_of(self._connection)

    def _link(self, linking: Linking, key: LinkKey, waiting: list[tuple[sa.Table, dict[str, object]]]) -> None:
        lines = [(values, _bound(table, values)) for table, values in waiting]
        last = self.head or linking.last
        if last is None or not self._moves(last, _after(key, last, lines)):
            if self._is_renewed(key):
                _leave_unlinked(waiting)
                return
            row = self._connection.execute(_head, {"of": linking.till}).first()
            last = _to_head(row) if row else Head(linking.till, 0, NO_LINK)
            moved = _after(key, last, lines)
            if row is None:
                self._connection.execute(_begin, moved._asdict())
                self.head = moved
            else:
                self._moves(last, moved)  # nobody else has since

    def _is_renewed(self, key: LinkKey) -> bool:
        """Whether the owner has given the shop another key since; asked only where somebody else has written."""
        known = self._connection.scalar(_shop_key)
        return known is not None and key.shop_key not in ("", known)

    def _moves(self, last: Head, to: Head) -> bool:
        """Whether the till's last line was still that one."""
        values = {"of": last.till, "at_seq": last.seq, "at_link": last.link, "to_seq": to.seq, "to_link": to.link}
        if self._connection.execute(_move, values).rowcount != 1:
            return False
        self.head = to
        return True


Bound = Callable[[str], str]  # a line as it is bound, given which one it is


def _after(key: LinkKey, last: Head, lines: list[tuple[dict[str, object], Bound]]) -> Head:
    """The till's last line behind these, which are given their links."""
    till, seq, link = last
    for values, bound in lines:
        seq += 1
        link = key.link(link, bound(linked_place(till, seq)))
        values |= {"writer": till, "seq": seq, "link": link}
    return Head(till, seq, link)


def _leave_unlinked(waiting: list[tuple[sa.Table, dict[str, object]]]) -> None:
    """Undo what was prepared to link these lines: they are written as by a till without the key."""
    for table, values in waiting:
        values |= {"writer": None, "seq": None, "link": None}
        if table is t.payment_event:
            values["salts"] = None


def _bound(table: sa.Table, values: dict[str, object]) -> Bound:
    at = moment_text(values["at"])  # type: ignore[arg-type]
    if table is t.audit:
        said = [values[name] for name in AUDIT_SAID]
        return lambda place: audit_text(place, at, said, owner=bool(values["owner"]))  # type: ignore[arg-type]
    texts: list[Any] = [values[name] for name in EVENT_TEXTS]
    values["salts"], bound = new_salts(texts, os.urandom(_RANDOM), plain=is_plain_code(texts[0] or ""))
    happened: list[Any] = [values[name] for name in EVENT_SAID]
    facts = event_facts(values["payment_id"], at, *happened)  # type: ignore[arg-type]
    return lambda place: event_text(place, facts, bound)


def heads_of(connection: sa.Connection) -> list[Head]:
    """The last line that every till has linked, by name."""
    return [_to_head(row) for row in connection.execute(_heads)]


def renewals_of(connection: sa.Connection) -> list[AnyRow]:
    """The lines of the audit by which the shop's key was renewed, the last one first: id, `at` and `new`."""
    return [row for row in connection.execute(_renewals) if is_renewal(row.new)]


def last_lines_of(connection: sa.Connection) -> LastLines:
    """The last line of each table."""
    return LastLines(*(connection.scalar(last) or 0 for last in _last))


def _to_head(row: AnyRow) -> Head:
    return Head(row.till, row.seq, bytes(row.link))
