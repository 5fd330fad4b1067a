"""Between rows and the domain's objects."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import fields
from datetime import datetime
from functools import lru_cache
from typing import Any, TypeVar

import sqlalchemy as sa

from pos_app.domain.catalogue import FIELDS, Post, PostChange, PostDraft
from pos_app.domain.payment import JournalLine, Outcome, Payment, Remark, Source, State, StateReason, read_reason
from pos_app.domain.payment_line import Grant, PaymentLine
from pos_app.store import record_tables as r
from pos_app.store import tables as t
from pos_app.store.schema import utc_hour

T = TypeVar("T")
AnyRow = sa.Row[*tuple[Any, ...]]
AnySelect = sa.Select[*tuple[Any, ...]]
_p, _l, _g = t.payment.c, t.payment_line.c, t.grant.c
_back = sa.select(sa.func.coalesce(sa.func.sum(t.refund.c.amount), 0)).where(
    t.refund.c.payment_id == _p.id, t.counts_back
)
refunded = _back.scalar_subquery().label("refunded")
came_in = sa.func.coalesce(_p.amount_paid, _p.amount)  # `Payment.received`
# Refunds are few: added up first, so that they lead to their payments, not every payment to a look for refunds.
went_back = (
    sa.select(t.refund.c.payment_id, sa.func.sum(t.refund.c.amount).label("amount"))
    .where(t.counts_back)
    .group_by(t.refund.c.payment_id)
    .subquery()
)
_finder = t.operator.alias("finder")
_found_by = (
    sa.select(_finder.c.name)
    .join_from(r.record_row, _finder, _finder.c.id == r.record_row.c.worded_by)
    .where(r.record_row.c.bound_id == _p.id)
    .correlate(t.payment)
    .scalar_subquery()
    .label("found_by")
)
_PAYMENT_COLUMNS = (
    _p.id, _p.number, _p.till, _p.address, _p.customer_id, _p.amount, _p.state,
    _p.remark, _p.reason, _p.merchant_request_id, _p.checkout_request_id, _p.receipt, _p.receipt_typed, _p.retry_of,
    _p.created_at, _p.updated_at, _p.closed_at, _p.next_check_at, _p.version, _p.amount_paid,
    _p.receipt_by, _p.completed_at, _p.seen, refunded, _found_by,
)  # fmt: skip

_COMBINATIONS = 500  # of states, reasons and remarks: a shop has some dozen, its payments again and again the same
_NAIROBI = 3  # hours from UTC the year round; times are stored in UTC


def hour_of(moment: sa.ColumnElement[datetime]) -> sa.ColumnElement[int]:
    """The hour of the day in the shop at a stored time."""
    return (utc_hour(moment) + _NAIROBI) % 24


shop_hour = hour_of(_p.created_at)
_WHO_COLUMNS = (t.customer.c.phone, t.operator.c.name.label("operator"))
_LINE_COLUMNS = (_l.post_id, _l.title, _l.price, _l.quantity, _l.days)
_GRANT_COLUMNS = (_g.granted_at, _g.access, _g.until, _g.starts_at, _g.withdrawn_at)

# A row for each line of each payment; `to_payments` puts them together. One that has lost its lines is found as well:
# its money must not come and go unseen.
select_payments = sa.select(*_PAYMENT_COLUMNS, *_WHO_COLUMNS, _l.line, *_LINE_COLUMNS, *_GRANT_COLUMNS).select_from(
    t.payment.join(t.customer)
    .outerjoin(t.operator, t.operator.c.id == _p.operator_id)
    .outerjoin(t.payment_line, _l.payment_id == _p.id)
    .outerjoin(t.grant, sa.and_(_g.payment_id == _l.payment_id, _g.line == _l.line))
)


def unkeyed(column: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    """The same column, but nothing to look rows up by: something else leads to them."""
    return sa.func.coalesce(column, column, type_=column.type)


def newest_payments(*wanted: sa.ColumnElement[bool], limit: int) -> AnySelect:
    """The newest payments that all of this holds for, so many of them at most: rows of `select_payments`."""
    ids = sa.select(_p.id).where(*wanted).order_by(_p.id.desc()).limit(limit)
    return select_payments.where(_p.id.in_(ids)).order_by(_p.id.desc())


class UnreadableRow(Exception):
    """What is stored is nothing that this program writes: a state, a time or a number that is none."""


def stored(kind: Callable[[Any], T], value: object) -> T:
    """A stored value as what it stands for.

    Args:
        kind: reads it; a ValueError of it means that it is no such thing.

    Raises:
        UnreadableRow: no program of ours has written it.
    """
    try:
        return kind(value)
    except ValueError as error:
        raise UnreadableRow from error


_FIRST = len(_PAYMENT_COLUMNS) + len(_WHO_COLUMNS)  # columns before those of the line
_NAMES = tuple(str(column.key) for column in select_payments.selected_columns)[:_FIRST]
_LINE_NAMES = tuple(str(column.key) for column in _LINE_COLUMNS)
_GRANT_NAMES = tuple(str(column.key) for column in _GRANT_COLUMNS)
_GRANTED = _FIRST + 1 + len(_LINE_COLUMNS)  # the column of `granted_at`


def to_payments(rows: Sequence[AnyRow]) -> list[Payment]:
    """Rows of `select_payments`, perhaps with more columns after its own, as payments, in the order of the first rows
    of each.
    """
    of_payment: dict[int, list[AnyRow]] = {}
    for row in rows:
        of_payment.setdefault(row[0], []).append(row)
    return [to_payment(lines) for lines in of_payment.values()]


def to_payment(rows: Sequence[AnyRow]) -> Payment:
    """The rows of one payment, one for each line, in any order.

    Raises:
        UnreadableRow: no program of ours has written it so.
    """
    rows = in_order(rows)
    if rows[0][_FIRST] is None:
        raise UnreadableRow("a payment without a line")
    values = dict(zip(_NAMES, rows[0], strict=False))
    remarks, seen, by = values.pop("remark"), values.pop("seen"), values.pop("receipt_by")
    state, reason = stored_state(values.pop("state"), values.pop("reason"))
    return Payment(
        **values,
        lines=tuple(map(_to_line, rows)),
        state=state,
        reason=reason,
        remarks=stored_remarks(remarks),
        seen=stored_remarks(seen),
        receipt_by=stored(Source, by) if by else None,
    )


def in_order(rows: Sequence[AnyRow]) -> list[AnyRow]:
    """The rows of one payment in the order of its lines."""
    return sorted(rows, key=lambda row: row[_FIRST]) if len(rows) > 1 else list(rows)


def _to_line(row: AnyRow) -> PaymentLine:
    values = dict(zip(_LINE_NAMES, row[_FIRST + 1 : _GRANTED], strict=True))
    granted = row[_GRANTED : _GRANTED + len(_GRANT_NAMES)]
    grant = Grant(**dict(zip(_GRANT_NAMES, granted, strict=True))) if granted[0] else None  # `granted_at`
    return PaymentLine(**values, grant=grant)


@lru_cache(_COMBINATIONS)
def stored_state(state: object, reason: str | None) -> tuple[State, StateReason]:
    """Where a payment stands, and why. Raises UnreadableRow."""
    known = stored(State, state)
    return known, read_reason(known, reason)


@lru_cache(_COMBINATIONS)
def stored_remarks(text: object) -> frozenset[Remark]:
    """What `remark_text` has written. Raises UnreadableRow."""
    if not isinstance(text, str | None):
        raise UnreadableRow("a remark that is no text")
    return frozenset(stored(Remark, name) for name in text.split(",")) if text else frozenset()


def remark_text(remarks: Collection[Remark]) -> str | None:
    """Remarks as stored and as `--json` prints them: joined by commas, None where there is none."""
    return ",".join(sorted(remarks)) or None


_POST_COLUMNS = (t.post.c.id, *(t.post.c[field] for field in FIELDS if field != "category"))
select_posts = sa.select(*_POST_COLUMNS, t.category.c.name.label("category")).select_from(t.post.outerjoin(t.category))
_POST_NAMES = tuple(str(column.key) for column in select_posts.selected_columns)
_CHANGE_NAMES = ("at", "post_id", "field", "old", "new", "source", "operator_id", "owner")
_h = t.post_change.c
select_changes = sa.select(
    _h.at, _h.post_id, _h.field, _h.old, _h.new, _h.source, _h.operator_id, t.operator.c.name.label("operator"),
    sa.func.coalesce(_h.owner, sa.false()).label("owner"),
).select_from(t.post_change.outerjoin(t.operator))  # fmt: skip


def to_post(row: AnyRow) -> Post:
    """A row of `select_posts` as a post."""
    return Post(**dict(zip(_POST_NAMES, row, strict=True)))


def to_change(row: AnyRow) -> PostChange:
    """A row of `select_changes`: what was done to a post."""
    return PostChange(**row._mapping)


def change_values(change: PostChange) -> dict[str, object]:
    """The columns of what was done to a post."""
    return {name: getattr(change, name) for name in _CHANGE_NAMES}


def post_values(draft: PostDraft, category_id: int | None) -> dict[str, object]:
    """The columns of a post."""
    return {field: getattr(draft, field) for field in FIELDS if field != "category"} | {"category_id": category_id}


def line_rows(payment_id: int, lines: Sequence[PaymentLine]) -> list[dict[str, object]]:
    """The rows of a payment's lines, without what they grant."""
    return [
        {"payment_id": payment_id, "line": number} | {name: getattr(line, name) for name in _LINE_NAMES}
        for number, line in enumerate(lines, 1)
    ]


def grant_values(grant: Grant) -> dict[str, object]:
    """The columns of a grant, without whose it is."""
    return {name: getattr(grant, name) for name in _GRANT_NAMES}


select_lines = sa.select(*(t.payment_event.c[line.name] for line in fields(JournalLine)))


def to_line(row: AnyRow) -> JournalLine:
    """A row of `select_lines` as a line of the journal."""
    values = dict(row._mapping)
    values |= {
        "outcome": stored(Outcome, values["outcome"]),
        "before": stored(State, values["before"]),
        "after": stored(State, values["after"]),
    }
    return JournalLine(**values)
