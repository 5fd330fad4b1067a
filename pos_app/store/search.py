"""Finding payments by what an operator types: each kind of text has an index of its own, a million rows or not."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from pos_app.domain.payment import ATTENTION_REMARKS, Remark, State
from pos_app.domain.search import NOBODY, Meaning, Search, Sort, meaning, shown
from pos_app.store import tables as t
from pos_app.store.customers import has_ending
from pos_app.store.rows import AnySelect, select_payments, shop_hour

_p, _l = t.payment.c, t.payment_line.c
is_open = _p.state.in_([sa.literal_column(f"'{state}'") for state in t.OPEN_STATES])  # as the index has it
_AFTER_ALL = "\U0010ffff"  # sorts behind every code, so that a prefix is a range the index can serve


def search_statement(search: Search) -> AnySelect:
    """The statement that finds payments, in the order of the search."""
    order, limits = _order(search.sort), [*_limits(search), *_after(search)]
    if not shown(search.text):
        ids = sa.select(_p.id).where(*limits).order_by(*order).limit(search.limit)
        return select_payments.where(_p.id.in_(ids)).order_by(*order)
    meant = meaning(search.text)
    ways = [*_ways(meant), *(_p.id.in_(_ids_with_post(words)) for words in meant.titles)]
    found = [
        sa.select(sa.select(_p.id).where(way, *limits).order_by(*order).limit(search.limit).subquery().c.id)
        for way in ways
    ]
    every = sa.union(*found).subquery() if found else sa.select(_p.id).where(sa.false()).subquery()
    first = sa.select(_p.id).where(_p.id.in_(sa.select(every.c.id))).order_by(*order).limit(search.limit)
    return select_payments.where(_p.id.in_(first)).order_by(*order)


def _order(sort: Sort) -> tuple[sa.ColumnElement[object], ...]:
    columns = (_p.amount, _p.id) if sort.by_amount else (_p.id,)
    return tuple(column.desc() if sort.descending else column.asc() for column in columns)


def _after(search: Search) -> list[sa.ColumnElement[bool]]:
    if search.after is None:
        return []
    key: sa.ColumnElement[Any] = sa.tuple_(_p.amount, _p.id) if search.sort.by_amount else _p.id
    place = sa.tuple_(search.after.amount, search.after.id) if search.sort.by_amount else search.after.id
    return [key < place if search.sort.descending else key > place]


def found_by(search: Search) -> sa.ColumnElement[bool]:
    """What holds for every payment that the search finds, however many they are."""
    limits = _limits(search)
    if not shown(search.text):
        return sa.and_(sa.true(), *limits)
    meant = meaning(search.text)
    posts = [_p.id.in_(_ids_with_post(words)) for words in meant.titles]
    return sa.and_(sa.or_(sa.false(), *_ways(meant), *posts), *limits)


def _limits(search: Search) -> list[sa.ColumnElement[bool]]:
    limits: list[sa.ColumnElement[bool]] = []
    if search.states:
        limits.append(_p.state.in_(sorted(search.states)))
    if search.attention:
        limits.append(_needs_attention())
    if search.operator is not None:
        limits.append(_p.operator_id.is_(None) if search.operator == NOBODY else _p.operator_id == search.operator)
    if search.till:
        limits.append(_p.till == search.till)
    if search.post is not None:
        limits.append(_p.id.in_(sa.select(_l.payment_id).where(_l.post_id == search.post)))
    if search.hour is not None:
        limits.append(shop_hour == search.hour)
    return limits + _between(search.since, search.until)


def _needs_attention() -> sa.ColumnElement[bool]:
    """`Payment.needs_attention`, by the indexes of what is open and what is odd."""
    wanted = sa.union(
        sa.select(_p.id).where(is_open, _p.state == State.REVIEW.value),
        sa.select(_p.id).where(_p.remark.is_not(None), sa.or_(*map(_unseen, ATTENTION_REMARKS))),
    ).subquery()
    return _p.id.in_(sa.select(wanted.c.id))


def _unseen(remark: Remark) -> sa.ColumnElement[bool]:
    seen = sa.func.coalesce(_p.seen, "")
    return sa.and_(_p.remark.contains(remark.value), sa.not_(seen.contains(remark.value)))


def _between(since: datetime | None, until: datetime | None) -> list[sa.ColumnElement[bool]]:
    limits: list[sa.ColumnElement[bool]] = []
    if since:
        limits.append(_p.created_at >= since)
    if until:
        limits.append(_p.created_at < until)
    return limits


def _ways(meant: Meaning) -> list[sa.ColumnElement[bool]]:
    """Every way in which the text can be meant, but as the name of a post."""
    ways: list[sa.ColumnElement[bool]] = []
    if meant.codes:
        ways += [_p.receipt.in_(meant.codes), _p.receipt_typed.in_(meant.codes)]
        ways.append(_has_refund(t.refund.c.code.in_(meant.codes)))
    if meant.code_start:
        ways.append(sa.and_(_p.receipt >= meant.code_start, _p.receipt < meant.code_start + _AFTER_ALL))
        ways.append(_p.receipt_typed == meant.code_start)
        code = t.refund.c.code
        ways.append(_has_refund(sa.and_(code >= meant.code_start, code < meant.code_start + _AFTER_ALL)))
    if meant.numbers:
        ways.append(_p.number.in_(meant.numbers))
    if meant.short_number:
        till, sequence = meant.short_number
        ways.append(sa.and_(_p.till == till, _p.day_seq == sequence))
    if meant.phones:
        ways.append(_has_phone(t.customer.c.phone.in_(meant.phones)))
    if meant.phone_end:
        ways.append(_has_phone(has_ending(meant.phone_end)))
    if meant.amount is not None:
        ways.append(_p.amount == meant.amount)
        ways.append(sa.and_(_p.amount_paid == meant.amount, _p.amount_paid != _p.amount))  # as its index has it
    return ways


def _has_phone(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    return _p.customer_id.in_(sa.select(t.customer.c.id).where(condition))


def _has_refund(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    return _p.id.in_(sa.select(t.refund.c.payment_id).where(condition))


def _newest_with_post(words: Sequence[str], limits: Sequence[sa.ColumnElement[bool]]) -> sa.Select[tuple[int]]:
    """Without limits the index of the lines alone knows the newest; one payment may be for two posts of such a name."""
    ids = _ids_with_post(words)
    return sa.select(_p.id).where(_p.id.in_(ids), *limits) if limits else ids.distinct()


def _ids_with_post(words: Sequence[str]) -> sa.Select[tuple[int]]:
    """The ids of the payments for a post of such a name, in no order, perhaps twice."""
    line = t.payment_line.c
    holds = [t.post.c.title.icontains(word, autoescape=True) for word in words]
    return sa.select(line.payment_id.label("id")).where(line.post_id.in_(sa.select(t.post.c.id).where(*holds)))
