"""What came in, added up by the database: by day, operator and till from the running totals, else from the payments."""

from dataclasses import replace
from datetime import date
from typing import Any

import sqlalchemy as sa

from pos_app.domain.cancelling import Cancel
from pos_app.domain.payment import State
from pos_app.domain.takings import By, Key, Taking, Takings, in_order
from pos_app.store import tables as t
from pos_app.store.cancelling import cancellable
from pos_app.store.integrity import reading, rows_of
from pos_app.store.parts import Reading
from pos_app.store.rows import AnyRow, came_in, shop_hour, unkeyed, went_back
from pos_app.store.tally import cells, ids_between


def _sum(value: sa.ColumnElement[int]) -> sa.ColumnElement[int]:
    return sa.func.coalesce(sa.func.sum(value), 0)


_p, _l = t.payment.c, t.payment_line.c
_is_paid = _p.state == State.PAID.value
_line = _l.price * _l.quantity
_alone = _line == _p.amount  # every price is 1 at least: it is the payment's only line
_refunded = went_back.join(t.payment, _p.id == went_back.c.payment_id)
_c = cells.c
_TALLIED: dict[By, sa.ColumnElement[Any]] = {By.DAY: _c.day, By.OPERATOR: _c.operator_id, By.TILL: _c.till}
_KEYS: dict[By, sa.ColumnElement[Any]] = {By.HOUR: shop_hour, By.POST: _l.post_id}  # of the payments themselves


def _when_paid(value: sa.ColumnElement[int] | int) -> sa.ColumnElement[int]:
    return sa.case((_is_paid, value), else_=0)


class TakingsReading(Reading):
    """What is read of takings: one definition with `SqlReader.totals`, which is of one day."""

    def takings(self, first: date, last: date, by: By, cancel: Cancel | None = None) -> Takings:
        with reading(self._engine) as connection, cancellable(connection, cancel):
            groups = _tallied(connection, first, last, by) if by in _TALLIED else _counted(connection, first, last, by)
            whole = _added_up(_tallied(connection, first, last, By.DAY) if by is By.POST else groups)
            names = _names(connection, by, {group.key for group in groups})
        if by is By.POST:
            groups += _of_no_post(_added_up(groups), whole)
        named = [_named(group, names) for group in groups]
        return Takings(first, last, by, in_order(by, named), whole)


def _tallied(connection: sa.Connection, first: date, last: date, by: By) -> list[Taking]:
    """By what the running totals know."""
    key, paid = _TALLIED[by], _c.state == State.PAID.value
    of_paid = (_sum(sa.case((paid, each), else_=0)) for each in (_c.payments, _c.received, _c.refunded))
    payments, received, refunded = of_paid
    sums = sa.select(_sum(_c.payments), payments, _sum(_c.asked), received, refunded, key)
    there = sums.where(_c.day.between(first, last), _c.payments > 0).group_by(key)
    return rows_of(connection.execute(there), lambda row: _figures(row[:4], _key(by, row[5]), int(row[4])))


def _counted(connection: sa.Connection, first: date, last: date, by: By) -> list[Taking]:
    """By what only the payments know."""
    key, span = _KEYS[by], ids_between(connection, first, last)
    if span is None:
        return []
    # By ids the payments are read one after the other, by an index of days each would be looked up alone.
    within = sa.and_(_p.id.between(*span), unkeyed(_p.day).between(first, last))
    back_by_key = sa.select(key, _sum(went_back.c.amount))
    if by is By.POST:
        sums = _sums(_line, sa.case((_alone, came_in), else_=_line)).select_from(t.payment.join(t.payment_line))
        back = back_by_key.select_from(_refunded.join(t.payment_line)).where(_alone)
    else:
        sums = _sums(_p.amount, came_in)
        back = back_by_key.select_from(_refunded)
    refunded = {_key(by, row[0]): int(row[1]) for row in connection.execute(back.where(within, _is_paid).group_by(key))}
    found = connection.execute(sums.add_columns(key).where(within).group_by(key))
    return rows_of(found, lambda row: _taking(row, by, refunded))


def _sums(asked: sa.ColumnElement[int], had: sa.ColumnElement[int]) -> sa.Select[int, int, int, int]:
    return sa.select(sa.func.count(), _sum(_when_paid(1)), _sum(asked), _sum(_when_paid(had)))


def _taking(row: AnyRow, by: By, refunded: dict[Key, int]) -> Taking:
    key = _key(by, row[4])
    return _figures(row[:4], key, refunded.get(key, 0))


def _figures(sums: tuple[Any, ...], key: Key, refunded: int) -> Taking:
    payments, paid, asked, received = map(int, sums)
    return Taking(key=key, payments=payments, paid=paid, asked=asked, received=received, refunded=refunded)


def _key(by: By, stored: Any) -> Key:
    if by is By.OPERATOR:
        return stored or None  # `NOBODY`
    return int(stored) if by is By.HOUR else stored  # an hour comes as a decimal from a server


def _added_up(groups: list[Taking]) -> Taking:
    return Taking(
        key=None,
        payments=sum(group.payments for group in groups),
        paid=sum(group.paid for group in groups),
        asked=sum(group.asked for group in groups),
        received=sum(group.received for group in groups),
        refunded=sum(group.refunded for group in groups),
    )


def _of_no_post(posts: Taking, whole: Taking) -> list[Taking]:
    """What is of several posts together: a part that was paid beside their prices, or that went back of a basket."""
    received, refunded = whole.received - posts.received, whole.refunded - posts.refunded
    return [Taking(key=None, received=received, refunded=refunded)] if received or refunded else []


def _names(connection: sa.Connection, by: By, keys: set[Key]) -> dict[Key, str]:
    if by not in (By.POST, By.OPERATOR):
        return {}
    statement = (
        sa.select(t.post.c.id, t.post.c.title) if by is By.POST else sa.select(t.operator.c.id, t.operator.c.name)
    )
    return {key: name for key, name in rows_of(connection.execute(statement), tuple) if key in keys}


def _named(group: Taking, names: dict[Key, str]) -> Taking:
    return replace(group, name=names.get(group.key, ""))
