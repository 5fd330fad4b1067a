"""The shop's day: what was opened and what moved, added up by the database; and the closes, which are written once."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from pos_app.domain.cancelling import Cancel
from pos_app.domain.close_sum import CloseSum
from pos_app.domain.day import (
    LISTED,
    CarriedOver,
    DayClose,
    DayFigures,
    DayGroup,
    DayReport,
    RecordSeen,
    groups_in_order,
)
from pos_app.domain.day_json import read_report, report_text
from pos_app.domain.kenya_time import day_start
from pos_app.domain.payment import ATTENTION_REMARKS, OPEN_STATES, Remark, State
from pos_app.domain.search import Search
from pos_app.domain.statement_comparison import RowOutcome
from pos_app.store import tables as t
from pos_app.store.cancelling import cancellable
from pos_app.store.close_sums import sum_of_close
from pos_app.store.integrity import reading, rows_of
from pos_app.store.parts import Reading, Writing
from pos_app.store.record_tables import record_file, record_row
from pos_app.store.rows import AnyRow, hour_of, stored, stored_remarks, stored_state
from pos_app.store.search import find
from pos_app.store.server import take_long

LOST = "closes_lost"  # the setting that has the last number of those that went with a replaced database
_p, _l, _m, _z = t.payment.c, t.payment_line.c, t.movement.c, t.day_close.c
_f, _w = record_file.c, record_row.c
_ATTENTION = 100_000  # payments that wait for a look: more than anybody leaves
_kept_lost = sa.select(t.setting.c.value).where(t.setting.c.key == LOST)
Condition = sa.ColumnElement[bool]


@dataclass(frozen=True)
class _Scope:
    """Which payments were opened in a report's time, and which movements belong to it."""

    opened: Condition
    moved: Condition


def _sum(value: sa.ColumnElement[int]) -> sa.ColumnElement[int]:
    return sa.func.coalesce(sa.func.sum(value), 0)


_line = _l.price * _l.quantity
_alone = _line == _p.amount  # every price is 1 at least: it is the payment's only line
_of_post = sa.func.coalesce(_l.post_id, _l.post_id)  # not its index, which leads through the lines of all payments
_MONEY = (_m.paid, _m.received, _m.refunds, _m.refunded, _m.returned)
_closes = sa.select(
    _z.number, _z.at, _z.till, _z.owner, _z.report, t.operator.c.name.label("operator")
).select_from(t.day_close.outerjoin(t.operator))  # fmt: skip


class DayReading(Reading):
    """Part of `SqlReader`: what is read of the shop's days."""

    def open_day(self, until: datetime, cancel: Cancel | None = None) -> DayReport:
        with reading(self._engine) as connection, cancellable(connection, cancel):
            return open_day(connection, until)

    def calendar_day(self, day: date, until: datetime, cancel: Cancel | None = None) -> DayReport:
        since, end = day_start(day), day_start(day + timedelta(days=1))
        with reading(self._engine) as connection, cancellable(connection, cancel):
            opened = sa.and_(_p.created_at >= since, _p.created_at < end)
            scope = _Scope(opened, sa.and_(_m.at >= since, _m.at < end))
            begun = DayReport(since=since, until=until, after=None)
            return _report(connection, scope, begun, sa.and_(t.is_open, opened))

    def day_closes(self, limit: int, before: int | None = None) -> list[DayClose]:
        wanted = _closes if before is None else _closes.where(_z.number < before)
        with reading(self._engine) as connection:
            return rows_of(connection.execute(wanted.order_by(_z.number.desc()).limit(limit)), _to_close)

    def day_close(self, number: int) -> DayClose | None:
        with reading(self._engine) as connection:
            found = rows_of(connection.execute(_closes.where(_z.number == number)), _to_close)
        return found[0] if found else None


class DayWriting(Writing):
    """What a write transaction does to the shop's days."""

    def open_day(self, until: datetime) -> DayReport:
        self.flush()
        return open_day(self._connection, until)

    def take_long(self) -> None:
        take_long(self._connection)

    def last_close(self) -> DayClose | None:
        found = self._connection.execute(_closes.order_by(_z.number.desc()).limit(1)).all()
        return _to_close(found[0]) if found else None

    def next_close(self) -> int:
        last = self._connection.scalar(sa.select(sa.func.max(_z.number))) or 0
        return max(last, _lost(self._connection.scalar(_kept_lost), last)) + 1

    def close_sum(self, number: int) -> CloseSum:
        return sum_of_close(self._connection, number)

    def close_day(self, report: DayReport, till: str, operator_id: int | None, *, owner: bool) -> int:
        number = report.number
        assert number is not None
        take = t.movement.update().where(_m.close_number.is_(None)).values(close_number=number)
        self._connection.execute(take)
        sums = sa.select(_sum(_m.received), _sum(_m.refunded), _sum(_m.returned)).where(_m.close_number == number)
        received, refunded, returned = self._connection.execute(sums).one()
        self._insert(
            t.day_close,
            number=number,
            at=report.until,
            till=till,
            operator_id=operator_id,
            owner=owner,
            last_payment_id=self._connection.scalar(sa.select(sa.func.coalesce(sa.func.max(_p.id), 0))),
            received=received,
            refunded=refunded,
            returned=returned,
            report=report_text(report),
        )
        return number


