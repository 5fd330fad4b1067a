"""Lines of the journal and of the audit as they are bound (rule 24), read from the database row by row."""

from typing import NamedTuple

import sqlalchemy as sa

from pos_app.domain.links import (
    LinkKey,
    Mismatch,
    audit_text,
    bound_texts,
    event_facts,
    event_text,
    linked_place,
    old_place,
    old_texts,
    stamped_line,
)
from pos_app.store import tables as t
from pos_app.store.links import AUDIT_SAID, EVENT_SAID, EVENT_TEXTS
from pos_app.store.streamed import Row, stored_moment

_e, _a = t.payment_event.c, t.audit.c
_LINK = ("writer", "seq", "link")
_EVENT = (_e.id, *(_e[name] for name in _LINK), _e.payment_id, _e.at, *(_e[name] for name in EVENT_SAID + EVENT_TEXTS))
_AUDIT = (_a.id, *(_a[name] for name in _LINK), _a.owner, _a.at, *(_a[name] for name in AUDIT_SAID))
events = sa.select(*_EVENT, _e.salts).order_by(_e.id)
audits = sa.select(*_AUDIT).order_by(_a.id)
WRITER, SEQ, LINK, ABOUT = 1, 2, 3, 4  # columns of both; the last: the payment, or whether it was the passphrase
_AT, _SAID = 5, 6
_TEXTS = _SAID + len(EVENT_SAID)
_SALTS = _TEXTS + len(EVENT_TEXTS)


class BoundLine(NamedTuple):
    """A line as it is bound.

    Attributes:
        text: as its link binds it; of one that nobody has linked as a seal does.
        erased: whether a text of it was erased, and `fits`: whether what is beside its texts fits them.
    """

    text: str
    erased: bool = False
    fits: bool = True


def is_linked(row: Row) -> bool:
    """Whether a till with the shop's key has written it, as far as it says so."""
    return row[LINK] is not None and row[SEQ] is not None and row[WRITER] is not None


def event_line(row: Row, key: LinkKey) -> BoundLine:
    """Of a row of `events`."""
    if not is_linked(row):
        return BoundLine(old_event(row, key))
    _, writer, seq, _, payment, at, source, kind, outcome, before, after, code, detail, body, salts = row
    try:
        texts, erased = bound_texts((code, detail, body), salts)
        fits = True
    except Mismatch:
        texts, erased, fits = "", False, False  # which no line has
    facts = event_facts(payment, at if type(at) is str else stored_moment(at), source, kind, outcome, before, after)
    return BoundLine(event_text(f"{writer}\0{seq}", facts, texts), erased, fits)


def audit_line_of(row: Row) -> BoundLine:
    """Of a row of `audits`."""
    place = linked_place(row[WRITER], row[SEQ]) if is_linked(row) else old_place(row[0])
    return BoundLine(audit_text(place, stored_moment(row[_AT]), row[_SAID:], owner=bool(row[ABOUT])))


def old_event(row: Row, key: LinkKey) -> str:
    """A line of the journal that nobody has linked, as a seal binds it."""
    try:
        texts = old_texts(row[_TEXTS:_SALTS], row[_SALTS], key.old_text(row[0]))
    except Mismatch:
        texts = ""  # which no line has
    facts = event_facts(row[ABOUT], stored_moment(row[_AT]), *row[_SAID:_TEXTS])
    return event_text(old_place(row[0]), facts, texts)


def stamp_of(row: Row, key: LinkKey, text: str) -> bytes:
    """What a renewal of the shop's key keeps of a line."""
    writer, seq, link = row[WRITER], row[SEQ], row[LINK]
    place = f"{row[0]}\0{'' if writer is None else f'={writer}'}\0{'' if seq is None else seq}"
    return key.stamp(stamped_line(place, link, text))
