"""Finding payments by what an operator types: each kind of text has an index of its own, a million rows or not."""

import re
from datetime import datetime

import sqlalchemy as sa

from pos_app.domain.lookup import Search
from pos_app.domain.phone import parse_phone
from pos_app.errors import BadInput
from pos_app.store import tables as t
from pos_app.store.rows import AnySelect, select_payments

_p = t.payment.c
_AFTER_ALL = "\U0010ffff"  # sorts behind every code, so that a prefix is a range the index can serve


def search_statement(search: Search) -> AnySelect:
    """The statement that finds payments, newest first."""
    limits = _limits(search)
    if not search.text.strip():
        return select_payments.where(*limits).order_by(_p.id.desc()).limit(search.limit)
    found = [
        sa.select(sa.select(_p.id).where(way, *limits).order_by(_p.id.desc()).limit(search.limit).subquery().c.id)
        for way in _ways(search.text.strip())
    ]
    ids = sa.union(*found).subquery() if found else sa.select(_p.id).where(sa.false()).subquery()
    return select_payments.where(_p.id.in_(sa.select(ids.c.id))).order_by(_p.id.desc()).limit(search.limit)


def found_by(search: Search) -> sa.ColumnElement[bool]:
    """What holds for every payment that the search finds, however many they are."""
    limits = _limits(search)
    if not search.text.strip():
        return sa.and_(sa.true(), *limits)
    ways = _ways(search.text.strip())
    return sa.and_(sa.or_(sa.false(), *ways), *limits)


def _limits(search: Search) -> list[sa.ColumnElement[bool]]:
    limits: list[sa.ColumnElement[bool]] = []
    if search.states:
        limits.append(_p.state.in_(sorted(search.states)))
    if search.before_id is not None:
        limits.append(_p.id < search.before_id)
    return limits + _between(search.since, search.until)


def _between(since: datetime | None, until: datetime | None) -> list[sa.ColumnElement[bool]]:
    limits: list[sa.ColumnElement[bool]] = []
    if since:
        limits.append(_p.created_at >= since)
    if until:
        limits.append(_p.created_at < until)
    return limits


def _ways(text: str) -> list[sa.ColumnElement[bool]]:
    """Every way in which the text can be meant."""
    code = text.upper().replace(" ", "")
    ways = [_has_post(text)]
    if re.fullmatch("[A-Z0-9]{3,20}", code):
        ways.append(sa.and_(_p.receipt >= code, _p.receipt < code + _AFTER_ALL))
        ways.append(_p.receipt_typed == code)
    if re.fullmatch("[A-Z0-9]+-[0-9]{8}-[0-9]+", code):
        ways.append(_p.number == code)
    short = re.fullmatch("([A-Z][A-Z0-9]*)-([0-9]{1,6})", code)
    if short:
        ways.append(sa.and_(_p.till == short[1], _p.day_seq == int(short[2])))
    digits = re.sub(r"[\s+-]", "", text)
    if re.fullmatch("[0-9]{3,}", digits):
        ways.append(_p.customer_id.in_(sa.select(t.customer.c.id).where(_phone_is(digits))))
    return ways


def _phone_is(digits: str) -> sa.ColumnElement[bool]:
    try:
        return t.customer.c.phone == parse_phone(digits)
    except BadInput:
        return t.customer.c.phone.endswith(digits, autoescape=True)


def _has_post(text: str) -> sa.ColumnElement[bool]:
    words = [t.post.c.title.icontains(word, autoescape=True) for word in text.split()]
    return _p.post_id.in_(sa.select(t.post.c.id).where(*words))
