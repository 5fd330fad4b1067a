"""What came in, added up by the database: by day, operator and till from the running totals, else from the payments."""

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


_ALL = 2**31 - 1  # lines
_p, _l = t.payment.c, t.payment_line.c
_is_paid = _p.state == State.PAID.value
_line = _l.price * _l.quantity
_alone = _line == _p.amount  # every price is 1 at least: it is the payment's only line
_sold = t.payment.join(t.payment_line)
# Few, so they lead to their lines, as refunds do.
_more = sa.select(_p.id.label("payment_id"), (_p.amount_paid - _p.amount).label("amount"))
_beside = _more.where(_p.amount_paid != _p.amount).limit(_ALL).subquery()
_refunded = went_back.join(t.payment, _p.id == went_back.c.payment_id)
_c = cells.c
_TALLIED: dict[By, sa.ColumnElement[Any]] = {By.DAY: _c.day, By.OPERATOR: _c.operator_id, By.TILL: _c.till}


class TakingsReading(Reading):
    """What is read of takings: one definition with `SqlReader.totals`, which is of one day."""

    def takings(self, first: date, last: date, by: By, cancel: Cancel | None = None) -> Takings:
        with reading(self._engine) as connection, cancellable(connection, cancel):
            names = _names(connection, by)
            if by in _TALLIED:
                groups = _tallied(connection, first, last, by, names)
                return Takings(first, last, by, in_order(by, groups), _added_up(groups))
            span = ids_between(connection, first, last)
            if span is None:
                return Takings(first, last, by, (), Taking(key=None))
            # By ids the payments are read one after the other, by an index of days each would be looked up alone.
            within = sa.and_(_p.id.between(*span), unkeyed(_p.day).between(first, last))
            if by is By.HOUR:
                groups = _by_hour(connection, within)
                return Takings(first, last, by, in_order(by, groups), _added_up(groups))
            groups = _by_post(connection, within, names)
            whole = _added_up(_tallied(connection, first, last, By.DAY, {}))
        groups += _of_no_post(_added_up(groups), whole)
        return Takings(first, last, by, in_order(by, groups), whole)


def _tallied(connection: sa.Connection, first: date, last: date, by: By, names: dict[Key, str]) -> list[Taking]:
    """By what the running totals know."""
    key, paid = _TALLIED[by], _c.state == State.PAID.value
    of_paid = (_sum(sa.case((paid, each), else_=0)) for each in (_c.payments, _c.received, _c.refunded))
    payments, received, refunded = of_paid
    sums = sa.select(_sum(_c.payments), payments, _sum(_c.asked), received, refunded, key)
    there = sums.where(_c.day.between(first, last), _c.payments > 0).group_by(key)

    def taking(row: AnyRow) -> Taking:
        payments, paid, asked, received, refunded, found = row
        key = found or None if by is By.OPERATOR else found  # `NOBODY`
        return _figures(payments, paid, asked, received, refunded, key=key, name=names.get(key, ""))

    return rows_of(connection.execute(there), taking)


def _by_hour(connection: sa.Connection, within: sa.ColumnElement[bool]) -> list[Taking]:
    """By what only the payments know. An hour comes as a decimal from a server."""
    back = sa.select(shop_hour, _sum(went_back.c.amount)).select_from(_refunded).where(within, _is_paid)
    refunded = {int(hour): int(amount) for hour, amount in connection.execute(back.group_by(shop_hour))}
    paid, received = _sum(sa.case((_is_paid, 1), else_=0)), _sum(sa.case((_is_paid, came_in), else_=0))
    sums = sa.select(sa.func.count(), paid, _sum(_p.amount), received, shop_hour).where(within).group_by(shop_hour)

    def taking(row: AnyRow) -> Taking:
        payments, paid, asked, received, hour = row
        return _figures(payments, paid, asked, received, refunded.get(int(hour), 0), key=int(hour))

    return rows_of(connection.execute(sums), taking)


def _by_post(connection: sa.Connection, within: sa.ColumnElement[bool], names: dict[Key, str]) -> list[Taking]:
    """Each line with its price as sold; a payment's only line with all that came and went back.

    The database sorts all lines, which is most of what this takes: by one number, and with one figure beside it.
    """
    which = _l.post_id * 2 + sa.case((_is_paid, 1), else_=0)
    lines = sa.select(which.label("which"), _line.label("asked")).select_from(_sold).where(within)
    each = lines.limit(_ALL).subquery().c  # a limit, or it would be worked into what groups
    sums = sa.select(each.which, sa.func.count(), _sum(each.asked)).group_by(each.which)
    asked = {int(key): (int(count), int(amount)) for key, count, amount in connection.execute(sums)}
    alone = _l.post_id, within, _is_paid, _alone
    beside = _by_key(connection, _beside.c.amount, _beside.join(_sold, _p.id == _beside.c.payment_id), *alone)
    refunded = _by_key(connection, went_back.c.amount, _refunded.join(t.payment_line), *alone)
    groups = []
    for post in dict.fromkeys(key // 2 for key in asked):
        (unpaid, not_received), (paid, received) = (asked.get(post * 2 + each, (0, 0)) for each in (0, 1))
        came, back = received + beside.get(post, 0), refunded.get(post, 0)
        sums_of = unpaid + paid, paid, not_received + received, came, back
        groups.append(_figures(*sums_of, key=post, name=names.get(post, "")))
    return groups


def _by_key(
    connection: sa.Connection,
    amount: sa.ColumnElement[int],
    source: sa.FromClause,
    key: sa.ColumnElement[int],
    *wanted: sa.ColumnElement[bool],
) -> dict[int, int]:
    sums = sa.select(key, _sum(amount)).select_from(source).where(*wanted).group_by(key)
    return {int(key): int(amount) for key, amount in connection.execute(sums)}


def _figures(payments: int, paid: int, asked: int, received: int, refunded: int, *, key: Key, name: str = "") -> Taking:
    """Sums come as decimals from a server."""
    return Taking(
        key=key,
        name=name,
        payments=int(payments),
        paid=int(paid),
        asked=int(asked),
        received=int(received),
        refunded=int(refunded),
    )


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


def _names(connection: sa.Connection, by: By) -> dict[Key, str]:
    if by not in (By.POST, By.OPERATOR):
        return {}
    statement = (
        sa.select(t.post.c.id, t.post.c.title) if by is By.POST else sa.select(t.operator.c.id, t.operator.c.name)
    )
    return dict(rows_of(connection.execute(statement), tuple))