def open_day(connection: sa.Connection, until: datetime) -> DayReport:
    """What no close has yet, as it is now."""
    last = connection.execute(
        sa.select(_z.number, _z.at, _z.last_payment_id).order_by(_z.number.desc()).limit(1)
    ).first()
    number, since, behind = last or (0, None, 0)
    lost = connection.scalar(_kept_lost)
    scope = _Scope(_p.id > behind, _m.close_number.is_(None))
    begun = DayReport(since=since, until=until, after=number, lost=_lost(lost, number))
    return _report(connection, scope, begun, t.is_open)


def _lost(kept: str | None, number: int) -> int:
    """The last number that was lost, where none was given since."""
    lost = int(kept) if kept and kept.isdecimal() else 0
    return lost if lost > number else 0


def _report(connection: sa.Connection, scope: _Scope, begun: DayReport, carried: Condition) -> DayReport:
    count, amount, items = _carried_over(connection, carried, whole=begun.after is not None)
    return DayReport(
        since=begun.since,
        until=begun.until,
        after=begun.after,
        lost=begun.lost,
        figures=_figures(connection, scope),
        posts=groups_in_order(_by_post(connection, scope)),
        operators=groups_in_order(_by_operator(connection, scope)),
        hours=tuple(sorted(_by_hour(connection, scope), key=lambda group: group.key or 0)),
        open_count=count,
        open_amount=amount,
        open=items,
        record=_record(connection, begun.since, begun.until),
    )


def _figures(connection: sa.Connection, scope: _Scope) -> DayFigures:
    counts = {"payments": 0, "asked": 0, "not_paid": 0, "not_paid_asked": 0, "unsure": 0, "unsure_asked": 0}
    by_state = sa.select(_p.state, sa.func.count(), _sum(_p.amount)).where(scope.opened).group_by(_p.state)
    for word, payments, asked in connection.execute(by_state):
        state = stored(State, word)
        kinds = ["payments"] if state is State.PAID else ["payments", "unsure" if state in OPEN_STATES else "not_paid"]
        for kind in kinds:
            counts[kind] += int(payments)
            counts["asked" if kind == "payments" else f"{kind}_asked"] += int(asked)
    is_late = sa.or_(sa.func.coalesce(_p.remark, "").contains(Remark.LATE.value), sa.not_(scope.opened))
    late = (sa.case((is_late, column), else_=0) for column in (_m.paid, _m.received))
    sums = sa.select(*map(_sum, _MONEY), *map(_sum, late)).select_from(t.movement.join(t.payment)).where(scope.moved)
    names = ("paid", "received", "refunds", "refunded", "returned", "late", "late_received")
    money = dict(zip(names, map(int, connection.execute(sums).one()), strict=True))
    return DayFigures(**counts, **money)


def _by_operator(connection: sa.Connection, scope: _Scope) -> list[DayGroup]:
    names = dict(rows_of(connection.execute(sa.select(t.operator.c.id, t.operator.c.name)), tuple))
    opened = sa.select(_p.operator_id, _sum(_p.amount)).where(scope.opened).group_by(_p.operator_id)
    return _groups(connection, opened, _moved(_p.operator_id, scope), names)


def _by_hour(connection: sa.Connection, scope: _Scope) -> list[DayGroup]:
    begun, moved = hour_of(_p.created_at), hour_of(_m.at)
    opened = sa.select(begun, _sum(_p.amount)).where(scope.opened).group_by(begun)
    return _groups(connection, opened, _moved(moved, scope), {})


def _moved(key: sa.ColumnElement[Any], scope: _Scope) -> sa.Select[Any, int, int, int]:
    money = sa.select(key, _sum(_m.paid), _sum(_m.received), _sum(_m.refunded))
    return money.select_from(t.movement.join(t.payment)).where(scope.moved).group_by(key)


