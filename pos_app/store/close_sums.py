"""The sums by which closes are bound to the audit, and what verifying finds of them (rule 24)."""

from collections import defaultdict
from collections.abc import Iterator
from itertools import groupby
from typing import Any, NamedTuple

import sqlalchemy as sa

from pos_app.domain.close_sum import (
    CloseSeal,
    CloseSum,
    CountedSum,
    read_close_seal,
    read_close_sum,
    read_supplement_sum,
    said_sum,
    seal_digest,
)
from pos_app.domain.day import close_name
from pos_app.domain.operators import Act
from pos_app.domain.verification import Broken, Wrong
from pos_app.store import tables as t
from pos_app.store.integrity import reading
from pos_app.store.parts import Reading
from pos_app.store.streamed import Row, stored_moment, streamed_batches, streamed_rows
from pos_app.store.supplements import sums_of_supplements

BEFORE = "closes_before"  # the setting with the last close from before there were sums; ` due` while it is not sealed
DUE = " due"
_SUPPLEMENT = "supplement "  # before the name of one, in its line of the audit
_z, _m, _a = t.day_close.c, t.movement.c, t.audit.c
_LINKED_FIRST = (_a.link.is_(None), _a.id)  # what was put there without the key does not take their place
_closes = sa.select(
    _z.number, _z.at, _z.till, _z.operator_id, _z.owner, _z.last_payment_id, _z.received, _z.refunded, _z.returned,
    _z.report,
).order_by(_z.number)  # fmt: skip
_movements = sa.select(
    _m.close_number, _m.id, _m.payment_id, _m.refund_id, _m.at, _m.paid, _m.received, _m.refunds, _m.refunded,
    _m.returned,
).order_by(_m.close_number, _m.id)  # fmt: skip
_AT, _OWNER = 1, 4  # columns of `_closes`
_TIME = 4  # column of `_movements`
_NOTHING = CountedSum().hexdigest()


class CloseSums(Reading):
    """Part of `SqlReader`."""

    def counted(self, until: int) -> int:
        with reading(self._engine) as connection:
            many = sa.select(sa.func.count()).select_from(t.movement).where(_m.close_number <= until)
            return int(connection.scalar(many) or 0)

    def seal_of_closes(self, until: int) -> CloseSeal:
        with reading(self._engine) as connection:
            return seal_of(connection, 0, until)


def sum_of_close(connection: sa.Connection, number: int) -> CloseSum:
    """Of one close as it stands in the database."""
    found = dict(_sums(connection, _z.number == number, _m.close_number == number))
    return found[number]


def seal_of(connection: sa.Connection, first: int, last: int) -> CloseSeal:
    """What holds the closes of these numbers together, as they are now."""
    sums = _sums(connection, _z.number.between(first, last), _m.close_number.between(first, last))
    return CloseSeal(first, last, seal_digest(sums))


def _sums(
    connection: sa.Connection, closes: sa.ColumnElement[bool], movements: sa.ColumnElement[bool]
) -> Iterator[tuple[int, CloseSum]]:
    counted = _counted(connection, movements)
    for row in streamed_rows(connection, _closes.where(closes)):
        yield row[0], CloseSum(_said(row), counted.get(row[0], _NOTHING))


def _said(row: Row) -> str:
    values = list(row)
    values[_AT], values[_OWNER] = stored_moment(row[_AT]), int(row[_OWNER])
    return said_sum(values)


def _counted(connection: sa.Connection, which: sa.ColumnElement[bool]) -> dict[int, str]:
    """Of each close the sum of its movements; they are many, and read once."""
    sums: defaultdict[int, CountedSum] = defaultdict(CountedSum)
    for batch in streamed_batches(connection, _movements.where(which)):
        for number, rows in groupby(batch, lambda row: row[0]):
            sums[number].add(_told(row) for row in rows)
    return {number: each.hexdigest() for number, each in sums.items()}


def _told(row: Row) -> tuple[Any, ...]:
    at = row[_TIME]
    return row[1:] if type(at) is str else (*row[1:_TIME], stored_moment(at), *row[_TIME + 1 :])


class ClosesFound(NamedTuple):
    """What became of the closes: what is wrong; how many are bound and sealed, and how many are not yet."""

    broken: list[Broken]
    held: int
    unsealed: int


def verified_closes(connection: sa.Connection) -> ClosesFound:
    """Hold every close, and what it has counted, against what the audit says of it."""
    bound, seal = _said_by_audit(connection)
    sums = dict(_sums(connection, sa.true(), _m.close_number.is_not(None)))
    broken = [wrong for number in sorted(bound) for wrong in _compare(number, bound[number], sums.get(number))]
    if seal and seal != CloseSeal(seal.first, seal.last, seal_digest(_within(sums, seal))):
        broken.append(Broken(Wrong.SEALED, "", 0, close=close_name(seal.last)))
    broken += _wrong_supplements(connection)
    others = [number for number in sums if number not in bound and not (seal and seal.first <= number <= seal.last)]
    before = _before(connection) if seal is None else -1
    broken += [Broken(Wrong.INSERTED, "", 0, close=close_name(number)) for number in others if number > before]
    unsealed = sum(number <= before for number in others)
    return ClosesFound(broken, len(sums) - len(others), unsealed)


def _compare(number: int, bound: CloseSum, now: CloseSum | None) -> Iterator[Broken]:
    name = close_name(number)
    if now is None:
        yield Broken(Wrong.DELETED, "", 0, close=name)
    elif now.said != bound.said:
        yield Broken(Wrong.EDITED, "", 0, close=name)
    elif now.counted != bound.counted:
        yield Broken(Wrong.COUNTED, "", 0, close=name)


def _wrong_supplements(connection: sa.Connection) -> Iterator[Broken]:
    """What M-PESA's record said afterwards, held against the audit as the closes are."""
    sums = dict(sums_of_supplements(connection))
    about = _a.act == Act.STATEMENT.value, _a.subject.startswith(_SUPPLEMENT)
    bound: dict[str, str] = {}
    for subject, new in connection.execute(sa.select(_a.subject, _a.new).where(*about).order_by(*_LINKED_FIRST)):
        if told := read_supplement_sum(new):
            bound.setdefault(subject.removeprefix(_SUPPLEMENT), told)
    for name in sorted({*bound, *sums}):
        if bound.get(name) != sums.get(name):
            what = Wrong.DELETED if name not in sums else Wrong.EDITED if name in bound else Wrong.INSERTED
            yield Broken(what, "", 0, close=name)


def _within(sums: dict[int, CloseSum], seal: CloseSeal) -> Iterator[tuple[int, CloseSum]]:
    return ((number, sums[number]) for number in sorted(sums) if seal.first <= number <= seal.last)


def _said_by_audit(connection: sa.Connection) -> tuple[dict[int, CloseSum], CloseSeal | None]:
    """What lines of the audit bind, the linked ones first; and the first seal: what was written past the program and
    sealed afterwards is no close from before.
    """
    bound: dict[int, CloseSum] = {}
    seal = None
    acts = _a.act.in_((Act.CLOSE.value, Act.SEAL.value))
    lines = sa.select(_a.act, _a.subject, _a.new).where(acts).order_by(*_LINKED_FIRST)
    for act, subject, new in connection.execute(lines):
        if act == Act.SEAL.value:
            seal = seal or read_close_seal(new)
        elif (told := read_close_sum(new)) and (number := _number(subject)) is not None:
            bound.setdefault(number, told)
    if seal and bound and seal.last >= min(bound):
        seal = None
    return bound, seal


def _number(subject: str) -> int | None:
    """Of `Z 0117`."""
    figures = subject.removeprefix("Z ")
    return int(figures) if figures.isdecimal() else None


def _before(connection: sa.Connection) -> int:
    """The last close from before there were sums; -1 where there is none."""
    kept = connection.scalar(sa.select(t.setting.c.value).where(t.setting.c.key == BEFORE)) or ""
    number = kept.removesuffix(DUE)
    return int(number) if number.isdecimal() else -1