def _by_post(connection: sa.Connection, scope: _Scope) -> list[DayGroup]:
    """Each line of a basket counts with its price as sold, where the whole payment is paid; what came beside the
    prices, or went back of a basket, is of no single post.
    """
    opened = sa.select(_of_post, _sum(_line)).select_from(t.payment.join(t.payment_line)).where(scope.opened)
    received = sa.case((_alone, _m.received), else_=_line * _m.paid)
    refunded = sa.case((_alone, _m.refunded), else_=0)
    moved = (
        sa.select(_of_post, _sum(_m.paid), _sum(received), _sum(refunded))
        .select_from(t.movement.join(t.payment).join(t.payment_line, _l.payment_id == _p.id))
        .where(scope.moved)
    )
    by_post = opened.group_by(_of_post), moved.group_by(_of_post)
    titles = sa.select(t.post.c.id, t.post.c.title)
    groups = _groups(connection, *by_post, dict(rows_of(connection.execute(titles), tuple)))
    whole = connection.execute(sa.select(_sum(_m.received), _sum(_m.refunded)).where(scope.moved)).one()
    rest = DayGroup(
        key=None,
        received=int(whole[0]) - sum(group.received for group in groups),
        refunded=int(whole[1]) - sum(group.refunded for group in groups),
    )
    return [*groups, rest] if rest.received or rest.refunded else groups


def _groups(
    connection: sa.Connection, opened: sa.Select[Any, int], moved: sa.Select[Any, int, int, int], names: dict[Any, str]
) -> list[DayGroup]:
    asked = {_key(key): int(amount) for key, amount in connection.execute(opened)}
    money = {_key(key): tuple(map(int, sums)) for key, *sums in connection.execute(moved)}
    groups = []
    for key in dict.fromkeys([*asked, *money]):
        paid, received, refunded = money.get(key, (0, 0, 0))
        name = names.get(key, "")
        groups.append(
            DayGroup(
                key=key, name=name, asked=asked.get(key, 0), paid=paid, received=received, refunded=refunded
            )
        )  # fmt: skip
    return [group for group in groups if group.asked or group.paid or group.received or group.refunded]


def _key(stored_key: Any) -> int | None:
    return None if stored_key is None else int(stored_key)  # an hour comes as a decimal from a server


def _record(connection: sa.Connection, since: datetime | None, until: datetime) -> RecordSeen | None:
    """What was recorded of M-PESA's record of that time; the rest of a file that was cut short is not known."""
    reaches = sa.select(sa.func.max(_f.covered_last)).where(_f.ended_at.is_not(None))
    seen = connection.scalar(reaches)
    if seen is None or (since is not None and seen <= since):
        return None
    within = [_w.at < until, *([_w.at >= since] if since is not None else [])]
    by_outcome = sa.select(_w.outcome, sa.func.count(), _sum(_w.cents)).where(*within).group_by(_w.outcome)
    told = {outcome: (int(count), int(cents)) for outcome, count, cents in connection.execute(by_outcome)}
    unprompted, amount = told.get(RowOutcome.UNPROMPTED, (0, 0))
    return RecordSeen(
        until=seen,
        fees=told.get(RowOutcome.FEE, (0, 0))[1],
        differs=told.get(RowOutcome.DIFFERS, (0, 0))[0],
        unprompted=unprompted,
        unprompted_amount=amount,
    )


def _carried_over(
    connection: sa.Connection, wanted: Condition, *, whole: bool
) -> tuple[int, int, tuple[CarriedOver, ...]]:
    """How many are open or wait for a look, what they were asked for, and the oldest of them."""
    ids = set(connection.scalars(sa.select(_p.id).where(wanted)))
    if whole:
        ids |= set(find(connection, Search(attention=True, limit=_ATTENTION)))
    named = sorted(ids)[:LISTED]
    columns = (_p.id, _p.number, _p.created_at, _p.amount, _p.state, _p.reason, _p.remark, _p.seen)
    listed = sa.select(*columns).where(_p.id.in_(named)).order_by(_p.id)
    items = rows_of(connection.execute(listed), _to_item)
    amount = sum(
        int(connection.scalar(sa.select(_sum(_p.amount)).where(_p.id.in_(some))) or 0) for some in _some_of(sorted(ids))
    )
    return len(ids), amount, tuple(items)


def _some_of(ids: list[int]) -> Iterator[list[int]]:
    return (ids[begin : begin + LISTED] for begin in range(0, len(ids), LISTED))


def _to_item(row: AnyRow) -> CarriedOver:
    state, reason = stored_state(row.state, row.reason)
    return CarriedOver(
        id=row.id,
        number=row.number,
        opened_at=row.created_at,
        amount=row.amount,
        state=state,
        reason=reason.word,
        remarks=(stored_remarks(row.remark) & ATTENTION_REMARKS) - stored_remarks(row.seen),
    )


def _to_close(row: AnyRow) -> DayClose:
    values = dict(row._mapping)
    return DayClose(**values | {"report": stored(read_report, values["report"])})
